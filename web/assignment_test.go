package web_test

import (
	"maps"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"plexydash/distribution"
)

// sender is who comes through with the form that the matrix sends.
func (e expectation) sender(maker, manager, auditor, admin distribution.Actor) distribution.Actor {
	switch {
	case e.own != http.StatusForbidden:
		return maker
	case e.manager != http.StatusForbidden:
		return manager
	case e.admin != http.StatusForbidden:
		return admin
	}
	return auditor
}

// Nothing can be assigned that the page does not ask for: a form that is good
// but for one field more, one field twice, a field in the address or another
// kind of body is refused whole, is logged, and changes nothing.
func TestNothingMoreThanAskedCanBeSent(t *testing.T) {
	catalog, assets := shared(t)
	for route, e := range matrix() {
		path, isPost := strings.CutPrefix(route, http.MethodPost+" ")
		if !isPost {
			continue
		}
		t.Run(path, func(t *testing.T) {
			s := newSite(t, func(d *deps) { d.web.Catalog, d.web.Assets = catalog, assets })
			maker, manager := s.person(distribution.Accountant), s.person(distribution.Manager)
			as := e.sender(maker, manager, s.person(distribution.Auditor), s.person(distribution.Admin))
			s.cookieOf(as)
			id, form := "", maps.Clone(e.form)
			if e.thing != nil {
				id = e.thing(t, s, maker)
			}
			address := strings.Replace(path, "{id}", id, 1)
			if path == "/distributions" || form.Has("formToken") {
				form = filled(s.token(maker))
			}
			before, refused := s.state("signin_failures"), strings.Count(s.log.String(), `"msg":"request failed"`)
			bad := polluted(address, form)
			for what, r := range bad {
				r.as, r.method = as, http.MethodPost
				assert.Equal(t, http.StatusBadRequest, s.do(r).Code, what)
			}
			assert.Equal(t, refused+len(bad), strings.Count(s.log.String(), `"msg":"request failed"`), "each is logged")
			assert.Equal(t, before, s.state("signin_failures"), "nothing changed")
		})
	}
}

// polluted are ways to send more than the form.
func polluted(address string, form url.Values) map[string]request {
	bad := map[string]request{
		"JSON":      {url: address, body: `{"state":"queued","amountMinor":1}`, header: map[string]string{"Content-Type": "application/json"}},
		"multipart": {url: address, body: "--x\r\nContent-Disposition: form-data; name=\"id\"\r\n\r\n1\r\n--x--", header: map[string]string{"Content-Type": "multipart/form-data; boundary=x"}},
		"address":   {url: address + "?state=queued", form: form},
		"semicolon": {url: address, body: form.Encode() + ";status=paid"},
	}
	for _, name := range []string{
		"state", "status", "approvedBy", "amountMinor", "createdBy", "created_by", "id", "version", "dup_no", "dupNo", "origin", "role", "actor", "plexyStatus", "_method",
	} {
		if !belongs(address, name) {
			bad["field "+name] = request{url: address, form: with(maps.Clone(form), name, "1")}
		}
		bad["parameter "+name] = request{url: address + "?" + name + "=1", form: form}
	}
	for name := range form {
		if name != "confirm" && name != "status" && name != "item" { // which a form may repeat
			bad["repeated "+name] = request{url: address, form: with(maps.Clone(form), name, form.Get(name), form.Get(name))}
		}
		bad["in the address "+name] = request{url: address + "?" + url.Values{name: form[name]}.Encode(), form: with(maps.Clone(form), name)}
	}
	return bad
}

// belongs reports that the form has a field of such a name.
func belongs(address, name string) bool {
	switch {
	case address == "/settings/sending":
		return name == "state"
	case address == "/exports":
		return name == "status" || name == "origin"
	case address == "/users", strings.HasPrefix(address, "/users/") && strings.HasSuffix(address, "/role"):
		return name == "role"
	}
	return false
}

// What one person was handed is worth nothing to another, and once it is spent,
// nothing to anybody.
func TestTokensOfOthersAndSpentOnes(t *testing.T) {
	s := newSite(t)
	maker, other := s.person(distribution.Accountant), s.person(distribution.Accountant)
	mine := s.token(maker)
	id := s.made(maker, filled(mine))
	at := "/distributions/" + id
	s.cookieOf(other)
	made := s.state("form_tokens")
	assert.Equal(t, id, s.made(maker, filled(mine)), "sent again")
	for name, r := range map[string]request{
		"with another amount":              {as: maker, url: "/distributions", form: with(filled(mine), "amount", "1")},
		"by somebody else":                 {as: other, url: "/distributions", form: filled(mine)},
		"as the form of a change":          {as: maker, url: at + "/edit", form: with(filled(mine), "amount", "1")},
		"as another's change":              {as: other, url: at + "/edit", form: filled(s.token(other))},
		"withdrawn before it is submitted": {as: maker, url: at + "/withdrawal", form: url.Values{}},
		"submitted by somebody else":       {as: other, url: at + "/submission", form: url.Values{}},
		"looked for before it is sent":     {as: maker, url: at + "/resolution", form: url.Values{"kind": {"check"}}},
		"closed before it is sent":         {as: maker, url: at + "/resolution", form: url.Values{"kind": {"close"}, "reason": {"x"}}},
		"sent again before it is sent":     {as: maker, url: at + "/resolution", form: url.Values{"kind": {"resend"}, "reason": {"x"}}},
		"as a copy of one that is not":     {as: maker, url: "/distributions?copy=01900000-0000-7000-8000-000000000000", form: filled(s.token(maker))},
	} {
		t.Run(name, func(t *testing.T) {
			a := s.do(r)
			assert.GreaterOrEqual(t, a.Code, 400)
			assert.Less(t, a.Code, 500)
			assert.Equal(t, made, s.state("form_tokens"))
		})
	}
}

// Steps of a proposal cannot be skipped, swapped or repeated by the wrong one.
func TestStepsOfADecisionInTheWrongOrder(t *testing.T) {
	s := newSite(t)
	maker, manager := s.person(distribution.Accountant), s.person(distribution.Manager)
	id := notFoundOf(t, s, maker)
	dec := s.proposal(manager, distribution.DecideClose, id)
	at := "/proposals/" + dec.ID
	for _, as := range []distribution.Actor{maker, manager} {
		assert.Equal(t, http.StatusForbidden, s.do(request{as: as, url: at + "/confirmation", form: url.Values{}}).Code, "neither its maker nor its proposer")
	}
	require.Equal(t, http.StatusSeeOther, s.do(request{as: manager, url: at + "/withdrawal", form: url.Values{}}).Code)
	second := s.person(distribution.Manager)
	s.cookieOf(second)
	settled := s.state()
	assert.Equal(t, http.StatusConflict, s.do(request{as: second, url: at + "/confirmation", form: url.Values{}}).Code, "taken back")
	assert.Equal(t, http.StatusConflict, s.do(request{as: second, url: at + "/refusal", form: url.Values{"reason": {"нет"}}}).Code, "taken back")
	assert.Equal(t, settled, s.state())
	assert.Equal(t, distribution.NotFound, s.distribution(id).Status)
}
