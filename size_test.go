package main_test

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The most lines that a reader is asked to keep in mind at once. Most files and
// functions are far shorter; these are the limits, not the aim.
func maxLines() map[string]int {
	return map[string]int{
		".go":    500,
		".templ": 250,
		".css":   350,
		".js":    350,
	}
}

// In non-test code. The length of a test is mostly that of its table.
const maxFunctionLines = 70

func TestNoFileIsTooLong(t *testing.T) {
	for extension, limit := range maxLines() {
		for file := range sourceFiles(t, extension) {
			contents, err := os.ReadFile(file)
			require.NoError(t, err)
			if isGenerated(file) || strings.HasPrefix(file, "static/dist/") {
				continue
			}
			assert.LessOrEqualf(t, bytes.Count(contents, []byte("\n")), limit, "lines of %s", file)
		}
	}
}

func TestNoFunctionIsTooLong(t *testing.T) {
	for file := range sourceFiles(t, ".go") {
		if isGenerated(file) || strings.HasSuffix(file, "_test.go") {
			continue
		}
		set := token.NewFileSet()
		parsed, err := parser.ParseFile(set, file, nil, parser.SkipObjectResolution)
		require.NoError(t, err)
		for _, declaration := range parsed.Decls {
			function, ok := declaration.(*ast.FuncDecl)
			if !ok {
				continue
			}
			lines := set.Position(function.End()).Line - set.Position(function.Pos()).Line + 1
			assert.LessOrEqualf(t, lines, maxFunctionLines, "lines of %s in %s", function.Name.Name, file)
		}
	}
}

func isGenerated(file string) bool {
	return strings.HasSuffix(path.Base(file), "_templ.go")
}
