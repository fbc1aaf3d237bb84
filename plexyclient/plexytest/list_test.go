package plexytest_test

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"plexydash/plexyclient"
	"plexydash/plexyclient/plexytest"
)

// fill adds n distributions made elsewhere, a minute apart; N001 is the oldest.
func fill(t *testing.T, s *plexytest.Server, n int) {
	t.Helper()
	ds := make([]plexytest.Distribution, 0, n)
	for i := range n {
		ds = append(ds, plexytest.Distribution{
			OrderReference: fmt.Sprintf("N%03d", i+1), Amount: 1_00, Status: "paid",
			CreatedAt: time.Now().Add(time.Duration(i-n) * time.Minute),
		})
	}
	_, err := s.Add(ds...)
	require.NoError(t, err)
}

func references(t *testing.T, c *plexyclient.Client, page, size int) []string {
	t.Helper()
	p, err := c.List(t.Context(), page, size)
	require.NoError(t, err)
	refs := []string{}
	for _, d := range p.Items {
		refs = append(refs, d.OrderReference)
	}
	return refs
}

func TestListPages(t *testing.T) {
	for _, envelope := range []plexytest.Envelope{plexytest.EnvelopeData, plexytest.EnvelopeItems} {
		for _, names := range []string{"page,size", "page,pageSize", "page,limit", "offset,limit"} {
			synctest.Test(t, func(t *testing.T) {
				s := newServer(t, plexytest.Options{Envelope: envelope})
				params, err := plexyclient.ParseListParams(names)
				require.NoError(t, err)
				c, err := plexyclient.New(plexyclient.Config{BaseURL: plexytest.BaseURL, Key: "pr_demo", ListParams: params, DialContext: s.Listen().DialContext})
				require.NoError(t, err)
				defer s.Close()
				defer c.Close()
				fill(t, s, 5)
				assert.Equal(t, []string{"N005", "N004"}, references(t, c, 1, 2), "newest first")
				assert.Equal(t, []string{"N003", "N002"}, references(t, c, 2, 2))
				assert.Equal(t, []string{"N001"}, references(t, c, 3, 2))
				assert.Empty(t, references(t, c, 4, 2))
				p, err := c.List(t.Context(), 2, 2)
				require.NoError(t, err)
				assert.Equal(t, []int{2, 2, 5}, []int{p.Page, p.Size, p.Total})
			})
		}
	}
}

func TestListCapsThePageSize(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, c := start(t, plexytest.Options{})
		fill(t, s, 150)
		p, err := c.List(t.Context(), 1, 500)
		require.NoError(t, err)
		assert.Len(t, p.Items, 100)
		assert.Equal(t, 100, p.Size)
		assert.Equal(t, 150, p.Total)
		assert.Len(t, references(t, c, 2, 500), 50)

		status, answer := call(t, s, "GET", "/v1/distributions", "pr_demo", "")
		assert.Equal(t, 200, status)
		assert.Len(t, answer["data"], 50, "nothing asked for")
		for _, query := range []string{"page=0", "page=x", "size=-1", "size=0", "offset=-1"} {
			status, answer := call(t, s, "GET", "/v1/distributions?"+query, "pr_demo", "")
			assert.Equal(t, 400, status, query)
			assert.EqualValues(t, 3, answer["code"])
		}
	})
}

func TestListItems(t *testing.T) {
	for _, omit := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			_, c := start(t, plexytest.Options{Balance: million, OmitRecipient: omit})
			made := c.Create(t.Context(), request("R1", 1_00))
			require.NoError(t, made.Err, "the answer to a create always has the recipient")
			p, err := c.List(t.Context(), 1, 50)
			require.NoError(t, err)
			require.Len(t, p.Items, 1)
			assert.Equal(t, !omit, p.Items[0].HasRecipient)
			assert.Nil(t, p.Items[0].BalanceBefore)
			assert.Nil(t, p.Items[0].BalanceAfter)
			d, _, err := c.Get(t.Context(), made.Distribution.ID)
			require.NoError(t, err)
			assert.True(t, d.HasRecipient)
			assert.NotNil(t, d.BalanceAfter)
		})
	}
}

func TestListOrderWithinAnInstant(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, c := start(t, plexytest.Options{})
		_, err := s.Add(plexytest.Distribution{OrderReference: "A"}, plexytest.Distribution{OrderReference: "B"})
		require.NoError(t, err)
		assert.Equal(t, []string{"B", "A"}, references(t, c, 1, 50), "the later arrival first")
	})
}

func TestListLag(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, c := start(t, plexytest.Options{Balance: million, ListLag: time.Minute})
		fill(t, s, 1)
		made := c.Create(t.Context(), request("R1", 1_00))
		require.NoError(t, made.Err)
		time.Sleep(time.Minute - time.Millisecond)
		p, err := c.List(t.Context(), 1, 50)
		require.NoError(t, err)
		assert.Equal(t, 1, p.Total)
		_, _, err = c.Get(t.Context(), made.Distribution.ID)
		assert.NoError(t, err, "only the list lags")
		time.Sleep(time.Millisecond)
		assert.Equal(t, []string{"R1", "N001"}, references(t, c, 1, 50))
	})
}

func TestFaultsOfTheList(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, c := start(t, plexytest.Options{})
		fill(t, s, 6)

		require.NoError(t, s.Fail(plexytest.ListIgnorePage, 1))
		assert.Equal(t, []string{"N006", "N005"}, references(t, c, 3, 2))
		assert.Equal(t, []string{"N002", "N001"}, references(t, c, 3, 2))

		require.NoError(t, s.Fail(plexytest.List500MidScan, 1))
		_, err := c.Balance(t.Context())
		assert.NoError(t, err)
		assert.Equal(t, []string{"N006", "N005"}, references(t, c, 1, 2), "the first page passes")
		_, err = c.List(t.Context(), 2, 2)
		assert.ErrorContains(t, err, "500")
		assert.Equal(t, []string{"N004", "N003"}, references(t, c, 2, 2))

		require.NoError(t, s.Fail(plexytest.ListShift, 1))
		assert.Equal(t, []string{"N006", "N005"}, references(t, c, 1, 2))
		assert.Equal(t, []string{"N005", "N004"}, references(t, c, 2, 2), "the rows moved on by one")
		assert.Equal(t, 7, s.Count())
	})
}

func TestHiddenAndRemoved(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, c := start(t, plexytest.Options{})
		fill(t, s, 3)
		id := s.Distributions()[1].ID
		require.NoError(t, s.Hide(id, true))
		assert.Equal(t, []string{"N003", "N001"}, references(t, c, 1, 10))
		_, _, err := c.Get(t.Context(), id)
		require.NoError(t, err, "by its id it is there")
		require.NoError(t, s.Hide(id, false))
		assert.Equal(t, []string{"N003", "N002", "N001"}, references(t, c, 1, 10))

		require.NoError(t, s.Remove(id))
		assert.Equal(t, []string{"N003", "N001"}, references(t, c, 1, 10))
		_, _, err = c.Get(t.Context(), id)
		assert.ErrorContains(t, err, "404")
		assert.Error(t, s.Remove(id))
		assert.Error(t, s.Hide(id, true))
	})
}
