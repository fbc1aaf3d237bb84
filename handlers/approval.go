package handlers

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"plexydash/distribution"
	"plexydash/store"
	"plexydash/views/approvals"
	"plexydash/views/components"
	"plexydash/views/distributions"
	"plexydash/views/layout"
	"plexydash/web/session"
)

// Approve handles POST /distributions/{id}/approval.
func (h *Handlers) Approve(w http.ResponseWriter, r *http.Request) error {
	v, err := readForm(r, nil, "code")
	if err != nil {
		return err
	}
	ctx, id := r.Context(), idOf(r)
	d, err := h.DB.Approve(ctx, session.Actor(ctx), id, v.Get("code"))
	if err != nil {
		return h.undecided(w, r, d, err)
	}
	h.Wake()
	key := "approval.flash.approved"
	if d.Status == distribution.AwaitingApproval {
		key = "approval.flash.more"
	}
	if err := h.tell(w, r, components.Green, key); err != nil {
		return err
	}
	return redirect(w, r, detailPath(id))
}

// undecided tells why a decision did not happen: with the differences when the
// content is not what was read, else with the state as it is now.
func (h *Handlers) undecided(w http.ResponseWriter, r *http.Request, d distribution.Distribution, failed error) error {
	stale, ok := errors.AsType[*store.StaleCodeError](failed)
	if !ok {
		if d.ID == "" {
			return failed
		}
		return seeState(r.Context(), failed, &d)
	}
	p := distributions.StaleProps{D: d}
	for _, c := range stale.Changes {
		p.Changes = append(p.Changes, components.Change{Field: c.Field, Was: c.Was, Now: c.Now})
	}
	var err error
	if p.Chrome, err = h.Chrome(w, r, layout.Distributions); err != nil {
		return err
	}
	p.Chrome.Path = detailPath(d.ID)
	return Render(w, r, http.StatusConflict, distributions.Stale(p), nil)
}

// DeclineForm handles GET /distributions/{id}/decline. The code is that of the
// content the person read, if the address tells it.
func (h *Handlers) DeclineForm(w http.ResponseWriter, r *http.Request) error {
	if err := checkQuery(r, []string{"code"}); err != nil {
		return err
	}
	d, err := h.DB.Distribution(r.Context(), idOf(r))
	if err != nil {
		return err
	}
	code := cmp.Or(r.URL.Query().Get("code"), distribution.Code(d.SubmittedHash))
	return h.showDecline(w, r, http.StatusOK, distributions.DeclineProps{D: d, Code: code})
}

func (h *Handlers) showDecline(w http.ResponseWriter, r *http.Request, status int, p distributions.DeclineProps) error {
	ctx := r.Context()
	policy, err := h.DB.Policy(ctx)
	if err != nil {
		return err
	}
	if err := distribution.CanDecide(session.Actor(ctx), &p.D, policy); err != nil {
		return seeState(ctx, err, &p.D)
	}
	if p.Chrome, err = h.Chrome(w, r, layout.Distributions); err != nil {
		return err
	}
	p.Chrome.Path = detailPath(p.D.ID) + "/decline"
	return Render(w, r, status, distributions.Decline(p), nil)
}

// Decline handles POST /distributions/{id}/decline.
func (h *Handlers) Decline(w http.ResponseWriter, r *http.Request) error {
	v, err := readForm(r, nil, "code", "reason")
	if err != nil {
		return err
	}
	ctx, id, reason := r.Context(), idOf(r), strings.TrimSpace(v.Get("reason"))
	if problem := textProblem(reason); problem != "" {
		d, err := h.DB.Distribution(ctx, id)
		if err != nil {
			return err
		}
		return h.showDecline(w, r, http.StatusUnprocessableEntity, distributions.DeclineProps{D: d, Code: v.Get("code"), Reason: reason, Problem: problem})
	}
	d, err := h.DB.Decline(ctx, session.Actor(ctx), id, v.Get("code"), reason)
	if err != nil {
		return h.undecided(w, r, d, err)
	}
	if err := h.tell(w, r, components.Blue, "approval.flash.declined"); err != nil {
		return err
	}
	return redirect(w, r, detailPath(id))
}

// ApproveMany handles POST /approvals: each item is an id and the code of the
// content that was read. One that cannot be approved does not stop the rest.
func (h *Handlers) ApproveMany(w http.ResponseWriter, r *http.Request) error {
	v, err := readForm(r, nil, fieldItem)
	if err != nil {
		return err
	}
	items := v[fieldItem]
	if len(items) == 0 {
		if err := h.tell(w, r, components.Amber, "approval.flash.none"); err != nil {
			return err
		}
		return redirect(w, r, approvalsPath)
	}
	if len(items) > approvalsPage {
		return &BadRequest{Reason: "more items than a page has"}
	}
	var p approvals.ResultProps
	for _, item := range items {
		id, code, ok := strings.Cut(item, " ")
		if !ok {
			return &BadRequest{Reason: fmt.Sprintf("item %.60q is no id and code", item)}
		}
		result, err := h.approveOne(r.Context(), id, code)
		switch {
		case err != nil:
			return err
		case result.Refusal == "":
			p.Done = append(p.Done, result)
		default:
			p.Failed = append(p.Failed, result)
		}
	}
	h.Wake()
	if p.Chrome, err = h.Chrome(w, r, layout.Approvals); err != nil {
		return err
	}
	p.Chrome.Path = approvalsPath
	return Render(w, r, http.StatusOK, approvals.ResultPage(p), nil)
}

// approveOne tells a refusal as a result; an error is a failure of the program.
func (h *Handlers) approveOne(ctx context.Context, id, code string) (approvals.Result, error) {
	d, err := h.DB.Approve(ctx, session.Actor(ctx), id, code)
	result := approvals.Result{D: d, Refusal: refusalCode(err), NeedMore: err == nil && d.Status == distribution.AwaitingApproval}
	if errors.Is(err, distribution.ErrNotFound) {
		result.Refusal = "missing"
	}
	if result.Refusal != "" {
		err = nil
	}
	return result, err
}

// approvalOf is what one that awaits approval waits for; nil when it does not.
func (h *Handlers) approvalOf(ctx context.Context, d *distribution.Distribution) (*distributions.Approval, error) {
	if d.Status != distribution.AwaitingApproval {
		return nil, nil //nolint:nilnil // it does not wait
	}
	policy, err := h.DB.Policy(ctx)
	if err != nil {
		return nil, err
	}
	a := &distributions.Approval{
		Need: policy.Approvals(d.Amount), Code: distribution.Code(d.SubmittedHash), Until: d.SubmittedAt.Add(distribution.ExpireAfter),
	}
	for _, step := range policy.Steps {
		if d.Amount >= step.From {
			a.Rule = step
		}
	}
	a.CanDecide, a.WhyNot = mayDecide(session.Actor(ctx), d, policy)
	a.People, err = h.deciders(ctx, policy, d.CreatedBy.ID, d.ApprovedBy)
	return a, err
}
