package plexytest

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"time"
)

const maxRequestBytes = 1 << 20

func (s *Server) handleCreate(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxRequestBytes))
	if err != nil {
		badRequest("body").send(w, r)
		return
	}
	s.lockedPost(r, body).send(w, r)
}

func (s *Server) lockedPost(r *http.Request, body []byte) reply {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests.Create++
	now := s.advance()
	header := r.Header.Clone()
	header.Del("Authorization")
	post := &Post{At: now, Header: header, Body: string(body), OrderReference: referenceIn(body)}
	s.state.Posts = append(s.state.Posts, post)
	s.dirty = true
	p := s.answerPost(r, post, now)
	if p.answers() {
		post.Status, post.Answer = p.status, string(p.body)
	}
	if err := s.save(); err != nil {
		return errorReply(http.StatusInternalServerError, 2, err.Error())
	}
	return p
}

func (s *Server) answerPost(r *http.Request, post *Post, now time.Time) reply {
	if !s.authorized(r) {
		return unauthorized()
	}
	struck := s.script.take(concernsCreate)
	if struck.fault == CreateLate {
		s.state.Late = append(s.state.Late, lateCreate{Due: now.Add(struck.delay), Post: len(s.state.Posts) - 1})
		return reply{hang: true}
	}
	if p, ok := faultBefore(struck.fault); ok {
		return p
	}
	created, p := s.create(post, now)
	if created != nil && struck.fault == "" {
		switch created.Amount {
		case MagicNoAnswer:
			return reply{cut: true, delay: noAnswerCut}
		case MagicSlow:
			p.delay = slowAnswer
		}
	}
	return s.faultAfter(struck, created, p)
}

// faultBefore answers for the faults in whose case nothing is executed.
func faultBefore(f Fault) (reply, bool) {
	switch f {
	case CreateRefused:
		return unprocessable("refused"), true
	case CreateUnauthorized:
		return unauthorized(), true
	case Create500Before:
		return wrong(), true
	case CreateHangBefore:
		return reply{hang: true}, true
	case CreateResetBefore:
		return reply{cut: true}, true
	case CreateHTML502Before:
		return htmlReply(http.StatusBadGateway), true
	case CreateHTML200:
		return htmlReply(http.StatusOK), true
	case CreateRedirect307:
		return redirect(http.StatusTemporaryRedirect), true
	case CreateRedirect308:
		return redirect(http.StatusPermanentRedirect), true
	case Create429:
		return busy(http.StatusTooManyRequests), true
	case Create503:
		return busy(http.StatusServiceUnavailable), true
	default:
		return reply{}, false
	}
}

// faultAfter spoils the answer to what was executed; created is nil when the request was refused.
func (s *Server) faultAfter(struck scripted, created *record, p reply) reply {
	switch struck.fault {
	case Create500After:
		return wrong()
	case CreateHangAfter:
		return reply{hang: true}
	case CreateResetAfter:
		return reply{cut: true}
	case CreateHTML502After:
		return htmlReply(http.StatusBadGateway)
	case Create409After:
		return errorReply(http.StatusConflict, 5, "duplicate orderReference")
	case CreateExistsAfter:
		return unprocessable("orderReference already exists")
	case CreateCutJSON:
		p.half = true
	case CreateSlow:
		p.delay = struck.delay
	default: // strikes what is told, below
	}
	if created == nil {
		return p
	}
	told := s.wire(created)
	switch struck.fault {
	case CreateWrongAmount:
		told.Amount = s.money(2 * created.Amount)
	case CreateOtherRef:
		told.OrderReference += "-OTHER"
	case CreateWithoutID:
		told.ID = ""
	default:
		return p
	}
	return jsonReply(http.StatusCreated, told)
}

// create does what a POST asks for and notes in its log entry that it was executed.
// The record is nil when nothing new was made.
func (s *Server) create(post *Post, at time.Time) (*record, reply) {
	d, refusal := s.parseCreate([]byte(post.Body))
	if refusal != nil {
		return nil, *refusal
	}
	twin := s.find(func(r *record) bool { return r.OrderReference == d.OrderReference })
	if twin != nil {
		switch s.opt.Duplicates {
		case DuplicateRefuse:
			return nil, unprocessable("orderReference already exists")
		case DuplicateReturn:
			post.DistributionID = twin.ID
			return nil, jsonReply(http.StatusOK, s.wire(twin))
		case DuplicateError:
			return nil, wrong()
		case DuplicateCreate:
		}
	}
	if d.Amount > s.state.Balance {
		return nil, unprocessable("insufficient balance")
	}
	created := s.execute(d, at)
	post.Executed, post.DistributionID = true, created.ID
	return created, jsonReply(http.StatusCreated, s.wire(created))
}

// referenceIn is for the log: it reads what it can.
func referenceIn(body []byte) string {
	var b struct {
		OrderReference string `json:"orderReference"`
	}
	_ = json.Unmarshal(body, &b) // an unreadable body has no reference
	return strings.TrimSpace(b.OrderReference)
}
