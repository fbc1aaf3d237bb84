package distributions

import (
	"context"
	"strings"

	"plexydash/i18n"
)

// any reports that something may be done now. Copy stands in the head.
func (a Actions) any() bool {
	return a.Review.Allowed || a.Release.Allowed || a.Edit.Allowed || a.Withdraw.Allowed || a.Cancel.Allowed
}

// refusal is why some actions are not possible.
type refusal struct{ names, code string }

// refused are the actions that are not possible, by reason, in the order of the
// buttons.
func (a Actions) refused(ctx context.Context) []refusal {
	var codes []string
	names := map[string][]string{}
	for _, one := range []struct {
		Action
		key string
	}{{a.Review, "detail.review"}, {a.Edit, "common.edit"}, {a.Withdraw, "detail.withdraw"}, {a.Cancel, "detail.cancel"}, {a.Copy, "detail.copy"}} {
		if one.Allowed || one.WhyNot == "" {
			continue
		}
		if names[one.WhyNot] == nil {
			codes = append(codes, one.WhyNot)
		}
		names[one.WhyNot] = append(names[one.WhyNot], i18n.T(ctx, one.key))
	}
	var all []refusal
	for _, code := range codes {
		all = append(all, refusal{strings.Join(names[code], " · "), code})
	}
	return all
}
