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
