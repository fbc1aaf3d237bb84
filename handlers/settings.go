package handlers

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"plexydash/distribution"
	"plexydash/i18n"
	"plexydash/store"
	"plexydash/views/layout"
	"plexydash/views/settings"
	"plexydash/web/session"
)

// Settings handles GET /settings.
func (h *Handlers) Settings(w http.ResponseWriter, r *http.Request) error {
	if err := checkQuery(r, nil); err != nil {
		return err
	}
	policy, err := h.DB.Policy(r.Context())
	if err != nil {
		return err
	}
	form := policyForm(r, policy)
	return h.showSettings(w, r, http.StatusOK, form, nil)
}

// limitText is a limit as it is typed; none is empty.
func limitText(r *http.Request, a distribution.Amount) string {
	if a == 0 {
		return ""
	}
	return i18n.Amount(r.Context(), int64(a))
}

// policyForm is the policy as it is typed.
func policyForm(r *http.Request, p distribution.Policy) settings.PolicyForm {
	f := settings.PolicyForm{Peers: p.Peers, Each: limitText(r, p.LimitEach), Day: limitText(r, p.LimitDay)}
	for _, step := range p.Steps {
		f.Steps = append(f.Steps, settings.StepForm{From: i18n.Amount(r.Context(), int64(step.From)), Approvals: strconv.Itoa(step.Approvals)})
	}
	return f
}

const pastStops = 50

func (h *Handlers) showSettings(w http.ResponseWriter, r *http.Request, status int, form settings.PolicyForm, errs distribution.FieldErrors) error {
	ctx := r.Context()
	p := settings.Props{
		Form: form, Errors: errs, Program: h.Program, Now: h.DB.Now(),
		CanChange: distribution.Allows(session.Actor(ctx).Role, distribution.ChangeSettings),
	}
	var err error
	if p.Policy, err = h.DB.Policy(ctx); err != nil {
		return err
	}
	backlog, err := h.DB.Backlog(ctx)
	if err != nil {
		return err
	}
	p.SentToday = backlog.SentToday
	if p.Proposal, err = h.openProposal(r, distribution.SubjectPolicy); err != nil {
		return err
	}
	stops, err := h.DB.PastStops(ctx, pastStops)
	if err != nil {
		return err
	}
	for _, s := range stops {
		shown, err := h.pastStop(r, s)
		if err != nil {
			return err
		}
		p.Stops = append(p.Stops, shown)
	}
	if p.Chrome, err = h.Chrome(w, r, layout.Settings); err != nil {
		return err
	}
	p.Chrome.Path = settingsPath
	return Render(w, r, status, settings.Page(p), nil)
}

func (h *Handlers) pastStop(r *http.Request, s store.Stop) (settings.Stop, error) {
	pause, err := h.pauseOf(r.Context(), s)
	return settings.Stop{
		Pause: pause, ByID: s.By.ID, LiftedByID: s.LiftedBy.ID, LiftedBy: s.LiftedBy.Name, LiftedAt: s.LiftedAt, LiftedNote: s.LiftedNote,
	}, err
}

// ProposePolicy handles POST /settings/limits: another administrator decides.
func (h *Handlers) ProposePolicy(w http.ResponseWriter, r *http.Request) error {
	fields := []string{string(settings.FieldEach), string(settings.FieldDay), string(settings.FieldPeers), string(settings.FieldReason)}
	for i := range settings.MostSteps {
		fields = append(fields, string(settings.FieldFrom(i)), string(settings.FieldApprovals(i)))
	}
	v, err := readForm(r, nil, fields...)
	if err != nil {
		return err
	}
	policy, err := h.DB.Policy(r.Context())
	if err != nil {
		return err
	}
	errs := distribution.FieldErrors{}
	policy.LimitEach, policy.LimitDay = readLimit(v, settings.FieldEach, errs), readLimit(v, settings.FieldDay, errs)
	if v.Has(string(settings.FieldFrom(0))) { // without any line, who approves stays as it is
		policy.Steps, policy.Peers = nil, v.Get(string(settings.FieldPeers)) != ""
		if err := h.readSteps(r.Context(), v, &policy, errs); err != nil {
			return err
		}
	}
	reason := strings.TrimSpace(v.Get(string(settings.FieldReason)))
	if reason == "" {
		errs[settings.FieldReason] = &distribution.Reason{Code: "required"}
	}
	if len(errs) > 0 {
		return h.showSettings(w, r, http.StatusUnprocessableEntity, typedPolicy(v), errs)
	}
	return h.proposeSetting(w, r, store.Proposal{Kind: distribution.DecidePolicy, Reason: reason, Policy: &policy})
}

// typedPolicy is the form exactly as it was sent.
func typedPolicy(v url.Values) settings.PolicyForm {
	f := settings.PolicyForm{
		Peers: v.Get(string(settings.FieldPeers)) != "", Each: v.Get(string(settings.FieldEach)), Day: v.Get(string(settings.FieldDay)),
		Reason: v.Get(string(settings.FieldReason)),
	}
	for i := range settings.MostSteps {
		f.Steps = append(f.Steps, settings.StepForm{From: v.Get(string(settings.FieldFrom(i))), Approvals: v.Get(string(settings.FieldApprovals(i)))})
	}
	return f
}

// readSteps reads who must approve from which amount on. An empty line is no step.
// A rule that asks for more people than there are would stop everything.
func (h *Handlers) readSteps(ctx context.Context, v url.Values, p *distribution.Policy, errs distribution.FieldErrors) error {
	having, err := h.DB.RoleCounts(ctx)
	if err != nil {
		return err
	}
	have := p.Deciders(having)
	for i := range settings.MostSteps {
		from, count := settings.FieldFrom(i), settings.FieldApprovals(i)
		typed, n := strings.TrimSpace(v.Get(string(from))), strings.TrimSpace(v.Get(string(count)))
		if typed == "" && n == "" {
			continue
		}
		step := distribution.PolicyStep{From: readStart(typed, from, errs)}
		step.Approvals, err = strconv.Atoi(n)
		last := len(p.Steps) - 1
		switch {
		case err != nil || step.Approvals < 0 || step.Approvals > distribution.MaxApprovals:
			errs[count] = &distribution.Reason{Code: "approvals.range", Args: map[string]string{"Max": strconv.Itoa(distribution.MaxApprovals)}}
		case step.Approvals > have:
			errs[count] = &distribution.Reason{Code: "approvals.people", Args: map[string]string{"Want": n, "Have": strconv.Itoa(have)}}
		case errs[from] == nil && last >= 0 && step.From <= p.Steps[last].From:
			errs[from] = &distribution.Reason{Code: "steps.order"}
		}
		p.Steps = append(p.Steps, step)
	}
	return nil
}

// readStart reads where a step begins: zero is every amount.
func readStart(text string, name distribution.Field, errs distribution.FieldErrors) distribution.Amount {
	if text == "" {
		errs[name] = &distribution.Reason{Code: "required"}
		return 0
	}
	a, err := distribution.ParseAmount(text)
	if why, ok := errors.AsType[*distribution.Reason](err); ok && why.Code != "amount.zero" {
		errs[name] = why
	}
	return a
}

// readLimit reads an amount; nothing typed is no limit.
func readLimit(v url.Values, name distribution.Field, errs distribution.FieldErrors) distribution.Amount {
	text := strings.TrimSpace(v.Get(string(name)))
	if text == "" {
		return 0
	}
	a, err := distribution.ParseAmount(text)
	if why, ok := errors.AsType[*distribution.Reason](err); ok {
		errs[name] = why
	}
	return a
}
