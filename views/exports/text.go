package exports

import (
	"context"
	"strings"

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
func (e Export) chips(ctx context.Context) []filter.Chip {
	if e.ofAudit() {
		return e.AuditFilter.Chips(ctx)
	}
	return e.Filter.Chips(ctx)
}

// params are the same for the next order.
func (e Export) params() []components.Param {
	if e.ofAudit() {
		return e.AuditFilter.Conditions()
	}
	return e.Filter.Params()
}

func (e Export) ofAudit() bool { return e.Kind == "audit" }

// content is what the file is about.
func (e Export) content(ctx context.Context) string {
	if e.ofAudit() {
		return i18n.T(ctx, "exports.of.audit")
	}
	return i18n.T(ctx, "exports.of.distributions")
}

// everything says that nothing was left out.
func (e Export) everything(ctx context.Context) string {
	if e.ofAudit() {
		return i18n.T(ctx, "audit.everything")
	}
	return i18n.T(ctx, "exports.everything")
}

// conditions are the same in one line.
func (e Export) conditions(ctx context.Context) string {
	var all []string
	for _, c := range e.chips(ctx) {
		all = append(all, c.Name+": "+c.Value)
	}
	if len(all) == 0 {
		return e.everything(ctx)
	}
	return strings.Join(all, " · ")
}

// format is the first words of its kind.
func (e Export) format(ctx context.Context) string {
	name, _, _ := strings.Cut(e.kind(ctx), ":")
	return name
}

// kind is format and dialect in words.
func (e Export) kind(ctx context.Context) string {
	switch e.Format { // one dialect each
	case "xlsx":
		return i18n.T(ctx, "exports.kind.xlsx")
	case "jsonl":
		return i18n.T(ctx, "exports.kind.jsonl")
	}
	return components.OrCode(ctx, "exports.kind.", e.Format+"."+e.Dialect)
}
