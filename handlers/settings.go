package handlers

import (
	"errors"
	"net/http"
	"net/url"
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
	form := settings.LimitsForm{Each: limitText(r, policy.LimitEach), Day: limitText(r, policy.LimitDay)}
	return h.showSettings(w, r, http.StatusOK, form, nil)
}

// limitText is a limit as it is typed; none is empty.
func limitText(r *http.Request, a distribution.Amount) string {
	if a == 0 {
		return ""
	}
	return i18n.Amount(r.Context(), int64(a))
}

const pastStops = 50

func (h *Handlers) showSettings(w http.ResponseWriter, r *http.Request, status int, form settings.LimitsForm, errs distribution.FieldErrors) error {
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

// ProposeLimits handles POST /settings/limits: another administrator decides.
func (h *Handlers) ProposeLimits(w http.ResponseWriter, r *http.Request) error {
	v, err := readForm(r, nil, string(settings.FieldEach), string(settings.FieldDay), string(settings.FieldReason))
	if err != nil {
		return err
	}
	policy, err := h.DB.Policy(r.Context())
	if err != nil {
		return err
	}
	errs := distribution.FieldErrors{}
	policy.LimitEach = readLimit(v, settings.FieldEach, errs)
	policy.LimitDay = readLimit(v, settings.FieldDay, errs)
	reason := strings.TrimSpace(v.Get(string(settings.FieldReason)))
	if reason == "" {
		errs[settings.FieldReason] = &distribution.Reason{Code: "required"}
	}
	if len(errs) > 0 {
		form := settings.LimitsForm{Each: v.Get(string(settings.FieldEach)), Day: v.Get(string(settings.FieldDay)), Reason: v.Get(string(settings.FieldReason))}
		return h.showSettings(w, r, http.StatusUnprocessableEntity, form, errs)
	}
	return h.proposeSetting(w, r, store.Proposal{Kind: distribution.DecidePolicy, Reason: reason, Policy: &policy})
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
