package worker

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"plexydash/distribution"
	"plexydash/plexyclient/plexytest"
)

// weather is what Plexy does for a while.
type weather struct {
	create, read plexytest.Fault // read empty: reads are good
	lasts        time.Duration
}

// Ten minutes in which Plexy takes no distribution, and many that wait. While
// reads are good only the pace holds the sender back; when they fail nothing is
// even tried. Afterwards the rest goes, each once, in the order of the queue.
func TestOutage(t *testing.T) {
	const long = 10 * time.Minute
	thirds := func(read func(weather) plexytest.Fault) []weather {
		all := []weather{
			{create: plexytest.CreateHTML502Before, read: plexytest.ReadHTML502, lasts: long / 3},
			{create: plexytest.Create429, read: plexytest.Read429, lasts: long / 3},
			{create: plexytest.CreateHangBefore, read: plexytest.ReadHang, lasts: long / 3},
		}
		for i := range all {
			all[i].read = read(all[i])
		}
		return all
	}
	const few = outageRows / 5
	for name, row := range map[string]struct {
		rows        int
		weather     []weather
		mostUnknown int
	}{
		"502, reads up":                      {few, []weather{{create: plexytest.CreateHTML502Before, lasts: long}}, 20},
		"429, reads up":                      {few, []weather{{create: plexytest.Create429, lasts: long}}, 20},
		"silence, reads up":                  {few, []weather{{create: plexytest.CreateHangBefore, lasts: long}}, 20},
		"one after the other, reads up":      {outageRows, thirds(func(weather) plexytest.Fault { return "" }), 20},
		"502, reads down":                    {few, []weather{{plexytest.CreateHTML502Before, plexytest.ReadHTML502, long}}, 0},
		"429, reads down":                    {few, []weather{{plexytest.Create429, plexytest.Read429, long}}, 0},
		"silence, reads down":                {few, []weather{{plexytest.CreateHangBefore, plexytest.ReadHang, long}}, 0},
		"one after the other and reads down": {outageRows, thirds(func(w weather) plexytest.Fault { return w.read }), 0},
	} {
		inWorldOf(t, name, plexytest.Options{}, func(t *testing.T, w *world) {
			w.start()
			w.pass(time.Minute)
			if row.mostUnknown == 0 { // the outage of reads has been noticed
				w.fail(row.weather[0].read, -1)
				w.pass(2*time.Minute + time.Second)
			}
			made := w.queue(row.rows)
			w.Wake()
			for _, now := range row.weather {
				w.srv.Heal()
				w.fail(now.create, -1)
				if now.read != "" {
					w.fail(now.read, -1)
				}
				w.pass(now.lasts)
			}
			w.srv.Heal()
			w.pass(10 * time.Minute)
			unknown := w.count(distribution.Unknown)
			t.Logf("%s: %d of %d unknown", name, unknown, len(made))
			assert.LessOrEqual(t, unknown, row.mostUnknown)
			w.allSentOnceInOrder(made, unknown)
		})
	}
}

// allSentOnceInOrder wants all paid but those that were tried in the outage.
func (w *world) allSentOnceInOrder(made []distribution.Distribution, unknown int) {
	w.Helper()
	assert.Equal(w, len(made)-unknown, w.count(distribution.Paid))
	var posted, queued []string
	for _, p := range w.srv.Posts() {
		posted = append(posted, p.OrderReference)
	}
	for _, d := range made {
		queued = append(queued, d.OrderReference)
	}
	assert.Equal(w, queued, posted, "each once, in the order of the queue")
}
