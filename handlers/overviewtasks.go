package handlers

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"time"

	"plexydash/distribution"
	"plexydash/store"
	"plexydash/views/overview"
	"plexydash/web/session"
)

func task(kind overview.TaskKind, count int, sum distribution.Amount, oldest time.Time, href string) overview.Task {
	return overview.Task{Kind: kind, Figure: overview.Figure{Count: count, Sum: sum, Oldest: oldest, Href: href}}
}

// some leaves out what there is none of.
func some(all ...overview.Task) []overview.Task {
	return slices.DeleteFunc(all, func(t overview.Task) bool { return t.Count == 0 })
}

// ownTasks are about what the person made.
func (h *Handlers) ownTasks(ctx context.Context, by distribution.Actor, _ standing) ([]overview.Task, error) {
	if !distribution.Allows(by.Role, distribution.Create) {
		return nil, nil
	}
	w, err := h.DB.OwnWork(ctx, by.ID)
	of := func(kind overview.TaskKind, p store.Pile, all ...distribution.Status) overview.Task {
		return task(kind, p.Count, p.Sum, p.Oldest, listOf(url.Values{"author": {by.Email}, "sort": {"created"}}, all...))
	}
	return some(
		of(overview.TaskDeclined, w.Declined, distribution.Declined),
		of(overview.TaskStale, w.Stale, distribution.Queued),
		of(overview.TaskOwnDoubts, w.Uncertain, distribution.Unknown, distribution.NotFound, distribution.Mismatch),
		of(overview.TaskDrafts, w.Drafts, distribution.Draft),
		of(overview.TaskAwaiting, w.Awaiting, distribution.AwaitingApproval),
	), err
}

// decisionTasks are what the person may decide.
func (h *Handlers) decisionTasks(_ context.Context, by distribution.Actor, s standing) ([]overview.Task, error) {
	n := s.notices
	all := some(
		task(overview.TaskApprovals, n.Approvals.Count, n.Approvals.Sum, n.Approvals.Oldest, approvalsPath),
		task(overview.TaskProposals, n.Settle.Count, 0, n.Settle.Oldest, proposalsPath),
	)
	if !distribution.Allows(by.Role, distribution.StartSending) && !distribution.Allows(by.Role, distribution.LiftUnitAlarm) {
		return all, nil
	}
	if stops := s.sync.Stops; len(stops) > 0 {
		all = append(all, task(overview.TaskStops, len(stops), 0, stops[0].At, sendingPath))
	}
	return all, nil
}

// watchTasks are what the person watches over.
func (h *Handlers) watchTasks(_ context.Context, by distribution.Actor, s standing) ([]overview.Task, error) {
	n := s.notices
	var all []overview.Task
	if distribution.Allows(by.Role, distribution.WatchBalance) && n.Dip != nil && n.Dip.AcknowledgedAt.IsZero() {
		all = append(all, task(overview.TaskLow, 1, n.Dip.Amount, n.Dip.At, balancePath))
	}
	if distribution.Allows(by.Role, distribution.Acknowledge) {
		all = append(all, some(task(overview.TaskAlarms, n.Alarmed(), 0, time.Time{}, unknownPath))...)
	}
	if distribution.Allows(by.Role, distribution.Confirm) {
		all = append(all, some(task(overview.TaskDoubts, n.Uncertain, 0, n.Late.Oldest, unknownPath))...)
	}
	return all, nil
}

// overviewIntegrity tells those who watch over the log how it is, and makes what
// speaks against it their task.
func (h *Handlers) overviewIntegrity(r *http.Request, _ standing, p *overview.Props) error {
	ctx, role := r.Context(), session.Actor(r.Context()).Role
	if !distribution.Allows(role, distribution.ReadSettings) {
		return nil
	}
	check, err := h.DB.LastInvariantCheck(ctx)
	if err != nil {
		return err
	}
	log, err := h.DB.CheckpointState(ctx)
	if err != nil {
		return err
	}
	p.Integrity = &overview.Integrity{Checked: check.At, Signed: log.At, SignedSize: log.Size, Unsigned: log.AuditSize - log.Size}
	for _, rule := range check.Results {
		if rule.Breaches > 0 && rule.Stops {
			p.Integrity.Broken++
		}
	}
	p.Tasks = append(some(task(overview.TaskBroken, p.Integrity.Broken, 0, check.At, integrityPath)), p.Tasks...)
	return nil
}
