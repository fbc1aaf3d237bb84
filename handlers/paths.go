package handlers

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/go-chi/chi/v5"

	"plexydash/distribution"
)

// Addresses that several handlers lead to.
const (
	signInPath    = "/login"
	listPath      = "/distributions"
	newPath       = "/distributions/new"
	draftsPath    = "/drafts"
	exportsPath   = "/exports"
	approvalsPath = "/approvals"
	auditPath     = "/audit"
	overviewPath  = "/"
	balancePath   = "/balance"
	settingsPath  = "/settings"
	sendingPath   = "/settings/sending"
	holdPath      = "/hold"
	proposalsPath = "/proposals"
	unknownPath   = "/unknown"
	integrityPath = "/integrity"
	usersPath     = "/users"
	mePath        = "/me"
)

func detailPath(id string) string { return listPath + "/" + url.PathEscape(id) }
func editPath(id string) string   { return detailPath(id) + "/edit" }
func userPath(id string) string   { return usersPath + "/" + url.PathEscape(id) }
func reviewPath(id string) string { return detailPath(id) + "/review" }
func exportPath(id string) string { return exportsPath + "/" + url.PathEscape(id) }

// resolutionPath is the empty form of a decision about a distribution.
func resolutionPath(id string, kind distribution.DecisionKind) string {
	return withQuery(detailPath(id)+"/resolution", url.Values{"kind": {string(kind)}})
}

func withQuery(path string, v url.Values) string {
	if len(v) == 0 {
		return path
	}
	return path + "?" + v.Encode()
}

func idOf(r *http.Request) string { return chi.URLParam(r, "id") }

// LocalPath is text if it is a path of this site, else "/". A browser takes
// "//host" and "/\host" for other sites.
func LocalPath(text string) string {
	const home = "/"
	if !strings.HasPrefix(text, "/") || strings.ContainsAny(text, "\\\r\n\t\x00") {
		return home
	}
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "" || u.Host != "" || u.User != nil || strings.HasPrefix(u.Path, "//") {
		return home
	}
	return text
}

// SignInPath leads to the sign-in page and, after it, back to next.
func SignInPath(next string) string {
	if next = LocalPath(next); next == "/" || next == signInPath || strings.HasPrefix(next, signInPath+"?") {
		return signInPath
	}
	return withQuery(signInPath, url.Values{"next": {next}})
}
