package worker

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"plexydash/distribution"
	"plexydash/plexyclient"
	"plexydash/plexyclient/plexytest"
	"plexydash/store"
)

func TestConfigIsChecked(t *testing.T) {
	good := Config{
		DB: &store.DB{}, Plexy: &plexyclient.Client{}, Unit: Major, SyncEvery: time.Second, SettleWindow: time.Hour, ExportDir: "x", Log: slog.New(slog.DiscardHandler),
	}
	_, err := New(good)
	require.NoError(t, err)
	for name, spoil := range map[string]func(*Config){
		"database": func(c *Config) { c.DB = nil },
		"client":   func(c *Config) { c.Plexy = nil },
		"unit":     func(c *Config) { c.Unit = "" },
		"interval": func(c *Config) { c.SyncEvery = time.Second - 1 },
		"window":   func(c *Config) { c.SettleWindow = 0 },
		"folder":   func(c *Config) { c.ExportDir = "" },
		"log":      func(c *Config) { c.Log = nil },
	} {
		c := good
		spoil(&c)
		_, err := New(c)
		assert.Error(t, err, name)
	}
}

// From the press of a button to paid, all workers together, and a stop that
// leaves nothing running.
func TestAllTogether(t *testing.T) {
	inWorld(t, plexytest.Options{}, func(t *testing.T, w *world) {
		w.start()
		w.pass(time.Minute)
		d := w.queue(1)[0]
		w.Wake()
		w.pass(time.Millisecond)
		assert.Equal(t, distribution.Accepted, w.get(d).Status)
		w.pass(time.Minute)
		assert.Equal(t, distribution.Paid, w.get(d).Status)
		began := time.Now()
		w.stop()
		assert.Zero(t, time.Since(began))
	})
}

func TestStopDuringARead(t *testing.T) {
	inWorld(t, plexytest.Options{}, func(t *testing.T, w *world) {
		w.fail(plexytest.ReadHang, -1)
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error)
		go func() { done <- w.Syncer.Run(ctx) }()
		w.pass(time.Second)
		cancel()
		require.NoError(t, <-done)
		assert.Empty(t, w.state().LastError, "our own stop is no failure of Plexy")
	})
}

func TestWakeNeverBlocks(t *testing.T) {
	inWorld(t, plexytest.Options{}, func(t *testing.T, w *world) {
		for range 100 {
			w.Wake()
			w.Syncer.Wake()
		}
		assert.Empty(t, w.srv.Posts())
	})
}
