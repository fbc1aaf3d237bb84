package distributions

import (
	"context"

	"plexydash/distribution"
	"plexydash/i18n"
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
func (r RowProps) alarm() bool { return r.D.Regressed || r.Ties.Twice }

func (r RowProps) closed() bool {
	return r.D.Status == distribution.Cancelled || r.D.Status == distribution.Declined || r.D.Status == distribution.Abandoned
}

func (r RowProps) foreign() bool { return r.D.Origin == distribution.FromPlexy }

// tagged reports that there is a remark on the row.
func (r RowProps) tagged() bool {
	return r.alarm() || r.foreign() || r.Ties.Corrected || r.Ties.Correction
}

func (r RowProps) reference(ctx context.Context) string {
	if r.D.OrderReference == "" {
		return i18n.T(ctx, "list.no_reference")
	}
	return r.D.OrderReference
}

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

// text is what stands in a column that is only text.
func (r RowProps) text(ctx context.Context, code string) string {
	who := r.D.RecipientText()
	switch code {
	case "bin":
		return who.BIN
	case "knp":
		return who.KNP
	case "kbe":
		return who.KBe
	case "bic":
		return who.BIC
	case "purpose":
		return r.D.PaymentPurpose
	case "plexyId":
		return r.D.PlexyID
	case "origin":
		return components.OrCode(ctx, "filter.origin.", string(r.D.Origin))
	case "code":
		return components.CodeText(r.Code)
	}
	return ""
}

// alarming colours the state of a row that wants somebody: the others stay calm.
func (r RowProps) alarming() string {
	if tone := components.StatusTone(r.D.Status); tone == components.Amber || tone == components.Red {
		return tone.Modifier()
	}
	return ""
}
