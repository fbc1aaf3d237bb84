package main

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/stretchr/testify/require"
)

// visitor is a browser without scripts: links, forms, cookies and redirects.
type visitor struct {
	t      *testing.T
	base   string
	client *http.Client
}

// visit begins in Russian and signed out.
func visit(t *testing.T, p *program) *visitor {
	t.Helper()
	jar, err := cookiejar.New(nil)
	require.NoError(t, err)
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	return &visitor{t: t, base: p.URL, client: &http.Client{Jar: jar, Transport: transport, Timeout: patience}}
}

func (v *visitor) signIn(email string) *visitor {
	v.t.Helper()
	v.signInWith(email, demoPassword)
	return v
}

func (v *visitor) signInWith(email, password string) *answer {
	v.t.Helper()
	return v.get("/login").submit("Войти", url.Values{"email": {email}, "password": {password}})
}

// answer is a page or a file. A path that was redirected is the last one.
type answer struct {
	*goquery.Document
	by     *visitor
	Status int
	Path   string
	Header http.Header
	Body   string
}

func (v *visitor) get(path string) *answer {
	v.t.Helper()
	return v.do(http.MethodGet, path, nil)
}

func (v *visitor) post(path string, fields url.Values) *answer {
	v.t.Helper()
	return v.do(http.MethodPost, path, fields)
}

func (v *visitor) do(method, path string, fields url.Values) *answer {
	v.t.Helper()
	request, err := http.NewRequestWithContext(v.t.Context(), method, v.base+path, strings.NewReader(fields.Encode()))
	require.NoError(v.t, err)
	request.Header.Set("Accept-Language", "ru")
	if method == http.MethodPost {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	response, err := v.client.Do(request)
	require.NoError(v.t, err)
	defer func() { require.NoError(v.t, response.Body.Close()) }()
	body, err := io.ReadAll(response.Body)
	require.NoError(v.t, err)
	document, err := goquery.NewDocumentFromReader(strings.NewReader(string(body)))
	require.NoError(v.t, err)
	return &answer{
		Document: document, by: v, Status: response.StatusCode, Path: response.Request.URL.RequestURI(),
		Header: response.Header, Body: string(body),
	}
}

// first is the first element that matches; there must be one.
func (p *answer) first(selector string) *goquery.Selection {
	p.by.t.Helper()
	found := p.Find(selector).First()
	require.NotEmptyf(p.by.t, found.Nodes, "%s has no %s:\n%s", p.Path, selector, p.text("main"))
	return found
}

// text is what people read in the elements, with plain single spaces.
func (p *answer) text(selector string) string { return plainSpaces(p.Find(selector).Text()) }

func plainSpaces(text string) string { return strings.Join(strings.Fields(text), " ") }

// submit presses the button of this text in its form, after filling in fields
// by name. A field that the form does not have is an error.
func (p *answer) submit(button string, fields url.Values) *answer {
	p.by.t.Helper()
	pressed := p.Find("button").FilterFunction(func(_ int, s *goquery.Selection) bool {
		return plainSpaces(s.Text()) == button && s.AttrOr("type", "submit") == "submit"
	}).First()
	form := pressed.Closest("form")
	require.NotEmptyf(p.by.t, form.Nodes, "%s has no form with the button %q:\n%s", p.Path, button, p.text("main"))
	values := fieldsOf(form)
	for name, filled := range fields {
		require.NotEmptyf(p.by.t, form.Find(`[name="`+name+`"]`).Nodes, "the form of %s has no field %s", p.Path, name)
		values[name] = filled
	}
	if name, ok := pressed.Attr("name"); ok {
		values.Set(name, pressed.AttrOr("value", ""))
	}
	if form.AttrOr("method", "get") == "get" {
		return p.by.get(form.AttrOr("action", "") + "?" + values.Encode())
	}
	return p.by.post(form.AttrOr("action", ""), values)
}

// fieldsOf is what a browser sends for the form as it stands.
func fieldsOf(form *goquery.Selection) url.Values {
	values := url.Values{}
	form.Find("input, textarea, select").Each(func(_ int, s *goquery.Selection) {
		name, value := s.AttrOr("name", ""), s.AttrOr("value", "")
		_, checked := s.Attr("checked")
		if owner, other := s.Attr("form"); other && owner != form.AttrOr("id", "") {
			return // it stands here and belongs to another form
		}
		switch {
		case name == "", s.AttrOr("type", "") == "checkbox" && !checked:
			return
		case goquery.NodeName(s) == "textarea":
			value = s.Text()
		case goquery.NodeName(s) == "select":
			value = s.Find("option[selected]").AttrOr("value", "")
		}
		values.Add(name, value)
	})
	return values
}

// fields are those of the form.
func (x example) fields() url.Values {
	return url.Values{
		"orderReference": {x.Reference}, "amount": {x.Amount}, "recipient.name": {x.Name}, "recipient.bin": {x.BIN},
		"recipient.iban": {x.IBAN}, "recipient.bic": {x.BIC}, "recipient.kbe": {x.KBe}, "recipient.knp": {x.KNP},
		"paymentPurpose": {x.Purpose},
	}
}

// draft saves the payment, with its warnings ticked, and returns the review.
func (v *visitor) draft(x example) *answer {
	v.t.Helper()
	review := v.get("/distributions/new").submit("Проверить", x.fields())
	if review.Status == http.StatusUnprocessableEntity {
		review = review.submit("Проверить", url.Values{"confirm": ticksOf(review)})
	}
	require.Contains(v.t, review.text("h1"), "Проверка перед отправкой")
	return review
}

// ticksOf are the codes of the warnings on a form.
func ticksOf(form *answer) []string {
	codes := form.Find("input[name=confirm]").Map(func(_ int, s *goquery.Selection) string { return s.AttrOr("value", "") })
	slices.Sort(codes)
	return codes
}
