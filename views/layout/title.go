package layout

import (
	"context"

	"plexydash/i18n"
)

func brand() string { return "plexydash" }

// headTitle begins with the mode in demo mode, so that a tab of make-believe
// money is never taken for the other.
func headTitle(ctx context.Context, title string, demo bool) string {
	text := brand()
	if title != "" {
		text = title + " · " + text
	}
	if demo {
		return i18n.T(ctx, "layout.env.demo") + " · " + text
	}
	return text
}
