package distribution

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestParseRole(t *testing.T) {
	for code, want := range map[string]Role{
		"accountant": Accountant, "manager": Manager, "auditor": Auditor, "admin": Admin,
	} {
		got, ok := ParseRole(code)
		assert.True(t, ok)
		assert.Equal(t, want, got)
	}
	for _, code := range []string{"", "Admin", "admin ", "root"} {
		got, ok := ParseRole(code)
		assert.False(t, ok, code)
		assert.Empty(t, got)
	}
	assert.ElementsMatch(t, slices.Collect(maps.Values(constants[Role](t, "Role"))), Roles())
}

func TestActors(t *testing.T) {
	for _, row := range []struct {
		actor        Actor
		id, name     string
		zero, system bool
	}{
		{Actor{}, "", "", true, false},
		{Actor{Role: Admin, Person: Person{Name: "X"}}, "", "X", true, false},
		{maker(), "maker", "MAKER", false, false},
		{System("sender"), "system:sender", "sender", false, true},
		{CLI("root"), "cli:root", "root", false, false},
	} {
		assert.Equal(t, []any{row.id, row.name, row.zero, row.system},
			[]any{row.actor.ID, row.actor.Name, row.actor.IsZero(), row.actor.IsSystem()})
	}
	assert.Empty(t, System("sender").Role)
	assert.Empty(t, CLI("root").Role)
}

func TestErrorsAreTold(t *testing.T) {
	err := FieldErrors{FieldKNP: reason("knp.digits"), FieldAmount: reason("required")}
	assert.EqualError(t, err, "amount: required; recipient.knp: knp.digits")

	refused := fmt.Errorf("store: %w", conflict("state"))
	assert.EqualError(t, refused, "store: state: changed meanwhile")
	assert.ErrorIs(t, refused, ErrConflict)
	assert.NotErrorIs(t, refused, ErrForbidden)
	got, ok := errors.AsType[*Refusal](refused)
	assert.True(t, ok)
	assert.Equal(t, "state", got.Code)
	assert.EqualError(t, reason("iban.length", "Got", "19"), "iban.length")
}

func TestFieldsNamesEveryFieldOnce(t *testing.T) {
	assert.Equal(t, []Field{
		"recipient.name", "recipient.bin", "recipient.kbe", "recipient.iban", "recipient.bic",
		"amount", "currency", "recipient.knp", "paymentPurpose", "orderReference",
	}, Fields())
	assert.ElementsMatch(t, slices.Collect(maps.Values(constants[Field](t, "Field"))), Fields())
}
