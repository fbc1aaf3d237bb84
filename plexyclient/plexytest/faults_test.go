package plexytest_test

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"plexydash/plexyclient"
	"plexydash/plexyclient/plexytest"
)

func TestFaultsOfACreate(t *testing.T) {
	const (
		unknown = plexyclient.OutcomeUnknown
		refused = plexyclient.OutcomeRefused
		ok      = plexyclient.OutcomeOK
	)
	rows := map[plexytest.Fault]struct {
		outcome  plexyclient.Outcome
		status   int // seen by the client, 0 for none
		executed int
		took     time.Duration
	}{
		plexytest.CreateRefused:       {refused, 422, 0, 0},
		plexytest.CreateUnauthorized:  {refused, 401, 0, 0},
		plexytest.Create500Before:     {unknown, 500, 0, 0},
		plexytest.Create500After:      {unknown, 500, 1, 0},
		plexytest.CreateHangBefore:    {unknown, 0, 0, 30 * time.Second},
		plexytest.CreateHangAfter:     {unknown, 0, 1, 30 * time.Second},
		plexytest.CreateResetBefore:   {unknown, 0, 0, 0},
		plexytest.CreateResetAfter:    {unknown, 0, 1, 0},
		plexytest.CreateCutJSON:       {unknown, 201, 1, 0},
		plexytest.CreateWrongAmount:   {plexyclient.OutcomeDiffers, 201, 1, 0},
		plexytest.CreateOtherRef:      {unknown, 201, 1, 0},
		plexytest.CreateWithoutID:     {unknown, 201, 1, 0},
		plexytest.CreateHTML502Before: {unknown, 502, 0, 0},
		plexytest.CreateHTML502After:  {unknown, 502, 1, 0},
		plexytest.CreateHTML200:       {unknown, 200, 0, 0},
		plexytest.CreateRedirect307:   {unknown, 307, 0, 0},
		plexytest.CreateRedirect308:   {unknown, 308, 0, 0},
		plexytest.Create429:           {unknown, 429, 0, 0},
		plexytest.Create503:           {unknown, 503, 0, 0},
		plexytest.Create409After:      {unknown, 409, 1, 0},
		plexytest.CreateExistsAfter:   {unknown, 422, 1, 0},
		plexytest.CreateSlow:          {ok, 201, 1, 5 * time.Second},
		plexytest.CreateLate:          {unknown, 0, 0, 30 * time.Second},
	}
	for _, fault := range plexytest.Faults() {
		if fault[:6] != "create" {
			continue
		}
		row, ok := rows[fault]
		require.True(t, ok, "%s has no row", fault)
		t.Run(string(fault), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s, c := start(t, plexytest.Options{Balance: million})
				require.NoError(t, s.Fail(fault, 1))
				begin := time.Now()
				result := c.Create(t.Context(), request("R1", 100_00))
				assert.Equal(t, row.outcome, result.Outcome, "%v", result.Err)
				assert.Equal(t, row.status, result.Answer.Status)
				assert.Equal(t, row.took, time.Since(begin))
				assert.Equal(t, row.executed, s.Executed("R1"))
				assert.EqualValues(t, million-int64(row.executed)*100_00, s.Balance())
				require.Len(t, s.Posts(), 1, "one POST, whatever happens")
				want, err := request("R1", 100_00).Body()
				require.NoError(t, err)
				post := s.Posts()[0]
				assert.Equal(t, string(want), post.Body)
				assert.Equal(t, "R1", post.OrderReference)
				assert.Equal(t, row.status, post.Status)

				next := c.Create(t.Context(), request("R2", 100_00))
				assert.Equal(t, plexyclient.OutcomeOK, next.Outcome, "the fault strikes once")
			})
		})
	}
}

func TestRetryAfterIsSent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, c := start(t, plexytest.Options{Balance: million})
		for _, fault := range []plexytest.Fault{plexytest.Create429, plexytest.Create503} {
			require.NoError(t, s.Fail(fault, 1))
			assert.Equal(t, 30*time.Second, c.Create(t.Context(), request("R1", 1_00)).RetryAfter)
		}
		for _, fault := range []plexytest.Fault{plexytest.Read429, plexytest.Read503} {
			require.NoError(t, s.Fail(fault, 1))
			_, err := c.Balance(t.Context())
			assert.Equal(t, 30*time.Second, plexyclient.RetryAfter(err))
		}
	})
}

func TestLateExecution(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, c := start(t, plexytest.Options{Balance: million})
		require.NoError(t, s.FailAfter(plexytest.CreateLate, 1, 23*time.Hour))
		begin := time.Now()
		result := c.Create(t.Context(), request("R1", 100_00))
		assert.Equal(t, plexyclient.OutcomeUnknown, result.Outcome)

		time.Sleep(time.Until(begin.Add(23*time.Hour - time.Millisecond)))
		page, err := c.List(t.Context(), 1, 50)
		require.NoError(t, err)
		assert.Empty(t, page.Items)
		assert.Zero(t, s.Executed("R1"))

		time.Sleep(time.Millisecond)
		page, err = c.List(t.Context(), 1, 50)
		require.NoError(t, err)
		require.Len(t, page.Items, 1)
		assert.Equal(t, "R1", page.Items[0].OrderReference)
		assert.Equal(t, begin.Add(23*time.Hour).UTC(), page.Items[0].CreatedAt)
		assert.Equal(t, 1, s.Executed("R1"))
		assert.EqualValues(t, million-100_00, s.Balance())
	})
}

func TestLateExecutionOfAReferenceSentAgain(t *testing.T) {
	for policy, executed := range map[plexytest.DuplicatePolicy]int{plexytest.DuplicateRefuse: 1, plexytest.DuplicateCreate: 2} {
		synctest.Test(t, func(t *testing.T) {
			s, c := start(t, plexytest.Options{Balance: million, Duplicates: policy})
			require.NoError(t, s.Fail(plexytest.CreateLate, 1))
			require.Equal(t, plexyclient.OutcomeUnknown, c.Create(t.Context(), request("R1", 1_00)).Outcome)
			require.Equal(t, plexyclient.OutcomeOK, c.Create(t.Context(), request("R1", 1_00)).Outcome)
			assert.Equal(t, 1, s.Executed("R1"))
			time.Sleep(time.Hour)
			assert.Equal(t, executed, s.Executed("R1"))
		})
	}
}

func TestFaultsOfARead(t *testing.T) {
	calls := map[string]func(*testing.T, *plexyclient.Client, string) error{
		"list": func(t *testing.T, c *plexyclient.Client, _ string) error {
			_, err := c.List(t.Context(), 1, 50)
			return err
		},
		"detail": func(t *testing.T, c *plexyclient.Client, id string) error {
			_, _, err := c.Get(t.Context(), id)
			return err
		},
		"balance": func(t *testing.T, c *plexyclient.Client, _ string) error {
			_, err := c.Balance(t.Context())
			return err
		},
	}
	rows := map[plexytest.Fault]struct {
		kind error
		took time.Duration
	}{
		plexytest.ReadUnauthorized: {&plexyclient.APIError{Status: 401}, 0},
		plexytest.Read500:          {&plexyclient.APIError{Status: 500}, 0},
		plexytest.ReadHTML502:      {&plexyclient.APIError{Status: 502}, 0},
		plexytest.ReadHTML200:      {&plexyclient.DecodeError{}, 0},
		plexytest.ReadHang:         {&plexyclient.TransportError{}, 30 * time.Second},
		plexytest.ReadReset:        {&plexyclient.TransportError{}, 0},
		plexytest.ReadCutJSON:      {&plexyclient.DecodeError{}, 0},
		plexytest.Read429:          {&plexyclient.APIError{Status: 429}, 0},
		plexytest.Read503:          {&plexyclient.APIError{Status: 503}, 0},
		plexytest.ReadSlow:         {nil, 5 * time.Second},
	}
	for _, fault := range plexytest.Faults() {
		if fault[:4] != "read" {
			continue
		}
		row, ok := rows[fault]
		require.True(t, ok, "%s has no row", fault)
		for name, call := range calls {
			t.Run(string(fault)+" "+name, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					s, c := start(t, plexytest.Options{})
					added, err := s.Add(plexytest.Distribution{OrderReference: "R1", Amount: 1_00})
					require.NoError(t, err)
					require.NoError(t, s.Fail(fault, 1))
					begin := time.Now()
					err = call(t, c, added[0].ID)
					assert.Equal(t, row.took, time.Since(begin))
					assert.IsType(t, row.kind, err)
					if want, is := errors.AsType[*plexyclient.APIError](row.kind); is {
						got, _ := errors.AsType[*plexyclient.APIError](err)
						assert.Equal(t, want.Status, got.Status)
						assert.Equal(t, want.Status == 401, plexyclient.Unauthorized(err))
					}
					assert.NoError(t, call(t, c, added[0].ID), "the fault strikes once")
				})
			})
		}
	}
}

func TestScriptOfFaults(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, c := start(t, plexytest.Options{Balance: million})
		require.NoError(t, s.Fail(plexytest.Create500Before, 2))
		require.NoError(t, s.Fail(plexytest.CreateRefused, 1))
		require.NoError(t, s.Fail(plexytest.Read500, 1))
		status := func() int { return c.Create(t.Context(), request("R1", 1_00)).Answer.Status }
		assert.Equal(t, []int{500, 500, 422, 201}, []int{status(), status(), status(), status()}, "in the order scripted")
		_, err := c.Balance(t.Context())
		assert.Error(t, err, "creates use up no fault of reads")

		require.NoError(t, s.Fail(plexytest.Read503, -1))
		for range 5 {
			_, err := c.Balance(t.Context())
			assert.Error(t, err)
		}
		s.Heal()
		_, err = c.Balance(t.Context())
		assert.NoError(t, err)
		assert.Error(t, s.Fail("no-such-fault", 1))
	})
}
