package distribution

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestSubmitBindsTheContent(t *testing.T) {
	d := standing(t, Draft)
	d.SubmittedHash = nil
	_, err := d.Submit(maker(), noApproval(), noon())
	require.NoError(t, err)
	assert.Equal(t, Hash(d), d.SubmittedHash)
	assert.Equal(t, noon(), d.QueuedAt)

	d = standing(t, Draft)
	_, err = d.Submit(maker(), oneApproval(), noon())
	require.NoError(t, err)
	assert.Zero(t, d.QueuedAt, "it does not wait for the sender yet")
}

func TestApprovalsAreCounted(t *testing.T) {
	d := standing(t, AwaitingApproval)
	shared := make([]Person, 0, 4)
	d.ApprovedBy = shared
	_, err := d.Approve(boss(), twoApprovals(), Code(d.SubmittedHash), noon())
	require.NoError(t, err)
	assert.Equal(t, AwaitingApproval, d.Status)
	assert.Zero(t, d.QueuedAt)
	assert.Empty(t, shared[:1][0], "the caller's list is not written through")

	_, err = d.Approve(boss2(), twoApprovals(), Code(d.SubmittedHash), noon())
	require.NoError(t, err)
	assert.Equal(t, Queued, d.Status)
	assert.Equal(t, []Person{boss().Person, boss2().Person}, d.ApprovedBy)
	assert.Equal(t, noon(), d.QueuedAt)
}

func TestDecisionsNeedTheCodeOfTheSubmittedContent(t *testing.T) {
	for _, code := range []string{"", "000000", "abcdef"} {
		d := standing(t, AwaitingApproval)
		before := *d
		_, err := d.Approve(boss(), oneApproval(), code, noon())
		assert.ErrorIs(t, err, ErrConflict)
		assert.Equal(t, "code", codeOf(t, err))
		_, err = d.Decline(boss(), oneApproval(), code, "no")
		assert.Equal(t, "code", codeOf(t, err))
		assert.Equal(t, before, *d)
	}
}

func TestDecliningNeedsAReason(t *testing.T) {
	d := standing(t, AwaitingApproval)
	before := *d
	_, err := d.Decline(boss(), oneApproval(), Code(d.SubmittedHash), "")
	assert.Equal(t, "reason", codeOf(t, err))
	assert.Equal(t, before, *d)
}

func TestOnlyOneThatNobodyDecidedOnForSevenDaysExpires(t *testing.T) {
	for _, row := range []struct {
		status Status
		after  time.Duration
		want   bool
	}{
		{AwaitingApproval, ExpireAfter, true},
		{AwaitingApproval, ExpireAfter - time.Microsecond, false},
		{Queued, ExpireAfter, false},
		{Declined, ExpireAfter, false},
	} {
		d := standing(t, row.status)
		_, err := d.Expire(noon().Add(row.after))
		assert.Equal(t, row.want, err == nil, "%+v", row)
	}
}

func TestChangedContentIsNeitherApprovedNorClaimed(t *testing.T) {
	d := standing(t, AwaitingApproval)
	d.Amount++
	_, err := d.Approve(boss(), oneApproval(), Code(d.SubmittedHash), noon())
	require.ErrorIs(t, err, ErrConflict)
	assert.Equal(t, AwaitingApproval, d.Status)

	d.Status = Queued
	_, err = d.Claim()
	require.ErrorIs(t, err, ErrConflict)
	assert.Equal(t, "content", codeOf(t, err))
	assert.Equal(t, Queued, d.Status)
	assert.Zero(t, d.Attempts)
}

func TestGoingBackVoidsApprovals(t *testing.T) {
	for name, back := range map[string]func(d *Distribution) (Event, error){
		"decline": func(d *Distribution) (Event, error) {
			return d.Decline(boss2(), twoApprovals(), Code(d.SubmittedHash), "no")
		},
		"withdraw": func(d *Distribution) (Event, error) { return d.Withdraw(maker()) },
		"expire":   func(d *Distribution) (Event, error) { return d.Expire(noon().Add(ExpireAfter)) },
		"bounce":   func(d *Distribution) (Event, error) { d.Status = Queued; return d.Bounce("policy") },
	} {
		d := standing(t, AwaitingApproval)
		d.ApprovedBy = []Person{boss().Person}
		_, err := back(d)
		require.NoError(t, err, name)
		assert.Empty(t, d.ApprovedBy, name)
		assert.Nil(t, d.SubmittedHash, name)
	}
}
