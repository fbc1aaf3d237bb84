package main

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"plexydash/config"
	"plexydash/distribution"
	"plexydash/i18n"
	"plexydash/plexyclient/plexytest"
)

func readme(t *testing.T) string {
	t.Helper()
	b, err := os.ReadFile("README.md")
	require.NoError(t, err)
	return string(b)
}

func TestReadmeListsEverySettingAsTheCodeHasIt(t *testing.T) {
	settings, err := config.Settings()
	require.NoError(t, err)
	text := readme(t)
	table := text[strings.Index(text, "## Settings"):strings.Index(text, "## People")]
	require.Equal(t, len(settings), strings.Count(table, "\n| `PLEXY"))
	for _, s := range settings {
		value := s.Default
		if value != "" {
			value = "`" + value + "`"
		}
		require.Contains(t, table, fmt.Sprintf("| `%s` | %s | %s |\n", s.Variable, value, s.Help))
	}
}

func TestReadmeListsEveryState(t *testing.T) {
	text := readme(t)
	states := text[strings.Index(text, "## States"):strings.Index(text, "## The register")]
	for _, s := range distribution.Statuses() {
		require.Contains(t, states, "`"+string(s)+"`")
	}
}

func TestReadmeNamesTheDemoAsItIs(t *testing.T) {
	text := readme(t)
	for _, p := range demoPeople() {
		require.Contains(t, text, p.Email)
	}
	require.Contains(t, text, demoPassword)
	catalog, err := i18n.Load()
	require.NoError(t, err)
	for _, tiyn := range []int64{plexytest.MagicFail, plexytest.MagicNoAnswer, plexytest.MagicSlow} {
		money := strings.ReplaceAll(catalog.Printer("ru").Money(tiyn), "\u00a0", " ")
		require.Contains(t, text, "| "+money+" |")
	}
}
