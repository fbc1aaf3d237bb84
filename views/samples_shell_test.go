package views_test

import (
	"plexydash/distribution"
	"plexydash/views/components"
	"plexydash/views/gallery"
	"plexydash/views/help"
	"plexydash/views/layout"
	"plexydash/views/search"
)

func shellSamples() []sample {
	d := in(distribution.Paid)
	off := chrome(components.Fresh)
	off.KeysOff = true
	return []sample{
		{"gallery", gallery.Page(chrome(components.Fresh)), false},
		{"keys", help.KeysPage(help.KeysProps{Chrome: titledChrome(chrome(components.Fresh)), Role: distribution.Accountant}), false},
		{"keys-off", help.KeysPage(help.KeysProps{Chrome: titledChrome(off), Role: distribution.Auditor}), false},
		{"keys-dialog", help.KeysDialog(help.KeysProps{Chrome: off, Role: distribution.Manager}), true},
		{"search-exact", search.Suggestions(search.Props{Q: "DIST", Exact: &d, Rows: []distribution.Distribution{d, foreign()}}), true},
		{"search-pasted", search.Suggestions(search.Props{Q: "A-1 A-2", Rows: []distribution.Distribution{d}, Pasted: 2, Absent: []string{"A-2"}}), true},
		{"search-short", search.Suggestions(search.Props{Short: true}), true},
	}
}

func titledChrome(c layout.Chrome) layout.Chrome {
	c.Title = "Клавиши"
	return c
}
