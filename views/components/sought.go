package components

import (
	"context"
	"strings"

	"plexydash/i18n"
)

// Sought is what several references that were pasted together came to.
type Sought struct {
	Pasted int
	Absent []string // those of them that nothing here has
}

func (s Sought) tone() Tone {
	if len(s.Absent) > 0 {
		return Amber
	}
	return Plain
}

func (s Sought) title(ctx context.Context) string {
	return i18n.T(ctx, "search.found_of", "Found", i18n.Count(ctx, s.Pasted-len(s.Absent)), "Pasted", i18n.Count(ctx, s.Pasted))
}

func (s Sought) absent() string { return strings.Join(s.Absent, ", ") }
