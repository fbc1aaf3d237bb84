package distributions

import (
	"context"

	"plexydash/i18n"
	"plexydash/views/filter"
	"plexydash/views/layout"
)

// SaveProps is the form that keeps a list under a name.
type SaveProps struct {
	Query       string // of the list
	Name        string // as typed
	Period      filter.Preset
	Relative    bool // the period moves with the calendar
	Shared      bool
	WithColumns bool
	Problem     string // code of a refusal; empty: none
}

// ViewsProps of GET /views.
type ViewsProps struct {
	Chrome layout.Chrome
	Mine   []View
	Others []View
	Save   *SaveProps // a new one that was refused
	Edited string     // id of the view whose change was refused
	Typed  string     // its name as typed
	Wrong  string     // code of the refusal
}

func (p ViewsProps) chrome(ctx context.Context) layout.Chrome {
	return titled(p.Chrome, i18n.T(ctx, "views.title"))
}

// name is what stands in the field of a view.
func (p ViewsProps) name(v View) string {
	if p.Edited == v.ID {
		return p.Typed
	}
	return v.Name
}

func (p ViewsProps) wrong(v View) string {
	if p.Edited == v.ID {
		return p.Wrong
	}
	return ""
}
