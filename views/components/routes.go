package components

import "net/url"

// DistributionURL is the address of a distribution or of one of its parts:
// DistributionURL(id, "review").
func DistributionURL(id string, parts ...string) string {
	address := "/distributions/" + url.PathEscape(id)
	for _, part := range parts {
		address += "/" + part
	}
	return address
}

// ExportURL is the address of an export or of its file.
func ExportURL(id string, parts ...string) string {
	address := "/exports/" + url.PathEscape(id)
	for _, part := range parts {
		address += "/" + part
	}
	return address
}
