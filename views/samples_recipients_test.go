package views_test

import (
	"strings"
	"time"

	"plexydash/distribution"
	"plexydash/views/components"
	"plexydash/views/recipients"
)

func recipient() recipients.Recipient {
	last := in(distribution.Paid)
	return recipients.Recipient{
		ID: "0195a1c9", RecipientText: last.RecipientText(), Bank: kaspi(), SavedAt: now().Add(-time.Hour), Version: 1,
		Count: 12, Sum: 3_000_000_00, Last: &last,
	}
}

func recipientSamples() []sample {
	r := recipient()
	long, aside := r, r
	long.ID, long.Name, long.Last = "0195a1d0", strings.Repeat("ТОО «Өндіріс» ", 12), nil
	aside.ArchivedAt = now()
	c := chrome(components.Fresh)
	edit := recipients.PageProps{
		Chrome: c, R: r, CanChange: true, Editing: true, Stale: true, Form: recipients.Form{Name: r.Name}, Now: now(),
		Errors: distribution.FieldErrors{distribution.FieldBIC: {Code: "required"}},
		Events: []recipients.Event{{At: now(), By: maker(), Kind: "edited", Changes: []components.Change{{Field: distribution.FieldName, Was: "А", Now: "Б"}}}},
	}
	return []sample{
		{"recipients", recipients.Page(recipients.Props{Chrome: c, Rows: []recipients.Recipient{r, long}, CanCreate: true, Next: "n", Now: now()}), false},
		{"recipients-none", recipients.Page(recipients.Props{Chrome: c, Now: now()}), false},
		{"recipients-not-found", recipients.Page(recipients.Props{Chrome: c, Q: "a", Later: true, Now: now()}), false},
		{"recipients-archived", recipients.Page(recipients.Props{Chrome: c, Archived: true, Rows: []recipients.Recipient{aside}, Now: now()}), false},
		{"recipient", recipients.One(recipients.PageProps{Chrome: c, R: r, CanChange: true, Now: now()}), false},
		{"recipient-archived", recipients.One(recipients.PageProps{Chrome: c, R: aside, CanChange: true, Now: now()}), false},
		{"recipient-edit", recipients.One(edit), false},
		{"recipient-options", recipients.Options([]recipients.Recipient{r, long}), true},
		{"recipient-options-none", recipients.Options(nil), true},
		{"recipient-said", recipients.Said(recipients.Known{R: &r, Changed: []distribution.Field{distribution.FieldBIC}, Hints: []distribution.Finding{{Code: "name.new", Was: "А"}}}), true},
	}
}
