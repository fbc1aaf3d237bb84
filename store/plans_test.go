package store_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"plexydash/store"
)

// What pages and the sender ask again and again never reads a whole table.
func TestReadsUseAnIndex(t *testing.T) {
	w := newWorld(t)
	sample(t, w, 0, 10)
	want := map[string][]string{
		"answered twins":        {"SEARCH distributions USING INDEX distributions_by_content (biz_key=? AND created_at>?)"},
		"recent to an account":  {"SEARCH distributions USING INDEX distributions_by_iban (recipient_iban=? AND created_at>?)"},
		"recent codes":          {"SCAN distributions USING INDEX distributions_by_created"},
		"twin or reference":     {"SEARCH r USING INDEX distributions_by_reference", "SEARCH t USING INDEX distributions_by_content (biz_key=?)", "SEARCH e EXISTS USING COVERING INDEX distribution_events_by_distribution", "SEARCH s USING COVERING INDEX distribution_events_by_distribution"},
		"sent today":            {"SEARCH a USING INDEX attempts_by_start (started_at>?)", "SEARCH d USING INDEX sqlite_autoindex_distributions"},
		"open alarms":           {"SCAN alarms USING INDEX alarms_by_time"},
		"open decisions":        {"SCAN decisions USING INDEX decisions_open"},
		"decisions on one":      {"SEARCH decisions USING INDEX decisions_by_distribution (distribution_id=?)"},
		"similar rows at Plexy": {"SEARCH distributions USING INDEX distributions_by_amount (amount=?)"},
		"next to be sent":       {"SEARCH distributions USING INDEX distributions_by_state (status=?)"},
		"doubts":                {"SEARCH distributions USING INDEX distributions_by_state (status=?)"},
		"awaiting me":           {"INDEX distributions_awaiting"},
		"open dip":              {"INDEX balance_dips_open"},
		"people":                {"SEARCH i USING INDEX invitations_by_user (user_id=?)", "SEARCH a USING INDEX audit_by_object (object_id=?)"},
		"notes on one":          {"SEARCH notes USING INDEX notes_by_distribution (distribution_id=?)"},
		"how long a bank takes": {"SEARCH distributions USING INDEX distributions_paid_by_bank (<expr>=? AND plexy_created_at>?)"},
		"failed sign-ins":       {"SEARCH audit USING INDEX audit_by_object (object_id=? AND seq>?)", "SEARCH audit USING INDEX audit_by_time (at>?)"},
		"forms left unfinished": {"SEARCH f USING INDEX drafts_by_person (user_id=?)", "SEARCH d USING INDEX sqlite_autoindex_distributions_1 (id=?) LEFT-JOIN"},
		"balance days":          {"SEARCH balance_days USING PRIMARY KEY (day>?)", "SEARCH balance_days USING PRIMARY KEY (day<?)"},
		"paid today":            {"INDEX distribution_events_paid (<expr>>?)", "SEARCH distributions USING INDEX distributions_by_state (status=? AND id=?)"},
		"under way":             {"SEARCH distributions USING INDEX distributions_totals (status=?)"},
		"not paid":              {"SEARCH distributions USING INDEX distributions_by_status (status=? AND created_at>?)"},
		"ended":                 {"SEARCH distributions USING COVERING INDEX distributions_by_status (status=? AND created_at>?)", "SEARCH distributions USING INDEX distributions_linked (linked_to>?)"},
		"own work":              {"SEARCH distributions USING INDEX distributions_by_state (status=?)"},
		"doubts in short":       {"SEARCH distributions USING INDEX distributions_by_state (status=?)"},
		"known recipients": {
			"SEARCH distributions USING COVERING INDEX distributions_to_number (recipient_bin=?)",
			"SEARCH distributions USING COVERING INDEX distributions_to_number (recipient_bin=? AND recipient_iban>?)",
			"SEARCH distributions USING COVERING INDEX distributions_to_account (recipient_iban=?)",
			"SEARCH distributions USING COVERING INDEX distributions_to_account (recipient_iban=? AND recipient_bin>?)",
			"SEARCH distributions USING COVERING INDEX distributions_to_number (recipient_bin=? AND recipient_iban=?)",
		},
		"one recipient": {
			"SEARCH r USING INDEX recipients_requisites (bin=? AND iban=?)",
			"SEARCH distributions USING COVERING INDEX distributions_to_number (recipient_bin=? AND recipient_iban=?)",
		},
		"history of one": {"SEARCH recipient_events USING INDEX recipient_events_by_recipient (recipient_id=?)"},
		"read since":     {"SEARCH sync_runs USING INDEX sync_runs_by_start (started_at>?)"},
	}
	want["waiting"] = []string{"SEARCH distributions USING INDEX distributions_by_state (status=?)"}
	want["vitals"] = []string{"COVERING INDEX decisions_open", "SEARCH sessions USING COVERING INDEX sessions_by_expiry (expires_at>?)", "SCAN sweeps"}
	queries := store.Queries()
	for name, query := range queries {
		steps := plan(t, w, query, make([]any, strings.Count(query, "$"))...)
		require.NotEmpty(t, want[name], name)
		for _, step := range want[name] {
			assert.Contains(t, steps, step, name)
		}
	}
	assert.Len(t, queries, len(want))
}

// An open list asks every few seconds what came: whatever its filter, only what
// is new is looked at.
func TestArrivalsReadOnlyWhatIsNew(t *testing.T) {
	w := newWorld(t)
	sample(t, w, 0, 10)
	for _, address := range []string{
		"", "q=заря", "status=paid&status=failed", "from=2026-11-22&to=2026-11-23", "min=5", "bin=900101300123",
		"iban=KZ86125KZT5004100100", "knp=119", "author=a@b.kz", "origin=plexy", "sort=amount",
	} {
		query, args := store.ArrivedQuery(parseFilter(t, address), idA)
		steps := plan(t, w, query, args...)
		assert.Contains(t, steps, "SEARCH distributions USING INDEX sqlite_autoindex_distributions_1 (id>?)", address)
		assert.NotContains(t, steps, "SCAN distributions", address)
		assert.NotContains(t, steps, "TEMP B-TREE", address)
	}
}

// A sum over all matches reads an index that is in the order of states, or else
// only the rows that a condition leaves.
func TestTotalsReadAnIndex(t *testing.T) {
	w := newWorld(t)
	sample(t, w, 0, 10)
	for address, index := range map[string]string{
		"":                              "SCAN distribution_days",
		"status=paid&status=failed":     "SEARCH distribution_days USING PRIMARY KEY (status=?)",
		"from=2026-11-22&to=2026-11-23": "SCAN distribution_days",
		"author=a@b.kz&status=paid":     "SEARCH distribution_days USING PRIMARY KEY (status=? AND author=?)",
		"knp=119":                       "COVERING INDEX distributions_by_knp (recipient_knp=?)",
		"min=5&max=6":                   "INDEX distributions_by_amount (amount>? AND amount<?)",
		"bin=900101300123":              "INDEX distributions_by_bin (recipient_bin=?)",
		"iban=KZ86125KZT5004100100":     "INDEX distributions_by_iban (recipient_iban=?)",
		"id=" + idA + "&id=" + idB:      "INDEX sqlite_autoindex_distributions_1 (id=?)",
	} {
		query, args := store.TotalsQuery(parseFilter(t, address))
		assert.Contains(t, plan(t, w, query, args...), index, address)
	}
}

func TestTiesReadAnIndex(t *testing.T) {
	w := newWorld(t)
	sample(t, w, 0, 10)
	query, args := store.TiesQuery(idA, idB)
	steps := plan(t, w, query, args...)
	assert.Contains(t, steps, "SEARCH distributions USING INDEX distributions_by_twin (twin_of=?)")
	assert.Contains(t, steps, "SEARCH c USING INDEX distributions_by_original (copy_of=?)")
	assert.NotContains(t, steps, "SCAN")
}
