package distribution

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// documentedForm is the create form filled with the example of the API's page.
func documentedForm() Form {
	return Form{
		OrderReference: "DIST-100001",
		Amount:         "150000",
		Currency:       "KZT",
		Name:           "TOO Credit Partner",
		BIN:            "123456789012",
		IBAN:           "KZ86125KZT5004100100",
		BIC:            "KCJBKZKX",
		KBe:            "17",
		KNP:            "119",
		Purpose:        "Распределение средств по договору 123",
	}
}

func documentedContent(t testing.TB) Content {
	t.Helper()
	c, errs := documentedForm().Parse()
	require.Empty(t, errs)
	return c
}

func person(id string, r Role) Actor {
	return Actor{Person: Person{ID: id, Email: id + "@example.kz", Name: strings.ToUpper(id)}, Role: r}
}

func maker() Actor     { return person("maker", Accountant) }
func colleague() Actor { return person("colleague", Accountant) }
func boss() Actor      { return person("boss", Manager) }
func boss2() Actor     { return person("boss2", Manager) }
func auditor() Actor   { return person("auditor", Auditor) }
func admin() Actor     { return person("admin", Admin) }

func noApproval() Policy   { return Policy{} }
func oneApproval() Policy  { return Policy{Steps: []PolicyStep{{From: 1, Approvals: 1}}} }
func twoApprovals() Policy { return Policy{Steps: []PolicyStep{{From: 1, Approvals: 2}}} }

func noon() time.Time { return time.Date(2026, 11, 23, 7, 0, 0, 0, time.UTC) }

// standing is the maker's documented example in the state, as submitted; its first
// attempt is made where the state says that there was one.
func standing(t testing.TB, s Status) *Distribution {
	t.Helper()
	d := &Distribution{
		ID: "01936f7e-0000-7000-8000-000000000001", Content: documentedContent(t),
		Status: s, Origin: FromDashboard, CreatedBy: maker().Person,
		StatusReason: "earlier", StatusNote: "as it was",
		PlexyID: "P-1", PlexyStatus: "paid",
		UnknownSince: noon().Add(-time.Hour), NextTryAt: noon(),
		SubmittedAt: noon(), CreatedAt: noon(), UpdatedAt: noon(),
	}
	if !slices.Contains([]Status{Draft, AwaitingApproval, Declined, Queued, Cancelled}, s) {
		d.Attempts = 1
	}
	d.SubmittedHash = Hash(d)
	return d
}

// resent is one that was not found and is queued again.
func resent(t testing.TB) *Distribution {
	t.Helper()
	d := standing(t, Queued)
	d.Attempts = 1
	return d
}

// answered is what Plexy says of the same payment.
func answered(d *Distribution, word string) Remote {
	return Remote{
		PlexyID: "P-1", OrderReference: d.OrderReference, Amount: d.Amount, Currency: d.Currency,
		Recipient: d.Recipient.Text(), PaymentPurpose: d.PaymentPurpose, Word: word,
	}
}

func tiyn(a Amount) *Amount { return &a }

// codeOf is the code of a *Reason or *Refusal; it is empty without an error.
func codeOf(t testing.TB, err error) string {
	t.Helper()
	if err == nil {
		return ""
	}
	if r, ok := errors.AsType[*Reason](err); ok {
		return r.Code
	}
	r, ok := errors.AsType[*Refusal](err)
	require.True(t, ok, "an error without a code: %v", err)
	return r.Code
}

// argsOf is the arguments that the message of the error is filled with.
func argsOf(t testing.TB, err error) map[string]string {
	t.Helper()
	r, ok := errors.AsType[*Reason](err)
	require.True(t, ok, "not a reason: %v", err)
	return r.Args
}

func sortedKeys[K ~string, V any](m map[K]V) []K { return slices.Sorted(maps.Keys(m)) }

func embeddedBanks() (Banks, error) {
	all, err := EmbeddedTables()
	return all.Banks, err
}
