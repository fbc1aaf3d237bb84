package main_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A folder with Go files, and the folders of this module that its non-test
// files may import. "views/*" stands for views and every folder below it.
// A folder that is not listed fails: decide first what it owns.
func allowedImports() map[string][]string {
	return map[string][]string{
		".":                     {"*"},
		"audit":                 {},
		"config":                {},
		"distribution":          {},
		"export":                {"distribution", "i18n"},
		"handlers":              {"store", "distribution", "export", "views/*", "i18n", "web/session"},
		"i18n":                  {},
		"intake":                {"distribution"},
		"metrics":               {"store", "distribution"}, // alone knows Prometheus
		"plexyclient":           {},
		"plexyclient/plexytest": {"plexyclient"},
		"static":                {},
		"store":                 {"distribution", "audit"},
		"store/storetest":       {"store", "distribution", "audit"},
		"views/*":               {"views/*", "distribution", "i18n", "static"},
		"web":                   {"handlers", "views/*", "distribution", "i18n", "static", "web/session"},
		"web/session":           {"store", "distribution"},
		"worker":                {"distribution", "store", "plexyclient", "export", "i18n"},
		"e2e":                   {}, // journeys in the browser: test files only
	}
}

// What a folder may import from outside, for those that must stay small: the
// rules of money and the verifier of the log are read by people who trust
// nothing else.
func allowedModules() map[string][]string {
	return map[string][]string{
		"distribution": {},
		"audit":        {"golang.org/x/mod"},
	}
}

func TestEveryFolderImportsOnlyWhatItMay(t *testing.T) {
	table, modules := allowedImports(), allowedModules()
	for file := range sourceFiles(t, ".go") {
		folder := path.Dir(file)
		row, listed := rowOf(folder, table)
		if !assert.Truef(t, listed, "%s: folder %s is not in the table of imports_test.go", file, folder) || strings.HasSuffix(file, "_test.go") {
			continue
		}
		assert.NotEqualf(t, "e2e", folder, "%s: e2e holds test files only", file)
		for _, imported := range importsOf(t, file) {
			if inside, ok := strings.CutPrefix(imported, "plexydash/"); ok {
				assert.Truef(t, matchesAny(inside, table[row]), "%s imports %s", file, inside)
			} else if few, limited := modules[row]; limited && isModule(imported) {
				assert.Truef(t, slices.ContainsFunc(few, func(module string) bool {
					return imported == module || strings.HasPrefix(imported, module+"/")
				}), "%s imports %s", file, imported)
			}
		}
	}
}

func rowOf(folder string, table map[string][]string) (string, bool) {
	for row := range table {
		if matchesAny(folder, []string{row}) {
			return row, true
		}
	}
	return "", false
}

func matchesAny(folder string, patterns []string) bool {
	return slices.ContainsFunc(patterns, func(pattern string) bool {
		tree, isTree := strings.CutSuffix(pattern, "/*")
		return pattern == "*" || pattern == folder || isTree && (folder == tree || strings.HasPrefix(folder, tree+"/"))
	})
}

// isModule tells a module's path from the standard library's: it begins with a
// host name.
func isModule(imported string) bool {
	host, _, _ := strings.Cut(imported, "/")
	return strings.Contains(host, ".")
}

func importsOf(t *testing.T, file string) []string {
	t.Helper()
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
	require.NoError(t, err)
	var paths []string
	for _, spec := range parsed.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		require.NoError(t, err)
		paths = append(paths, imported)
	}
	return paths
}

// sourceFiles yields the project's own files with the extension, by path from
// the module's root. It reads the folders through package os each time, so that
// the test cache notices a new file.
func sourceFiles(t *testing.T, extension string) func(yield func(string) bool) {
	t.Helper()
	var files []string
	err := filepath.WalkDir(".", func(file string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && slices.Contains([]string{".git", "node_modules", "bin", "data", "tools", "testdata"}, entry.Name()) {
			return fs.SkipDir
		}
		if !entry.IsDir() && path.Ext(file) == extension {
			files = append(files, filepath.ToSlash(file))
		}
		return nil
	})
	require.NoError(t, err)
	return slices.Values(files)
}
