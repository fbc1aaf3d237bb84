package me

import (
	"context"

	"plexydash/i18n"
	"plexydash/views/components"
	"plexydash/views/layout"
	"plexydash/views/signin"
)

func (p Props) chrome(ctx context.Context) layout.Chrome {
	p.Chrome.Title = i18n.T(ctx, "me.title")
	return p.Chrome
}

// problemOfOld and problemOfNew say what is wrong with the passwords typed.
func (p Props) problemOfOld(ctx context.Context) string {
	if p.Old == signin.None {
		return ""
	}
	if p.Old == signin.Throttled {
		return i18n.N(ctx, "signin.throttled", p.Minutes)
	}
	return i18n.T(ctx, "me.password.wrong")
}

func (p Props) problemOfNew(ctx context.Context) string {
	if p.New == signin.None {
		return ""
	}
	if p.New == signin.Short {
		return i18n.T(ctx, "password.short", "Least", p.Least)
	}
	return components.OrCode(ctx, "password.", string(p.New))
}

// others reports that there is another session than the one that reads.
func (p Props) others() bool { return len(p.Sessions) > 1 }

func (f Failure) why(ctx context.Context) string {
	return components.OrCode(ctx, "me.failure.", f.Reason)
}
