package static

import (
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"strings"
)

// stylesheet joins the files that css/app.css imports into the one sheet that
// pages load, each wrapped in the layer it is imported into, and points every
// url("name") at the hashed path of that name.
func stylesheet(fsys fs.FS, urls map[string]string) ([]byte, error) {
	contents, err := fs.ReadFile(fsys, "css/app.css")
	if err != nil {
		return nil, fmt.Errorf("static: %w", err)
	}

	importRule := regexp.MustCompile(`(?m)^@import "([^"]+)" layer\((\w+)\);$`)
	var failed error
	joined := importRule.ReplaceAllStringFunc(string(contents), func(rule string) string {
		match := importRule.FindStringSubmatch(rule)
		part, err := fs.ReadFile(fsys, "css/"+match[1])
		failed = errors.Join(failed, err)
		return fmt.Sprintf("@layer %s {\n%s}", match[2], part)
	})
	if strings.Contains(joined, "@import") {
		failed = errors.Join(failed, errors.New(`an import in css/app.css is not of the form @import "file" layer(name);`))
	}

	reference := regexp.MustCompile(`url\("?([^")]*)"?\)`)
	joined = reference.ReplaceAllStringFunc(joined, func(ref string) string {
		name := reference.FindStringSubmatch(ref)[1]
		url, ok := urls[name]
		if !ok {
			failed = errors.Join(failed, fmt.Errorf("no file named %q for %s", name, ref))
		}
		return fmt.Sprintf("url(%q)", url)
	})
	joined = regexp.MustCompile(`(?s)/\*.*?\*/\s*`).ReplaceAllString(joined, "") // comments are for who reads the source
	if failed != nil {
		return nil, fmt.Errorf("static: css: %w", failed)
	}
	return []byte(joined), nil
}
