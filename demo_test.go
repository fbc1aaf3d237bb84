package main

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"plexydash/distribution"
	"plexydash/store"
)

func TestDemoPaysNobodyTwiceOver(t *testing.T) {
	tables, err := distribution.EmbeddedTables()
	require.NoError(t, err)
	accounts, names := map[string]bool{}, map[string]bool{}
	for _, p := range demoPayees(tables.Banks) {
		bin, err := distribution.ParseBIN(p.BIN)
		require.NoError(t, err, p.Name)
		assert.True(t, bin.CheckDigitOK(), p.Name)
		_, err = distribution.ParseIBAN(p.IBAN)
		require.NoError(t, err, p.Name)
		bank, known := tables.Banks.Of(p.IBAN)
		assert.True(t, known && bank.Active && bank.BIC == p.BIC, p.Name)
		assert.False(t, accounts[p.IBAN] || names[p.Name], p.Name)
		accounts[p.IBAN], names[p.Name] = true, true
		assert.LessOrEqual(t, p.Least, p.Most, p.Name)
	}
}

// What the history holds besides every state, which TestDemo sees on the pages.
func (e *e2e) historyIsWorthAVisit(t *testing.T) {
	db, err := store.Open(t.Context(), store.Options{Path: filepath.Join(copyOf(t, e.fresh), "demo.db")})
	require.NoError(t, err)
	defer func() { require.NoError(t, db.Close()) }()

	alarms, err := db.OpenAlarms(t.Context(), 100)
	require.NoError(t, err)
	var kinds []distribution.AlarmKind
	for _, a := range alarms {
		kinds = append(kinds, a.Kind)
	}
	assert.ElementsMatch(t, []distribution.AlarmKind{distribution.AlarmOutside, distribution.AlarmRegressed}, kinds)

	doubts, err := db.Uncertain(t.Context(), 100)
	require.NoError(t, err)
	for _, d := range doubts {
		if d.Status != distribution.Unknown {
			continue
		}
		evidence, err := db.EvidenceOf(t.Context(), d.ID)
		require.NoError(t, err)
		require.NotEmpty(t, evidence)
		assert.NotEmpty(t, evidence[0].Older.Reference)
		assert.NotEmpty(t, evidence[0].Newer.Reference)
	}
	open, err := db.OpenDecisions(t.Context())
	require.NoError(t, err)
	assert.Len(t, open, 1)

	now := db.Now()
	days, least := map[string]int{}, distribution.Amount(demoBalance)
	for before := int64(0); ; {
		page, err := db.Readings(t.Context(), now.AddDate(0, 0, -30), before, 100)
		require.NoError(t, err)
		for _, r := range page.Rows {
			days[r.At.In(distribution.Almaty()).Format("2006-01-02")]++
			least = min(least, r.Amount)
		}
		if before = page.Next; before == 0 {
			break
		}
	}
	assert.Greater(t, len(days), 15, "days with readings")
	assert.Positive(t, least)
	low, err := db.Threshold(t.Context())
	require.NoError(t, err)
	assert.Less(t, least, low.Amount, "the balance was low once")
	dip, err := db.Dip(t.Context())
	require.NoError(t, err)
	assert.Nil(t, dip, "and is not any more")
}
