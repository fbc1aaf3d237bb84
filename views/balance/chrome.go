package balance

import (
	"context"

	"plexydash/i18n"
	"plexydash/views/layout"
)

func (p Props) chrome(ctx context.Context) layout.Chrome {
	p.Chrome.Title = i18n.T(ctx, "balance.title")
	return p.Chrome
}
