package i18n

import (
	"slices"
	"strings"

	"plexydash/distribution"
)

// dynamicKeys is the one list of keys that the program puts together from a
// prefix and a code: T(ctx, "status."+code). Under each prefix stand all endings
// that can come. A prefix that is used so and not listed here fails TestUsage.
func dynamicKeys() map[string][]string {
	return map[string][]string{
		"settings.source.": {"default", "file", "environment", "flag"},
		"lang.":            {"ru", "kk", "en"},
		"field.":           fieldNames(),
		"column.": strings.Fields("id orderReference plexyId createdAt status plexyStatus amount currency recipientName recipientBin " +
			"recipientIban recipientBic recipientKbe recipientKnp paymentPurpose balanceBefore balanceAfter createdBy approvedBy origin updatedAt"),
		"audit.say.":     auditActions(),
		"audit.result.":  {"done", "denied", "failed"},
		"audit.column.":  strings.Fields("seq at actorId actorName actorEmail role address requestId action object objectId result reason details before after"),
		"gallery.":       strings.Fields("title note index hover focus disabled changes states buttons fields freshness notices banners empty floating search table money order requisites timeline decision exports navigation"),
		"filter.origin.": {"any", "dashboard", "plexy"},
		"filter.add.":    {"period", "status", "recipient", "amount", "knp", "author", "origin", "ids"},
		"filter.preset.": {"today", "yesterday", "week", "days", "month", "last"},
		"list.col.": strings.Fields("created reference recipient bin account amount status people updated " +
			"knp kbe bic purpose plexyId origin code tick"),
		"role.":         {"accountant", "manager", "auditor", "admin"},
		"action.":       actions(),
		"me.failure.":   {"password", "factor", "disabled"},
		"people.flash.": {"role", "disablement", "enablement", "factor"},
		"status.":       withEnding(statusCodes(), "", ".sentence"),
		"fill.weekday.": strings.Fields("0 1 2 3 4 5 6"),
		"error.":        fieldErrorCodes(),
		"warning.":      append(withEnding(ruleCodes(distribution.Warns), "", ".confirm"), "iban.new.bin"),
		"hint.":         hintCodes(),
		"page.error.": slices.Concat([]string{"number"}, withEnding(
			[]string{"400", "403", "404", "405", "409", "410", "413", "422", "429", "500", "503"}, ".title", ".text", ".advice")),
	}
}

func statusCodes() []string {
	return []string{
		"draft", "awaiting_approval", "declined", "queued", "sending", "unknown", "not_found", "mismatch",
		"accepted", "processing", "paid", "failed", "returned", "refused", "cancelled", "abandoned",
	}
}

func actions() []string {
	var all []string
	for _, a := range distribution.Actions() {
		all = append(all, string(a))
	}
	return all
}

func fieldNames() []string {
	var names []string
	for _, f := range distribution.Fields() {
		names = append(names, string(f))
	}
	return names
}

// fieldErrorCodes are those of the book, and of forms beside that of a distribution.
func fieldErrorCodes() []string {
	return append(ruleCodes(distribution.Blocks), "reference.taken", "approvals.range", "approvals.people", "steps.order")
}

func hintCodes() []string {
	var codes []string
	for _, code := range ruleCodes(distribution.Hints) {
		if code == "knp.unusual" { // each use of a code has words of its own
			codes = append(codes, withEnding([]string{code}, ".person", ".social", ".budget")...)
			continue
		}
		codes = append(codes, code)
	}
	return codes
}

func ruleCodes(s distribution.Severity) []string {
	var codes []string
	for _, r := range distribution.Rules() {
		if r.Severity == s {
			codes = append(codes, string(r.Code))
		}
	}
	return codes
}

// withEnding puts every ending behind every code.
func withEnding(codes []string, endings ...string) []string {
	var all []string
	for _, code := range codes {
		for _, ending := range endings {
			all = append(all, code+ending)
		}
	}
	return all
}
