package distribution

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// The codes stand in pages, files and the log of other years: this list is not
// to be changed, only added to.
func TestStatusCodesAreFinal(t *testing.T) {
	want := []string{
		"draft", "awaiting_approval", "declined", "queued", "sending", "unknown", "not_found", "mismatch",
		"accepted", "processing", "paid", "failed", "returned", "refused", "cancelled", "abandoned",
	}
	var got []string
	for _, s := range Statuses() {
		got = append(got, string(s))
	}
	assert.Equal(t, want, got)
	assert.ElementsMatch(t, Statuses(), slices.Collect(maps.Values(constants[Status](t, "Status"))))
}

func TestParseStatus(t *testing.T) {
	for _, s := range Statuses() {
		got, ok := ParseStatus(string(s))
		assert.True(t, ok)
		assert.Equal(t, s, got)
	}
	for _, text := range []string{"", "Paid", " paid", "created", "draft,paid"} {
		got, ok := ParseStatus(text)
		assert.False(t, ok, text)
		assert.Empty(t, got)
	}
}

func TestStatusTraits(t *testing.T) {
	const no, yes = false, true
	for _, row := range []struct {
		status                                       Status
		atPlexy, moving, uncertain, sought, holdTwin bool
	}{
		{Draft, no, no, no, no, no},
		{AwaitingApproval, no, no, no, no, yes},
		{Declined, no, no, no, no, no},
		{Queued, no, yes, no, yes, yes},
		{Sending, no, yes, no, no, yes},
		{Unknown, no, yes, yes, yes, yes},
		{NotFound, no, no, yes, yes, yes},
		{Mismatch, no, no, yes, no, yes},
		{Accepted, yes, yes, no, no, no},
		{Processing, yes, yes, no, no, no},
		{Paid, yes, no, no, no, no},
		{Failed, yes, no, no, no, no},
		{Returned, yes, no, no, no, no},
		{Refused, no, no, no, yes, no},
		{Cancelled, no, no, no, no, no},
		{Abandoned, no, no, no, yes, no},
	} {
		t.Run(string(row.status), func(t *testing.T) {
			assert.Equal(t, row.atPlexy, row.status.AtPlexy(), "AtPlexy")
			assert.Equal(t, row.moving, row.status.Moving(), "Moving")
			assert.Equal(t, row.uncertain, row.status.Uncertain(), "Uncertain")
			assert.Equal(t, row.sought, (&Distribution{Status: row.status, Attempts: 1}).Sought(), "Sought")
			assert.Equal(t, row.holdTwin, row.status.HoldsTwins(), "HoldsTwins")
		})
	}
}

func TestWordsOfPlexy(t *testing.T) {
	for status, words := range map[Status][]string{
		Accepted:   {"created", "new", "accepted"},
		Processing: {"pending", "processing", "in_progress", "sent"},
		Paid:       {"paid", "success", "succeeded", "completed", "executed", "settled"},
		Failed:     {"failed", "rejected", "declined", "error", "cancelled", "canceled"},
		Returned:   {"reversed", "returned", "refunded"},
	} {
		for _, word := range words {
			upper := strings.ToUpper(word)
			for _, written := range []string{
				word, upper, strings.ToUpper(word[:1]) + word[1:], " " + word + "\n",
				"DISTRIBUTION_STATUS_" + upper, "distribution_status_" + word,
			} {
				got, known := ParsePlexyStatus(written)
				assert.True(t, known, "%q", written)
				assert.Equal(t, status, got, "%q", written)
			}
		}
	}
	for _, word := range []string{
		"", "unknown", "frozen", "draft", "queued", "not paid", "paid!", "unpaid",
		"PAYMENT_STATUS_PAID", "DISTRIBUTION_STATUS_", "DISTRIBUTION_STATUS_UNSPECIFIED",
	} {
		got, known := ParsePlexyStatus(word)
		assert.False(t, known, "%q", word)
		assert.Empty(t, got, "%q", word)
	}
}
