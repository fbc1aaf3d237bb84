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
