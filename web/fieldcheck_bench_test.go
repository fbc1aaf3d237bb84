package web_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"plexydash/distribution"
	"plexydash/store/storetest"
)

// BenchmarkFieldCheck is what the server does when somebody leaves a field: the
// whole router, session and all, over a filled form and a recipient who was paid
// before. It has to stay under 5 ms.
func BenchmarkFieldCheck(b *testing.B) {
	s := newSite(b)
	maker := s.person(distribution.Accountant)
	for i := range 50 {
		storetest.Accepted(b, s.db, maker, fmt.Sprintf("plx-%d", i), func(f *distribution.Form) {
			f.OrderReference, f.Purpose = "", fmt.Sprintf("Оплата по договору № %d от 12.01.2026", 1000+i)
		})
	}
	v := with(filled(s.token(maker)), "orderReference", "")
	cookie := s.cookieOf(maker)
	for b.Loop() {
		rec := httptest.NewRecorder()
		s.ServeHTTP(rec, s.build(request{
			url: "/distributions/checks", form: v, partial: true, cookies: []*http.Cookie{cookie},
			header: map[string]string{"HX-Source": "input#recipient-iban"},
		}))
		if rec.Code != http.StatusOK {
			b.Fatal(rec.Code, rec.Body.String())
		}
	}
}
