// Package static holds the browser files (styles, script, icons, fonts, htmx)
// inside the program and serves them under names that carry a hash of their
// content, so that a browser may keep them for a year and still never shows an
// old one.
package static

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"strings"
	"time"
)

//go:embed css js icons.svg icon.svg dist
var files embed.FS

// Prefix is the path under which Handler is mounted.
const Prefix = "/static/"

// Assets is the set of served files, fixed when it is loaded.
type Assets struct {
	urls   map[string]string // "app.css" → "/static/app.3f2a….css"
	served map[string]asset  // by that URL path
}

type asset struct {
	content     []byte
	packed      []byte // by gzip; nil for what is packed in itself
	contentType string
	etag        string
}

// Load reads the files embedded in the program. The error names the command
// that fetches the third-party ones when the program was built without them.
func Load() (*Assets, error) {
	return load(files)
}

func load(fsys fs.FS) (*Assets, error) {
	a := &Assets{urls: map[string]string{}, served: map[string]asset{}}
	for name, file := range sources() {
		content, err := fs.ReadFile(fsys, file)
		if err != nil && strings.HasPrefix(file, "dist/") {
			return nil, fmt.Errorf("static: %s is not in this program: run \"make assets\" and build again", file)
		}
		if err != nil {
			return nil, fmt.Errorf("static: %w", err)
		}
		if err := a.add(name, content); err != nil {
			return nil, err
		}
	}
	// Last, because it refers to the fonts by their hashed names.
	sheet, err := stylesheet(fsys, a.urls)
	if err != nil {
		return nil, err
	}
	if err := a.add("app.css", sheet); err != nil {
		return nil, err
	}
	return a, nil
}

// sources maps each served name, except app.css, to its file.
func sources() map[string]string {
	names := map[string]string{
		"app.js":        "js/app.js",
		"list.js":       "js/list.js",
		"tally.js":      "js/tally.js",
		"print.js":      "js/print.js",
		"form.js":       "js/form.js",
		"fill.js":       "js/fill.js",
		"pick.js":       "js/pick.js",
		"combobox.js":   "js/combobox.js",
		"keys.js":       "js/keys.js",
		"search.js":     "js/search.js",
		"toast.js":      "js/toast.js",
		"icon.svg":      "icon.svg",
		"icons.svg":     "icons.svg",
		"recipients.js": "js/recipients.js",
	}
	for _, name := range []string{
		"htmx.js",
		"fonts/golos-text-cyrillic-ext.woff2",
		"fonts/golos-text-cyrillic.woff2",
		"fonts/golos-text-latin-ext.woff2",
		"fonts/golos-text-latin.woff2",
		"fonts/jetbrains-mono-latin.woff2",
		"licenses/golos-text.txt",
		"licenses/htmx.txt",
		"licenses/jetbrains-mono.txt",
	} {
		names[name] = "dist/" + name
	}
	return names
}

func (a *Assets) add(name string, content []byte) error {
	contentType, err := contentTypeOf(name)
	if err != nil {
		return err
	}
	sum := sha256.Sum256(content)
	hash := hex.EncodeToString(sum[:4])
	ext := path.Ext(name)
	url := Prefix + strings.TrimSuffix(name, ext) + "." + hash + ext
	a.urls[name] = url
	file := asset{content: content, contentType: contentType, etag: `"` + hash + `"`}
	if ext != ".woff2" { // which is packed in itself
		if file.packed, err = pack(content); err != nil {
			return fmt.Errorf("static: %s: %w", name, err)
		}
	}
	a.served[url] = file
	return nil
}

// pack compresses as well as gzip can: it is done once, and sent often.
func pack(content []byte) ([]byte, error) {
	var packed bytes.Buffer
	w, err := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(content); err != nil {
		return nil, err
	}
	err = w.Close()
	return packed.Bytes(), err
}

// contentTypeOf does not ask package mime, whose answer depends on the machine.
func contentTypeOf(name string) (string, error) {
	switch path.Ext(name) {
	case ".css":
		return "text/css; charset=utf-8", nil
	case ".js":
		return "text/javascript; charset=utf-8", nil
	case ".svg":
		return "image/svg+xml", nil
	case ".txt":
		return "text/plain; charset=utf-8", nil
	case ".woff2":
		return "font/woff2", nil
	}
	return "", fmt.Errorf("static: no content type for %s", name)
}

// URL is the path from which the named file is served: "app.css", "app.js",
// "htmx.js", "icons.svg", "icon.svg", "fonts/….woff2" or "licenses/….txt".
// It panics on any other name: names are literals in templates, so a wrong one
// fails the first time that its page is drawn.
func (a *Assets) URL(name string) string {
	url, ok := a.urls[name]
	if !ok {
		panic(fmt.Sprintf("static: no file named %q", name))
	}
	return url
}

// Handler serves GET and HEAD of the paths that URL returns, and 404 for all
// others under Prefix.
func (a *Assets) Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Content-Type-Options", "nosniff")
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			http.Error(w, http.StatusText(http.StatusMethodNotAllowed), http.StatusMethodNotAllowed)
			return
		}
		file, ok := a.served[r.URL.Path]
		if !ok {
			w.Header().Set("Cache-Control", "no-store")
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
		w.Header().Set("Content-Type", file.contentType)
		w.Header().Set("ETag", file.etag)
		content := file.content
		if file.packed != nil {
			w.Header().Set("Vary", "Accept-Encoding")
			if takesGzip(r) {
				w.Header().Set("Content-Encoding", "gzip")
				w.Header().Set("ETag", strings.TrimSuffix(file.etag, `"`)+`-gzip"`)
				content = file.packed
			}
		}
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(content))
	})
}

// takesGzip reads what browsers send; whoever weighs encodings gets it unpacked.
func takesGzip(r *http.Request) bool {
	for name := range strings.SplitSeq(r.Header.Get("Accept-Encoding"), ",") {
		if strings.TrimSpace(name) == "gzip" {
			return true
		}
	}
	return false
}
