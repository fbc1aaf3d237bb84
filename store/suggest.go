package store

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"plexydash/distribution"
)

// leastSuggested is how many characters the index of letters needs.
const leastSuggested = 3

// Suggestions are what somebody who types a search may mean.
type Suggestions struct {
	Exact *distribution.Distribution // the only one with this reference or id; nil: none, or several
	Rows  []distribution.Distribution
}

// Suggest finds the newest matches of a text, at most n. It finds nothing for
// fewer than three characters.
func (db *DB) Suggest(ctx context.Context, q string, n int) (Suggestions, error) {
	var s Suggestions
	text := Plain(q)
	if utf8.RuneCountInString(closed(text)) < leastSuggested {
		return s, nil
	}
	exact, args := named([]string{strings.TrimSpace(q)}, "id", "plexy_id", "order_reference")
	same, err := db.rowsWhere(ctx, exact, args, 2)
	if err != nil {
		return s, err
	}
	if len(same) == 1 {
		s.Exact = &same[0]
	}
	if pasted := Pasted(q); pasted != nil {
		cond, args := identified(pasted)
		s.Rows, err = db.rowsWhere(ctx, cond, args, n)
		return s, err
	}
	if amount, err := distribution.ParseAmount(q); err == nil {
		text = amount.String()
	}
	newest := "id IN (SELECT id FROM search_rows WHERE n IN (SELECT rowid FROM search_index WHERE search_index MATCH ? ORDER BY rowid DESC LIMIT ?))"
	s.Rows, err = db.rowsWhere(ctx, newest, []any{match(text), n}, n)
	return s, err
}

// rowsWhere reads the newest rows of a condition, at most n.
func (db *DB) rowsWhere(ctx context.Context, cond string, args []any, n int) ([]distribution.Distribution, error) {
	rows, err := db.read.QueryContext(ctx, newestWhere(cond), append(slices.Clone(args), n)...)
	found, err := collect(rows, err, scanDistribution)
	if err != nil {
		return nil, fmt.Errorf("store: suggest: %w", err)
	}
	return found, nil
}

func newestWhere(cond string) string {
	return fmt.Sprintf("SELECT %s FROM distributions WHERE linked_to IS NULL AND %s ORDER BY created_at DESC, id DESC LIMIT ?", columns, cond)
}

// Absent are those of several pasted identifiers that nothing here has.
func (db *DB) Absent(ctx context.Context, q string) ([]string, error) {
	var absent []string
	for _, word := range Pasted(q) {
		cond, args := identified([]string{word})
		var there bool
		err := db.read.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM distributions WHERE linked_to IS NULL AND "+cond+")", args...).Scan(&there)
		if err != nil {
			return nil, fmt.Errorf("store: absent: %w", err)
		}
		if !there {
			absent = append(absent, word)
		}
	}
	return absent, nil
}
