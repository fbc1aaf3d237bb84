package overview

import (
	"context"

	"plexydash/i18n"
	"plexydash/views/components"
)

// Task is one kind of thing that waits for the person.
type Task struct {
	Kind TaskKind
	Figure
}

// TaskKind says what is to be done.
type TaskKind string

// Kinds of tasks.
const (
	TaskApprovals TaskKind = "approvals" // to be approved by the person
	TaskProposals TaskKind = "proposals" // to be settled by the person
	TaskAlarms    TaskKind = "alarms"    // to be acknowledged
	TaskDoubts    TaskKind = "doubts"    // outcomes that nobody knows
	TaskLow       TaskKind = "low"       // the balance is below the threshold
	TaskStops     TaskKind = "stops"     // sending is stopped
	TaskBroken    TaskKind = "broken"    // rules of the database that do not hold
	TaskDeclined  TaskKind = "declined"  // the person's own, given back
	TaskStale     TaskKind = "stale"     // the person's own, queued for too long
	TaskDrafts    TaskKind = "drafts"    // the person's own, not finished
	TaskOwnDoubts TaskKind = "own_doubts"
	TaskAwaiting  TaskKind = "awaiting" // the person's own, waiting for others
)

// asks reports that the person is to do something; the others are told only.
func (t Task) asks() bool {
	return t.Kind != TaskAwaiting && t.Kind != TaskOwnDoubts && t.Kind != TaskDoubts
}

func (t Task) icon() string {
	switch t.Kind {
	case TaskApprovals:
		return "approve"
	case TaskProposals:
		return "inbox"
	case TaskDoubts, TaskOwnDoubts:
		return "s-unknown"
	case TaskStops:
		return "pause"
	case TaskBroken:
		return "shield"
	case TaskDeclined:
		return "s-declined"
	case TaskStale:
		return "s-queued"
	case TaskDrafts:
		return "s-draft"
	case TaskAwaiting:
		return "s-await"
	case TaskAlarms, TaskLow:
	}
	return "warn"
}

func (t Task) tone() components.Tone {
	switch t.Kind {
	case TaskAlarms, TaskBroken, TaskStops:
		return components.Red
	case TaskDoubts, TaskOwnDoubts, TaskLow, TaskStale:
		return components.Amber
	case TaskApprovals, TaskProposals, TaskDeclined, TaskDrafts, TaskAwaiting:
	}
	return components.Plain
}

// class is the modifier of the style sheet.
func (t Task) class() string {
	if t.tone() == components.Plain {
		return ""
	}
	return "is-" + string(t.tone())
}

func (t Task) title(ctx context.Context) string {
	return components.OrCode(ctx, "task.", string(t.Kind))
}

func (t Task) note(ctx context.Context) string {
	return components.OrCode(ctx, "task.note.", string(t.Kind))
}

// mine is what waits for the person: the money of it where there is money, else
// the number of things.
func (p Props) mine() Figure {
	money, things := Figure{Href: "#tasks"}, Figure{Href: "#tasks"}
	for _, t := range p.Tasks {
		if !t.asks() {
			continue
		}
		to := &things
		if t.Sum > 0 {
			to = &money
		}
		to.Count, to.Sum = to.Count+t.Count, to.Sum+t.Sum
		if to.Oldest.IsZero() || !t.Oldest.IsZero() && t.Oldest.Before(to.Oldest) {
			to.Oldest = t.Oldest
		}
	}
	if money.Count > 0 {
		return money
	}
	return things
}

// countNote tells how many there are and of when the oldest is.
func (p Props) countNote(ctx context.Context, f Figure) string {
	if f.Count == 0 || f.Oldest.IsZero() {
		return i18n.N(ctx, "kpi.count", f.Count)
	}
	return i18n.T(ctx, "kpi.oldest", "Count", i18n.Count(ctx, f.Count), "Ago", i18n.Ago(ctx, f.Oldest, p.Now))
}

// things tells of when the oldest of things is that are not distributions.
func (p Props) things(ctx context.Context, f Figure) string {
	if f.Oldest.IsZero() {
		return i18n.T(ctx, "kpi.see_tasks")
	}
	return i18n.T(ctx, "kpi.oldest_thing", "Ago", i18n.Ago(ctx, f.Oldest, p.Now))
}
