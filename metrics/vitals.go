package metrics

import (
	"context"
	"os"
	"slices"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"plexydash/distribution"
	"plexydash/store"
)

// vitals reads what the database knows, once for each scrape.
type vitals struct{ Options }

// readWithin bounds a scrape; whoever scrapes comes again.
const readWithin = 5 * time.Second

// Describe tells nothing, so that the registry lets Collect send what it has.
func (v *vitals) Describe(chan<- *prometheus.Desc) {}

// Collect implements prometheus.Collector.
func (v *vitals) Collect(out chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), readWithin)
	defer cancel()
	now, err := v.DB.Vitals(ctx)
	tell := teller{out}
	tell.flag("vitals_readable", "1 while the database can be read; without it most numbers are missing.", err == nil)
	if err != nil {
		return
	}
	v.waiting(tell, &now)
	v.plexy(tell, &now)
	v.files(tell, &now)
	v.backups(tell, now.At)
}

func (v *vitals) waiting(tell teller, now *store.Vitals) {
	for status, pile := range now.Waiting {
		tell.number("distributions_waiting", "Distributions in a state that should not last.", int64(pile.Count), "status", string(status))
		tell.age("distributions_waiting_oldest_age_seconds", "How long the oldest of them has been in that state; 0 when there are none.",
			now.At, pile.Oldest, "status", string(status))
	}
	tell.number("proposals_open", "Decisions that wait for a second person.", int64(now.Proposals))
	for _, kind := range alarmKinds() {
		tell.number("alarms_open", "Alarms that nobody acknowledged yet.", int64(now.Alarms[kind]), "kind", string(kind))
	}
	tell.number("sessions", "People's sessions that have not ended.", int64(now.Sessions))
}

func alarmKinds() []distribution.AlarmKind {
	return []distribution.AlarmKind{
		distribution.AlarmTwice, distribution.AlarmFoundLate, distribution.AlarmRegressed, distribution.AlarmVanished, distribution.AlarmOutside,
	}
}

func (v *vitals) plexy(tell teller, now *store.Vitals) {
	state := now.Sync.Sending(now.At, v.MaxAge, v.Submit)
	for _, s := range store.SendingStates() {
		tell.flag("sending_state", "1 for the state that sending is in: running, or what keeps it from going on.", s == state, "state", s)
	}
	for _, kind := range store.StopKinds() {
		holds := slices.ContainsFunc(now.Sync.Stops, func(s store.Stop) bool { return s.Kind == kind })
		tell.flag("sending_stops", "1 for each kind of stop that holds, whatever else does.", holds, "kind", string(kind))
	}
	tell.time("plexy_read_timestamp_seconds", "Last round of reads of Plexy that succeeded whole; 0: never.", now.Sync.LastSuccess)
	tell.flag("plexy_failing", "1 while Plexy cannot be read.", !now.Sync.FailingSince.IsZero())
	tell.flag("plexy_key_refused", "1 while Plexy does not take the key.", now.Sync.LastError == store.Unauthorized)
	tell.time("sweep_timestamp_seconds", "End of the last walk through Plexy's list that proved to be complete; 0: never.", now.Swept)
	tell.time("first_import_timestamp_seconds", "When all that Plexy has was read for the first time; 0: not yet.", now.Sync.BaselineAt)
}

func (v *vitals) files(tell teller, now *store.Vitals) {
	tell.number("database_bytes", "Size of the database.", now.Files.Bytes)
	tell.number("wal_bytes", "Size of its write-ahead log.", now.Files.WAL)
	tell.time("wal_checkpoint_timestamp_seconds", "When the write-ahead log was last moved into the database.", now.Files.WrittenAt)
	tell.number("disk_free_bytes", "Bytes free where the database lies; 0 when nobody can tell.", int64(min(now.Files.Free, 1<<62))) //nolint:gosec // bounded
	tell.number("audit_records", "Records of the audit log.", now.Log.AuditSize)
	tell.number("audit_unsigned_records", "Records that no checkpoint covers.", now.Log.AuditSize-now.Log.Size)
	tell.time("audit_checkpoint_timestamp_seconds", "When the newest checkpoint of the audit log was signed; 0: never.", now.Log.At)
}

// backups tells of the newest one. Where the folder cannot be read there is none.
func (v *vitals) backups(tell teller, now time.Time) {
	path, at, err := v.Backups.Newest()
	var size int64
	if info, statErr := os.Stat(path); err == nil && path != "" && statErr == nil {
		size = info.Size()
	} else {
		at = time.Time{}
	}
	tell.time("backup_timestamp_seconds", "When the newest backup was made; 0: there is none.", at)
	tell.age("backup_age_seconds", "How old it is; 0 when there is none.", now, at)
	tell.number("backup_bytes", "Its size.", size)
}

// teller makes gauges; labels are pairs of name and value.
type teller struct{ out chan<- prometheus.Metric }

func (t teller) gauge(name, help string, value float64, labels []string) {
	var names, values []string
	for i := 0; i+1 < len(labels); i += 2 {
		names, values = append(names, labels[i]), append(values, labels[i+1])
	}
	t.out <- prometheus.MustNewConstMetric(prometheus.NewDesc("plexydash_"+name, help, names, nil), prometheus.GaugeValue, value, values...)
}

func (t teller) number(name, help string, n int64, labels ...string) {
	t.gauge(name, help, float64(n), labels)
}

func (t teller) flag(name, help string, on bool, labels ...string) {
	if on {
		t.gauge(name, help, 1, labels)
		return
	}
	t.gauge(name, help, 0, labels)
}

func (t teller) time(name, help string, at time.Time) {
	if at.IsZero() {
		t.gauge(name, help, 0, nil)
		return
	}
	t.gauge(name, help, time.Duration(at.UnixNano()).Seconds(), nil)
}

func (t teller) age(name, help string, now, since time.Time, labels ...string) {
	if since.IsZero() {
		t.gauge(name, help, 0, labels)
		return
	}
	t.gauge(name, help, now.Sub(since).Seconds(), labels)
}
