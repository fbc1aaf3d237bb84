package distribution

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestApprovalsOfPolicy(t *testing.T) {
	p := Policy{Steps: []PolicyStep{{From: 100_000_00, Approvals: 1}, {From: 5_000_000_00, Approvals: 2}}}
	for amount, want := range map[Amount]int{
		1: 0, 99_999_99: 0, 100_000_00: 1, 4_999_999_99: 1, 5_000_000_00: 2, MaxAmount: 2,
	} {
		assert.Equal(t, want, p.Approvals(amount), amount)
		assert.Zero(t, Policy{Peers: true}.Approvals(amount))
	}
}

func TestDefaultPolicy(t *testing.T) {
	p := DefaultPolicy()
	assert.True(t, p.Valid())
	assert.False(t, p.MayDecide(Accountant))
	for amount, want := range map[Amount]int{999_999_99: 0, 1_000_000_00: 1, 9_999_999_99: 1, 10_000_000_00: 2} {
		assert.Equal(t, want, p.Approvals(amount), amount)
	}
}

func TestValidPolicy(t *testing.T) {
	steps := func(s ...PolicyStep) Policy { return Policy{Steps: s} }
	for name, row := range map[string]struct {
		policy Policy
		want   bool
	}{
		"none":               {Policy{}, true},
		"from nothing":       {steps(PolicyStep{0, 1}), true},
		"ascending":          {steps(PolicyStep{1, 1}, PolicyStep{2, 5}), true},
		"none from there on": {steps(PolicyStep{1, 1}, PolicyStep{2, 0}), true},
		"equal":              {steps(PolicyStep{2, 1}, PolicyStep{2, 2}), false},
		"descending":         {steps(PolicyStep{2, 1}, PolicyStep{1, 2}), false},
		"below zero":         {steps(PolicyStep{-1, 1}), false},
		"too many people":    {steps(PolicyStep{1, 6}), false},
		"fewer than none":    {steps(PolicyStep{1, -1}), false},
		"limit below zero":   {Policy{LimitEach: -1}, false},
		"day below zero":     {Policy{LimitDay: -1}, false},
	} {
		assert.Equal(t, row.want, row.policy.Valid(), name)
	}
}

func TestDecidersOfPolicy(t *testing.T) {
	people := map[Role]int{Accountant: 3, Manager: 2, Admin: 4, Auditor: 1}
	assert.Equal(t, 2, Policy{}.Deciders(people))
	assert.Equal(t, 4, Policy{Peers: true}.Deciders(people), "the maker is one of the accountants")
	assert.Equal(t, 0, Policy{Peers: true}.Deciders(nil))
	for role, want := range map[Role][2]bool{Manager: {true, true}, Accountant: {false, true}, Auditor: {}, Admin: {}, "": {}} {
		assert.Equal(t, want, [2]bool{Policy{}.MayDecide(role), Policy{Peers: true}.MayDecide(role)}, role)
	}
}

func TestLimitOfEach(t *testing.T) {
	for _, row := range []struct {
		limit, amount Amount
		want          bool
	}{
		{0, MaxAmount, true},
		{100, 99, true},
		{100, 100, true},
		{100, 101, false},
		{MaxAmount, MaxAmount, true},
	} {
		assert.Equal(t, row.want, Policy{LimitEach: row.limit}.Within(row.amount), "%+v", row)
	}
}

func TestLimitOfTheDay(t *testing.T) {
	for _, row := range []struct {
		limit, sent, amount Amount
		want                bool
	}{
		{0, MaxAmount, MaxAmount, true},
		{100, 0, 100, true},
		{100, 0, 101, false},
		{100, 99, 1, true},
		{100, 99, 2, false},
		{100, 100, 1, false},
		{100, 250, 1, false}, // the limit was lowered during the day
		{MaxAmount, MaxAmount - 1, 1, true},
	} {
		assert.Equal(t, row.want, Policy{LimitDay: row.limit}.WithinDay(row.sent, row.amount), "%+v", row)
	}
}

func TestUnitOff(t *testing.T) {
	for _, row := range []struct {
		told, want Amount
		off        bool
	}{
		{150_000_00, 150_000_00, false},
		{150_000_00 * 100, 150_000_00, true},
		{150_000, 150_000_00, true},
		{-150_000_00 * 100, -150_000_00, true},
		{-150_000, 150_000_00, false},
		{150_000_00*100 + 1, 150_000_00, false},
		{150_000_00*100 - 1, 150_000_00, false},
		{1, 199, false}, // no hundredth in whole tiyn
		{1, 100, true},
		{1_000, 100, false}, // any other difference is not the unit's
		{10_000 * 100, 100, false},
		{0, 100, false},
		{100, 0, false},
		{0, 0, false},
	} {
		assert.Equal(t, row.off, UnitOff(row.told, row.want), "%+v", row)
	}
}
