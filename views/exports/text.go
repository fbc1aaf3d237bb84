package exports

import (
	"context"

	"plexydash/i18n"
	"plexydash/views/components"
	"plexydash/views/filter"
	"plexydash/views/layout"
)

// everyExport is how often a page looks whether its file is ready.
const everyExport = "every 2s"

func (p PageProps) chrome(ctx context.Context) layout.Chrome {
	return titled(p.Chrome, i18n.T(ctx, "exports.title_one"))
}

func (p ListProps) chrome(ctx context.Context) layout.Chrome {
	return titled(p.Chrome, i18n.T(ctx, "exports.title"))
}

func titled(c layout.Chrome, title string) layout.Chrome {
	c.Title, c.Current = title, layout.Exports
	return c
}

// chips are the conditions in words.
func (e Export) chips(ctx context.Context) []filter.Chip { return e.Filter.Chips(ctx) }

// kind is format and dialect in words.
func (e Export) kind(ctx context.Context) string {
	if e.Format == "xlsx" { // one dialect
		return i18n.T(ctx, "exports.kind.xlsx")
	}
	return components.OrCode(ctx, "exports.kind.", e.Format+"."+e.Dialect)
}
