package i18n

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"plexydash/distribution"
)

// TestUsage holds the sources of the whole module against the messages: every
// key exists, every placeholder gets a value, every code of the rules has words.
func TestUsage(t *testing.T) {
	p, messages, dynamic := readProgram(t), loaded(t).messages[Russian], dynamicKeys()
	require.NotEmpty(t, p.calls, "the reader is broken")

	for _, c := range p.calls {
		if c.dynamic {
			_, listed := dynamic[c.key]
			assert.True(t, listed, "%s: list the prefix %q and its endings in dynamicKeys", c.place, c.key)
			continue
		}
		m, ok := messages[c.key]
		if !assert.True(t, ok, "%s: no message %q", c.place, c.key) {
			continue
		}
		if c.plural {
			assert.Greater(t, len(m.forms), 1, "%s: N of %q, which has no plural forms", c.place, c.key)
			c.given = append(c.given, "Count")
		}
		if !c.spread {
			assert.Subset(t, c.given, m.placeholders, "%s: %q needs a value for each placeholder", c.place, c.key)
		}
	}
}

func TestEveryStateAndRoleHasWords(t *testing.T) {
	messages := loaded(t).messages[Russian]
	for _, s := range distribution.Statuses() {
		assert.Contains(t, messages, "status."+string(s))
		assert.Contains(t, messages, "status."+string(s)+".sentence")
	}
	for _, r := range distribution.Roles() {
		assert.Contains(t, messages, "role."+string(r))
	}
}

func TestEveryDynamicKeyIsAMessage(t *testing.T) {
	messages := loaded(t).messages[Russian]
	for prefix, endings := range dynamicKeys() {
		for _, ending := range endings {
			assert.Contains(t, messages, prefix+ending)
		}
	}
}

// No message is left over: its key stands in a source, dynamicKeys lists it, or
// a prefix of it that dynamicKeys does not govern stands in a source ("reason."
// of codes that may have no words). The words of common.toml are a vocabulary to
// choose from and may wait for their page.
func TestNoMessageIsUnused(t *testing.T) {
	p, dynamic := readProgram(t), dynamicKeys()
	for _, c := range p.calls {
		p.literals[c.key] = true // "refusal.own" is given out as forbidden("own")
	}
	used := func(key string) bool {
		for at, r := range key {
			prefix, ending := key[:at+1], key[at+1:]
			endings, governed := dynamic[prefix]
			if r == '.' && (slices.Contains(endings, ending) || !governed && p.literals[prefix]) {
				return true
			}
		}
		return p.literals[key] || strings.HasPrefix(key, "common.")
	}
	for key := range loaded(t).messages[Russian] {
		assert.True(t, used(key), "message %q is used nowhere", key)
	}
}

// The reader of sources finds the calls of both kinds of file.
func TestReader(t *testing.T) {
	p := &program{literals: make(map[string]bool)}
	require.NoError(t, p.readTempl("testdata/sample.templ"))
	require.NoError(t, p.readGo("testdata/distribution/sample.go.txt"))
	for i := range p.calls {
		p.calls[i].place = ""
	}
	assert.ElementsMatch(t, []call{
		{key: "page.title"},
		{key: "page.text", given: []string{"Name", "Sum"}},
		{key: "status.", dynamic: true},
		{key: "page.note", given: []string{"Text", "More"}},
		{key: "rows.found", plural: true, given: []string{"File"}},
		{key: "go.title"},
		{key: "error.", dynamic: true, spread: true},
		{key: "go.rows", plural: true, given: []string{"File"}},
		{key: "go.method", given: []string{"Name"}},
		{key: "warning.sample", spread: true},
		{key: "error.sample", given: []string{"Position"}},
		{key: "error.spread", spread: true},
		{key: "refusal.sample"},
	}, p.calls)
	assert.True(t, p.literals["nav.balance"], "a key that reaches T in a variable")
}
