package distributions

import (
	"plexydash/distribution"
	"plexydash/views/components"
)

// everyRow is how often a row that may change looks again.
const everyRow = "every 4s"

func (r RowProps) class() string {
	switch {
	case r.alarm():
		return "is-alarm"
	case r.D.Status.Uncertain():
		return "is-unknown"
	case r.closed():
		return "is-off"
	}
	return ""
}

// alarm: Plexy took a step back, or executed it twice.
func (r RowProps) alarm() bool { return r.D.Regressed || r.D.TwinOf != "" }

func (r RowProps) closed() bool {
	return r.D.Status == distribution.Cancelled || r.D.Status == distribution.Declined || r.D.Status == distribution.Abandoned
}

func (r RowProps) foreign() bool { return r.D.Origin == distribution.FromPlexy }

func (r RowProps) approvers() string {
	names := ""
	for i, p := range r.D.ApprovedBy {
		if i > 0 {
			names += ", "
		}
		names += components.Surname(p.Name)
	}
	return names
}

// people are the full names, for the hint over the cell.
func (r RowProps) people() string {
	if len(r.D.ApprovedBy) == 0 {
		return r.D.CreatedBy.Name
	}
	return r.D.CreatedBy.Name + " → " + components.Names(r.D.ApprovedBy)
}
