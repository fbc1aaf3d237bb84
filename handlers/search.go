package handlers

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"plexydash/store"
	"plexydash/views/components"
	"plexydash/views/search"
)

const (
	shownSuggestions = 8
	leastTyped       = 3 // characters that suggestions need
)

// Suggestions handles GET /search: what the text in the search box may mean. It
// is a part of a page; as an address of its own it leads to the list.
func (h *Handlers) Suggestions(w http.ResponseWriter, r *http.Request) error {
	if err := checkQuery(r, []string{"q"}); err != nil {
		return err
	}
	f, err := parseFilter(url.Values{"q": r.URL.Query()["q"]})
	if err != nil {
		return err
	}
	if !Partial(r) {
		http.Redirect(w, r, withQuery(listPath, f.Values()), http.StatusSeeOther)
		return nil
	}
	mayBeKept(w)
	p := search.Props{Q: f.Q, Short: utf8.RuneCountInString(strings.TrimSpace(f.Q)) < leastTyped}
	if !p.Short {
		if err := h.suggest(r.Context(), &p); err != nil {
			return err
		}
	}
	return Render(w, r, http.StatusOK, search.Suggestions(p), nil)
}

func (h *Handlers) suggest(ctx context.Context, p *search.Props) error {
	found, err := h.DB.Suggest(ctx, p.Q, shownSuggestions)
	if err != nil {
		return err
	}
	p.Exact, p.Rows, p.Pasted = found.Exact, found.Rows, len(store.Pasted(p.Q))
	p.Absent, err = h.DB.Absent(ctx, p.Q)
	return err
}

// sought says what several pasted references came to; nil for another search.
func (h *Handlers) sought(ctx context.Context, q string) (*components.Sought, error) {
	pasted := store.Pasted(q)
	if pasted == nil {
		return nil, nil //nolint:nilnil // nothing to say is no failure
	}
	absent, err := h.DB.Absent(ctx, q)
	if err != nil {
		return nil, err
	}
	return &components.Sought{Pasted: len(pasted), Absent: absent}, nil
}
