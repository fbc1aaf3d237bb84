// Package config turns flags and environment into one checked Config.
package config

import (
	"cmp"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"strings"
	"time"
)

// Modes.
const (
	Demo = "demo"
	Live = "live"
)

// Secret is a text that never prints.
type Secret string

func (Secret) String() string { return "***" }

// GoString keeps %#v from printing the text.
func (Secret) GoString() string { return "***" }

// MarshalText keeps encoders from writing the text.
func (Secret) MarshalText() ([]byte, error) { return []byte("***"), nil }

// Reveal is the text itself.
func (s Secret) Reveal() string { return string(s) }

// Config is everything the program is told from outside.
type Config struct {
	Command string // "serve", "sandbox", "user add", …

	Mode      string // Demo or Live
	Data      string // folder
	Listen    string // host:port
	PublicURL string // without a trailing slash; empty: http://localhost:<port>
	SyncEvery time.Duration
	// SettleWindow is how long an unknown outcome is searched for before people
	// may decide. Plexy may execute late and list later still.
	SettleWindow time.Duration
	Submit       bool   // false: nothing is sent
	CutOff       string // "16:30" in Almaty: payments made later leave on the next working day; empty: not known
	MetricsToken Secret // empty: only this machine may read the metrics
	Plexy        Plexy
	User         User
	Audit        Audit
	Backup       Backup
	SandboxKey   Secret
	// Sources says where the value of each setting comes from, by its variable.
	Sources map[string]Source
}

// Source is where the value of a setting comes from.
type Source string

// Sources, the one that wins last.
const (
	FromDefault     Source = "default"
	FromFile        Source = "file" // that a setting names
	FromEnvironment Source = "environment"
	FromFlag        Source = "flag"
)

// Audit is how to verify the log: files, empty unless they were given.
type Audit struct {
	Public  string   // public keys
	Witness []string // checkpoints that were kept elsewhere
	Keep    string   // where to write the newest checkpoint
}

// Backup is about copies of the database.
type Backup struct {
	Folder string        // of those that are made by the clock
	Every  time.Duration // 0: none is made by the clock
	Keep   int           // how many of them stay

	To    string // of the command backup: file to write; empty: one in Folder
	From  string // of the command restore: file to read; empty: the newest in Folder
	Drill bool   // only try whether it could be restored
}

// Plexy is how to reach the API.
type Plexy struct {
	BaseURL     string
	Key         Secret
	AmountUnit  string // major (tenge) or minor (tiyn); what an amount on the wire counts
	ListParams  string
	BalancePath string
}

// User is whom a user command is about.
type User struct{ Email, Name, Role string }

// Secure reports whether browsers reach the program by https only.
func (c Config) Secure() bool { return strings.HasPrefix(c.PublicURL, "https://") }

// Address is the address to open in a browser on this machine.
func (c Config) Address() string {
	if c.PublicURL != "" {
		return c.PublicURL
	}
	_, port, _ := net.SplitHostPort(c.Listen)
	return "http://localhost:" + port
}

// Database is the file of the mode: demo and live data never share one.
func (c Config) Database() string { return c.Data + "/" + c.Mode + ".db" }

// AuditKey is the file of the key that signs the audit log of the mode. It
// stands beside the database, never in it or in its backups.
func (c Config) AuditKey() string { return c.Data + "/" + c.Mode + "-audit.key" }

// check returns every problem at once.
func (c *Config) check() error {
	var all []error
	problem := func(format string, args ...any) { all = append(all, fmt.Errorf(format, args...)) }
	if c.Mode != Demo && c.Mode != Live {
		problem("PLEXYDASH_MODE is %q: use demo or live", c.Mode)
	}
	if c.Command != "serve" {
		return errors.Join(all...)
	}
	if c.SyncEvery < time.Second {
		problem("PLEXYDASH_SYNC_EVERY is %s: use at least 1s", c.SyncEvery)
	}
	if c.SettleWindow < time.Minute {
		problem("PLEXYDASH_SETTLE_WINDOW is %s: use at least 1m, and in live mode a day", c.SettleWindow)
	}
	if _, err := time.Parse("15:04", cmp.Or(c.CutOff, "00:00")); err != nil {
		problem("PLEXYDASH_CUT_OFF is %q: use a time of day, such as 16:30", c.CutOff)
	}
	if c.Backup.Every != 0 && c.Backup.Every < time.Minute {
		problem("PLEXYDASH_BACKUP_EVERY is %s: use at least 1m, or 0 for none", c.Backup.Every)
	}
	if c.Backup.Keep < 1 {
		problem("PLEXYDASH_BACKUP_KEEP is %d: keep at least one", c.Backup.Keep)
	}
	all = append(all, c.checkListen(), c.checkPlexy())
	return errors.Join(all...)
}

func (c *Config) checkListen() error {
	host, _, err := net.SplitHostPort(c.Listen)
	if err != nil {
		return fmt.Errorf("PLEXYDASH_LISTEN is %q: use host:port, such as 127.0.0.1:8080", c.Listen)
	}
	if c.PublicURL != "" {
		u, err := url.Parse(c.PublicURL)
		if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") || strings.Trim(u.Path, "/") != "" {
			return fmt.Errorf("PLEXYDASH_PUBLIC_URL is %q: use an address without a path, such as https://pay.example.kz", c.PublicURL)
		}
		c.PublicURL = strings.TrimSuffix(c.PublicURL, "/")
	}
	if !loopback(host) && !c.Secure() {
		return fmt.Errorf("PLEXYDASH_LISTEN is %q, open to the network: passwords would travel in clear; "+
			"put a TLS proxy in front and set PLEXYDASH_PUBLIC_URL to its https address, or listen on 127.0.0.1", c.Listen)
	}
	return nil
}

func (c *Config) checkPlexy() error {
	if c.Mode == Demo {
		return nil // the stand-in inside needs nothing
	}
	var all []error
	if c.Plexy.Key == "" {
		all = append(all, errors.New("PLEXY_API_KEY (or PLEXY_API_KEY_FILE) is missing: live mode needs the key of the Plexy Pay API"))
	}
	if u := c.Plexy.AmountUnit; u != "major" && u != "minor" {
		all = append(all, fmt.Errorf("PLEXY_AMOUNT_UNIT is %q: say whether an amount of the API counts tenge (major) or tiyn (minor); "+
			"Plexy does not document it, a wrong guess pays a hundred times too much or too little, so there is no default. "+
			"Ask Plexy, and let the first payment be a tiny one that you compare with the bank statement", u))
	}
	u, err := url.Parse(c.Plexy.BaseURL)
	if err != nil || u.Host == "" || (u.Scheme != "https" && (u.Scheme != "http" || !loopback(u.Hostname()))) {
		all = append(all, fmt.Errorf("PLEXY_BASE_URL is %q: use an https address (http only on this machine)", c.Plexy.BaseURL))
	}
	return errors.Join(all...)
}

func loopback(host string) bool {
	if host == "localhost" {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}

// readKey takes the key itself or the file that holds it.
func readKey(key, file string) (Secret, error) {
	if key != "" || file == "" {
		return Secret(strings.TrimSpace(key)), nil
	}
	b, err := os.ReadFile(file) //nolint:gosec // the operator names the file
	if err != nil {
		return "", fmt.Errorf("PLEXY_API_KEY_FILE: %w", err)
	}
	return Secret(strings.TrimSpace(string(b))), nil
}

func modeFor(mode string, key Secret) string {
	if mode == "" && key != "" {
		return Live
	}
	return cmp.Or(mode, Demo)
}
