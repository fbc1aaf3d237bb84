package distributions

import (
	"context"

	"plexydash/i18n"
	"plexydash/views/filter"
	"plexydash/views/layout"
)

// titled is the chrome of a page of this package.
func titled(c layout.Chrome, title string) layout.Chrome {
	c.Title, c.Current = title, layout.Distributions
	return c
}

func (p ListProps) chrome(ctx context.Context) layout.Chrome {
	return titled(p.Chrome, i18n.T(ctx, "list.title"))
}

// exportParams are the list's conditions and order, without its paging.
func (p ListProps) exportParams() []filter.Param {
	f := p.Filter
	f.Size = ""
	return f.Params()
}
