package store_test

import (
	"io/fs"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"plexydash/distribution"
	"plexydash/store"
	"plexydash/store/storetest"
)

// book is the recipients that are offered, the last used first.
func (w *world) book(t testing.TB, f store.RecipientFilter) []store.Recipient {
	t.Helper()
	f.Size = 50
	all, _, err := w.Recipients(t.Context(), f)
	require.NoError(t, err)
	return all
}

// saved is the recipient of an accepted distribution.
func saved(t testing.TB, w *world) store.Recipient {
	t.Helper()
	storetest.Accepted(t, w.DB, w.maker, "P-11")
	all := w.book(t, store.RecipientFilter{})
	require.Len(t, all, 1)
	return all[0]
}

func edit(t testing.TB, name string) store.RecipientEdit {
	t.Helper()
	r := storetest.Example(t).Recipient
	return store.RecipientEdit{Name: name, BIC: r.BIC, KBe: r.KBe, KNP: r.KNP}
}

func tracesOfRecipients() []trace {
	of := func(name string, records []string, do func(*testing.T, *world, store.Recipient) call) trace {
		return trace{name, records, func(t *testing.T, w *world) call { return do(t, w, saved(t, w)) }, byMaker}
	}
	return []trace{
		of("EditRecipient", []string{"recipient.edited"}, func(t *testing.T, w *world, r store.Recipient) call {
			return func(by distribution.Actor) error {
				return w.EditRecipient(t.Context(), by, r.ID, r.Version, edit(t, "АО «Новое»"))
			}
		}),
		of("EditRecipient without a change", nil, func(t *testing.T, w *world, r store.Recipient) call {
			return func(by distribution.Actor) error {
				return w.EditRecipient(t.Context(), by, r.ID, r.Version, edit(t, r.Name))
			}
		}),
		of("ArchiveRecipient", []string{"recipient.archived"}, func(t *testing.T, w *world, r store.Recipient) call {
			return func(by distribution.Actor) error { return w.ArchiveRecipient(t.Context(), by, r.ID) }
		}),
		of("RestoreRecipient", []string{"recipient.restored"}, func(t *testing.T, w *world, r store.Recipient) call {
			require.NoError(t, w.ArchiveRecipient(t.Context(), w.maker, r.ID))
			return func(by distribution.Actor) error { return w.RestoreRecipient(t.Context(), by, r.ID) }
		}),
	}
}

// A recipient comes with the first distribution that Plexy took, and is counted
// with each one after it.
func TestRecipientsComeByThemselves(t *testing.T) {
	w := newWorld(t)
	storetest.Unknown(t, w.DB, w.maker, sum("9"))
	assert.Empty(t, w.book(t, store.RecipientFilter{}), "nobody knows whether it went out")

	first := saved(t, w)
	assert.Equal(t, storetest.Example(t).Recipient.Text(), first.RecipientText)
	assert.Equal(t, 1, first.Count)
	require.NotNil(t, first.Last)
	assert.Equal(t, first.Sum, first.Last.Amount)
	events, err := w.RecipientEvents(t.Context(), first.ID)
	require.NoError(t, err)
	require.Len(t, events, 1)
	assert.Equal(t, "saved", events[0].Kind)

	storetest.Accepted(t, w.DB, w.maker, "P-2", func(f *distribution.Form) { f.Amount, f.Name = "1", "Другое имя" })
	again := w.book(t, store.RecipientFilter{})
	require.Len(t, again, 1)
	assert.Equal(t, 2, again[0].Count)
	assert.Equal(t, first.Sum+100, again[0].Sum)
	assert.Equal(t, first.Name, again[0].Name, "the book is changed by people only")
	assert.Equal(t, distribution.Amount(100), again[0].Last.Amount)

	w.apply(t, "list", w.foreign("P-3", "paid"))
	assert.Len(t, w.book(t, store.RecipientFilter{}), 1, "what was made elsewhere is nobody of ours")
}

func TestRecipientsAreFound(t *testing.T) {
	w := newWorld(t)
	r := saved(t, w)
	require.NoError(t, w.EditRecipient(t.Context(), w.maker, r.ID, r.Version, edit(t, "ТОО «Қазақ Ёлкасы»")))
	for q, want := range map[string]int{
		"": 1, "қазақ": 1, "КАЗАК елка": 1, "ёлкасы": 1, r.BIN: 1, r.BIN[3:9]: 1, r.IBAN: 1,
		"kz86 125k zt50": 1, "нет такого": 0, "%": 0, "_": 0,
	} {
		assert.Len(t, w.book(t, store.RecipientFilter{Q: q}), want, q)
	}
}

func TestRecipientsAreEditedAndPutAside(t *testing.T) {
	w := newWorld(t)
	r := saved(t, w)
	require.NoError(t, w.EditRecipient(t.Context(), w.maker, r.ID, r.Version, edit(t, "АО «Новое»")))
	err := w.EditRecipient(t.Context(), w.maker, r.ID, r.Version, edit(t, "АО «Старое»"))
	require.ErrorIs(t, err, distribution.ErrConflict, "somebody was faster")
	require.ErrorIs(t, w.EditRecipient(t.Context(), w.manager, r.ID, 2, edit(t, "А")), distribution.ErrForbidden)
	require.ErrorIs(t, w.ArchiveRecipient(t.Context(), w.maker, "none"), distribution.ErrNotFound)

	events, err := w.RecipientEvents(t.Context(), r.ID)
	require.NoError(t, err)
	assert.Equal(t, map[string]string{"recipient.name": "АО «Новое»", "recipient.name.was": r.Name}, events[0].Changes)

	require.NoError(t, w.ArchiveRecipient(t.Context(), w.maker, r.ID))
	assert.Empty(t, w.book(t, store.RecipientFilter{}))
	assert.Len(t, w.book(t, store.RecipientFilter{Archived: true}), 1)
	require.NoError(t, w.RestoreRecipient(t.Context(), w.maker, r.ID))
	assert.Len(t, w.book(t, store.RecipientFilter{}), 1)

	_, err = store.WritePool(w.DB).ExecContext(t.Context(), "DELETE FROM recipients")
	require.ErrorContains(t, err, "not deleted")
}

// Payments made elsewhere are known, too; what failed or came back is not.
func TestKnownRecipients(t *testing.T) {
	w := newWorld(t)
	f := w.foreign("P-1", "paid")
	f.Recipient.IBAN = "kz86 125k zt50 0410 0100"
	w.apply(t, "list", f)
	failed := w.foreign("P-2", "failed")
	failed.Recipient.IBAN = "KZ20856TEST000000002"
	w.apply(t, "list", failed)
	known, err := w.Known(t.Context(), f.Recipient.BIN, "KZ20856TEST000000002")
	require.NoError(t, err)
	assert.Equal(t, []distribution.Known{{Name: f.Recipient.Name, BIN: f.Recipient.BIN, IBAN: "KZ86125KZT5004100100"}}, known)

	r := saved(t, w)
	known, err = w.Known(t.Context(), "080940014531", r.IBAN)
	require.NoError(t, err)
	assert.Equal(t, []distribution.Known{{Name: r.Name, BIN: r.BIN, IBAN: r.IBAN}}, known, "by the account alone")
}

// A database that is older than the book gets it from its distributions.
func TestOldDistributionsFillTheBook(t *testing.T) {
	w := newWorld(t)
	storetest.Accepted(t, w.DB, w.maker, "P-1")
	storetest.Accepted(t, w.DB, w.maker, "P-2", sum("9"))
	storetest.Unknown(t, w.DB, w.maker, func(f *distribution.Form) { f.BIN = "080940014531" })
	w.apply(t, "list", w.foreign("P-3", "paid"))
	want := w.book(t, store.RecipientFilter{})
	require.Len(t, want, 1)

	source, err := fs.ReadFile(store.Migrations(t), "0009_recipients.sql")
	require.NoError(t, err)
	_, fill, ok := strings.Cut(string(source), "INSERT INTO recipients")
	require.True(t, ok)
	w.sql(t, "PRAGMA foreign_keys = OFF")
	w.sql(t, "DROP TRIGGER recipients_no_delete")
	searched := column(t, w.DB, "SELECT search FROM recipients")
	w.sql(t, "DELETE FROM recipients")
	w.sql(t, "INSERT INTO recipients"+fill)

	got := w.book(t, store.RecipientFilter{Q: "credit"})
	require.Len(t, got, 1)
	want[0].ID, want[0].SavedAt, want[0].UsedAt = got[0].ID, got[0].SavedAt, got[0].UsedAt
	assert.Equal(t, want, got)
	assert.Len(t, got[0].ID, 36)
	assert.Equal(t, searched, column(t, w.DB, "SELECT search FROM recipients"), "folded as the program folds")
}
