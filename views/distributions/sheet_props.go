package distributions

import (
	"context"
	"encoding/hex"
	"time"

	"plexydash/distribution"
	"plexydash/i18n"
	"plexydash/views/components"
	"plexydash/views/layout"
)

// SheetProps of GET /distributions/{id}/order.
type SheetProps struct {
	Chrome  layout.Chrome
	D       distribution.Distribution
	Bank    distribution.Bank // of the recipient
	Hash    []byte            // SHA-256 of the content; nil for one made elsewhere
	Events  []Event           // newest first
	Now     time.Time         // UTC
	Version string            // of the program
}

func (p SheetProps) chrome(ctx context.Context) layout.Chrome {
	return titled(p.Chrome, i18n.T(ctx, "sheet.title", "Reference", p.D.OrderReference))
}

// order are the cells: the sheet has a title and lines to sign of its own.
func (p SheetProps) order() components.Order {
	o := components.OrderOf(&p.D, p.Bank)
	o.Bare = true
	return o
}

func (p SheetProps) code() string { return components.CodeText(distribution.Code(p.Hash)) }
func (p SheetProps) hash() string { return hex.EncodeToString(p.Hash) }

// dataAsOf says how old what is printed is: what Plexy told may be older than the
// sheet.
func (p SheetProps) dataAsOf(ctx context.Context) string {
	if p.Chrome.Fresh.At.IsZero() {
		return i18n.T(ctx, "sheet.never_read")
	}
	return i18n.T(ctx, "sheet.as_of", "At", i18n.DateTime(ctx, p.Chrome.Fresh.At))
}
