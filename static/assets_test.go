package static

import (
	"compress/gzip"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// tree is a complete set of files with contents short enough to read in a test.
func tree() fstest.MapFS {
	fsys := fstest.MapFS{
		"css/app.css":        {Data: []byte("@layer base, print;\n@import \"base.css\" layer(base);\n@import \"deep/print.css\" layer(print);\n")},
		"css/base.css":       {Data: []byte("@font-face { src: url(\"fonts/golos-text-latin.woff2\"); }\n")},
		"css/deep/print.css": {Data: []byte("p { color: black; }\n")},
	}
	for _, file := range sources() {
		fsys[file] = &fstest.MapFile{Data: []byte("content of " + file)}
	}
	return fsys
}

func with(file, content string) fstest.MapFS {
	fsys := tree()
	fsys[file] = &fstest.MapFile{Data: []byte(content)}
	return fsys
}

func without(file string) fstest.MapFS {
	fsys := tree()
	delete(fsys, file)
	return fsys
}

func get(t *testing.T, assets *Assets, method, path string, header http.Header) (*http.Response, string) {
	t.Helper()
	request := httptest.NewRequestWithContext(t.Context(), method, path, nil)
	maps.Copy(request.Header, header)
	recorder := httptest.NewRecorder()
	assets.Handler().ServeHTTP(recorder, request)
	body, err := io.ReadAll(recorder.Result().Body)
	require.NoError(t, err)
	return recorder.Result(), string(body)
}

// The program that the developer or the build machine has just built.
func TestEmbeddedFilesAreComplete(t *testing.T) {
	assets, err := Load()
	require.NoError(t, err)

	_, css := get(t, assets, "GET", assets.URL("app.css"), nil)
	assert.NotContains(t, css, "@import")
	assert.Equal(t, 4, strings.Count(css, "/static/fonts/golos-text-"))
	_, htmx := get(t, assets, "GET", assets.URL("htmx.js"), nil)
	assert.Contains(t, htmx, `version="4.0.1"`)
}

func TestNameChangesWithContent(t *testing.T) {
	before, err := load(tree())
	require.NoError(t, err)
	again, err := load(tree())
	require.NoError(t, err)
	script, err := load(with("js/app.js", "other"))
	require.NoError(t, err)
	font, err := load(with("dist/fonts/golos-text-latin.woff2", "other"))
	require.NoError(t, err)

	assert.Regexp(t, regexp.MustCompile(`^/static/app\.[0-9a-f]{8}\.css$`), before.URL("app.css"))
	assert.Regexp(t, regexp.MustCompile(`^/static/fonts/golos-text-latin\.[0-9a-f]{8}\.woff2$`), before.URL("fonts/golos-text-latin.woff2"))
	assert.Equal(t, before.URL("app.js"), again.URL("app.js"))
	assert.NotEqual(t, before.URL("app.js"), script.URL("app.js"))
	assert.Equal(t, before.URL("app.css"), script.URL("app.css"))
	assert.NotEqual(t, before.URL("app.css"), font.URL("app.css"), "the sheet names the font by its hash")
}

func TestStylesheetJoinsItsImportsInOrder(t *testing.T) {
	assets, err := load(tree())
	require.NoError(t, err)

	_, css := get(t, assets, "GET", assets.URL("app.css"), nil)

	assert.Equal(t, "@layer base, print;\n"+
		"@layer base {\n@font-face { src: url(\""+assets.URL("fonts/golos-text-latin.woff2")+"\"); }\n}\n"+
		"@layer print {\np { color: black; }\n}\n", css)
}

func TestLoadRefuses(t *testing.T) {
	for name, test := range map[string]struct {
		files fstest.MapFS
		says  string
	}{
		"htmx not fetched":            {without("dist/htmx.js"), `run "make assets"`},
		"a font not fetched":          {without("dist/fonts/golos-text-cyrillic.woff2"), `golos-text-cyrillic.woff2 is not in this program: run "make assets"`},
		"own script missing":          {without("js/app.js"), "js/app.js: file does not exist"},
		"an imported sheet missing":   {without("css/base.css"), "css/base.css: file does not exist"},
		"a sheet names no such file":  {with("css/base.css", `a { background: url("cat.png"); }`), `no file named "cat.png"`},
		"a sheet holds a data: image": {with("css/base.css", `a { background: url(data:image/png;base64,AA==); }`), `no file named "data:image`},
		"an import without a layer":   {with("css/app.css", `@import "base.css";`), "not of the form"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := load(test.files)
			assert.ErrorContains(t, err, test.says)
		})
	}
}

func TestURLPanicsOnAnUnknownName(t *testing.T) {
	assets, err := load(tree())
	require.NoError(t, err)
	assert.PanicsWithValue(t, `static: no file named "app.scss"`, func() { assets.URL("app.scss") })
}

func TestHandler(t *testing.T) {
	assets, err := load(tree())
	require.NoError(t, err)
	script := assets.URL("app.js")
	etag := assets.served[script].etag

	for name, test := range map[string]struct {
		method, path string
		header       http.Header
		status       int
		contentType  string
		cache        string
		body         string
	}{
		"script":             {"GET", script, nil, 200, "text/javascript; charset=utf-8", "public, max-age=31536000, immutable", "content of js/app.js"},
		"icons":              {"GET", assets.URL("icons.svg"), nil, 200, "image/svg+xml", "public, max-age=31536000, immutable", "content of icons.svg"},
		"font":               {"GET", assets.URL("fonts/golos-text-latin.woff2"), nil, 200, "font/woff2", "public, max-age=31536000, immutable", "content of dist/fonts/golos-text-latin.woff2"},
		"licence":            {"GET", assets.URL("licenses/htmx.txt"), nil, 200, "text/plain; charset=utf-8", "public, max-age=31536000, immutable", "content of dist/licenses/htmx.txt"},
		"head":               {"HEAD", script, nil, 200, "text/javascript; charset=utf-8", "public, max-age=31536000, immutable", ""},
		"known to browser":   {"GET", script, http.Header{"If-None-Match": {etag}}, 304, "", "public, max-age=31536000, immutable", ""},
		"name without hash":  {"GET", "/static/app.js", nil, 404, "text/plain; charset=utf-8", "no-store", "404 page not found\n"},
		"hash of other days": {"GET", "/static/app.0000000000000000.js", nil, 404, "text/plain; charset=utf-8", "no-store", "404 page not found\n"},
		"no listing":         {"GET", "/static/", nil, 404, "text/plain; charset=utf-8", "no-store", "404 page not found\n"},
		"no way out":         {"GET", "/static/../assets.go", nil, 404, "text/plain; charset=utf-8", "no-store", "404 page not found\n"},
		"not read-only":      {"POST", script, nil, 405, "text/plain; charset=utf-8", "", "Method Not Allowed\n"},
	} {
		t.Run(name, func(t *testing.T) {
			response, body := get(t, assets, test.method, test.path, test.header)
			assert.Equal(t, test.status, response.StatusCode)
			assert.Equal(t, test.contentType, response.Header.Get("Content-Type"))
			assert.Equal(t, test.cache, response.Header.Get("Cache-Control"))
			assert.Equal(t, "nosniff", response.Header.Get("X-Content-Type-Options"))
			assert.Equal(t, test.body, body)
		})
	}
}

// What gains by it is sent packed to who takes it, under another tag.
func TestHandlerSendsGzip(t *testing.T) {
	long := strings.Repeat("p { color: black; }\n", 100)
	assets, err := load(with("css/base.css", long+"/* a remark */"))
	require.NoError(t, err)
	plain, css := get(t, assets, "GET", assets.URL("app.css"), nil)
	assert.Contains(t, css, long)
	assert.NotContains(t, css, "remark")
	for header, packed := range map[string]bool{"gzip, deflate, br": true, "br;q=1.0, gzip": true, "gzip;q=0": false, "br": false, "": false} {
		r, body := get(t, assets, "GET", assets.URL("app.css"), http.Header{"Accept-Encoding": {header}})
		assert.Equal(t, "Accept-Encoding", r.Header.Get("Vary"), header)
		if !packed {
			assert.Equal(t, css, body, header)
			assert.Equal(t, plain.Header.Get("ETag"), r.Header.Get("ETag"), header)
			continue
		}
		assert.Equal(t, "gzip", r.Header.Get("Content-Encoding"), header)
		assert.NotEqual(t, plain.Header.Get("ETag"), r.Header.Get("ETag"), header)
		read, err := gzip.NewReader(strings.NewReader(body))
		require.NoError(t, err, header)
		unpacked, err := io.ReadAll(read)
		require.NoError(t, err, header)
		assert.Equal(t, css, string(unpacked), header)
	}
	font, _ := get(t, assets, "GET", assets.URL("fonts/golos-text-latin.woff2"), http.Header{"Accept-Encoding": {"gzip"}})
	assert.Empty(t, font.Header.Get("Content-Encoding"))
}
