package main

import (
	"bytes"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"plexydash/config"
)

// nothing is an environment without settings.
func nothing(string) string { return "" }

func TestVersionIsPrinted(t *testing.T) {
	var out bytes.Buffer
	require.NoError(t, run(t.Context(), []string{"version"}, nothing, &out))
	require.Equal(t, version+"\n", out.String())
}

func TestLiveModeRefusesToGuessTheUnit(t *testing.T) {
	data := t.TempDir()
	key := func(name string) string { return map[string]string{"PLEXY_API_KEY": "pr_secret"}[name] }
	err := run(t.Context(), []string{"serve", "--listen=127.0.0.1:0", "--data=" + data}, key, io.Discard)
	require.ErrorContains(t, err, "PLEXY_AMOUNT_UNIT")
	require.NotContains(t, err.Error(), "pr_secret")
	left, err := os.ReadDir(data)
	require.NoError(t, err)
	require.Empty(t, left, "nothing was begun")
}

// userCommandLine runs a user command with something on standard input.
func userCommandLine(t *testing.T, data, stdin string, args ...string) (printed string, err error) {
	t.Helper()
	cfg, err := config.Parse(append([]string{"user"}, append(args, "--data="+data)...), nothing, io.Discard)
	require.NoError(t, err)
	var out bytes.Buffer
	err = userCommand(t.Context(), cfg, strings.NewReader(stdin), &out)
	return out.String(), err
}

func TestPeopleAreManagedOnTheCommandLine(t *testing.T) {
	data := t.TempDir()
	add := []string{"add", "--email=g@example.kz", "--name=Г. Сулейменова", "--role=accountant"}
	for _, step := range []struct {
		name  string
		args  []string
		stdin string
		want  string // printed
		fails string // part of the error
	}{
		{name: "a short password", args: add, stdin: "fourteen chars\n", fails: "15"},
		{name: "no password", args: add, fails: "15"},
		{name: "add", args: add, stdin: "fifteen chars..\n", want: "g@example.kz: added as accountant\n"},
		{name: "the same again", args: add, stdin: "fifteen chars..\n", fails: "has an account"},
		{name: "a stranger", args: []string{"passwd", "--email=h@example.kz"}, stdin: "fifteen chars..\n", fails: "h@example.kz"},
		{name: "another password", args: []string{"passwd", "--email=g@example.kz"}, stdin: "another long one\n", want: "g@example.kz: done\n"},
		{name: "a short new password", args: []string{"passwd", "--email=g@example.kz"}, stdin: "short\n", fails: "15"},
		{name: "another role", args: []string{"role", "--email=g@example.kz", "--role=manager"}, want: "g@example.kz: done\n"},
		{name: "shut", args: []string{"disable", "--email=g@example.kz"}, want: "g@example.kz: done\n"},
	} {
		printed, err := userCommandLine(t, data, step.stdin, step.args...)
		if step.fails != "" {
			require.ErrorContains(t, err, step.fails, step.name)
			continue
		}
		require.NoError(t, err, step.name)
		require.Equal(t, step.want, printed, step.name)
	}
	listed, err := userCommandLine(t, data, "", "list")
	require.NoError(t, err)
	lines := strings.Split(strings.TrimSpace(listed), "\n")
	require.Len(t, lines, 2)
	require.Regexp(t, `^g@example\.kz +manager +Г\. Сулейменова +20\d\d-\d\d-\d\dT`, lines[1])
}
