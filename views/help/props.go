// Package help draws what explains the program to those who use it.
package help

import (
	"context"

	"plexydash/distribution"
	"plexydash/i18n"
	"plexydash/views/layout"
)

// KeysProps of the list of keys.
type KeysProps struct {
	Chrome layout.Chrome
	Role   distribution.Role
}

// shortcut is one line of the list: any of the chords does it.
type shortcut struct {
	chords [][]string // keys of one chord are pressed one after the other
	what   string     // translated
}

// group is shortcuts of one kind.
type group struct {
	name string // translated
	all  []shortcut
}

func one(key string) [][]string { return [][]string{{key}} }

// keys are the groups, without what the person has no page for.
func (p KeysProps) keys(ctx context.Context) []group {
	t := func(key string) string { return i18n.T(ctx, key) }
	work := group{name: t("keys.everywhere"), all: []shortcut{
		{[][]string{{"/"}, {"Ctrl K"}}, t("keys.search")},
		{one("?"), t("keys.map")},
		{one("Esc"), t("keys.escape")},
	}}
	if distribution.Allows(p.Role, distribution.Create) {
		work.all = append(work.all, shortcut{one("n"), t("keys.new")})
	}
	list := group{name: t("keys.lists"), all: []shortcut{
		{[][]string{{"j"}, {"k"}}, t("keys.move")},
		{one("Enter"), t("keys.open")},
		{one("x"), t("keys.tick")},
	}}
	places := group{name: t("keys.go")}
	for _, item := range p.Chrome.Nav {
		if key := layout.KeyOf(item.Section); key != "" {
			places.all = append(places.all, shortcut{[][]string{{"g", key}}, layout.NameOf(ctx, item.Section)})
		}
	}
	return []group{work, list, places}
}
