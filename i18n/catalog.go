package i18n

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"strings"

	"github.com/BurntSushi/toml"
	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
)

//go:embed messages
var messageFiles embed.FS

// Catalog holds the messages of all languages. It is read-only after Load and
// safe for concurrent use.
type Catalog struct {
	bundle   *i18n.Bundle
	messages map[Lang]map[string]message
}

// message is what the catalog remembers of one text beside the text itself.
type message struct {
	file         string
	forms        map[string]string // CLDR plural form ("one", "few", "many", "other") to text
	placeholders []string          // names inside {{.Name}}, of all forms, each once
}

// Load reads the message files built into the program. It fails on a file that
// is not TOML, on a key given twice in one language and on a placeholder of any
// form but {{.Name}}.
func Load() (*Catalog, error) {
	files, err := fs.Sub(messageFiles, "messages")
	if err != nil {
		return nil, err
	}
	return load(files)
}

// load reads <language>/*.toml below files.
func load(files fs.FS) (*Catalog, error) {
	c := &Catalog{
		bundle:   i18n.NewBundle(language.Make(string(Russian))),
		messages: make(map[Lang]map[string]message),
	}
	for _, l := range Languages() {
		c.messages[l] = make(map[string]message)
		names, err := fs.Glob(files, path.Join(string(l), "*.toml"))
		if err != nil {
			return nil, err
		}
		if len(names) == 0 {
			return nil, fmt.Errorf("i18n: no message files for language %q", l)
		}
		for _, name := range names {
			if err := c.add(files, l, name); err != nil {
				return nil, fmt.Errorf("i18n: %s: %w", name, err)
			}
		}
	}
	return c, nil
}

// add puts the messages of one file into the catalog.
func (c *Catalog) add(files fs.FS, l Lang, name string) error {
	text, err := fs.ReadFile(files, name)
	if err != nil {
		return err
	}
	parsed, err := i18n.ParseMessageBytes(text, toml.Unmarshal)
	if err != nil {
		return err
	}
	for _, m := range parsed {
		if earlier, ok := c.messages[l][m.ID]; ok {
			return fmt.Errorf("key %q is already in %s", m.ID, earlier.file)
		}
		forms := pluralForms(m)
		names, err := placeholders(forms)
		if err != nil {
			return fmt.Errorf("key %q: %w", m.ID, err)
		}
		c.messages[l][m.ID] = message{file: name, forms: forms, placeholders: names}
	}
	return c.bundle.AddMessages(language.Make(string(l)), parsed...)
}

// pluralForms returns the texts of m by CLDR plural form; a message without
// plurals has only "other".
func pluralForms(m *i18n.Message) map[string]string {
	forms := map[string]string{
		"zero": m.Zero, "one": m.One, "two": m.Two, "few": m.Few, "many": m.Many, "other": m.Other,
	}
	for form, text := range forms {
		if text == "" {
			delete(forms, form)
		}
	}
	return forms
}

// placeholders returns the names used in the texts. Conditions, pipes and other
// template language are refused: a translator could not check them.
func placeholders(forms map[string]string) ([]string, error) {
	simple := regexp.MustCompile(`\{\{\.([A-Z][A-Za-z]*)\}\}`)
	var names []string
	seen := make(map[string]bool)
	for _, text := range forms {
		if rest := simple.ReplaceAllString(text, ""); strings.Contains(rest, "{{") || strings.Contains(rest, "}}") {
			return nil, fmt.Errorf("a placeholder must read {{.Name}}: %q", text)
		}
		for _, match := range simple.FindAllStringSubmatch(text, -1) {
			if name := match[1]; !seen[name] {
				seen[name] = true
				names = append(names, name)
			}
		}
	}
	return names, nil
}
