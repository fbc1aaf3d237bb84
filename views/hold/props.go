// Package hold draws the page about a database that was restored: why nothing is
// sent, what was done, and what is left to do.
package hold

import (
	"context"
	"net/url"
	"strings"
	"time"

	"github.com/a-h/templ"

	"plexydash/distribution"
	"plexydash/i18n"
	"plexydash/views/components"
	"plexydash/views/layout"
)

// Props of GET /hold and of its 422 answer.
type Props struct {
	Chrome   layout.Chrome
	Hold     *Hold   // the newest one; nil: there never was one
	Import   *Import // the reading that goes on; nil: none does
	Proof    Proof   // that it reads everything
	Outside  Outside
	Known    []distribution.Distribution // not sent from here, and at Plexy under the same reference
	KnownAll int                         // how many those are; Known has the first
	Proposal *Proposal
	CanLift  bool // the person may propose to lift it
	Refused  bool // the proposal came without a reason
	Now      time.Time
}

// Hold is why and when. Times are UTC.
type Hold struct {
	Why                                string // missing, behind, forked, moved, machine
	At, NewestAt, ImportedAt, LiftedAt time.Time
	ProvenAt                           time.Time // of the reading; zero: not yet
	KnownSize, Size                    int64
	Queued, Sending, NotFound          int
	LiftedBy                           string
}

// Holds reports that it is not lifted.
func (h *Hold) Holds() bool { return h != nil && h.LiftedAt.IsZero() }

// Reads reports that it is not proven yet that all that Plexy has was read.
func (p Props) Reads() bool { return p.Hold.Holds() && !p.Hold.known() }

// known reports that all that Plexy has was read, and that this is proven.
func (h *Hold) known() bool { return !h.ImportedAt.IsZero() && !h.ProvenAt.IsZero() }

// everyHold is how often the page looks how far the reading is.
const everyHold = "every 5s"

// Import is how far the reading has come.
type Import struct{ Done, Total int }

// Proof is the sweep that has to prove that the whole list was read.
type Proof struct {
	Running      *Import   // nil: none runs
	Inconclusive bool      // the last one proved nothing
	Failed       bool      // Plexy stopped answering it
	Next         time.Time // when the next one begins, at once if that is past
}

// soon reports that the next one begins by itself within moments.
func (p Proof) soon(now time.Time) bool { return !p.Next.After(now) }

// Outside is what Plexy has of the time that the copy does not know, and that is
// not ours by our reference.
type Outside struct {
	Count int
	Sum   distribution.Amount
	Day   string // the first one, as the list's address wants it
}

// Proposal is the one that waits for a second person.
type Proposal struct {
	By string
	At time.Time
}

func (p Props) chrome(ctx context.Context) layout.Chrome {
	p.Chrome.Title = i18n.T(ctx, "hold.title")
	return p.Chrome
}

// why says in a sentence what the program found.
func (h *Hold) why(ctx context.Context) string {
	if h.Why == "behind" {
		return i18n.T(ctx, "hold.why.behind", "Size", i18n.Count(ctx, int(h.Size)), "Known", i18n.Count(ctx, int(h.KnownSize)))
	}
	return components.OrCode(ctx, "hold.why.", h.Why)
}

// moved is how many became unknown.
func (h *Hold) moved() int { return h.Queued + h.Sending + h.NotFound }

// parts says what those had been, leaving out what there was none of.
func (h *Hold) parts(ctx context.Context) string {
	var all []string
	for _, part := range []struct {
		status distribution.Status
		count  int
	}{{distribution.Queued, h.Queued}, {distribution.Sending, h.Sending}, {distribution.NotFound, h.NotFound}} {
		if part.count > 0 {
			all = append(all, components.Quoted(ctx, components.StatusWord(ctx, part.status))+" — "+i18n.Count(ctx, part.count))
		}
	}
	return strings.Join(all, ", ")
}

// address is that of the list of them.
func (o Outside) address() templ.SafeURL {
	return templ.URL("/distributions?origin=plexy&from=" + url.QueryEscape(o.Day))
}

func (p Props) reason(ctx context.Context) components.Field {
	f := components.Field{Name: "reason", ID: "reason-hold", Label: i18n.T(ctx, "hold.lift.reason"), Rows: 3, Required: true}
	if p.Refused {
		f.Error = i18n.T(ctx, "error.required")
	}
	return f
}
