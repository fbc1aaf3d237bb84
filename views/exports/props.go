// Package exports draws the pages of register exports.
package exports

import (
	"time"

	"plexydash/distribution"
	"plexydash/views/audit"
	"plexydash/views/filter"
	"plexydash/views/layout"
)

// State of an export.
type State string

// States.
const (
	Waiting State = "waiting" // the file is being made
	Ready   State = "ready"
	Failed  State = "failed"
)

// Export is one order for a file.
type Export struct {
	ID          string
	Kind        string // distributions, audit
	State       State
	Format      string // csv, xlsx, jsonl
	Dialect     string // excel, plain
	Filter      filter.Filter
	AuditFilter audit.Filter // of Kind audit
	FileName    string
	Rows        int
	Sum         distribution.Amount // tiyn
	SHA256      string              // of the file, hex
	AsOf        time.Time           // of the data in it, UTC
	CreatedAt   time.Time
	FinishedAt  time.Time
	ErrorCode   string // number to tell the administrator; only for Failed
	Incomplete  bool   // the history was not complete yet
}

// PageProps of GET /exports/{id}.
type PageProps struct {
	Chrome layout.Chrome
	Export Export
}

// ListProps of GET /exports: the person's own, newest first.
type ListProps struct {
	Chrome  layout.Chrome
	Exports []Export
	Now     time.Time
}
