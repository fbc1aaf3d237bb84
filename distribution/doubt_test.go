package distribution

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A restored database does not know what was sent since: from a doubt on, a no
// may be Plexy's word for "I have it already", the settle window begins anew, and
// what stands at Plexy under the reference is ours.
func TestDoubtCountsAsAnAttempt(t *testing.T) {
	d := standing(t, Queued)
	d.Attempts, d.NextTryAt = 0, noon()
	_, err := d.Doubt("restored", noon())
	require.NoError(t, err)
	assert.Equal(t, 1, d.Attempts)
	assert.Equal(t, "restored", d.StatusReason)
	assert.True(t, d.NextTryAt.IsZero())
	assert.True(t, d.Sought())
	assert.False(t, d.Settled(noon().Add(time.Hour-1), time.Hour))
	assert.True(t, d.Settled(noon().Add(time.Hour), time.Hour))

	_, err = d.Miss()
	require.NoError(t, err)
	_, err = d.Resend("", noon())
	require.NoError(t, err)
	_, err = d.Claim()
	require.NoError(t, err)
	e, err := d.Refuse("I have it", noon())
	require.NoError(t, err)
	assert.Equal(t, Unknown, e.To)
}
