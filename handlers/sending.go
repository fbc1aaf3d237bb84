package handlers

import (
	"errors"
	"net/http"
	"strings"

	"plexydash/distribution"
	"plexydash/store"
	"plexydash/views/components"
	"plexydash/views/errorpage"
	"plexydash/views/settings"
	"plexydash/web/session"
)

// Sending handles GET /settings/sending.
func (h *Handlers) Sending(w http.ResponseWriter, r *http.Request) error {
	if err := checkQuery(r, nil); err != nil {
		return err
	}
	return h.showSending(w, r, http.StatusOK, settings.Filled{})
}

func (h *Handlers) showSending(w http.ResponseWriter, r *http.Request, status int, refused settings.Filled) error {
	ctx := r.Context()
	sync, err := h.DB.SyncState(ctx)
	if err != nil {
		return err
	}
	role := session.Actor(ctx).Role
	p := settings.SendingProps{
		CanOff:  distribution.Allows(role, distribution.StopSending) && !stopped(sync, store.StopPerson),
		CanOn:   distribution.Allows(role, distribution.StartSending) && (stopped(sync, store.StopPerson) || stopped(sync, store.StopClock)),
		CanUnit: distribution.Allows(role, distribution.LiftUnitAlarm) && stopped(sync, store.StopUnit),
		Refused: refused, Now: h.DB.Now(),
	}
	if p.Proposal, err = h.openProposal(r, distribution.SubjectSending); err != nil {
		return err
	}
	if p.Chrome, err = h.Chrome(w, r, ""); err != nil {
		return err
	}
	p.Chrome.Path = sendingPath
	return Render(w, r, status, settings.Sending(p), nil)
}

// openProposal is the one about the subject that waits for a second person.
func (h *Handlers) openProposal(r *http.Request, subject string) (*settings.Proposal, error) {
	open, err := h.DB.OpenDecisions(r.Context())
	if err != nil {
		return nil, err
	}
	dec := openOf(open, subject)
	if dec == nil {
		return nil, nil //nolint:nilnil // there is none
	}
	return &settings.Proposal{By: dec.ProposedBy.Name, At: dec.ProposedAt}, nil
}

// SetSending handles POST /settings/sending: off needs a reason.
func (h *Handlers) SetSending(w http.ResponseWriter, r *http.Request) error {
	v, err := readForm(r, nil, "state", "reason")
	if err != nil {
		return err
	}
	ctx, by, reason := r.Context(), session.Actor(r.Context()), strings.TrimSpace(v.Get("reason"))
	done := "sending.flash.off"
	switch act := settings.Act(v.Get("state")); act {
	case settings.Off:
		if err := distribution.May(by, distribution.StopSending); err != nil {
			return err
		}
		if reason == "" {
			return h.showSending(w, r, http.StatusUnprocessableEntity, settings.Filled{Act: act})
		}
		err = h.DB.StopSending(ctx, by, reason)
	case settings.On:
		done = "sending.flash.on"
		err = h.DB.StartSending(ctx, by, reason)
		h.Wake()
	case settings.Unit:
		return &BadRequest{Reason: "an alarm about units is lifted by a proposal"}
	default:
		return &BadRequest{Reason: "unknown state of sending"}
	}
	if err != nil {
		return err
	}
	if err := h.tell(w, r, components.Blue, done); err != nil {
		return err
	}
	return redirect(w, r, sendingPath)
}

// ProposeStart handles POST /settings/sending/proposal: to lift the alarm about
// units, which a manager and an administrator do together.
func (h *Handlers) ProposeStart(w http.ResponseWriter, r *http.Request) error {
	v, err := readForm(r, nil, "reason")
	if err != nil {
		return err
	}
	reason := strings.TrimSpace(v.Get("reason"))
	if reason == "" {
		return h.showSending(w, r, http.StatusUnprocessableEntity, settings.Filled{Act: settings.Unit})
	}
	return h.proposeSetting(w, r, store.Proposal{Kind: distribution.DecideUnit, Reason: reason})
}

// proposeSetting opens a decision about no distribution. Pressing twice is no error.
func (h *Handlers) proposeSetting(w http.ResponseWriter, r *http.Request, p store.Proposal) error {
	ctx, by := r.Context(), session.Actor(r.Context())
	_, err := h.DB.Propose(ctx, by, p, h.SettleWindow)
	if open, ok := errors.AsType[*store.ErrProposalOpen](err); ok {
		dec, readErr := h.DB.Decision(ctx, open.ID)
		if readErr != nil {
			return readErr
		}
		if pressedTwice(by, p, dec) {
			return redirect(w, r, proposalsPath)
		}
		return &WithLink{Err: conflict("proposal_open"), Link: errorpage.Link{Href: proposalsPath, Key: "sending.proposals"}}
	}
	if err != nil {
		return err
	}
	if err := h.tell(w, r, components.Blue, "sending.flash.proposed"); err != nil {
		return err
	}
	return redirect(w, r, proposalsPath)
}
