package i18n

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// call is one T(…) or N(…) of the program whose key begins with a literal, or a
// code that the rules in distribution give out, which ends in a T(…).
type call struct {
	place   string
	key     string   // the literal; a prefix when dynamic
	dynamic bool     // the literal is joined to something: "status."+code
	plural  bool     // N
	given   []string // literal placeholder names
	spread  bool     // T(ctx, key, pairs...): the names are not known
}

// program is what the sources of the module say about messages.
type program struct {
	calls    []call
	literals map[string]bool // every string literal, also those that reach T in a variable
}

// readProgram reads all .go and .templ sources of the module but tests and
// generated code.
func readProgram(t *testing.T) *program {
	t.Helper()
	p := &program{literals: make(map[string]bool)}
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		switch name := d.Name(); {
		case d.IsDir() && path != ".." && (strings.HasPrefix(name, ".") || name == "node_modules" || name == "testdata" || name == "tools"):
			return fs.SkipDir
		case strings.HasSuffix(name, ".templ"):
			return p.readTempl(path)
		case strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, "_test.go") && !strings.HasSuffix(name, "_templ.go"):
			return p.readGo(path)
		}
		return nil
	})
	require.NoError(t, err)
	return p
}

func (p *program) readGo(path string) error {
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	p.inspect(path, file)
	return nil
}

// readTempl finds the calls of a templ file, whose expressions are Go, and its
// string literals.
func (p *program) readTempl(path string) error {
	source, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	for _, literal := range regexp.MustCompile(`"(?:[^"\\\n]|\\.)*"`).FindAllString(string(source), -1) {
		if text, err := strconv.Unquote(literal); err == nil {
			p.literals[text] = true
		}
	}
	for _, at := range regexp.MustCompile(`\b(?:\w+\.)*[TN]\(`).FindAllIndex(source, -1) {
		text := balanced(string(source[at[0]:]))
		if expr, err := parser.ParseExpr(text); err == nil {
			p.inspect(path, expr)
		}
	}
	return nil
}

// balanced cuts text behind the bracket that closes its first one.
func balanced(text string) string {
	depth, inString := 0, false
	for i, r := range text {
		switch {
		case r == '"' && text[i-1] != '\\':
			inString = !inString
		case inString:
		case r == '(':
			depth++
		case r == ')':
			depth--
			if depth == 0 {
				return text[:i+1]
			}
		}
	}
	return text
}

func (p *program) inspect(place string, root ast.Node) {
	rules := filepath.Base(filepath.Dir(place)) == "distribution"
	ast.Inspect(root, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.BasicLit:
			if text, ok := literal(n); ok {
				p.literals[text] = true
			}
		case *ast.CallExpr:
			if found, ok := messageCall(n); ok {
				p.add(place, found)
			}
			if found, ok := ruleCall(n); ok && rules {
				p.add(place, found)
			}
		case *ast.ValueSpec:
			if kind, ok := n.Type.(*ast.Ident); ok && kind.Name == "WarningCode" && rules {
				for _, v := range n.Values {
					code, _ := literal(v)
					p.add(place, call{key: "warning." + code, spread: true})
				}
			}
		}
		return true
	})
}

func (p *program) add(place string, found call) {
	found.place = place
	p.calls = append(p.calls, found)
}

// nameOf returns the last name of what is called.
func nameOf(n *ast.CallExpr) string {
	switch f := n.Fun.(type) {
	case *ast.Ident:
		return f.Name
	case *ast.SelectorExpr:
		return f.Sel.Name
	}
	return ""
}

// ruleCall reads how the rules say no: reason("iban.length", "Got", …) and the
// refusals forbidden("own") and conflict("state").
func ruleCall(n *ast.CallExpr) (call, bool) {
	prefix := map[string]string{"reason": "error.", "warning": "warning.", "hint": "hint.", "forbidden": "refusal.", "conflict": "refusal."}[nameOf(n)]
	if prefix == "" || len(n.Args) == 0 {
		return call{}, false
	}
	code, ok := literal(n.Args[0])
	return call{key: prefix + code, given: names(n.Args[1:]), spread: n.Ellipsis.IsValid()}, ok
}

// names returns the literal names among names and values by turns.
func names(pairs []ast.Expr) []string {
	var found []string
	for i := 0; i < len(pairs); i += 2 {
		if name, ok := literal(pairs[i]); ok {
			found = append(found, name)
		}
	}
	return found
}

// messageCall reads i18n.T(ctx, key, …) and printer.T(key, …), and N likewise.
func messageCall(n *ast.CallExpr) (call, bool) {
	name := nameOf(n)
	if name != "T" && name != "N" {
		return call{}, false
	}
	for i, arg := range n.Args[:min(2, len(n.Args))] {
		left, dynamic := leftmost(arg)
		key, ok := literal(left)
		if !ok {
			continue
		}
		pairs := n.Args[i+1:]
		if name == "N" {
			pairs = pairs[min(1, len(pairs)):]
		}
		return call{key: key, dynamic: dynamic, plural: name == "N", given: names(pairs), spread: n.Ellipsis.IsValid()}, true
	}
	return call{}, false
}

// leftmost returns the first operand of a chain of +, and whether there is one.
func leftmost(e ast.Expr) (first ast.Expr, joined bool) {
	for {
		sum, ok := e.(*ast.BinaryExpr)
		if !ok {
			return e, joined
		}
		e, joined = sum.X, true
	}
}

func literal(e ast.Expr) (string, bool) {
	lit, ok := e.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return "", false
	}
	text, err := strconv.Unquote(lit.Value)
	return text, err == nil
}
