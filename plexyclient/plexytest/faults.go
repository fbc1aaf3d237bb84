package plexytest

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Fault is one scripted misbehaviour. Faults of creates strike authorised POSTs only.
type Fault string

// Faults of a create. "After" means that the distribution was executed all the same.
const (
	CreateRefused       Fault = "create-refused"         // 422 code 5, not executed
	CreateUnauthorized  Fault = "create-unauthorized"    // 401, not executed
	Create500Before     Fault = "create-500-before"      // 500 code 2, not executed
	Create500After      Fault = "create-500-after"       // 500 code 2, executed
	CreateHangBefore    Fault = "create-hang-before"     // no answer until the client gives up, not executed
	CreateHangAfter     Fault = "create-hang-after"      // executed, no answer until the client gives up
	CreateResetBefore   Fault = "create-reset-before"    // connection cut without an answer, not executed
	CreateResetAfter    Fault = "create-reset-after"     // executed, connection cut without an answer
	CreateCutJSON       Fault = "create-cut-json"        // executed, 201 with half its body under the full Content-Length
	CreateWrongAmount   Fault = "create-wrong-amount"    // executed as asked, 201 tells twice the amount
	CreateOtherRef      Fault = "create-other-reference" // executed as asked, 201 tells another orderReference
	CreateWithoutID     Fault = "create-without-id"      // executed, 201 has no id
	CreateHTML502Before Fault = "create-html-502-before" // 502 with an HTML page, not executed
	CreateHTML502After  Fault = "create-html-502-after"  // 502 with an HTML page, executed
	CreateHTML200       Fault = "create-html-200"        // 200 with an HTML page, not executed
	CreateRedirect307   Fault = "create-redirect-307"    // 307 to the same address, not executed
	CreateRedirect308   Fault = "create-redirect-308"    // 308 to the same address, not executed
	Create429           Fault = "create-429"             // 429 with Retry-After: 30, not executed
	Create503           Fault = "create-503"             // 503 with Retry-After: 30, not executed
	Create409After      Fault = "create-409-after"       // executed, answered as a 409 duplicate
	CreateExistsAfter   Fault = "create-exists-after"    // executed, answered 422 "already exists"
	CreateSlow          Fault = "create-slow"            // executed, answered after the delay (5 s)
	CreateLate          Fault = "create-late"            // no answer until the client gives up, executed after the delay (60 s)
)

// Faults of any read: list, detail and balance.
const (
	ReadUnauthorized Fault = "read-unauthorized" // 401
	Read500          Fault = "read-500"          // 500 code 2
	ReadHTML502      Fault = "read-html-502"     // 502 with an HTML page
	ReadHTML200      Fault = "read-html-200"     // 200 with an HTML page
	ReadHang         Fault = "read-hang"         // no answer until the client gives up
	ReadReset        Fault = "read-reset"        // connection cut without an answer
	ReadCutJSON      Fault = "read-cut-json"     // 200, a complete answer holding half of the JSON
	Read429          Fault = "read-429"          // 429 with Retry-After: 30
	Read503          Fault = "read-503"          // 503 with Retry-After: 30
	ReadSlow         Fault = "read-slow"         // answered after the delay (5 s)
)

// Faults of the list alone.
const (
	ListShift      Fault = "list-shift"       // after this page a distribution made elsewhere appears on top: later pages shift by one
	ListIgnorePage Fault = "list-ignore-page" // the first page whatever page is asked for
	List500MidScan Fault = "list-500-midscan" // 500 for a page after the first; the first one passes and does not count
)

// retryAfterSeconds is what 429 and 503 ask for.
const retryAfterSeconds = "30"

// Faults are all faults, in the order of their documentation.
func Faults() []Fault {
	return []Fault{
		CreateRefused, CreateUnauthorized, Create500Before, Create500After, CreateHangBefore, CreateHangAfter,
		CreateResetBefore, CreateResetAfter, CreateCutJSON, CreateWrongAmount, CreateOtherRef, CreateWithoutID,
		CreateHTML502Before, CreateHTML502After, CreateHTML200, CreateRedirect307, CreateRedirect308,
		Create429, Create503, Create409After, CreateExistsAfter, CreateSlow, CreateLate,
		ReadUnauthorized, Read500, ReadHTML502, ReadHTML200, ReadHang, ReadReset, ReadCutJSON, Read429, Read503, ReadSlow,
		ListShift, ListIgnorePage, List500MidScan,
	}
}

// Fail scripts the fault for the next requests it concerns, after the faults scripted before;
// times below zero means until [Server.Heal].
func (s *Server) Fail(fault Fault, times int) error { return s.FailAfter(fault, times, 0) }

// FailAfter is Fail with the delay of a slow or late fault; zero means the default of the fault.
func (s *Server) FailAfter(fault Fault, times int, delay time.Duration) error {
	if !slices.Contains(Faults(), fault) {
		return fmt.Errorf("plexytest: no fault %q", fault)
	}
	if delay == 0 {
		delay = 5 * time.Second
		if fault == CreateLate {
			delay = time.Minute
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if times != 0 {
		s.script = append(s.script, scripted{fault, times, delay})
	}
	return nil
}

// Heal forgets the faults that have not struck yet.
func (s *Server) Heal() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.script = nil
}

type scripted struct {
	fault Fault
	times int // left; below zero without end
	delay time.Duration
}

type script []scripted

// take uses up one strike of the first fault that concerns the request; its fault is empty when none does.
func (sc *script) take(concerns func(Fault) bool) scripted {
	i := slices.IndexFunc(*sc, func(f scripted) bool { return concerns(f.fault) })
	if i < 0 {
		return scripted{}
	}
	struck := (*sc)[i]
	switch struck.times {
	case 1:
		*sc = slices.Delete(*sc, i, i+1)
	default:
		if struck.times > 0 {
			(*sc)[i].times--
		}
	}
	return struck
}

func concernsCreate(f Fault) bool { return strings.HasPrefix(string(f), "create-") }

func concernsRead(f Fault) bool { return strings.HasPrefix(string(f), "read-") }

func concernsList(page int) func(Fault) bool {
	return func(f Fault) bool {
		return concernsRead(f) || f == ListShift || f == ListIgnorePage || f == List500MidScan && page > 1
	}
}
