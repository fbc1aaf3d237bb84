package plexytest

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"
)

const (
	defaultPageSize = 50
	maxPageSize     = 100
)

// endpoint is one of the reads.
type endpoint int

const (
	list endpoint = iota
	detail
	balance
)

func (s *Server) handleRead(e endpoint) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) { s.lockedRead(e, r).send(w, r) }
}

func (s *Server) lockedRead(e endpoint, r *http.Request) reply {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests.count(e)
	now := s.advance()
	p := s.answerRead(e, r, now)
	if err := s.save(); err != nil {
		return errorReply(http.StatusInternalServerError, 2, err.Error())
	}
	return p
}

func (s *Server) answerRead(e endpoint, r *http.Request, now time.Time) reply {
	if !s.authorized(r) {
		return unauthorized()
	}
	if e != list {
		struck := s.script.take(concernsRead)
		if e == detail {
			return faultRead(struck, s.detail(r.PathValue("id")))
		}
		return faultRead(struck, s.balance())
	}
	w, ok := parseWindow(r.URL.Query(), s.opt.PageSize)
	if !ok {
		return badRequest("page")
	}
	struck := s.script.take(concernsList(w.page))
	if struck.fault == ListIgnorePage {
		w.page, w.offset = 1, 0
	}
	p := faultRead(struck, s.list(w, now))
	if struck.fault == ListShift {
		s.add(Distribution{OrderReference: "ELSEWHERE-" + newID()[:8], Amount: 1_00}, now)
	}
	return p
}

// faultRead spoils an answer, or passes it on when the fault is another's.
func faultRead(struck scripted, p reply) reply {
	switch struck.fault {
	case ReadUnauthorized:
		return unauthorized()
	case Read500, List500MidScan:
		return wrong()
	case ReadHTML502:
		return htmlReply(http.StatusBadGateway)
	case ReadHTML200:
		return htmlReply(http.StatusOK)
	case ReadHang:
		return reply{hang: true}
	case ReadReset:
		return reply{cut: true}
	case ReadCutJSON:
		p.body = p.body[:len(p.body)/2]
	case Read429:
		return busy(http.StatusTooManyRequests)
	case Read503:
		return busy(http.StatusServiceUnavailable)
	case ReadSlow:
		p.delay = struck.delay
	default: // of creates, or struck the choice of the page
	}
	return p
}

func (s *Server) detail(id string) reply {
	r := s.find(func(r *record) bool { return r.ID == id })
	if r == nil {
		return notFound()
	}
	return jsonReply(http.StatusOK, s.wire(r))
}

func (s *Server) balance() reply {
	return jsonReply(http.StatusOK, map[string]any{
		"balance":   s.money(s.state.Balance),
		"currency":  "KZT",
		"updatedAt": wholeSeconds(s.state.BalanceAt),
	})
}

// window is the part of the list that is asked for.
type window struct {
	page, size, offset int
}

// parseWindow takes page with size, pageSize or limit, or offset with any of these.
// A size over the most is cut to it without a word, as servers do.
func parseWindow(q url.Values, most int) (w window, ok bool) {
	w = window{page: 1, size: min(defaultPageSize, most)}
	for _, name := range []string{"page", "size", "pageSize", "limit", "offset"} {
		if !q.Has(name) {
			continue
		}
		n, err := strconv.Atoi(q.Get(name))
		if err != nil || n < 0 || n == 0 && name != "offset" || n > 1<<30 {
			return window{}, false
		}
		switch name {
		case "page":
			w.page = n
		case "offset":
			w.offset = n
		default:
			w.size = min(n, most)
		}
	}
	if q.Has("offset") {
		w.page = w.offset/w.size + 1
		return w, true
	}
	w.offset = (w.page - 1) * w.size
	return w, true
}

func (s *Server) list(w window, now time.Time) reply {
	var visible []*record
	for _, r := range s.state.Distributions {
		if !r.Hidden && !r.CreatedAt.Add(s.opt.ListLag).After(now) {
			visible = append(visible, r)
		}
	}
	slices.Reverse(visible) // of the same instant, the later arrival comes first
	slices.SortStableFunc(visible, func(a, b *record) int { return b.CreatedAt.Compare(a.CreatedAt) })
	from := min(w.offset, len(visible))
	items := []wireDistribution{}
	for _, r := range visible[from:min(from+w.size, len(visible))] {
		items = append(items, s.wireItem(r))
	}
	rows, size := "data", "size"
	if s.opt.Envelope == EnvelopeItems {
		rows, size = "items", "pageSize"
	}
	return jsonReply(http.StatusOK, map[string]any{rows: items, "page": w.page, size: w.size, "total": len(visible)})
}
