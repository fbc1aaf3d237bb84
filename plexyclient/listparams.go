package plexyclient

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"
)

// ListParams names the two paging parameters of the list endpoint.
// Plexy does not document them; other endpoints of Plexy use page,size and page,pageSize.
type ListParams struct {
	Position string // name of the page number (from 1), or of the offset (from 0)
	Size     string // name of the number of rows wanted
	Offset   bool   // Position counts rows, not pages
}

// ParseListParams reads "page,size", "page,pageSize", "offset,limit" or "limit,offset":
// two different names, the position first. A name of exactly "offset" counts rows and may stand on either side.
func ParseListParams(s string) (ListParams, error) {
	first, second, ok := strings.Cut(s, ",")
	first, second = strings.TrimSpace(first), strings.TrimSpace(second)
	if !ok || !isParamName(first) || !isParamName(second) || first == second {
		return ListParams{}, fmt.Errorf("plexyclient: list parameters %q: want two names like page,size or offset,limit", s)
	}
	switch {
	case first == "offset":
		return ListParams{Position: first, Size: second, Offset: true}, nil
	case second == "offset":
		return ListParams{Position: second, Size: first, Offset: true}, nil
	case second == "page":
		return ListParams{}, fmt.Errorf("plexyclient: list parameters %q: the page comes first", s)
	}
	return ListParams{Position: first, Size: second}, nil
}

// String is the form that ParseListParams reads.
func (p ListParams) String() string { return p.Position + "," + p.Size }

// query asks for one page, counted from 1.
func (p ListParams) query(page, size int) url.Values {
	position := page
	if p.Offset {
		position = (page - 1) * size
	}
	return url.Values{p.Position: {strconv.Itoa(position)}, p.Size: {strconv.Itoa(size)}}
}

func isParamName(s string) bool {
	for i, r := range s {
		letter := r == '_' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z'
		if !letter && (i == 0 || r < '0' || r > '9') {
			return false
		}
	}
	return s != ""
}
