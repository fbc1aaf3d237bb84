package handlers

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strings"

	"plexydash/distribution"
	"plexydash/views/components"
	"plexydash/views/distributions"
	"plexydash/views/layout"
	"plexydash/web/session"
)

// AcknowledgementForm handles GET /distributions/{id}/acknowledgement.
func (h *Handlers) AcknowledgementForm(w http.ResponseWriter, r *http.Request) error {
	if err := checkQuery(r, nil); err != nil {
		return err
	}
	return h.showAcknowledgement(w, r, http.StatusOK, "", "")
}

func (h *Handlers) showAcknowledgement(w http.ResponseWriter, r *http.Request, status int, note, problem string) error {
	d, err := h.DB.Distribution(r.Context(), idOf(r))
	if err != nil {
		return err
	}
	all, err := h.alarmsOf(r.Context(), d.ID)
	if err != nil {
		return err
	}
	p := distributions.AcknowledgementProps{D: d, Note: note, Problem: problem}
	for _, a := range all {
		if a.Seen == "" {
			p.Alarms = append(p.Alarms, a)
		}
	}
	if len(p.Alarms) == 0 {
		return seeDistribution(conflict("no_alarm"), d.ID)
	}
	if p.Chrome, err = h.Chrome(w, r, layout.Distributions); err != nil {
		return err
	}
	p.Chrome.Path = detailPath(d.ID) + "/acknowledgement"
	return Render(w, r, status, distributions.Acknowledgement(p), nil)
}

// alarmsOf lists the alarms of one, the loudest first, then the newest.
func (h *Handlers) alarmsOf(ctx context.Context, id string) ([]distributions.Alarm, error) {
	alarms, err := h.DB.AlarmsOf(ctx, id)
	if err != nil {
		return nil, err
	}
	var all []distributions.Alarm
	for _, a := range alarms {
		all = append(all, distributions.Alarm{Kind: a.Kind, At: a.At, Seen: a.AcknowledgedBy.Name, SeenAt: a.AcknowledgedAt, Note: a.Note})
	}
	slices.SortStableFunc(all, func(a, b distributions.Alarm) int { return cmp.Compare(loudness(a.Kind), loudness(b.Kind)) })
	return all, nil
}

// loudestFirst lists the alarms.
func loudestFirst() []distribution.AlarmKind {
	return []distribution.AlarmKind{
		distribution.AlarmTwice, distribution.AlarmFoundLate, distribution.AlarmRegressed, distribution.AlarmVanished, distribution.AlarmOutside,
	}
}

// loudness is the place of an alarm among the others.
func loudness(kind distribution.AlarmKind) int { return slices.Index(loudestFirst(), kind) }

// Acknowledge handles POST /distributions/{id}/acknowledgement: its open alarms
// are closed with what the person did about them.
func (h *Handlers) Acknowledge(w http.ResponseWriter, r *http.Request) error {
	v, err := readForm(r, nil, "note")
	if err != nil {
		return err
	}
	ctx, id, note := r.Context(), idOf(r), strings.TrimSpace(v.Get("note"))
	if problem := textProblem(note); problem != "" {
		return h.showAcknowledgement(w, r, http.StatusUnprocessableEntity, note, problem)
	}
	by := session.Actor(ctx)
	err = h.DB.Acknowledge(ctx, by, id, note)
	if refusalCode(err) == "no_alarm" && h.acknowledgedBy(ctx, id, by) {
		return redirect(w, r, detailPath(id)) // the second of two presses
	}
	if err != nil {
		return seeDistributionUnlessMissing(err, id)
	}
	if err := h.tell(w, r, components.Blue, "alarm.flash.acknowledged"); err != nil {
		return err
	}
	return redirect(w, r, detailPath(id))
}

// acknowledgedBy reports that the newest alarm was acknowledged by this person.
func (h *Handlers) acknowledgedBy(ctx context.Context, id string, by distribution.Actor) bool {
	alarms, err := h.DB.AlarmsOf(ctx, id)
	return err == nil && len(alarms) > 0 && alarms[0].AcknowledgedBy.ID == by.ID
}
