package distribution

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

func TestLookDelay(t *testing.T) {
	var got []string
	for n := range 9 {
		got = append(got, LookDelay(n).String())
	}
	assert.Equal(t, []string{"30s", "1m0s", "2m0s", "4m0s", "8m0s", "16m0s", "32m0s", "1h0m0s", "1h0m0s"}, got)
	assert.Equal(t, time.Hour, LookDelay(1_000_000))
}

func TestSweepDelay(t *testing.T) {
	var got []string
	for n := range 9 {
		got = append(got, SweepDelay(n).String())
	}
	assert.Equal(t, []string{"1m0s", "1m0s", "2m0s", "4m0s", "8m0s", "16m0s", "32m0s", "1h0m0s", "1h0m0s"}, got)
	assert.Equal(t, time.Hour, SweepDelay(1_000_000))
}
