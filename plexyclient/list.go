package plexyclient

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

const maxListPosition = 1 << 30

// Page is one page of the list. Order, lag and stability of pages are not promised by Plexy.
type Page struct {
	Items    []Distribution // each has an id; recipient and balances may be absent
	Odd      []OddRow       // rows that cannot be read; the others are good all the same
	Page     int            // as the answer says, 0 when it does not
	Size     int            // as the answer says, 0 when it does not; the size asked for may not be honoured
	Total    int            // rows in all, when HasTotal
	HasTotal bool
	Answer   Answer
}

// OddRow is a row of a list that does not say, in a form we know, which money goes where.
type OddRow struct {
	ID             string    // empty when it has none
	OrderReference string    // empty when it has none that can be read
	CreatedAt      time.Time // zero when absent
	Reason         string
}

// List reads one page, counted from 1. There is no cap on pages here: the caller decides when to stop.
//
// With offset paging, a server that gives fewer rows than asked for would make the next page skip rows;
// List returns a *DecodeError where the answer shows this. Where it gives neither size nor total,
// only a non-empty page after a short one shows it.
func (c *Client) List(ctx context.Context, page, size int) (Page, error) {
	if page < 1 || size < 1 || page > maxListPosition/size {
		return Page{}, fmt.Errorf("plexyclient: no such page: %d of size %d", page, size)
	}
	target := c.base.JoinPath("distributions")
	target.RawQuery = c.params.query(page, size).Encode()
	answer, err := c.read(ctx, "list", target)
	if err != nil {
		return Page{Answer: answer}, err
	}
	p, err := decodePage(answer.Body)
	if err == nil && c.params.Offset {
		err = p.checkOffset(page, size)
	}
	if err != nil {
		return Page{Answer: answer}, &DecodeError{Reason: err.Error(), Answer: answer}
	}
	p.Answer = answer
	return p, nil
}

// rows is how many the answer held.
func (p Page) rows() int { return len(p.Items) + len(p.Odd) }

func (p Page) checkOffset(page, size int) error {
	capped := p.Size > 0 && p.Size < size
	short := p.HasTotal && p.rows() < size && (page-1)*size+p.rows() < p.Total
	if capped || short {
		return errors.New("the server gives smaller pages than asked for, the next offset would skip rows: ask for less")
	}
	return nil
}

// decodePage reads a bare array, or an object with the rows under one of the known names,
// at the top or one level below "data". null is an empty list; an object without rows is an error.
func decodePage(body []byte) (Page, error) {
	if !json.Valid(body) {
		return Page{}, errors.New("not JSON")
	}
	switch kind(body) {
	case 'n':
		return Page{}, nil
	case '[':
		items, odd, err := decodeItems(body)
		return Page{Items: items, Odd: odd}, err
	}
	top, err := parseObject(body)
	if err != nil {
		return Page{}, err
	}
	places := []object{top}
	raw, ok := top.rows()
	if inner, nested := top.get("data"); !ok && nested && kind(inner) == '{' {
		below, err := parseObject(inner)
		if err != nil {
			return Page{}, err
		}
		places = append(places, below)
		raw, ok = below.rows()
	}
	if !ok {
		return Page{}, errors.New("no list of distributions in the answer")
	}
	var p Page
	p.countFrom(places)
	p.Items, p.Odd, err = decodeItems(raw)
	return p, err
}

// rows finds the list. An array wins over a null under another name.
func (o object) rows() (raw json.RawMessage, ok bool) {
	for _, name := range []string{"data", "items", "distributions", "content", "results"} {
		value, present := o[name]
		if !present {
			continue
		}
		switch value = unwrap(value); kind(value) {
		case '[':
			return value, true
		case 'n':
			raw, ok = value, true
		}
	}
	return raw, ok
}

func (p *Page) countFrom(places []object) {
	for _, place := range places {
		for _, name := range []string{"pagination", "meta"} {
			if raw, ok := place.get(name); ok {
				if inner, err := parseObject(raw); err == nil {
					places = append(places, inner)
				}
			}
		}
	}
	for _, place := range places {
		if n, ok := place.count("total", "totalCount", "total_count", "totalElements", "total_elements"); ok && !p.HasTotal {
			p.Total, p.HasTotal = n, true
		}
		if n, ok := place.count("page"); ok && p.Page == 0 {
			p.Page = n
		}
		if n, ok := place.count("size", "pageSize", "page_size", "limit"); ok && p.Size == 0 {
			p.Size = n
		}
	}
}

// decodeItems reads the rows one by one: a row that somebody else filled in oddly must not hide
// the rest. Rows that are all unreadable are no list.
func decodeItems(raw []byte) (items []Distribution, odd []OddRow, err error) {
	rows, err := parseArray(raw)
	if err != nil {
		return nil, nil, err
	}
	items = make([]Distribution, 0, len(rows))
	for i, row := range rows {
		d, err := decodeDistribution(row)
		if err == nil && d.ID == "" {
			err = errors.New("no id")
		}
		if err != nil {
			odd = append(odd, OddRow{ID: d.ID, OrderReference: d.OrderReference, CreatedAt: d.CreatedAt, Reason: fmt.Sprintf("row %d: %v", i+1, err)})
			continue
		}
		items = append(items, d)
	}
	if len(odd) > 0 && len(items) == 0 {
		return nil, nil, errors.New(odd[0].Reason)
	}
	return items, odd, nil
}
