package metrics_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"
)

func contrib(t *testing.T, name string) []byte {
	t.Helper()
	text, err := os.ReadFile("../contrib/" + name)
	require.NoError(t, err)
	return text
}

// alertRules is a file of rules; whatever else one says is refused.
type alertRules struct {
	Groups []struct {
		Name  string
		Rules []struct {
			Alert       string
			Expr        string
			For         string
			Labels      map[string]string
			Annotations map[string]string
		}
	}
}

// namesIn are the metrics that an expression speaks of.
func namesIn(expression string) []string {
	quoted := regexp.MustCompile(`"[^"]*"`)
	return regexp.MustCompile(`\b(plexydash|go|process)_\w+`).FindAllString(quoted.ReplaceAllString(expression, ""), -1)
}

// labelsIn are pairs of label and value that an expression picks out of a metric.
func labelsIn(expression string) (pairs [][3]string) {
	for _, m := range regexp.MustCompile(`(plexydash_\w+)\{([^}]*)\}`).FindAllStringSubmatch(expression, -1) {
		for _, l := range regexp.MustCompile(`(\w+)(=~|!=|=)"([^"]*)"`).FindAllStringSubmatch(m[2], -1) {
			for value := range strings.SplitSeq(l[3], "|") {
				pairs = append(pairs, [3]string{m[1], l[1], value})
			}
		}
	}
	return pairs
}

func balanced(expression string) bool {
	open := map[rune]rune{')': '(', ']': '[', '}': '{'}
	var stack []rune
	for _, r := range regexp.MustCompile(`"[^"]*"`).ReplaceAllString(expression, "") {
		switch want, closes := open[r]; {
		case closes && (len(stack) == 0 || stack[len(stack)-1] != want):
			return false
		case closes:
			stack = stack[:len(stack)-1]
		case strings.ContainsRune("([{", r):
			stack = append(stack, r)
		}
	}
	return len(stack) == 0
}

func TestAlertRules(t *testing.T) {
	var file alertRules
	decoder := yaml.NewDecoder(strings.NewReader(string(contrib(t, "alerts.yml"))))
	decoder.KnownFields(true)
	require.NoError(t, decoder.Decode(&file))
	have, told := names(t), newWorld(t).scrape()
	var seen []string
	for _, group := range file.Groups {
		for _, rule := range group.Rules {
			t.Run(rule.Alert, func(t *testing.T) {
				assert.NotContains(t, seen, rule.Alert)
				seen = append(seen, rule.Alert)
				assert.True(t, balanced(rule.Expr), rule.Expr)
				if !strings.HasPrefix(rule.Expr, "up{") {
					assert.NotEmpty(t, namesIn(rule.Expr))
				}
				for _, name := range namesIn(rule.Expr) {
					assert.Contains(t, have, name)
				}
				for _, pair := range labelsIn(rule.Expr) {
					if !strings.HasPrefix(pair[0], "plexydash_http") { // those come with requests
						assert.Regexp(t, `(?m)^`+pair[0]+`\{[^}]*`+pair[1]+`="`+pair[2]+`"`, told, "no such label in a scrape")
					}
				}
				if rule.For != "" {
					_, err := time.ParseDuration(rule.For)
					assert.NoError(t, err)
				}
				assert.Contains(t, []string{"page", "ticket"}, rule.Labels["severity"])
				assert.NotEmpty(t, rule.Annotations["summary"])
			})
		}
	}
	cases := string(contrib(t, "alerts_test.yml"))
	for _, alert := range seen {
		assert.Contains(t, cases, `"`+alert+`"`, "nothing says when it comes")
	}
	for _, name := range regexp.MustCompile(`plexydash_\w+`).FindAllString(cases, -1) {
		assert.Contains(t, have, name)
	}
}

// promtool is Prometheus' own judge of rules; make puts it into bin.
func promtool(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"promtool", "../bin/promtool"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Skip("there is no promtool, and make could not fetch it: what the rules name is held by the other tests here")
	return ""
}

func TestAlertsComeWhenTheyShould(t *testing.T) {
	for command, file := range map[string]string{"check": "alerts.yml", "test": "alerts_test.yml"} {
		out, err := exec.CommandContext(t.Context(), promtool(t), command, "rules", "../contrib/"+file).CombinedOutput()
		assert.NoErrorf(t, err, "%s", out)
	}
}

func TestDashboardShowsWhatThereIs(t *testing.T) {
	var board struct {
		Panels []struct {
			Title   string
			Targets []struct{ Expr string }
		}
	}
	require.NoError(t, json.Unmarshal(contrib(t, "dashboard.json"), &board))
	have := names(t)
	require.NotEmpty(t, board.Panels)
	for _, panel := range board.Panels {
		require.NotEmpty(t, panel.Targets, panel.Title)
		for _, target := range panel.Targets {
			assert.True(t, balanced(target.Expr), target.Expr)
			assert.NotEmpty(t, namesIn(target.Expr), panel.Title)
			for _, name := range namesIn(target.Expr) {
				assert.Contains(t, have, name, panel.Title)
			}
		}
	}
}

// The unit is read as systemd reads it: sections, keys and values, and what the
// program cannot do without.
func TestServiceUnit(t *testing.T) {
	section, unit := "", map[string][]string{}
	for n, line := range strings.Split(string(contrib(t, "plexydash.service")), "\n") {
		switch key, value, isKey := strings.Cut(line, "="); {
		case line == "" || strings.HasPrefix(line, "#"):
		case regexp.MustCompile(`^\[(Unit|Service|Install)\]$`).MatchString(line):
			section = strings.Trim(line, "[]")
		default:
			require.Truef(t, isKey && section != "" && regexp.MustCompile(`^[A-Z]\w+$`).MatchString(key), "line %d: %s", n+1, line)
			unit[section+"."+key] = append(unit[section+"."+key], value)
		}
	}
	for key, want := range map[string]string{
		"ProtectSystem": "strict", "NoNewPrivileges": "yes", "StateDirectory": "plexydash", "StateDirectoryMode": "0700", "TimeoutStopSec": "60",
		"LoadCredential": "key:/etc/plexydash/key", "ExecStart": "/usr/local/bin/plexydash serve", "CapabilityBoundingSet": "", "KillSignal": "SIGTERM",
	} {
		assert.Equal(t, []string{want}, unit["Service."+key], key)
	}
	assert.Contains(t, unit["Service.Environment"], "PLEXYDASH_DATA=/var/lib/plexydash")
	assert.Contains(t, unit["Service.Environment"], "PLEXY_API_KEY_FILE=%d/key")
	if analyze, err := exec.LookPath("systemd-analyze"); err == nil {
		out, _ := exec.CommandContext(t.Context(), analyze, "verify", "--man=no", "../contrib/plexydash.service").CombinedOutput()
		for line := range strings.SplitSeq(string(out), "\n") { // it looks at this machine too, which has no such program
			assert.NotRegexp(t, `plexydash\.service.*(Unknown|Failed to parse|Invalid|Missing)`, line)
		}
	}
}

func TestContainerFile(t *testing.T) {
	var steps []string
	text := strings.ReplaceAll(string(contrib(t, "Containerfile")), "\\\n", " ")
	for line := range strings.SplitSeq(text, "\n") {
		if line != "" && !strings.HasPrefix(line, "#") {
			require.Regexp(t, `^(FROM|WORKDIR|RUN|COPY|ARG|USER|ENV|VOLUME|EXPOSE|STOPSIGNAL|ENTRYPOINT|CMD) \S`, line)
			steps = append(steps, line)
		}
	}
	last := steps[slices.Index(steps, "FROM scratch"):]
	assert.Contains(t, last, "USER 65532:65532")
	assert.Contains(t, last, "VOLUME /data")
	assert.Contains(t, last, `ENTRYPOINT ["/plexydash"]`, "a shell would not hand the signal on")
	for _, step := range last {
		assert.NotContains(t, step, "RUN", "there is nothing to run there")
	}
	ignored, err := os.ReadFile("../.dockerignore")
	require.NoError(t, err)
	assert.Subset(t, strings.Fields(string(ignored)), []string{"data", "node_modules", "bin", ".git", "**/*.db", "**/*.key"})
	for _, step := range steps {
		if from, ok := strings.CutPrefix(step, "COPY "); ok && !strings.HasPrefix(from, "--") {
			files := strings.Fields(from)
			for _, file := range files[:len(files)-1] {
				_, err := os.Stat("../" + file)
				assert.NoError(t, err)
			}
		}
	}
}
