package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"path"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/stretchr/testify/require"
)

// clerk is a person who presses again when the program does not answer.
type clerk struct {
	client *http.Client
	where  func() string // the program's address now
}

func newClerk(t *testing.T, where func() string) *clerk {
	t.Helper()
	jar, err := cookiejar.New(nil)
	require.NoError(t, err)
	transport := &http.Transport{MaxIdleConnsPerHost: 64}
	t.Cleanup(transport.CloseIdleConnections)
	return &clerk{where: where, client: &http.Client{
		Jar: jar, Transport: transport, Timeout: 10 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// reply is an answer, or as much of it as came.
type reply struct {
	Status   int
	Header   http.Header
	Location string
	Page     *goquery.Document
}

func (c *clerk) send(ctx context.Context, method, address string, fields url.Values) (reply, error) {
	request, err := http.NewRequestWithContext(ctx, method, c.where()+address, strings.NewReader(fields.Encode()))
	if err != nil {
		return reply{}, err
	}
	if method == http.MethodPost {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	answer, err := c.client.Do(request)
	if err != nil {
		return reply{}, err
	}
	defer func() { _ = answer.Body.Close() }()
	page, err := goquery.NewDocumentFromReader(answer.Body)
	if page == nil || err != nil && method == http.MethodPost {
		return reply{}, errors.Join(err, errors.New("nothing came"))
	}
	return reply{Status: answer.StatusCode, Header: answer.Header, Location: answer.Header.Get("Location"), Page: page}, nil
}

// final is an answer that will not be another when the person presses again.
type final struct{ error }

func (r reply) unexpected(address string) error {
	err := fmt.Errorf("POST %s: %d %.300s", address, r.Status, plainSpaces(r.Page.Find("main").Text()))
	if r.Status >= 400 && r.Status < 500 {
		return final{err}
	}
	return err
}

// press sends a form and wants to be led on.
func (c *clerk) press(ctx context.Context, address string, fields url.Values) (to string, err error) {
	r, err := c.send(ctx, http.MethodPost, address, fields)
	if err == nil && r.Status != http.StatusSeeOther {
		err = r.unexpected(address)
	}
	return r.Location, err
}

// insist repeats until it works or the test has no time left.
func insist(ctx context.Context, do func() error) error {
	for {
		err := do()
		if _, stop := errors.AsType[final](err); err == nil || stop {
			return err
		}
		select {
		case <-ctx.Done():
			return errors.Join(ctx.Err(), err)
		case <-time.After(30 * time.Millisecond):
		}
	}
}

func (c *clerk) signIn(ctx context.Context, email string) error {
	return insist(ctx, func() error {
		_, err := c.press(ctx, "/login", url.Values{"email": {email}, "password": {livePassword}})
		return err
	})
}

// filled draws a form and fills it.
func (c *clerk) filled(ctx context.Context, x example) (fields url.Values, err error) {
	err = insist(ctx, func() error {
		form, err := c.send(ctx, http.MethodGet, "/distributions/new", nil)
		if err != nil {
			return err
		}
		fields = fieldsOf(form.Page.Find("form:has(input[name=formToken])").First())
		maps.Copy(fields, x.fields())
		if fields.Get("formToken") == "" {
			return fmt.Errorf("GET /distributions/new: %d without a token", form.Status)
		}
		return nil
	})
	return fields, err
}

// create presses until the filled form is a draft, and ticks what it warns of.
func (c *clerk) create(ctx context.Context, fields url.Values) (id string, err error) {
	err = insist(ctx, func() error {
		r, err := c.send(ctx, http.MethodPost, "/distributions", fields)
		if err != nil {
			return err
		}
		if r.Status == http.StatusSeeOther {
			id = path.Base(path.Dir(r.Location))
			return nil
		}
		if ticks := r.Page.Find("input[name=confirm]").Map(func(_ int, s *goquery.Selection) string { return s.AttrOr("value", "") }); len(ticks) > len(fields["confirm"]) {
			fields["confirm"] = ticks
			return errors.New("there are warnings to tick")
		}
		return r.unexpected("/distributions")
	})
	return id, err
}

// submit presses until the draft is handed over.
func (c *clerk) submit(ctx context.Context, id string) error {
	return insist(ctx, func() error {
		_, err := c.press(ctx, "/distributions/"+id+"/submission", nil)
		return err
	})
}

// pay does all of it.
func (c *clerk) pay(ctx context.Context, x example) (id string, err error) {
	fields, err := c.filled(ctx, x)
	if err != nil {
		return "", err
	}
	if id, err = c.create(ctx, fields); err != nil {
		return "", err
	}
	return id, c.submit(ctx, id)
}

// becomes waits until the page shows one of the states.
func (c *clerk) becomes(ctx context.Context, id string, states ...string) error {
	return insist(ctx, func() error {
		page, err := c.send(ctx, http.MethodGet, "/distributions/"+id, nil)
		if err != nil {
			return err
		}
		if state := page.Page.Find("#status .badge").AttrOr("data-state", ""); !slices.Contains(states, state) {
			return fmt.Errorf("%s is %q, not of %q", id, state, states)
		}
		return nil
	})
}

// payment is the nth of a series; all differ in reference and amount.
func payment(series string, n int) example {
	return ordinary(fmt.Sprintf("%s-%05d", series, n), fmt.Sprintf("%d,%02d", 1000+n/100, n%100))
}
