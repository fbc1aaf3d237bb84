package handlers

import (
	"errors"

	"plexydash/distribution"
	"plexydash/store"
	"plexydash/views/errorpage"
	"plexydash/views/layout"
)

// ErrGone says that something was here and is not any more.
var ErrGone = errors.New("gone")

// BadRequest says that the request itself makes no sense, so that nothing was
// done. Reason is for the log; Tell, if any, is for the person.
type BadRequest struct {
	Reason string
	Tell   *layout.Flash
}

func (e *BadRequest) Error() string { return "bad request: " + e.Reason }

// WithLink is an error whose page offers a way out, and may say more.
type WithLink struct {
	Err  error
	Link errorpage.Link
	Tell *layout.Flash // may be nil
}

func (e *WithLink) Error() string { return e.Err.Error() }
func (e *WithLink) Unwrap() error { return e.Err }

// conflict is a no that the state of things gives; code is a message key without
// its "refusal." prefix.
func conflict(code string) error {
	return &distribution.Refusal{Code: code, Kind: distribution.ErrConflict}
}

// refusalCode is the message key of a rule's no, without its "refusal." prefix.
func refusalCode(err error) string {
	if refusal, ok := errors.AsType[*distribution.Refusal](err); ok {
		return refusal.Code
	}
	return ""
}

// seeDistribution leads from an error to a distribution's page.
func seeDistribution(err error, id string) error {
	return &WithLink{Err: err, Link: errorpage.Link{Href: detailPath(id), Key: "web.link.distribution"}}
}

// seeDistributionUnlessMissing is seeDistribution for errors that may also say
// that there is no such distribution.
func seeDistributionUnlessMissing(err error, id string) error {
	if errors.Is(err, distribution.ErrConflict) || errors.Is(err, distribution.ErrForbidden) {
		return seeDistribution(err, id)
	}
	return err
}

// Unavailable reports that nothing was changed because the database could not be
// written to just now: the same may be tried again.
func Unavailable(err error) bool { return store.Unavailable(err) }
