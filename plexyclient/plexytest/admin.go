package plexytest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"time"
)

// admin lets a person at a terminal do what tests do through methods. Bodies and answers are JSON, amounts tiyn:
//
//	GET  /_admin/posts          the log of POSTs
//	GET  /_admin/distributions  all distributions
//	POST /_admin/distributions  one made elsewhere, fields as in the answer of GET
//	POST /_admin/fault          {"fault":"create-500-after","times":1,"delaySeconds":0}; an empty fault heals
//	POST /_admin/status         {"id":"…","status":"returned"}
//	POST /_admin/balance        {"balanceTiyn":50000000}
func (s *Server) admin() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /_admin/posts", func(w http.ResponseWriter, r *http.Request) {
		jsonReply(http.StatusOK, s.Posts()).send(w, r)
	})
	mux.HandleFunc("GET /_admin/distributions", func(w http.ResponseWriter, r *http.Request) {
		jsonReply(http.StatusOK, s.Distributions()).send(w, r)
	})
	mux.HandleFunc("POST /_admin/distributions", command(func(d Distribution) (any, error) {
		added, err := s.Add(d)
		return added, err
	}))
	mux.HandleFunc("POST /_admin/fault", command(s.adminFault))
	mux.HandleFunc("POST /_admin/status", command(func(c struct {
		ID     string `json:"id"`
		Status string `json:"status"`
	},
	) (any, error) {
		return c, s.SetStatus(c.ID, c.Status)
	}))
	mux.HandleFunc("POST /_admin/balance", command(func(c struct {
		Balance *int64 `json:"balanceTiyn"`
	},
	) (any, error) {
		if c.Balance == nil {
			return nil, fmt.Errorf("plexytest: balanceTiyn is missing")
		}
		return c, s.SetBalance(*c.Balance)
	}))
	return mux
}

type faultCommand struct {
	Fault        Fault `json:"fault"`
	Times        int   `json:"times"` // 0 means once
	DelaySeconds int   `json:"delaySeconds"`
}

func (s *Server) adminFault(c faultCommand) (any, error) {
	if c.Fault == "" {
		s.Heal()
		return c, nil
	}
	if c.Times == 0 {
		c.Times = 1
	}
	if err := s.FailAfter(c.Fault, c.Times, time.Duration(c.DelaySeconds)*time.Second); err != nil {
		return nil, fmt.Errorf("%w, there are %q", err, Faults())
	}
	return c, nil
}

// command decodes the body strictly, so that a mistyped field is an error and not a default.
func command[T any](do func(T) (any, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		dec := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxRequestBytes))
		dec.DisallowUnknownFields()
		var body T
		if err := dec.Decode(&body); err != nil {
			badRequest(err.Error()).send(w, r)
			return
		}
		result, err := do(body)
		if err != nil {
			badRequest(err.Error()).send(w, r)
			return
		}
		jsonReply(http.StatusOK, result).send(w, r)
	}
}
