package distribution

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// sources parses the package itself, without its tests.
func sources(t testing.TB) (*token.FileSet, []*ast.File) {
	t.Helper()
	names, err := filepath.Glob("*.go")
	require.NoError(t, err)
	set := token.NewFileSet()
	var files []*ast.File
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(set, name, nil, parser.SkipObjectResolution)
		require.NoError(t, err)
		files = append(files, f)
	}
	require.NotEmpty(t, files)
	return set, files
}

// constants are the declared string constants of a type: name to value.
func constants[T ~string](t testing.TB, typeName string) map[string]T {
	t.Helper()
	found := map[string]T{}
	_, files := sources(t)
	for _, f := range files {
		ast.Inspect(f, func(n ast.Node) bool {
			spec, ok := n.(*ast.ValueSpec)
			if !ok {
				return true
			}
			if typ, ok := spec.Type.(*ast.Ident); !ok || typ.Name != typeName {
				return true
			}
			value, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
			require.NoError(t, err)
			found[spec.Names[0].Name] = T(value)
			return true
		})
	}
	require.NotEmpty(t, found)
	return found
}

// A new state must be thought about wherever states are told apart: no default
// branch may swallow it.
func TestSwitchesOverStatusNameEveryState(t *testing.T) {
	states := constants[Status](t, "Status")
	set, files := sources(t)
	seen := 0
	for _, f := range files {
		ast.Inspect(f, func(n ast.Node) bool {
			s, ok := n.(*ast.SwitchStmt)
			if !ok {
				return true
			}
			named, hasDefault := namedIn(s, states)
			if len(named) == 0 {
				return true
			}
			seen++
			where := set.Position(s.Pos())
			assert.ElementsMatch(t, sortedKeys(states), named, "%s", where)
			assert.False(t, hasDefault, "%s has a default", where)
			return true
		})
	}
	assert.Positive(t, seen)
}

func namedIn(s *ast.SwitchStmt, states map[string]Status) (named []string, hasDefault bool) {
	for _, stmt := range s.Body.List {
		clause := stmt.(*ast.CaseClause)
		hasDefault = hasDefault || clause.List == nil
		for _, e := range clause.List {
			if id, ok := e.(*ast.Ident); ok && states[id.Name] != "" {
				named = append(named, id.Name)
			}
		}
	}
	return named, hasDefault
}
