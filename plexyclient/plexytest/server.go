// Package plexytest is a stand-in for the distribution endpoints of the Plexy Pay API v1.
// It keeps money and distributions, fails on demand, and logs every POST that reaches it:
// that log, not what a client believes, says what was paid.
//
// What Plexy does not document it assumes: list, detail and balance follow sibling endpoints,
// and where those disagree an option chooses. It enforces neither the check digit of a BIN
// nor that a BIC belongs to its IBAN, because Plexy's own example breaks both.
//
// # Amounts with a meaning
//
// A distribution of exactly [MagicFail], [MagicNoAnswer] or [MagicSlow] behaves accordingly,
// so a person can try these cases by typing an amount.
package plexytest

import (
	"cmp"
	"crypto/subtle"
	"net/http"
	"slices"
	"sync"
	"time"
)

// Amounts in tiyn that make one distribution behave in its own way.
const (
	MagicFail     = 13_13 // 13.13 tenge: ends as failed, with a reason, and the money comes back
	MagicNoAnswer = 14_14 // 14.14 tenge: executed, but the connection is cut after 3 s without an answer
	MagicSlow     = 15_15 // 15.15 tenge: executed, answered after 20 s
)

const (
	defaultKey  = "pr_demo"
	noAnswerCut = 3 * time.Second
	slowAnswer  = 20 * time.Second
)

// Envelope is the shape of a list answer.
type Envelope int

// Envelopes.
const (
	EnvelopeData  Envelope = iota // {"data","page","size","total"}, as other v1 lists
	EnvelopeItems                 // {"items","page","pageSize","total"}, as the Gate API
)

// Unit is the unit of money on the wire.
type Unit int

// Units.
const (
	UnitMajor Unit = iota // tenge
	UnitMinor             // tiyn
)

// DuplicatePolicy is what a second POST with a known orderReference gets.
type DuplicatePolicy int

// Policies.
const (
	DuplicateRefuse DuplicatePolicy = iota // 422, "already exists"
	DuplicateReturn                        // 200 with the first distribution
	DuplicateCreate                        // a second distribution, paid a second time
	DuplicateError                         // 500, nothing executed
)

// Step is one automatic change of status.
type Step struct {
	After  time.Duration // since the creation
	Status string
}

// Options of a stand-in; the zero value is usable and has no money.
type Options struct {
	Key            string           // expected in Authorization; empty means pr_demo
	Balance        int64            // opening balance in tiyn; a state file that exists wins
	Now            func() time.Time // nil means time.Now
	Envelope       Envelope
	Unit           Unit
	Duplicates     DuplicatePolicy
	PrefixedStatus bool          // DISTRIBUTION_STATUS_PAID instead of paid
	OmitRecipient  bool          // list items come without recipient
	ListLag        time.Duration // a new distribution is in the list only after this long
	PageSize       int           // the most that a page of the list holds; 0: 100
	Steps          []Step        // nil: processing after 2 s, paid after 5 s; empty: stays created
	// StateFile keeps everything but scripted faults and counters as JSON across restarts.
	// It is replaced whole and synced before an answer leaves. Empty: memory only.
	StateFile string
}

// Server is safe for concurrent use.
type Server struct {
	opt Options

	mu       sync.Mutex
	state    state
	dirty    bool // state has changes that the state file lacks
	script   script
	requests Requests
	servers  []*http.Server
}

// New reads the state file, if one is named and exists.
func New(opt Options) (*Server, error) {
	opt.Key = cmp.Or(opt.Key, defaultKey)
	if opt.Now == nil {
		opt.Now = time.Now
	}
	if opt.Steps == nil {
		opt.Steps = defaultSteps()
	}
	opt.Steps = slices.SortedStableFunc(slices.Values(opt.Steps), func(a, b Step) int { return cmp.Compare(a.After, b.After) })
	opt.PageSize = cmp.Or(opt.PageSize, maxPageSize)
	s := &Server{opt: opt}
	loaded, err := loadState(opt.StateFile)
	switch {
	case err != nil:
		return nil, err
	case loaded != nil:
		s.state = *loaded
	default:
		s.state = state{Version: stateVersion, Balance: opt.Balance, BalanceAt: opt.Now().UTC()}
	}
	return s, nil
}

func defaultSteps() []Step {
	return []Step{{2 * time.Second, "processing"}, {5 * time.Second, "paid"}}
}

// Handler serves the API below /v1 and the control endpoints below /_admin.
// The control endpoints ask for no key: do not serve them beyond the machine.
func (s *Server) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /v1/distributions", s.handleCreate)
	mux.HandleFunc("GET /v1/distributions", s.handleRead(list))
	mux.HandleFunc("GET /v1/distributions/balance", s.handleRead(balance))
	mux.HandleFunc("GET /v1/distributions/{id}", s.handleRead(detail))
	mux.Handle("/_admin/", http.NewCrossOriginProtection().Handler(s.admin()))
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		s.requests.Other++
		s.mu.Unlock()
		notFound().send(w, r)
	})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Date", s.opt.Now().UTC().Format(http.TimeFormat)) // the stand-in's clock, not the machine's
		mux.ServeHTTP(w, r)
	})
}

// Close ends every connection of [Server.Listen].
func (s *Server) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, server := range s.servers {
		_ = server.Close() // closing a pipe cannot fail
	}
	return nil
}

// authorized wants the raw key; "Bearer key" is refused, as by Plexy.
func (s *Server) authorized(r *http.Request) bool {
	return subtle.ConstantTimeCompare([]byte(r.Header.Get("Authorization")), []byte(s.opt.Key)) == 1
}

// scale is the number of decimals between the wire and tiyn.
func (s *Server) scale() int {
	if s.opt.Unit == UnitMinor {
		return 0
	}
	return 2
}
