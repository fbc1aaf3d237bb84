// Package balance draws the balance page.
package balance

import (
	"plexydash/views/components"
	"plexydash/views/layout"
)

// Props of GET /balance.
type Props struct {
	Chrome  layout.Chrome
	Balance components.Balance
}
