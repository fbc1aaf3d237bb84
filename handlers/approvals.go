package handlers

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"

	"plexydash/distribution"
	"plexydash/store"
	"plexydash/views/approvals"
	"plexydash/views/components"
	"plexydash/views/distributions"
	"plexydash/views/layout"
	"plexydash/web/session"
)

const approvalsPage = 50

// Approvals handles GET /approvals: what waits, oldest first. Whoever may decide
// sees first what waits for them.
func (h *Handlers) Approvals(w http.ResponseWriter, r *http.Request) error {
	if err := checkQuery(r, []string{"tab", "cursor", "open"}); err != nil {
		return err
	}
	ctx, by, q := r.Context(), session.Actor(r.Context()), r.URL.Query()
	policy, err := h.DB.Policy(ctx)
	if err != nil {
		return err
	}
	p := approvals.Props{Decides: policy.MayDecide(by.Role), Later: q.Get("cursor") != "", Now: h.DB.Now()}
	if p.Tab, err = tabOf(q.Get("tab"), p.Decides); err != nil {
		return err
	}
	if p.Balance, err = h.balanceTile(ctx); err != nil {
		return err
	}
	if p.Mine, err = h.DB.CountAwaiting(ctx, by.ID); err != nil {
		return err
	}
	if p.All, err = h.DB.CountAwaiting(ctx, ""); err != nil {
		return err
	}
	if p.Tab == approvals.Decided {
		err = h.fillDecided(ctx, &p, by, q.Get("cursor"))
	} else {
		err = h.fillQueue(ctx, &p, by, policy, q.Get("cursor"))
	}
	if err != nil {
		return understood(err)
	}
	if p.Open, err = h.peek(ctx, &p, policy, q.Get("open")); err != nil {
		return err
	}
	if p.Chrome, err = h.Chrome(w, r, layout.Approvals); err != nil {
		return err
	}
	return Render(w, r, http.StatusOK, approvals.Page(p), nil)
}

// tabOf reads the tab; those who never decide have one only.
func tabOf(text string, decides bool) (approvals.Tab, error) {
	tab := approvals.Tab(text)
	switch {
	case tab == "" && decides:
		return approvals.Mine, nil
	case tab == "", tab == approvals.All:
		return approvals.All, nil
	case decides && (tab == approvals.Mine || tab == approvals.Decided):
		return tab, nil
	}
	return "", &BadRequest{Reason: "unknown tab"}
}

func (h *Handlers) fillQueue(ctx context.Context, p *approvals.Props, by distribution.Actor, policy distribution.Policy, cursor string) (err error) {
	f := store.ApprovalFilter{Cursor: cursor, Size: approvalsPage}
	if p.Tab == approvals.Mine {
		f.For = by.ID
	}
	page, err := h.DB.AwaitingApprovals(ctx, f)
	if err != nil {
		return err
	}
	p.Next = page.Next
	left := beforeAwaiting(p.Balance)
	for _, d := range page.Rows {
		row, err := h.approvalRow(ctx, d, policy)
		if err != nil {
			return err
		}
		if p.Balance.State != components.Never && page.Running[d.ID] > left {
			row.Warnings = append(row.Warnings, string(distribution.WarnBalanceShort))
		}
		p.Rows = append(p.Rows, row)
	}
	return nil
}

// beforeAwaiting is what is free for those that await approval, oldest first.
func beforeAwaiting(b components.Balance) distribution.Amount {
	left := b.Free
	for _, held := range b.Held {
		if held.Kind == components.HeldAwaiting {
			left += held.Amount
		}
	}
	return left
}

func (h *Handlers) approvalRow(ctx context.Context, d distribution.Distribution, policy distribution.Policy) (approvals.Row, error) {
	row := approvals.Row{D: d, Bank: h.bankOf(&d), Code: distribution.Code(d.SubmittedHash), Need: policy.Approvals(d.Amount)}
	row.CanDecide, row.WhyNot = mayDecide(session.Actor(ctx), &d, policy)
	for _, c := range d.Confirmations {
		row.Warnings = append(row.Warnings, c.Code)
	}
	compared, err := h.compared(ctx, d.Content)
	if err != nil {
		return row, err
	}
	twins, err := h.DB.AnsweredTwins(ctx, d.Content, d.ID)
	if err != nil {
		return row, err
	}
	for code, found := range map[distribution.WarningCode]bool{distribution.WarnIBANNew: findings{warnings: compared}.has(distribution.WarnIBANNew), distribution.WarnDuplicate: len(twins) > 0} {
		if found && !slices.Contains(row.Warnings, string(code)) {
			row.Warnings = append(row.Warnings, string(code))
		}
	}
	// What was short when the maker looked may not be so any more: the queue tells.
	row.Warnings = slices.DeleteFunc(row.Warnings, func(code string) bool { return code == string(distribution.WarnBalanceShort) })
	slices.Sort(row.Warnings)
	return row, nil
}

// mayDecide tells also why not, unless the role never decides.
func mayDecide(by distribution.Actor, d *distribution.Distribution, policy distribution.Policy) (may bool, whyNot string) {
	code := refusalCode(distribution.CanDecide(by, d, policy))
	if code == "role" && d.CreatedBy.ID == by.ID {
		code = "own"
	}
	if code == "role" {
		return false, ""
	}
	return code == "", code
}

// deciders names who may decide on what makerID made, besides those who did.
func (h *Handlers) deciders(ctx context.Context, policy distribution.Policy, makerID string, done []distribution.Person) ([]string, error) {
	users, err := h.DB.Users(ctx)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, u := range users {
		decided := slices.ContainsFunc(done, func(p distribution.Person) bool { return p.ID == u.ID })
		if !u.Disabled() && u.ID != makerID && !decided && policy.MayDecide(u.Role) {
			names = append(names, u.Name)
		}
	}
	return names, nil
}

// peek opens the one that is asked for. One that was decided meanwhile is not in
// the queue any more, and nothing is open then.
func (h *Handlers) peek(ctx context.Context, p *approvals.Props, policy distribution.Policy, id string) (*approvals.Peek, error) {
	i := slices.IndexFunc(p.Rows, func(r approvals.Row) bool { return r.D.ID == id })
	if i < 0 {
		return nil, nil //nolint:nilnil // nothing is open
	}
	k := &approvals.Peek{Row: p.Rows[i]}
	var err error
	if k.People, err = h.deciders(ctx, policy, k.D.CreatedBy.ID, k.D.ApprovedBy); err != nil {
		return nil, err
	}
	last, err := h.DB.LastPaid(ctx, &k.D)
	switch {
	case errors.Is(err, distribution.ErrNotFound):
		return k, nil
	case err != nil:
		return nil, err
	}
	was, now := last.RecipientText(), k.D.RecipientText()
	k.Last, k.Changes = &last, []components.Change{
		{Field: distribution.FieldName, Was: was.Name, Now: now.Name},
		{Field: distribution.FieldIBAN, Was: strings.ReplaceAll(was.IBAN, " ", ""), Now: now.IBAN},
		{Field: distribution.FieldAmount, Was: last.Amount.String(), Now: k.D.Amount.String()},
		{Field: distribution.FieldKNP, Was: was.KNP, Now: now.KNP},
	}
	return k, nil
}

func (h *Handlers) fillDecided(ctx context.Context, p *approvals.Props, by distribution.Actor, cursor string) (err error) {
	verdicts, next, err := h.DB.Decided(ctx, by.ID, cursor, approvalsPage)
	if err != nil {
		return err
	}
	for _, v := range verdicts {
		p.Verdicts = append(p.Verdicts, approvals.Verdict{D: v.Distribution, Kind: v.Kind, Note: v.Note, At: v.At})
	}
	p.Next = next
	return nil
}

// requirement is who must approve what makerID pays; an amount of 0 is not known.
func (h *Handlers) requirement(
	ctx context.Context, policy distribution.Policy, amount distribution.Amount, makerID string,
) (distributions.Requirement, error) {
	people, err := h.deciders(ctx, policy, makerID, nil)
	return distributions.Requirement{Amount: amount, Need: policy.Approvals(amount), Steps: policy.Steps, People: people}, err
}

// Requirement handles GET /approvals/requirement: what the form says of the
// amount while it is typed.
func (h *Handlers) Requirement(w http.ResponseWriter, r *http.Request) error {
	if err := checkQuery(r, []string{"amount"}); err != nil {
		return err
	}
	amount, _ := distribution.ParseAmount(r.URL.Query().Get("amount")) // half typed: the steps are listed
	policy, err := h.DB.Policy(r.Context())
	if err != nil {
		return err
	}
	req, err := h.requirement(r.Context(), policy, amount, session.Actor(r.Context()).ID)
	if err != nil {
		return err
	}
	mayBeKept(w)
	return Render(w, r, http.StatusOK, distributions.RequirementText(req), nil)
}
