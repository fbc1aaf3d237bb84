package distribution

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
)

//go:embed tables/*.csv
var embeddedTables embed.FS

// Tables are the lists that others change: the National Bank, the Government, the
// tax code. The program carries each as of a date; an operator's file of the same
// name replaces one.
type Tables struct {
	Banks     Banks
	KBes      CodeList
	KNPs      CodeList
	Days      Calendar
	Templates Templates
	VAT       VAT
}

// EmbeddedTables are the tables that the program carries.
func EmbeddedTables() (Tables, error) { return ReadTables(nil) }

// ReadTables reads banks.csv, kbe.csv, knp.csv, holidays.csv, templates.csv and
// vat.csv from the folder; those it does not have, or all for a nil folder, are the
// program's own. The error tells everything that is wrong in all of them.
func ReadTables(folder fs.FS) (Tables, error) {
	var t Tables
	return t, errors.Join(
		load(folder, "banks.csv", &t.Banks, ReadBanks),
		load(folder, "kbe.csv", &t.KBes, ReadKBes),
		load(folder, "knp.csv", &t.KNPs, ReadKNPs),
		load(folder, "holidays.csv", &t.Days, ReadCalendar),
		load(folder, "templates.csv", &t.Templates, ReadTemplates),
		load(folder, "vat.csv", &t.VAT, ReadVAT),
	)
}

func load[T any](folder fs.FS, name string, into *T, read func(io.Reader) (T, error)) error {
	text, err := tableText(folder, name)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	*into, err = read(bytes.NewReader(text))
	return err
}

func tableText(folder fs.FS, name string) ([]byte, error) {
	if folder != nil {
		text, err := fs.ReadFile(folder, name)
		if !errors.Is(err, fs.ErrNotExist) {
			return text, err
		}
	}
	return embeddedTables.ReadFile(path.Join("tables", name))
}
