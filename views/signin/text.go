package signin

import (
	"context"
	"fmt"

	"plexydash/i18n"
	"plexydash/views/components"
	"plexydash/views/layout"
)

func (p Props) bare(ctx context.Context, title string) layout.Bare {
	return titled(ctx, p.Bare, title)
}

func (p InvitationProps) bare(ctx context.Context, title string) layout.Bare {
	return titled(ctx, p.Bare, title)
}

func titled(ctx context.Context, b layout.Bare, title string) layout.Bare {
	b.Title = i18n.T(ctx, title)
	b.Foot = i18n.T(ctx, "signin.foot")
	return b
}

func (p ProofProps) chrome(ctx context.Context) layout.Chrome {
	p.Chrome.Title = i18n.T(ctx, "proof.title")
	return p.Chrome
}

func (p ResumptionProps) chrome(ctx context.Context) layout.Chrome {
	p.Chrome.Title = i18n.T(ctx, "resumption.title")
	return p.Chrome
}

func (p FactorProps) chrome(ctx context.Context) layout.Chrome {
	p.Chrome.Title = i18n.T(ctx, "factor.title")
	return p.Chrome
}

// tone: an ended session is nobody's mistake.
func (p Problem) tone() components.Tone {
	if p == Expired {
		return components.Blue
	}
	return components.Red
}

func (p Props) text(ctx context.Context) string {
	switch p.Problem {
	case Throttled:
		return throttled(ctx, p.Minutes)
	case Expired:
		if p.Typed != "" {
			return i18n.T(ctx, "signin.expired_typed")
		}
		return i18n.T(ctx, "signin.expired")
	default:
		return i18n.T(ctx, "signin.wrong")
	}
}

func throttled(ctx context.Context, minutes int) string {
	return i18n.N(ctx, "signin.throttled", max(1, minutes))
}

func (p ProofProps) text(ctx context.Context) string {
	switch {
	case p.Problem == Throttled:
		return throttled(ctx, p.Minutes)
	case p.Code:
		return i18n.T(ctx, "proof.wrong_code")
	}
	return i18n.T(ctx, "proof.wrong")
}

func (p Problem) codeText(ctx context.Context, minutes int) string {
	switch p {
	case Throttled:
		return throttled(ctx, minutes)
	case Short:
		return i18n.T(ctx, "factor.short")
	default:
		return i18n.T(ctx, "signin.code_wrong")
	}
}

func (p Problem) passwordText(ctx context.Context, least int) string {
	switch p {
	case Long:
		return i18n.T(ctx, "password.long")
	case Common:
		return i18n.T(ctx, "password.common")
	case Own:
		return i18n.T(ctx, "password.own")
	default:
		return i18n.T(ctx, "password.short", "Least", least)
	}
}

func (p FactorProps) why(ctx context.Context) string {
	if p.Restricted {
		return i18n.T(ctx, "factor.by_password")
	}
	return i18n.T(ctx, "factor.by_policy")
}

func (p FactorProps) viewBox() string { return fmt.Sprintf("0 0 %d %d", p.QRSize, p.QRSize) }

func labelOf(ctx context.Context, p components.Param) string {
	if p.Name == "note" {
		return i18n.T(ctx, "resumption.note")
	}
	return i18n.T(ctx, "resumption.reason")
}
