package distribution

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestNew(t *testing.T) {
	d, e, err := New(maker(), "id-1", documentedContent(t), []string{"bin.check", "bic.bank"}, noon())
	require.NoError(t, err)
	assert.Equal(t, Distribution{
		ID: "id-1", Content: documentedContent(t), Status: Draft, Origin: FromDashboard,
		CreatedBy: maker().Person, CreatedAt: noon(), UpdatedAt: noon(),
		Confirmations: []Confirmation{{"bin.check", maker().Person, noon()}, {"bic.bank", maker().Person, noon()}},
	}, d)
	assert.Equal(t, Event{Kind: EventCreated, To: Draft}, e)

	for _, by := range []Actor{{}, boss(), auditor(), admin(), System("syncer"), CLI("root")} {
		d, e, err := New(by, "id-1", documentedContent(t), nil, noon())
		require.ErrorIs(t, err, ErrForbidden)
		assert.Zero(t, d)
		assert.Zero(t, e)
	}
}

func TestEditReplacesContentAndConfirmations(t *testing.T) {
	d := standing(t, Declined)
	d.ApprovedBy = []Person{boss().Person}
	d.Confirmations = []Confirmation{{"duplicate", maker().Person, noon()}}
	c := documentedContent(t)
	c.Amount, c.PaymentPurpose = 42, "other"
	later := noon().Add(time.Minute)
	_, err := d.Edit(maker(), c, []string{"bin.check"}, later)
	require.NoError(t, err)
	assert.Equal(t, c, d.Content)
	assert.Equal(t, []Confirmation{{"bin.check", maker().Person, later}}, d.Confirmations)
	assert.Empty(t, d.ApprovedBy)
	assert.Nil(t, d.SubmittedHash)
	assert.Empty(t, d.StatusReason)
	assert.Empty(t, d.StatusNote)
}

func TestAnEmptyReferenceLeavesTheOneItHas(t *testing.T) {
	for _, row := range []struct{ typed, want string }{
		{"OTHER-1", "OTHER-1"},
		{"", "DIST-100001"},
	} {
		d := standing(t, Draft)
		c := documentedContent(t)
		c.OrderReference = row.typed
		_, err := d.Edit(maker(), c, nil, noon())
		require.NoError(t, err)
		assert.Equal(t, row.want, d.OrderReference, "%+v", row)
	}
}

// A leave to pay the same once more is for that payment and no other.
func TestEditKeepsTheLeaveOnlyForTheSamePayment(t *testing.T) {
	for name, row := range map[string]struct {
		alter func(c *Content)
		want  int
	}{
		"other spelling of the purpose": {func(c *Content) { c.PaymentPurpose += " ." }, 2},
		"other reference":               {func(c *Content) { c.OrderReference = "OTHER-1" }, 2},
		"other amount":                  {func(c *Content) { c.Amount++ }, 0},
		"other purpose":                 {func(c *Content) { c.PaymentPurpose = "other" }, 0},
	} {
		d := standing(t, Draft)
		_, err := d.Override(2, "a second delivery")
		require.NoError(t, err)
		c := documentedContent(t)
		row.alter(&c)
		_, err = d.Edit(maker(), c, nil, noon())
		require.NoError(t, err)
		assert.Equal(t, row.want, d.DupNo, name)
	}
}
