package handlers

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"

	"plexydash/views/components"
	"plexydash/views/layout"
	"plexydash/views/signin"
	"plexydash/web/session"
)

const resumptionPath = "/resumption"

// maxTyped bounds what is carried: as JSON within a form it must pass the limit
// of a request again.
const maxTyped = 16 << 10

// ReadTyped takes down the form of a request that came too late, but no
// password. It reports false when there is nothing to keep.
func ReadTyped(r *http.Request, page string) (session.Typed, bool) {
	if parseForm(r) != nil || len(r.PostForm) == 0 {
		return session.Typed{}, false
	}
	t := session.Typed{To: r.URL.RequestURI(), Page: page, Fields: url.Values{}}
	for name, values := range r.PostForm {
		if lower := strings.ToLower(name); !strings.Contains(lower, "password") && lower != "proofcode" {
			t.Fields[name] = values
		}
	}
	return t, len(t.Fields) > 0 && len(typedText(&t)) <= maxTyped
}

func typedText(t *session.Typed) string {
	if t == nil {
		return ""
	}
	text, _ := json.Marshal(t) // strings only: cannot fail
	return string(text)
}

// parseTyped reads it back from the sign-in form.
func parseTyped(text string) (*session.Typed, error) {
	if text == "" {
		return nil, nil //nolint:nilnil // nothing was typed
	}
	var t session.Typed
	if json.Unmarshal([]byte(text), &t) != nil || LocalPath(t.To) != t.To || LocalPath(t.Page) != t.Page || len(text) > maxTyped {
		return nil, &BadRequest{Reason: "the form that was typed is not readable"}
	}
	return &t, nil
}

// typedInto tells which form of a distribution the carried one is: the query of
// its address, and the id of the draft that it changes; ok is false for any other.
func typedInto(t *session.Typed) (query url.Values, editing string, ok bool) {
	path, text, _ := strings.Cut(t.To, "?")
	query, err := url.ParseQuery(text)
	if err != nil || path == listPath {
		return query, "", err == nil
	}
	editing, ok = strings.CutSuffix(strings.TrimPrefix(path, listPath+"/"), "/edit")
	return query, editing, ok && editPath(editing) == path
}

// Resumption handles GET /resumption: any other form that was typed, to be sent
// by the person or not.
func (h *Handlers) Resumption(w http.ResponseWriter, r *http.Request) error {
	if err := checkQuery(r, nil); err != nil {
		return err
	}
	t, ok := h.Sessions.Typed(r)
	if !ok {
		return redirect(w, r, "/")
	}
	chrome, err := h.Chrome(w, r, layout.Section(""))
	if err != nil {
		return err
	}
	return Render(w, r, http.StatusOK, signin.Resumption(signin.ResumptionProps{Chrome: chrome, To: t.To, Page: t.Page, Fields: components.ParamsOf(t.Fields)}), nil)
}
