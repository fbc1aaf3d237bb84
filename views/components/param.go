package components

import (
	"net/url"
	"slices"
	"strings"
)

// Param is one name and value of an address or of a form that is carried along.
type Param struct{ Name, Value string }

// ParamsOf lists them in the order of the names.
func ParamsOf(v url.Values) []Param {
	var all []Param
	for name, values := range v {
		for _, value := range values {
			all = append(all, Param{Name: name, Value: value})
		}
	}
	slices.SortStableFunc(all, func(a, b Param) int { return strings.Compare(a.Name, b.Name) })
	return all
}
