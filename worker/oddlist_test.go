package worker

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"time"

	"plexydash/plexyclient"
	"plexydash/plexyclient/plexytest"
)

// oddList is a list that is not like the stand-in's own; all the rest of the
// stand-in stays.
type oddList struct {
	oldestFirst   bool
	shuffled      bool // in no order of time
	untimed       bool // rows do not say when they were created
	cap           int  // rows of a page at most; 0: as asked for
	noTotal       bool
	pageTotal     bool                              // "total" counts the rows of the page
	refusesBeyond bool                              // 404 for a page behind the last
	repeatsLast   bool                              // the last page again for a page behind it
	each          func()                            // called before each page is made
	hidden        func() int                        // so many of the newest are gone
	onlyFirst     bool                              // the first page whatever is asked for
	extraTotal    int                               // "total" counts so many more than there are
	depth         int                               // pages behind this one are empty; 0: none is
	noDate        bool                              // no Date header
	clock         time.Duration                     // how far Plexy's clock is ahead of ours
	blank         func(plexytest.Distribution) bool // rows without a reference
}

func (o oddList) serve(w *world) {
	inner := w.srv.Handler()
	w.serve(http.HandlerFunc(func(out http.ResponseWriter, in *http.Request) {
		if in.URL.Path != "/v1/distributions" || in.Method != http.MethodGet {
			inner.ServeHTTP(out, in)
			return
		}
		if o.each != nil {
			o.each()
		}
		o.list(out, in, w.srv.Distributions())
	}))
}

func (o oddList) list(out http.ResponseWriter, in *http.Request, all []plexytest.Distribution) {
	if !o.oldestFirst {
		slices.Reverse(all)
	}
	if o.shuffled {
		slices.SortFunc(all, func(a, b plexytest.Distribution) int { return compare(a.ID, b.ID) })
	}
	if o.hidden != nil {
		all = all[o.hidden():]
	}
	page, _ := strconv.Atoi(in.URL.Query().Get("page"))
	size, _ := strconv.Atoi(in.URL.Query().Get("size"))
	if o.onlyFirst {
		page = 1
	}
	if o.cap > 0 {
		size = min(size, o.cap)
	}
	last := max(1, (len(all)+size-1)/size)
	if page > last && o.refusesBeyond {
		http.Error(out, `{"code":4,"message":"not found"}`, http.StatusNotFound)
		return
	}
	if page > last && o.repeatsLast {
		page = last
	}
	from := min((page-1)*size, len(all))
	if o.depth > 0 && page > o.depth {
		from = len(all)
	}
	rows := []map[string]any{}
	for _, d := range all[from:min(from+size, len(all))] {
		rows = append(rows, o.row(d))
	}
	answer := map[string]any{"data": rows}
	switch {
	case o.pageTotal:
		answer["total"] = len(rows)
	case !o.noTotal:
		answer["total"] = len(all) + o.extraTotal
	}
	switch {
	case o.noDate:
		out.Header()["Date"] = nil
	case o.clock != 0:
		out.Header().Set("Date", time.Now().Add(o.clock).UTC().Format(http.TimeFormat))
	}
	_ = json.NewEncoder(out).Encode(answer)
}

func (o oddList) row(d plexytest.Distribution) map[string]any {
	row := map[string]any{
		"id": d.ID, "orderReference": d.OrderReference, "amount": plexyclient.DecimalFromMinor(d.Amount, 2),
		"currency": d.Currency, "status": d.Status, "recipient": d.Recipient, "paymentPurpose": d.PaymentPurpose,
	}
	if !o.untimed {
		row["createdAt"] = d.CreatedAt.Add(o.clock).Format(time.RFC3339)
	}
	if o.blank != nil && o.blank(d) {
		delete(row, "orderReference")
	}
	return row
}

func compare(a, b string) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// serve puts another server in the place of the stand-in's.
func (w *world) serve(h http.Handler) {
	w.Helper()
	w.down()
	l := plexytest.NewPipeListener()
	server := &http.Server{Handler: h, ReadHeaderTimeout: time.Minute}
	w.mu.Lock()
	w.pipe = l
	w.mu.Unlock()
	go func() { _ = server.Serve(l) }()
	w.Cleanup(func() {
		_ = server.Close()
		time.Sleep(time.Minute) // a handler that sleeps comes to its end
	})
}
