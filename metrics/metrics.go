// Package metrics tells in numbers how the program does, in the format of
// Prometheus. What the database knows is read when somebody asks; what passes by
// is counted.
package metrics

import (
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"plexydash/store"
)

// Options of New. All are required but Backups.
type Options struct {
	DB      *store.DB
	Backups store.Backups
	// MaxAge is how old the last good read of Plexy may be for sending to go on.
	MaxAge  time.Duration
	Submit  bool
	Version string
}

// Metrics are the numbers of one program.
type Metrics struct {
	registry *prometheus.Registry
	requests *prometheus.HistogramVec
	calls    *prometheus.HistogramVec
}

// New makes them.
func New(o Options) *Metrics {
	m := &Metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "plexydash_http_request_duration_seconds", Help: "Requests by route and class of their status.",
			Buckets: prometheus.DefBuckets,
		}, []string{"method", "route", "status"}),
		calls: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "plexydash_plexy_call_duration_seconds", Help: "Calls of the Plexy API by what came of them: a class of status, unauthorized, throttled, or no_answer.",
			Buckets: []float64{.05, .1, .25, .5, 1, 2.5, 5, 10, 20, 30},
		}, []string{"call", "outcome"}),
	}
	build := prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "plexydash_build_info", Help: "Always 1; the label is the version.", ConstLabels: prometheus.Labels{"version": o.Version},
	})
	build.Set(1)
	m.registry.MustRegister(m.requests, m.calls, build, &vitals{o}, collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// Handler answers with all numbers. When the database cannot be asked, the
// answer has the others and says so in plexydash_vitals_readable.
func (m *Metrics) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{MaxRequestsInFlight: 2, Timeout: 10 * time.Second})
}

// Request counts one request to a route of the table.
func (m *Metrics) Request(method, route string, status int, took time.Duration) {
	m.requests.WithLabelValues(method, route, class(status)).Observe(took.Seconds())
}

// Call counts one call of the Plexy API; a status of 0 is no answer.
func (m *Metrics) Call(call string, status int, took time.Duration) {
	m.calls.WithLabelValues(call, outcome(status)).Observe(took.Seconds())
}

func outcome(status int) string {
	switch status {
	case 0:
		return "no_answer"
	case http.StatusUnauthorized, http.StatusForbidden:
		return "unauthorized"
	case http.StatusTooManyRequests:
		return "throttled"
	}
	return class(status)
}

func class(status int) string {
	if status < 100 || status > 599 {
		return "other"
	}
	return string(rune('0'+status/100)) + "xx"
}
