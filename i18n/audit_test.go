package i18n

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"plexydash/distribution"
)

// auditActions are the actions of the audit log, each with a sentence of its own:
// what the store writes when it was done, and what web writes when it was refused.
func auditActions() []string {
	var all []string
	for _, group := range []struct{ object, verbs string }{
		{"distribution", "look_asked annotated notes"},
		{"attempt", "answered"},
		{"import", "finished"},
		{"user", "signed_in signed_out created role_changed password_changed disabled enabled sign_in_failed invited invitation_accepted"},
		{"user", "factor_offered factor_set factor_removed recovery_code_used proved session_ended sessions_ended"},
		{"queue", "unreadable"},
		{"decision", "proposed confirmed refused withdrawn void"},
		{"export", "requested made failed"},
		{"audit", "exported read"},
		{"sending", "stopped started"},
		{"clock", "jumped"},
		{"hold", "began proposal"},
		{"plexy", "failing recovered"},
		{"policy", "changed"},
		{"balance", "moved low recovered acknowledged threshold_changed"},
		{"view", "saved changed deleted"},
		{"recipient", "saved edited archived restored creation archiving restoration"},
		{"column", "chosen"},
		{"page", "opening"},
		{"request", "refused"},
		{"distribution", "creation edit submission approval decline withdrawal cancellation copy resolution acknowledgement"},
		{"approval", "creation"},
		{"decision", "confirmation refusal withdrawal"},
		{"settings", "limits policy sending sending_proposal factors"},
		{"export", "creation"},
		{"draft", "creation removal kept dropped"},
		{"distribution", "checks fillings"},
		{"balance", "threshold acknowledgement refresh"},
		{"user", "login logout preferences creation role disablement enablement invitation factor_reset factor factor_confirmation factor_removal sessions_revocation password views views_deletion columns"},
		{"invitation", "creation"},
	} {
		for verb := range strings.FieldsSeq(group.verbs) {
			all = append(all, group.object+"."+verb)
		}
	}
	for _, a := range eventKinds() {
		all = append(all, "distribution."+a)
	}
	return all
}

// eventKinds are all events of the rules: those of the arrows, and those that
// move nothing.
func eventKinds() []string {
	var all []string
	for _, a := range distribution.Arrows() {
		all = append(all, string(a.Event))
	}
	for _, e := range []distribution.EventKind{distribution.EventCreated, distribution.EventNoted, distribution.EventAcknowledged} {
		all = append(all, string(e))
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// Every action that the store writes is in the list, and so has a sentence.
func TestEveryActionOfTheLogIsListed(t *testing.T) {
	files, err := filepath.Glob("../store/*.go")
	require.NoError(t, err)
	objects, texts := map[string]bool{"distribution": true}, map[string]string{}
	for _, file := range files {
		if !strings.HasSuffix(file, "_test.go") {
			readActions(t, file, objects, texts)
		}
	}
	listed, seen := auditActions(), 0
	for text, file := range texts {
		if object, _, _ := strings.Cut(text, "."); objects[object] {
			seen++
			assert.True(t, slices.Contains(listed, text), "%s writes %s: give it a sentence in audit.toml and list it in auditActions", file, text)
		}
	}
	assert.Greater(t, seen, 20, "the reader is broken")
}

// readActions adds the kinds of objects that a file names, and its texts that
// have the shape of an action.
func readActions(t *testing.T, file string, objects map[string]bool, texts map[string]string) {
	t.Helper()
	tree, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
	require.NoError(t, err)
	shape, prefix := regexp.MustCompile(`^"[a-z]+\.[a-z_]+"$`), regexp.MustCompile(`^"[a-z]+\."$`)
	keys := map[ast.Node]bool{} // names of details: "policy.was"
	ast.Inspect(tree, func(n ast.Node) bool {
		if pair, ok := n.(*ast.KeyValueExpr); ok {
			keys[pair.Key] = true
			name, isName := pair.Key.(*ast.Ident)
			value, isText := pair.Value.(*ast.BasicLit)
			if isName && isText && name.Name == "object" {
				objects[strings.Trim(value.Value, `"`)] = true
			}
		}
		lit, ok := n.(*ast.BasicLit)
		switch {
		case !ok || lit.Kind != token.STRING || keys[n]:
		case shape.MatchString(lit.Value):
			texts[strings.Trim(lit.Value, `"`)] = file
		case prefix.MatchString(lit.Value):
			assert.Contains(t, []string{`"distribution."`, `"decision."`, `"confirmed."`}, lit.Value, "%s: list what this begins", file)
		}
		return true
	})
}
