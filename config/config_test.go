package config

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func env(pairs ...string) func(string) string {
	vars := map[string]string{}
	for i := 0; i+1 < len(pairs); i += 2 {
		vars[pairs[i]] = pairs[i+1]
	}
	return func(name string) string { return vars[name] }
}

func TestDefaultsAreADemoOnThisMachine(t *testing.T) {
	c, err := Parse(nil, env(), &bytes.Buffer{})
	require.NoError(t, err)
	c.Sources = nil // a test of its own
	require.Equal(t, Config{
		Command: "serve", Mode: Demo, Data: "./data", Listen: "127.0.0.1:8080", SyncEvery: 30 * time.Second, SettleWindow: 24 * time.Hour, Submit: true,
		Backup: Backup{Folder: "./data/backups", Every: 24 * time.Hour, Keep: 14},
		Plexy:  Plexy{BaseURL: "https://api.plexypay.com/v1", ListParams: "page,size", BalancePath: "/distributions/balance"},
	}, c)
	require.Equal(t, "./data/demo.db", c.Database())
	require.Equal(t, "http://localhost:8080", c.Address())
	require.False(t, c.Secure())
}

func TestFlagWinsOverEnvironment(t *testing.T) {
	c, err := Parse([]string{"serve", "--listen=127.0.0.1:9000"}, env("PLEXYDASH_LISTEN", "127.0.0.1:9001", "PLEXYDASH_DATA", "/srv/d/"), &bytes.Buffer{})
	require.NoError(t, err)
	require.Equal(t, "127.0.0.1:9000", c.Listen)
	require.Equal(t, "/srv/d", c.Data)
}

func TestModeFollowsTheKeyUnlessItIsSaid(t *testing.T) {
	live := []string{"PLEXY_API_KEY", "pr_secret", "PLEXY_AMOUNT_UNIT", "major"}
	c, err := Parse(nil, env(live...), &bytes.Buffer{})
	require.NoError(t, err)
	require.Equal(t, Live, c.Mode)

	c, err = Parse(nil, env(append(live, "PLEXYDASH_MODE", "demo")...), &bytes.Buffer{})
	require.NoError(t, err)
	require.Equal(t, Demo, c.Mode)
}

func TestOtherCommandsNeedNoPlexySetting(t *testing.T) {
	for mode, database := range map[string]string{"": "./data/live.db", "demo": "./data/demo.db"} {
		c, err := Parse([]string{"user", "add", "--email=a@b.kz", "--name=А. Ким", "--role=manager"}, env("PLEXYDASH_MODE", mode), &bytes.Buffer{})
		require.NoError(t, err)
		require.Equal(t, "user add", c.Command)
		require.Equal(t, User{"a@b.kz", "А. Ким", "manager"}, c.User)
		require.Equal(t, database, c.Database())
	}
}

func TestRefusedSettings(t *testing.T) {
	live := func(pairs ...string) []string {
		return append([]string{"PLEXY_API_KEY", "pr_secret", "PLEXY_AMOUNT_UNIT", "major"}, pairs...)
	}
	for name, row := range map[string]struct {
		env  []string
		want []string
	}{
		"unknown mode":                     {[]string{"PLEXYDASH_MODE", "prod"}, []string{"PLEXYDASH_MODE"}},
		"live without a key":               {[]string{"PLEXYDASH_MODE", "live", "PLEXY_AMOUNT_UNIT", "major"}, []string{"PLEXY_API_KEY"}},
		"live without a unit":              {[]string{"PLEXY_API_KEY", "pr_secret"}, []string{"PLEXY_AMOUNT_UNIT", "no default"}},
		"live with a wrong unit":           {[]string{"PLEXY_API_KEY", "pr_secret", "PLEXY_AMOUNT_UNIT", "tenge"}, []string{"PLEXY_AMOUNT_UNIT"}},
		"all problems at once":             {[]string{"PLEXYDASH_MODE", "live"}, []string{"PLEXY_API_KEY", "PLEXY_AMOUNT_UNIT"}},
		"clear text to another host":       {live("PLEXY_BASE_URL", "http://api.example.kz/v1"), []string{"PLEXY_BASE_URL"}},
		"base URL that is none":            {live("PLEXY_BASE_URL", "api.example.kz"), []string{"PLEXY_BASE_URL"}},
		"open to the network":              {[]string{"PLEXYDASH_LISTEN", "0.0.0.0:8080"}, []string{"PLEXYDASH_LISTEN", "TLS"}},
		"open to the network by all names": {[]string{"PLEXYDASH_LISTEN", ":8080"}, []string{"PLEXYDASH_LISTEN"}},
		"no port":                          {[]string{"PLEXYDASH_LISTEN", "127.0.0.1"}, []string{"PLEXYDASH_LISTEN"}},
		"public URL with a path":           {[]string{"PLEXYDASH_PUBLIC_URL", "https://a.kz/pay"}, []string{"PLEXYDASH_PUBLIC_URL"}},
		"too fast":                         {[]string{"PLEXYDASH_SYNC_EVERY", "1ms"}, []string{"PLEXYDASH_SYNC_EVERY"}},
		"no time of day":                   {[]string{"PLEXYDASH_CUT_OFF", "half past four"}, []string{"PLEXYDASH_CUT_OFF"}},
		"no settle window":                 {[]string{"PLEXYDASH_SETTLE_WINDOW", "0s"}, []string{"PLEXYDASH_SETTLE_WINDOW"}},
		"backups all the time":             {[]string{"PLEXYDASH_BACKUP_EVERY", "1s"}, []string{"PLEXYDASH_BACKUP_EVERY"}},
		"no backup kept":                   {[]string{"PLEXYDASH_BACKUP_KEEP", "0"}, []string{"PLEXYDASH_BACKUP_KEEP"}},
		"not a duration":                   {[]string{"PLEXYDASH_SYNC_EVERY", "often"}, []string{"sync-every"}},
		"neither on nor off":               {[]string{"PLEXYDASH_SUBMIT", "maybe"}, []string{"submit"}},
		"key file that is not there":       {[]string{"PLEXY_API_KEY_FILE", "/nowhere/key"}, []string{"PLEXY_API_KEY_FILE"}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Parse(nil, env(row.env...), &bytes.Buffer{})
			require.Error(t, err)
			for _, want := range row.want {
				require.ErrorContains(t, err, want)
			}
			require.NotContains(t, err.Error(), "pr_secret")
		})
	}
}

func TestAcceptedSettings(t *testing.T) {
	live := []string{"PLEXY_API_KEY", "pr_secret", "PLEXY_AMOUNT_UNIT", "minor"}
	for name, pairs := range map[string][]string{
		"stand-in on this machine": {"PLEXY_BASE_URL", "http://127.0.0.1:8090/v1"},
		"by name":                  {"PLEXY_BASE_URL", "http://localhost:8090/v1"},
		"network behind TLS":       {"PLEXYDASH_LISTEN", "0.0.0.0:8080", "PLEXYDASH_PUBLIC_URL", "https://pay.example.kz/"},
	} {
		_, err := Parse(nil, env(append(pairs, live...)...), &bytes.Buffer{})
		require.NoError(t, err, name)
	}
}

func TestKeyFromFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "key")
	require.NoError(t, os.WriteFile(file, []byte("pr_from_file\n"), 0o600))
	c, err := Parse(nil, env("PLEXY_API_KEY_FILE", file, "PLEXY_AMOUNT_UNIT", "major"), &bytes.Buffer{})
	require.NoError(t, err)
	require.Equal(t, "pr_from_file", c.Plexy.Key.Reveal())
	require.Equal(t, Live, c.Mode)
}

func TestSecretNeverPrints(t *testing.T) {
	c := Config{Plexy: Plexy{Key: "pr_secret"}}
	encoded, err := json.Marshal(c)
	require.NoError(t, err)
	for _, text := range []string{fmt.Sprint(c), fmt.Sprintf("%+v", c), fmt.Sprintf("%#v", c), fmt.Sprintf("%s %q", c.Plexy.Key, c.Plexy.Key), string(encoded)} {
		require.NotContains(t, text, "pr_secret")
	}
}

func TestHelpNamesTheVariables(t *testing.T) {
	var out bytes.Buffer
	_, err := Parse([]string{"serve", "--help"}, env(), &out)
	require.ErrorIs(t, err, ErrHelp)
	settings, err := Settings()
	require.NoError(t, err)
	require.Len(t, settings, 18)
	for _, s := range settings {
		require.Contains(t, out.String(), s.Variable)
	}
}

// Whoever reads the settings page learns no secret.
func TestValuesHideSecrets(t *testing.T) {
	c := Config{
		Mode: Live, Listen: "127.0.0.1:8080",
		Plexy: Plexy{BaseURL: "https://agent:hush-hush@api.plexypay.com/v1", Key: "pr_hush-hush"},
	}
	values := map[string]string{}
	for _, v := range c.Values() {
		values[v.Variable] = v.Text
		assert.NotContains(t, v.Text, "hush-hush", v.Variable)
	}
	assert.Equal(t, "***", values["PLEXY_API_KEY"])
	assert.Equal(t, "http://localhost:8080", values["PLEXYDASH_PUBLIC_URL"])
	assert.Equal(t, "off", values["PLEXYDASH_SUBMIT"])
	known, err := Settings()
	require.NoError(t, err)
	for _, s := range known {
		if s.Variable != "PLEXY_API_KEY_FILE" { // only says where the key is
			assert.Contains(t, values, s.Variable)
		}
	}
}

func TestSourcesOfSettings(t *testing.T) {
	key := filepath.Join(t.TempDir(), "key")
	require.NoError(t, os.WriteFile(key, []byte("pr_1"), 0o600))
	env := map[string]string{"PLEXYDASH_SYNC_EVERY": "45s", "PLEXYDASH_LISTEN": "127.0.0.1:1", "PLEXY_API_KEY_FILE": key, "PLEXY_AMOUNT_UNIT": "major"}
	c, err := Parse([]string{"serve", "--listen", "127.0.0.1:2"}, func(name string) string { return env[name] }, &bytes.Buffer{})
	require.NoError(t, err)
	for variable, want := range map[string]Source{
		"PLEXYDASH_LISTEN": FromFlag, "PLEXYDASH_SYNC_EVERY": FromEnvironment, "PLEXYDASH_SUBMIT": FromDefault,
		"PLEXY_API_KEY": FromFile, "PLEXYDASH_DATA": FromDefault,
	} {
		assert.Equal(t, want, c.Sources[variable], variable)
	}
	assert.Len(t, c.Values(), 17)
}
