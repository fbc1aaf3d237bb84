package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"plexydash/distribution"
	"plexydash/store"
	"plexydash/store/storetest"
)

func TestANoteGoesIntoTheHistory(t *testing.T) {
	s := newSite(t)
	maker, manager := s.person(distribution.Accountant), s.person(distribution.Manager)
	d := storetest.Draft(t, s.db, maker)
	at := "/distributions/" + d.ID
	for _, note := range []struct {
		by   distribution.Actor
		text string
	}{{maker, "Счёт № 118\r\nу Айгуль"}, {manager, "  Договор проверен "}, {manager, "Договор проверен"}} {
		a := s.do(request{as: note.by, method: http.MethodPost, url: at + "/notes", form: url.Values{"text": {note.text}}})
		require.Equal(t, http.StatusSeeOther, a.Code)
		require.Equal(t, at, a.Header().Get("Location"))
	}
	page := s.do(request{as: s.person(distribution.Auditor), url: at}).html()
	assert.Equal(t, "Договор проверенСчёт № 118\nу Айгуль", strings.ReplaceAll(page.Find(".timeline-text").Text(), "\r", ""),
		"newest first; pressed twice is one")
	assert.Zero(t, page.Find(`form[action*="/notes"]`).Length(), "an auditor only reads")
}

func TestANoteThatIsNotAccepted(t *testing.T) {
	s := newSite(t)
	maker := s.person(distribution.Accountant)
	d := storetest.Draft(t, s.db, maker)
	at, long := "/distributions/"+d.ID+"/notes", strings.Repeat("ң", 1001)
	for name, row := range map[string]struct {
		by   distribution.Actor
		text string
		want int
	}{
		"empty":           {maker, " \n", http.StatusUnprocessableEntity},
		"too long":        {maker, long, http.StatusUnprocessableEntity},
		"of a colleague":  {s.person(distribution.Accountant), "a", http.StatusForbidden},
		"empty and alien": {s.person(distribution.Accountant), "", http.StatusForbidden},
	} {
		a := s.do(request{as: row.by, method: http.MethodPost, url: at, form: url.Values{"text": {row.text}}})
		assert.Equal(t, row.want, a.Code, name)
		if row.want == http.StatusUnprocessableEntity {
			field := a.html().Find("#note-text")
			assert.Equal(t, "true", field.AttrOr("aria-invalid", ""), name)
			assert.Equal(t, strings.TrimSpace(row.text), strings.TrimSpace(field.Text()), "what was typed stays")
		}
	}
	notes, err := s.db.Notes(t.Context(), d.ID)
	require.NoError(t, err)
	assert.Empty(t, notes)
	longest := s.do(request{as: maker, method: http.MethodPost, url: at, form: url.Values{"text": {long[:len("ң")*1000]}}})
	assert.Equal(t, http.StatusSeeOther, longest.Code)
}

// The page says the same each time that it is loaded, and loading it sends nothing.
func TestTheResultStaysAndNothingIsSentAgain(t *testing.T) {
	s := newSite(t)
	maker := s.person(distribution.Accountant)
	refused := storetest.Sending(t, s.db, maker)
	storetest.Finish(t, s.db, refused, store.OutcomeRefused, func(d *distribution.Distribution) (distribution.Event, error) {
		return d.Refuse("КНП не подходит", s.clock.Now())
	})
	for id, says := range map[string]string{
		storetest.Accepted(t, s.db, maker, "P-1").ID: "Принято Plexy",
		refused.Distribution.ID:                      "Причина: «КНП не подходит»",
		unknownOf(t, s, maker):                       "Мы не знаем, принял ли Plexy это поручение",
	} {
		before := len(attemptsOf(t, s, id))
		for range 3 {
			page := s.do(request{as: maker, url: "/distributions/" + id}).html()
			panel := page.Find("section.notice")
			assert.Contains(t, panel.Text(), says)
			assert.NotZero(t, panel.Find(`a[href="/distributions/new"]`).Length(), says)
			assert.NotZero(t, panel.Find(`a[href="/distributions/`+id+`/order"]`).Length(), says)
		}
		assert.Len(t, attemptsOf(t, s, id), before, says)
	}
}

// The open page asks for its state again; when that makes a copy possible, the
// button comes with it.
func TestAnOutcomeBringsItsCopy(t *testing.T) {
	s := newSite(t)
	maker := s.person(distribution.Accountant)
	for id, buttons := range map[string]int{unknownOf(t, s, maker): 0, storetest.Accepted(t, s.db, maker, "P-1").ID: 1} {
		part := s.do(request{as: maker, url: "/distributions/" + id + "/status", partial: true}).html()
		assert.Equal(t, 1, part.Find("#status").Length())
		assert.Equal(t, buttons, part.Find(`[hx-target="#copy-action"] form[action$="/copy"] button`).Length())
	}
}

func attemptsOf(t *testing.T, s *site, id string) []store.Attempt {
	t.Helper()
	attempts, err := s.db.Attempts(t.Context(), id)
	require.NoError(t, err)
	return attempts
}

// What the state forbids says why; what the role never may is not spoken of.
func TestWhyAnActionIsNotPossible(t *testing.T) {
	s := newSite(t)
	maker, manager := s.person(distribution.Accountant), s.person(distribution.Manager)
	accepted, unknown := storetest.Accepted(t, s.db, maker, "P-1").ID, unknownOf(t, s, maker)
	queued := queuedOf(t, s, maker)
	for _, row := range []struct {
		by   distribution.Actor
		id   string
		want []string // action, and the beginning of why not
	}{
		{maker, queued, []string{"Изменить", "Чтобы изменить, сначала отзовите"}},
		{manager, queued, nil},
		{maker, accepted, []string{"Изменить · Отозвать в черновик · Отменить распределение", "Поручение уже у Plexy"}},
		{manager, accepted, []string{"Отменить распределение", "Поручение уже у Plexy"}},
		{maker, unknown, []string{
			"Изменить · Отозвать в черновик · Отменить распределение", "Запрос мог дойти до Plexy", "Создать копию", "Пока результат неизвестен",
		}},
		{s.person(distribution.Accountant), accepted, nil},
		{s.person(distribution.Auditor), unknown, nil},
		{s.person(distribution.Admin), accepted, nil},
	} {
		why := s.do(request{as: row.by, url: "/distributions/" + row.id}).html().Find(".whynot").Find("dt, dd")
		require.Equal(t, len(row.want), why.Length(), "%s: %s", row.by.Name, why.Text())
		for i, want := range row.want {
			assert.True(t, strings.HasPrefix(strings.TrimSpace(why.Eq(i).Text()), want), "%s: %s", row.by.Name, why.Eq(i).Text())
		}
	}
}

func TestCorrectedCopiesLeadToEachOther(t *testing.T) {
	s := newSite(t)
	maker := s.person(distribution.Accountant)
	first := storetest.Draft(t, s.db, maker)
	n := storetest.Filled(t)
	n.CopyOf = first.ID
	second, err := s.db.Create(t.Context(), maker, n)
	require.NoError(t, err)
	link := func(from, to string) int {
		return s.do(request{as: maker, url: "/distributions/" + from}).html().Find(`.detail-chain a[href="/distributions/` + to + `"]`).Length()
	}
	assert.Equal(t, 1, link(first.ID, second.ID))
	assert.Equal(t, 1, link(second.ID, first.ID))
}
