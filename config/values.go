package config

import (
	"fmt"
	"net/url"
	"strconv"
)

// Value is a setting as it holds now, for people to read.
type Value struct {
	Variable, Text string
	Source         Source
}

// Values lists what the program was told. Secrets stay hidden.
func (c Config) Values() []Value {
	submit := "off"
	if c.Submit {
		submit = "on"
	}
	values := []Value{
		{Variable: "PLEXYDASH_MODE", Text: c.Mode},
		{Variable: "PLEXYDASH_LISTEN", Text: c.Listen},
		{Variable: "PLEXYDASH_PUBLIC_URL", Text: withoutPassword(c.Address())},
		{Variable: "PLEXYDASH_DATA", Text: c.Data},
		{Variable: "PLEXYDASH_BACKUP_FOLDER", Text: c.Backup.Folder},
		{Variable: "PLEXYDASH_BACKUP_EVERY", Text: c.Backup.Every.String()},
		{Variable: "PLEXYDASH_BACKUP_KEEP", Text: strconv.Itoa(c.Backup.Keep)},
		{Variable: "PLEXYDASH_SUBMIT", Text: submit},
		{Variable: "PLEXYDASH_SYNC_EVERY", Text: c.SyncEvery.String()},
		{Variable: "PLEXYDASH_SETTLE_WINDOW", Text: c.SettleWindow.String()},
		{Variable: "PLEXYDASH_CUT_OFF", Text: c.CutOff},
		{Variable: "PLEXYDASH_METRICS_TOKEN", Text: c.MetricsToken.shown()},
		{Variable: "PLEXY_BASE_URL", Text: withoutPassword(c.Plexy.BaseURL)},
		{Variable: "PLEXY_API_KEY", Text: fmt.Sprint(c.Plexy.Key)},
		{Variable: "PLEXY_AMOUNT_UNIT", Text: c.Plexy.AmountUnit},
		{Variable: "PLEXY_LIST_PARAMS", Text: c.Plexy.ListParams},
		{Variable: "PLEXY_BALANCE_PATH", Text: c.Plexy.BalancePath},
	}
	for i := range values {
		values[i].Source = c.Sources[values[i].Variable]
	}
	return values
}

// shown says whether there is one.
func (s Secret) shown() string {
	if s == "" {
		return ""
	}
	return s.String()
}

func withoutPassword(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	return u.Redacted()
}
