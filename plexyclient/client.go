// Package plexyclient speaks to the distribution endpoints of the Plexy Pay API v1:
// create, list, get by id, balance.
//
// Only the page of the create endpoint is public
// (https://developer.plexy.money/create-distribution-35927239e0), so reading accepts every shape
// that sibling endpoints of Plexy use. Creating is the opposite: one POST, one fresh connection,
// and anything but a complete and matching answer is [OutcomeUnknown].
package plexyclient

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"time"
)

const (
	defaultBalancePath = "/distributions/balance"
	defaultTimeout     = 30 * time.Second
	connectTimeout     = 10 * time.Second
	maxHeaderBytes     = 64 << 10
	// A shorter key could occur in an honest answer by chance, and answers are stored with the key blanked out.
	minKeyLength = 6
)

// Config says where the API is and how to reach it.
type Config struct {
	// BaseURL with its version path, for example https://api.plexypay.com/v1. A trailing slash is fine.
	BaseURL string
	// Key is sent as it is in the Authorization header, without Bearer
	// (https://developer.plexy.money/authorization-1614875m0). At least 6 printable ASCII characters.
	Key string `json:"-"`
	// ListParams names the paging parameters; the zero value means page,size.
	ListParams ListParams
	// BalancePath is joined to BaseURL; empty means /distributions/balance.
	BalancePath string
	// Timeout of one call, from dialling to the last byte of the answer; zero means 30 s.
	Timeout time.Duration
	// DialContext replaces the network, for a stand-in in the same process; nil dials for real.
	DialContext func(ctx context.Context, network, addr string) (net.Conn, error)
	// Seen is told of every call when it is over: create, list, detail or balance, and the HTTP
	// status, 0 when no answer came. Nil: nobody listens.
	Seen func(call string, status int, took time.Duration)
}

// Format prints the configuration without its key, whatever the verb.
func (c Config) Format(f fmt.State, _ rune) {
	_, _ = fmt.Fprintf(f, "plexyclient.Config{BaseURL:%q Key:***}", c.BaseURL)
}

type dialFunc = func(ctx context.Context, network, addr string) (net.Conn, error)

// Client is safe for concurrent use.
type Client struct {
	base    *url.URL
	balance *url.URL
	params  ListParams
	timeout time.Duration
	creates *http.Client
	reads   *http.Client
	seen    func(call string, status int, took time.Duration)
	// Functions, because fmt prints the fields of a struct but not what a function closes over.
	authorize func(http.Header)
	redact    func([]byte) []byte
}

// New checks the configuration; it opens no connection.
func New(cfg Config) (*Client, error) {
	base, err := parseBase(cfg.BaseURL)
	if err != nil {
		return nil, err
	}
	balance, err := joinPath(base, cmp.Or(cfg.BalancePath, defaultBalancePath))
	if err != nil {
		return nil, err
	}
	if err := checkKey(cfg.Key); err != nil {
		return nil, err
	}
	if cfg.Timeout < 0 {
		return nil, errors.New("plexyclient: the timeout is negative")
	}
	timeout := cmp.Or(cfg.Timeout, defaultTimeout)
	seen := cfg.Seen
	if seen == nil {
		seen = func(string, int, time.Duration) {}
	}
	dial := boundedDial(cfg.DialContext, min(timeout, connectTimeout))
	return &Client{
		base:      base,
		balance:   balance,
		params:    cmp.Or(cfg.ListParams, ListParams{Position: "page", Size: "size"}),
		timeout:   timeout,
		creates:   newHTTPClient(dial, true),
		reads:     newHTTPClient(dial, false),
		seen:      seen,
		authorize: func(h http.Header) { h.Set("Authorization", cfg.Key) },
		redact:    redactor(cfg.Key),
	}, nil
}

// Close closes the kept connections of finished reads; the client stays usable.
func (c *Client) Close() { c.reads.CloseIdleConnections() }

// boundedDial ends a dial that nobody waits for any more: net/http detaches it from the request,
// so the timeout of the call does not reach it.
func boundedDial(dial dialFunc, limit time.Duration) dialFunc {
	if dial == nil {
		dial = new(net.Dialer).DialContext
	}
	return func(ctx context.Context, network, addr string) (net.Conn, error) {
		ctx, cancel := context.WithTimeout(ctx, limit)
		defer cancel()
		return dial(ctx, network, addr)
	}
}

// newHTTPClient gives creates a connection of their own: on a reused one, or over HTTP/2,
// net/http may send a request again by itself, and a proxy or a redirect may too.
func newHTTPClient(dial dialFunc, fresh bool) *http.Client {
	var http1 http.Protocols
	http1.SetHTTP1(true)
	return &http.Client{
		Transport: &http.Transport{
			DialContext:            dial,
			Proxy:                  nil,
			Protocols:              &http1,
			TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12},
			TLSHandshakeTimeout:    connectTimeout,
			DisableKeepAlives:      fresh,
			DisableCompression:     true, // the stored answer is what came over the wire
			MaxResponseHeaderBytes: maxHeaderBytes,
			IdleConnTimeout:        time.Minute,
			MaxIdleConnsPerHost:    2,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

func parseBase(raw string) (*url.URL, error) {
	base, err := url.Parse(raw)
	if err != nil {
		// The text of a url.Error repeats the address, which may hold a password.
		return nil, errors.New("plexyclient: the base URL cannot be parsed")
	}
	switch {
	case base.Scheme != "https" && base.Scheme != "http", base.Host == "":
		return nil, errors.New("plexyclient: the base URL must be absolute, like https://api.plexypay.com/v1")
	case base.User != nil:
		return nil, errors.New("plexyclient: the base URL must not hold a user name")
	case base.RawQuery != "" || base.Fragment != "":
		return nil, errors.New("plexyclient: the base URL must not hold a query or a fragment")
	}
	return base, nil
}

func joinPath(base *url.URL, path string) (*url.URL, error) {
	ref, err := url.Parse(path)
	if err != nil || ref.IsAbs() || ref.Host != "" || ref.Fragment != "" {
		return nil, fmt.Errorf("plexyclient: %q is not a path below the base URL", path)
	}
	joined := base.JoinPath(ref.EscapedPath())
	joined.RawQuery = ref.RawQuery
	return joined, nil
}

func checkKey(key string) error {
	if len(key) < minKeyLength {
		return fmt.Errorf("plexyclient: the API key is shorter than %d characters", minKeyLength)
	}
	for _, r := range key {
		if r <= ' ' || r > '~' || r == '"' || r == '\\' {
			return errors.New("plexyclient: the API key holds a space or another character no key has (it is sent raw, without Bearer)")
		}
	}
	return nil
}
