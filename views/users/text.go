package users

import (
	"context"
	"net/url"

	"plexydash/distribution"
	"plexydash/i18n"
	"plexydash/views/components"
	"plexydash/views/layout"
)

func address(id string, parts ...string) string {
	to := "/users/" + url.PathEscape(id)
	for _, part := range parts {
		to += "/" + part
	}
	return to
}

func (p Props) chrome(ctx context.Context) layout.Chrome {
	p.Chrome.Title = i18n.T(ctx, "nav.users")
	return p.Chrome
}

func (p PersonProps) chrome() layout.Chrome {
	p.Chrome.Title = p.Person.Name
	return p.Chrome
}

func (p InvitedProps) chrome(ctx context.Context) layout.Chrome {
	p.Chrome.Title = i18n.T(ctx, "people.link.title")
	return p.Chrome
}

// RoleName is the role as people call it.
func RoleName(ctx context.Context, r distribution.Role) string {
	return components.OrCode(ctx, "role.", string(r))
}

// may says whether the role does the action under the policy.
func may(p distribution.Policy, r distribution.Role, a distribution.Action) bool {
	return distribution.Allows(r, a) || a == distribution.Approve && p.MayDecide(r)
}

// Verb says in plain words what an action is.
func Verb(ctx context.Context, a distribution.Action) string {
	return components.OrCode(ctx, "action.", string(a))
}

// Verbs are all that the role does, in words.
func Verbs(ctx context.Context, p distribution.Policy, r distribution.Role) []string {
	var all []string
	for _, a := range distribution.Actions() {
		if may(p, r, a) {
			all = append(all, Verb(ctx, a))
		}
	}
	return all
}

func roleOptions(ctx context.Context) []components.Option {
	var all []components.Option
	for _, r := range distribution.Roles() {
		all = append(all, components.Option{Value: string(r), Label: RoleName(ctx, r)})
	}
	return all
}

func (p Props) problem(ctx context.Context, f distribution.Field) string {
	if key := p.Errors[string(f)]; key != "" {
		return i18n.T(ctx, key)
	}
	return ""
}

func (p Props) name(ctx context.Context) components.Field {
	return field(FieldName, i18n.T(ctx, "people.name"), p.Form.Name, p.problem(ctx, FieldName))
}

func (p Props) email(ctx context.Context) components.Field {
	f := field(FieldEmail, i18n.T(ctx, "people.email"), p.Form.Email, p.problem(ctx, FieldEmail))
	f.InputMode = "email"
	return f
}

func (p Props) role(ctx context.Context) components.Field {
	f := field(FieldRole, i18n.T(ctx, "people.role"), p.Form.Role, p.problem(ctx, FieldRole))
	f.Options, f.Placeholder = roleOptions(ctx), i18n.T(ctx, "people.role_choose")
	return f
}

// role is the field of another role, with the tick that was missing.
func (p PersonProps) role(ctx context.Context) components.Field {
	f := field(FieldRole, i18n.T(ctx, "people.role"), string(p.Person.Role), "")
	f.Options, f.Placeholder = roleOptions(ctx), i18n.T(ctx, "people.role_choose")
	if p.Refused.Act == ChangeRole {
		f.Value = string(p.Refused.Role)
		f.Ticks = []components.Tick{{Code: Confirmed, Text: p.shortage(ctx), Label: i18n.T(ctx, "people.short.confirm")}}
	}
	return f
}

// shortage says what the rule asks for and what would be left.
func (p PersonProps) shortage(ctx context.Context) string {
	s := p.Refused.Shortage
	text := i18n.N(ctx, "people.short.asks", s.Asked) + " " + i18n.N(ctx, "people.short.left", s.Left)
	if s.Left < s.Asked {
		return text + " " + i18n.T(ctx, "people.short.stuck")
	}
	return text + " " + i18n.T(ctx, "people.short.only")
}

// state of the account in a word; tone of it.
func (p Person) state(ctx context.Context) (components.Tone, string) {
	switch {
	case !p.DisabledAt.IsZero():
		return components.Plain, i18n.T(ctx, "people.state.disabled")
	case !p.InvitedUntil.IsZero():
		return components.Blue, i18n.T(ctx, "people.state.invited")
	case p.NoPassword:
		return components.Amber, i18n.T(ctx, "people.state.no_password")
	}
	return components.Plain, i18n.T(ctx, "people.state.works")
}

// works reports that there is nothing to say of the account.
func (p Person) works() bool {
	return p.DisabledAt.IsZero() && p.InvitedUntil.IsZero() && !p.NoPassword
}

func onOff(ctx context.Context, on bool) string {
	if on {
		return i18n.T(ctx, "people.on")
	}
	return i18n.T(ctx, "people.off")
}
