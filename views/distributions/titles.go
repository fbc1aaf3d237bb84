package distributions

import (
	"context"
	"net/url"

	"plexydash/i18n"
	"plexydash/views/components"
	"plexydash/views/layout"
)

// titled is the chrome of a page of this package.
func titled(c layout.Chrome, title string) layout.Chrome {
	c.Title, c.Current = title, layout.Distributions
	return c
}

func (p ListProps) chrome(ctx context.Context) layout.Chrome {
	if p.View != nil {
		return titled(p.Chrome, p.View.Name)
	}
	return titled(p.Chrome, i18n.T(ctx, "list.title"))
}

// caption is the name of the table: what is in it.
func (p ListProps) caption(ctx context.Context) string {
	if asked := p.Filter.Title(ctx, p.Now); asked != "" {
		return i18n.T(ctx, "list.title") + ". " + asked
	}
	return i18n.T(ctx, "list.title")
}

// exportParams are the list's conditions and order, without its paging.
func (p ListProps) exportParams() []components.Param {
	f := p.Filter
	f.Size = ""
	return f.Params()
}

// columnsAddress leads to the choice of columns and back to this list.
func (p ListProps) columnsAddress() string {
	return "/me/columns?" + url.Values{"back": {p.Filter.URL()}}.Encode()
}

// hasViews reports that there is a saved view to manage.
func (p ListProps) hasViews() bool {
	for _, t := range p.Tabs {
		if t.Key == "" {
			return true
		}
	}
	return len(p.More) > 0
}
