package distributions

import (
	"context"
	"strings"

	"plexydash/i18n"
	"plexydash/views/components"
)

func (f Filled) asks() bool { return len(f.Choices)+len(f.Left) > 0 || len(f.Put) == 0 }

// title names the fields that were filled in.
func (f Filled) title(ctx context.Context) string {
	if len(f.Put) == 0 {
		if len(f.Choices) > 0 {
			return i18n.T(ctx, "fill.nothing_put")
		}
		return i18n.T(ctx, "fill.nothing")
	}
	var names []string
	for _, field := range f.Put {
		names = append(names, components.FieldName(ctx, field))
	}
	return i18n.T(ctx, "fill.done", "Fields", strings.Join(names, ", "))
}

// question asks about one field.
func (f Filled) question(ctx context.Context, c Choice) string {
	if len(c.Values) > 1 {
		return i18n.T(ctx, "fill.several", "Field", components.FieldName(ctx, c.Field))
	}
	return i18n.T(ctx, "fill.replace", "Field", components.FieldName(ctx, c.Field))
}
