package handlers

import (
	"errors"
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"slices"
)

// fieldItem names one of several things that a form is about.
const fieldItem = "item"

// readForm reads the body of a POST. It holds exactly the fields named, each at
// most once save confirm, status, id and item; anything else was not made by our pages
// and is refused whole. The address carries nothing but what query names.
func readForm(r *http.Request, query []string, fields ...string) (url.Values, error) {
	if err := checkQuery(r, query); err != nil {
		return nil, err
	}
	if err := parseForm(r); err != nil {
		return nil, err
	}
	for name, values := range r.PostForm {
		if !slices.Contains(fields, name) {
			return nil, &BadRequest{Reason: fmt.Sprintf("unknown form field %.40q", name)}
		}
		if len(values) > 1 && !slices.Contains([]string{"confirm", "status", "id", fieldItem}, name) {
			return nil, &BadRequest{Reason: fmt.Sprintf("form field %q is repeated", name)}
		}
	}
	return r.PostForm, nil
}

// parseForm reads the body once: asked again, it has been.
func parseForm(r *http.Request) error {
	if r.ContentLength != 0 {
		media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
		if err != nil || media != "application/x-www-form-urlencoded" {
			return &BadRequest{Reason: "the body is not a form"}
		}
	}
	if err := r.ParseForm(); err != nil {
		if tooBig, ok := errors.AsType[*http.MaxBytesError](err); ok {
			return tooBig
		}
		return &BadRequest{Reason: "the form is not readable"}
	}
	return nil
}

// checkQuery refuses parameters of the address that the page does not know.
func checkQuery(r *http.Request, known []string) error {
	values, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return &BadRequest{Reason: "the query is not readable"}
	}
	for name, texts := range values {
		if !slices.Contains(known, name) {
			return &BadRequest{Reason: fmt.Sprintf("unknown parameter %.40q", name)}
		}
		if len(texts) > 1 {
			return &BadRequest{Reason: fmt.Sprintf("parameter %q is repeated", name)}
		}
	}
	return nil
}

// noFields reads a POST that says everything by its address.
func noFields(r *http.Request) error {
	_, err := readForm(r, nil)
	return err
}
