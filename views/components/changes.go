package components

import (
	"context"

	"plexydash/distribution"
	"plexydash/i18n"
)

// Change is a field as it was and as it is now.
type Change struct {
	Field    distribution.Field
	Was, Now string // as stored
}

// value is how people read a field.
func (c Change) value(ctx context.Context, text string) string {
	if c.Field == distribution.FieldIBAN {
		return Fours(text)
	}
	if a, err := distribution.ParseAmount(text); c.Field == distribution.FieldAmount && err == nil {
		return i18n.Money(ctx, int64(a))
	}
	return text
}
