package web_test

import (
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"plexydash/distribution"
	"plexydash/store"
	"plexydash/store/storetest"
)

// held puts the site's database on HOLD: its note is missing.
func (s *site) held() {
	s.t.Helper()
	db := storetest.Open(s.t, s.path, s.clock.Now, func(o *store.Options) { o.Instance = true })
	require.NoError(s.t, db.Close())
}

func (s *site) imported() {
	s.t.Helper()
	i, err := s.db.OpenImport(s.t.Context(), 100)
	require.NoError(s.t, err)
	require.NoError(s.t, s.db.FinishImport(s.t.Context(), distribution.System("syncer"), i.ID))
}

// swept is a sweep that ended so, a minute after the one before.
func (s *site) swept(end store.SweepEnd, code string) {
	s.t.Helper()
	s.clock.Advance(time.Minute)
	sweep, _, err := s.db.StartSweep(s.t.Context(), store.SweepAsked)
	require.NoError(s.t, err)
	sweep.Ended, sweep.Error = end, code
	require.NoError(s.t, s.db.FinishSweep(s.t.Context(), distribution.System("reconciler"), store.Swept{Sweep: sweep}))
}

// Until it is proven that all of Plexy's list was read, the page says what is
// missing and when it is tried again, and nobody may even propose.
func TestHoldIsLiftedOnlyOnProof(t *testing.T) {
	s := newSite(t)
	manager, second := s.person(distribution.Manager), s.person(distribution.Manager)
	s.held()
	says := func(lang string) string {
		return plain(s.do(request{as: manager, url: "/hold", header: map[string]string{"Accept-Language": lang}}).html().Find("#remains").Text())
	}
	proposes := func() *answer {
		return s.do(request{as: manager, url: "/hold/proposal", form: url.Values{"reason": {"сверено с выпиской"}}})
	}
	for _, step := range []struct {
		name       string
		given      func()
		ru, kk, en string
		refusal    string // in Russian, of who proposes all the same; empty: it is taken
	}{
		{
			"nothing is read", func() {},
			"Начнётся, когда список будет прочитан", "Тізім оқылып біткенде басталады", "It begins when the list is read",
			"Ещё не всё, что есть в Plexy, прочитано заново",
		},
		{
			"the import is over", s.imported,
			"Начнётся в ближайшие секунды", "Бірнеше секундта басталады", "It begins within seconds",
			"Ещё не доказано, что список Plexy прочитан до конца",
		},
		{
			"Plexy stops answering", func() { s.swept(store.SweepFailed, store.Unreachable) },
			"Plexy перестал отвечать во время проверки", "Plexy жауап беруді тоқтатты", "Plexy stopped answering during the check",
			"Ещё не доказано",
		},
		{
			"no proof", func() { s.swept(store.SweepInconclusive, "") },
			"Не доказано, что список Plexy прочитан до конца", "оқылғаны дәлелденбеді", "It is not proven that Plexy's list was read to its end",
			"Ещё не доказано",
		},
		{
			"proof", func() { s.swept(store.SweepProven, "") },
			"Доказано, что список прочитан до конца", "оқылғаны дәлелденді", "It is proven that the list was read to its end",
			"",
		},
	} {
		step.given()
		for lang, words := range map[string]string{"ru": step.ru, "kk": step.kk, "en": step.en} {
			assert.Contains(t, says(lang), words, step.name)
		}
		form := s.do(request{as: manager, url: "/hold"}).html().Find(`form[action="/hold/proposal"]`).Length()
		a := proposes()
		if step.refusal != "" {
			assert.Zero(t, form, step.name)
			assert.Equal(t, http.StatusConflict, a.Code, step.name)
			assert.Contains(t, plain(a.html().Find("main").Text()), step.refusal, step.name)
			continue
		}
		assert.Equal(t, 1, form, step.name)
		assert.Equal(t, http.StatusSeeOther, a.Code, step.name)
	}
	open, err := s.db.OpenDecisions(t.Context())
	require.NoError(t, err)
	require.Len(t, open, 1)
	a := s.do(request{as: second, url: "/proposals/" + open[0].ID + "/confirmation", form: url.Values{}})
	require.Equal(t, http.StatusSeeOther, a.Code)
	state, err := s.db.SyncState(t.Context())
	require.NoError(t, err)
	assert.False(t, state.Held())
}
