package signin

import (
	"context"

	"plexydash/i18n"
	"plexydash/views/components"
	"plexydash/views/layout"
)

func (p Props) bare(ctx context.Context) layout.Bare {
	p.Bare.Title = i18n.T(ctx, "signin.title")
	p.Bare.Foot = i18n.T(ctx, "signin.foot")
	return p.Bare
}

// tone: an ended session is nobody's mistake.
func (p Props) tone() components.Tone {
	if p.Problem == Expired {
		return components.Blue
	}
	return components.Red
}

func (p Props) text(ctx context.Context) string {
	switch p.Problem {
	case Throttled:
		return i18n.N(ctx, "signin.throttled", max(1, p.Minutes))
	case Expired:
		return i18n.T(ctx, "signin.expired")
	case Wrong, None:
	}
	return i18n.T(ctx, "signin.wrong")
}
