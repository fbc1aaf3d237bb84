package components

import (
	"net/url"

	"plexydash/distribution"
)

// DistributionURL is the address of a distribution or of one of its parts:
// DistributionURL(id, "review").
func DistributionURL(id string, parts ...string) string {
	address := "/distributions/" + url.PathEscape(id)
	for _, part := range parts {
		address += "/" + part
	}
	return address
}

// ResumeURL is where a form that was kept is filled again; id is of the
// distribution that it changes, empty for a new one.
func ResumeURL(id, formToken string) string {
	page := "/distributions/new"
	if id != "" {
		page = DistributionURL(id, "edit")
	}
	return page + "?draft=" + url.QueryEscape(formToken)
}

// ExportURL is the address of an export or of its file.
func ExportURL(id string, parts ...string) string {
	address := "/exports/" + url.PathEscape(id)
	for _, part := range parts {
		address += "/" + part
	}
	return address
}

// ResolutionURL is the form of a decision about a distribution; plexyID picks
// the row of a link beforehand and may be empty.
func ResolutionURL(id string, kind distribution.DecisionKind, plexyID string) string {
	query := url.Values{"kind": {string(kind)}}
	if plexyID != "" {
		query.Set("plexyId", plexyID)
	}
	return DistributionURL(id, "resolution") + "?" + query.Encode()
}
