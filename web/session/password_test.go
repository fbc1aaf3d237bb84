package session

import (
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"plexydash/store"
)

// why is the code with which a new password is refused; empty: it is taken.
func why(t *testing.T, password string, u store.User, demo bool) string {
	t.Helper()
	hash, err := HashPassword(password, u, demo)
	if weak, ok := errors.AsType[*WeakPassword](err); ok {
		return weak.Why
	}
	require.NoError(t, err)
	assert.Regexp(t, `^\$argon2id\$v=19\$m=19456,t=2,p=1\$`, hash)
	return ""
}

func TestPasswordRules(t *testing.T) {
	alone := store.User{Email: "d.muratova@sapa-agent.kz", Name: "Динара Мұратова"}
	factor := alone
	factor.Factor = true
	for _, c := range []struct {
		password    string
		alone, with string
	}{
		{"", "short", "short"},
		{"жмых-65", "short", "short"},
		{"жмых-654", "short", ""},
		{"четырнадцать14", "short", ""},
		{"пятнадцать-15-б", "", ""},
		{"lower only words here", "", ""},
		{"қызыл алма бес дана", "", ""},
		{"🐎🔋📎🪜🐎🔋📎🪜🐎🔋📎🪜🐎🔋📎", "common", "common"},
		{strings.Repeat("тридцать два знака: ровно такие.", 2), "", ""}, // 64
		{strings.Repeat("ё-1", 85) + "я", "", ""},
		{strings.Repeat("ё-1", 86), "long", "long"},
		{"passwordpassword", "common", "common"},
		{"Correct Horse Battery Staple", "common", "common"},
		{"kazakhstan20262026", "common", "common"},
		{"1234567890123456", "common", "common"},
		{"6543210987654321", "common", "common"},
		{"qwertyuiopasdfgh", "common", "common"},
		{"йцукенгшщзхъфывап", "common", "common"},
		{"aaaaaaaaaaaaaaaaaa", "common", "common"},
		{"abcabcabcabcabcabc", "common", "common"},
		{"құпия сөз", "short", "common"},
		{"Gfhjkm123", "short", "common"},
		{"d.muratova@sapa-agent.kz", "own", "own"},
		{"ДинараМұратова2026", "own", "own"},
		{"plexyplexydash1", "own", "own"},
		{"PlexyDash-2026-!!", "own", "own"},
		{"plexy платит завтра утром", "", ""},
		{DemoPassword, "common", "common"},
	} {
		t.Run(c.password, func(t *testing.T) {
			assert.Equal(t, c.alone, why(t, c.password, alone, false), "alone")
			assert.Equal(t, c.with, why(t, c.password, factor, false), "beside a second factor")
		})
	}
	assert.Empty(t, why(t, DemoPassword, alone, true), "demo mode tells it on the sign-in page")
}

// Two keyboards may send the same letter in two ways.
func TestAPasswordIsTheSameFromEveryKeyboard(t *testing.T) {
	hash, err := HashPassword("и\u0306одированная соль", store.User{}, false) // й of two runes
	require.NoError(t, err)
	for typed, want := range map[string]bool{"\u0439одированная соль": true, "и\u0306одированная соль": true, "иодированная соль": false} {
		matches, err := compare(same(typed), hash)
		require.NoError(t, err)
		assert.Equal(t, want, matches, typed)
	}
}

// The list is of what a rule of length lets through.
func TestTheListOfCommonPasswords(t *testing.T) {
	seen, words := map[string]bool{}, 0
	for line := range strings.Lines(commonList) {
		word := strings.TrimRight(line, "\n")
		if strings.HasPrefix(word, "#") {
			continue
		}
		words++
		assert.False(t, seen[word], "%q stands there twice", word)
		seen[word] = true
		assert.Equal(t, strings.ToLower(word), word)
		assert.True(t, common(word), word)
	}
	assert.Greater(t, words, 250)
}
