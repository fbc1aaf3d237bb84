package config

import (
	"fmt"
	"net/url"
)

// Value is a setting as it holds now, for people to read.
type Value struct{ Variable, Text string }

// Values lists what the program was told. Secrets stay hidden.
func (c Config) Values() []Value {
	submit := "off"
	if c.Submit {
		submit = "on"
	}
	return []Value{
		{"PLEXYDASH_MODE", c.Mode},
		{"PLEXYDASH_LISTEN", c.Listen},
		{"PLEXYDASH_PUBLIC_URL", withoutPassword(c.Address())},
		{"PLEXYDASH_DATA", c.Data},
		{"PLEXYDASH_SUBMIT", submit},
		{"PLEXYDASH_SYNC_EVERY", c.SyncEvery.String()},
		{"PLEXYDASH_SETTLE_WINDOW", c.SettleWindow.String()},
		{"PLEXY_BASE_URL", withoutPassword(c.Plexy.BaseURL)},
		{"PLEXY_API_KEY", fmt.Sprint(c.Plexy.Key)},
		{"PLEXY_AMOUNT_UNIT", c.Plexy.AmountUnit},
		{"PLEXY_LIST_PARAMS", c.Plexy.ListParams},
		{"PLEXY_BALANCE_PATH", c.Plexy.BalancePath},
	}
}

func withoutPassword(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	return u.Redacted()
}
