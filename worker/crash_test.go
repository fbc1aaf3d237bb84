package worker

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"plexydash/distribution"
	"plexydash/plexyclient/plexytest"
	"plexydash/store"
)

// sendUpTo makes the first steps of an attempt and then drops everything, as a
// killed program does: 1 claim, 2 POST, 3 keep the answer, 4 settle.
func (w *world) sendUpTo(steps int) {
	w.Helper()
	s, ctx := w.Sender, context.Background()
	c, err := w.db.Claim(ctx, senderActor(), w.unit.wire)
	require.NoError(w, err)
	if c == nil || steps < 2 {
		return
	}
	r := s.post(ctx, c)
	if steps >= 3 {
		s.keep(ctx, c, r)
	}
	if steps >= 4 {
		s.settle(ctx, c, r)
	}
}

func TestKillAfterEachStep(t *testing.T) {
	for steps, row := range map[int]struct {
		then  distribution.Status // after the next start
		later distribution.Status
		posts int
	}{
		0: {distribution.Queued, distribution.Paid, 1},
		1: {distribution.Unknown, distribution.Unknown, 0}, // nobody knows that nothing was sent
		2: {distribution.Unknown, distribution.Paid, 1},
		3: {distribution.Unknown, distribution.Paid, 1},
		4: {distribution.Accepted, distribution.Paid, 1},
	} {
		t.Run(fmt.Sprint(steps, " steps"), func(t *testing.T) {
			inWorld(t, plexytest.Options{}, func(t *testing.T, w *world) {
				d := w.queue(1)[0]
				if steps > 0 {
					w.sendUpTo(steps)
				}
				w.restart()
				ctx, cancel := context.WithCancel(t.Context())
				cancel()
				require.NoError(t, w.Sender.Run(ctx), "a run that ends at once only recovers")
				now := w.get(d)
				assert.Equal(t, row.then, now.Status)
				if row.then == distribution.Unknown {
					assert.Equal(t, "crash", now.StatusReason)
				}
				w.start()
				w.pass(10 * time.Minute)
				assert.Equal(t, row.later, w.get(d).Status)
				assert.Len(t, w.srv.Posts(), row.posts)
			})
		})
	}
}

// Whatever fails and whenever the program is killed: no reference is posted
// twice, and once Plexy answers again everything that it executed is known.
func TestFaultsAndKillsInAnyOrder(t *testing.T) {
	for seed := range uint64(stormSeeds) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			inWorld(t, plexytest.Options{OmitRecipient: seed%3 == 0, ListLag: time.Duration(seed%4) * time.Minute}, func(t *testing.T, w *world) {
				(&storm{world: w, rand: rand.New(rand.NewPCG(seed, 1))}).blow()
			})
		})
	}
}

type storm struct {
	*world
	rand *rand.Rand
	made []distribution.Distribution
}

func (s *storm) blow() {
	s.Helper()
	s.sync()
	for range 20 {
		s.made = append(s.made, s.queue(1+s.rand.IntN(2))...)
		s.gust()
	}
	s.restart()
	s.srv.Heal()
	s.down()
	s.up()
	s.start()
	s.pass(10 * time.Minute)
	for _, d := range s.made { // a person presses "check now"
		if s.get(d).Status == distribution.Unknown {
			require.NoError(s, s.db.LookNow(s.Context(), s.maker, d.ID))
		}
	}
	s.Wake()
	s.pass(3 * time.Minute)
	s.stop()
	s.judge()
}

// gust is one thing that goes wrong.
func (s *storm) gust() {
	s.Helper()
	switch s.rand.IntN(6) {
	case 0, 1:
		s.fail(s.oneOf("create-"), 1+s.rand.IntN(2))
	case 2:
		s.fail(s.oneOf("read-"), 1+s.rand.IntN(6))
	case 3:
		s.sendUpTo(1 + s.rand.IntN(4))
		s.restart()
		return
	case 4:
		s.down()
		defer s.up()
	}
	s.start()
	s.pass(time.Duration(s.rand.IntN(60)) * time.Second)
	s.stop()
}

func (s *storm) oneOf(prefix string) plexytest.Fault {
	all := plexytest.Faults()
	for {
		f := all[s.rand.IntN(len(all))]
		if len(f) > len(prefix) && string(f[:len(prefix)]) == prefix {
			return f
		}
	}
}

func (s *storm) judge() {
	s.Helper()
	posts := map[string]int{}
	for _, p := range s.srv.Posts() {
		posts[p.OrderReference]++
	}
	for _, d := range s.made {
		now, executed := s.get(d), s.srv.Executed(d.OrderReference)
		what := fmt.Sprintf("%s %s (%s), executed %d times", d.OrderReference, now.Status, now.StatusReason, executed)
		assert.LessOrEqual(s, posts[d.OrderReference], 1, "posted twice: %s", what)
		switch {
		case executed == 1 && now.StatusReason != "differs":
			assert.Equal(s, distribution.Paid, now.Status, what)
		case executed == 1:
			assert.Equal(s, distribution.Mismatch, now.Status, what)
		default:
			assert.Contains(s, []distribution.Status{distribution.Refused, distribution.Unknown}, now.Status, what)
		}
	}
	twins, err := s.db.Totals(s.Context(), store.Filter{Origin: distribution.FromPlexy, Sort: "created"})
	require.NoError(s, err)
	assert.Zero(s, twins.Count, "a distribution of ours was taken for another's")
}
