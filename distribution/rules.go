package distribution

import "slices"

// Severity is how much a finding weighs.
type Severity string

// Severities.
const (
	Blocks Severity = "error"   // the form does not go through
	Warns  Severity = "warning" // a person looks at it and ticks; stored with who and when
	Hints  Severity = "hint"    // is said, and asks for nothing
)

// CheckCode names a rule. Its text is the message under Severity, a dot and Code.
type CheckCode string

// Rule is one line of the book.
type Rule struct {
	Code     CheckCode
	Severity Severity
	Field    Field  // empty: of any field
	Source   string // law, standard or practice that it comes from
}

// Where rules come from.
const (
	sourceForm      = "payment order: National Bank, rules 208 of 31.08.2016"
	sourceIBAN      = "ISO 13616, registry entry KZ"
	sourceMod97     = "ISO 7064 MOD 97-10"
	sourceLayout    = "practice: Cyrillic letters typed for Latin ones look the same"
	sourceBIN       = "law 223 of 12.01.2007 on national registers of identification numbers"
	sourceBINForm   = "Government resolution 406 of 22.05.2007, amended by 853 of 26.08.2013"
	sourceBIC       = "ISO 9362"
	sourceBanks     = "directory of bank codes: National Bank, resolution 128 of 27.10.2020"
	sourceKNP       = "National Bank, resolution 203 of 31.08.2016"
	sourceHistory   = "practice: swapped bank details are the commonest fraud"
	sourceISO20022  = "ISO 20022, remittance line of 140 characters"
	source1C        = "practice: 1C writes 210 characters into a payment file"
	sourceText      = "payment order is read by people: Unicode TR 36, visual spoofing"
	sourceFM1       = "financial monitoring, form FM-1: order of 22.02.2022 excludes these characters"
	sourcePlexy     = "Plexy API"
	sourceOwn       = "plexydash"
	sourceDocuments = "accounting law 234 of 28.02.2007, article 7: a payment rests on a document"
)

// Rules is the book: everything that is checked in a form, from top to bottom.
func Rules() []Rule {
	return slices.Concat(blockingRules(), warningRules(), hintRules())
}

func blockingRules() []Rule {
	return []Rule{
		{"required", Blocks, "", sourceForm},
		{"name.toolong", Blocks, FieldName, sourceOwn},
		{"text.control", Blocks, "", sourceText},
		{"text.bidi", Blocks, "", sourceText},
		{"text.invisible", Blocks, "", sourceText},
		{"bin.length", Blocks, FieldBIN, sourceBIN},
		{"bin.digits", Blocks, FieldBIN, sourceBIN},
		{"bin.zeros", Blocks, FieldBIN, sourceBINForm},
		{"kbe.unknown", Blocks, FieldKBe, sourceKNP},
		{"iban.length", Blocks, FieldIBAN, sourceIBAN},
		{"iban.country", Blocks, FieldIBAN, sourceIBAN},
		{"iban.alphabet", Blocks, FieldIBAN, sourceIBAN},
		{"iban.cyrillic", Blocks, FieldIBAN, sourceLayout},
		{"iban.bankcode", Blocks, FieldIBAN, sourceIBAN},
		{"iban.checksum", Blocks, FieldIBAN, sourceMod97},
		{"bic.format", Blocks, FieldBIC, sourceBIC},
		{"bic.cyrillic", Blocks, FieldBIC, sourceLayout},
		{"amount.format", Blocks, FieldAmount, sourceOwn},
		{"amount.ambiguous", Blocks, FieldAmount, sourceOwn},
		{"amount.decimals", Blocks, FieldAmount, sourceForm},
		{"amount.sign", Blocks, FieldAmount, sourceOwn},
		{"amount.exponent", Blocks, FieldAmount, sourceOwn},
		{"amount.digits", Blocks, FieldAmount, sourceOwn},
		{"amount.zero", Blocks, FieldAmount, sourceForm},
		{"amount.toolarge", Blocks, FieldAmount, sourceOwn},
		{"currency.kzt", Blocks, FieldCurrency, sourcePlexy},
		{"knp.digits", Blocks, FieldKNP, sourceKNP},
		{"purpose.toolong", Blocks, FieldPurpose, sourceOwn},
		{"reference.format", Blocks, FieldReference, sourceOwn},
	}
}

func warningRules() []Rule {
	return []Rule{
		{WarnBINCheck, Warns, FieldBIN, sourceBINForm},
		{WarnBINDate, Warns, FieldBIN, sourceBINForm},
		{WarnKBeBIN, Warns, FieldKBe, sourceKNP},
		{WarnBankUnknown, Warns, FieldIBAN, sourceBanks},
		{WarnBankClosed, Warns, FieldIBAN, sourceBanks},
		{WarnIBANNew, Warns, FieldIBAN, sourceHistory},
		{WarnBICBank, Warns, FieldBIC, sourceBanks},
		{WarnDuplicate, Warns, FieldAmount, sourceOwn},
		{WarnBalanceShort, Warns, FieldAmount, sourcePlexy},
		{WarnPurposeLong, Warns, FieldPurpose, sourceISO20022},
	}
}

func hintRules() []Rule {
	return []Rule{
		{"name.mixed", Hints, FieldName, sourceText},
		{"name.new", Hints, FieldName, sourceHistory},
		{"bin.type", Hints, FieldBIN, sourceBINForm},
		{"kbe.residency", Hints, FieldKBe, sourceKNP},
		{"bank.successor", Hints, FieldIBAN, sourceBanks},
		{"bank.foreign", Hints, FieldIBAN, sourceBanks},
		{"bank.renamed", Hints, FieldBIC, sourceBanks},
		{"bic.closed", Hints, FieldBIC, sourceBanks},
		{"bic.unknown", Hints, FieldBIC, sourceBanks},
		{"knp.unknown", Hints, FieldKNP, sourceKNP},
		{"knp.unusual", Hints, FieldKNP, sourceKNP},
		{"purpose.files", Hints, FieldPurpose, source1C},
		{"purpose.chars", Hints, FieldPurpose, sourceFM1},
		{"purpose.mixed", Hints, FieldPurpose, sourceText},
		{"purpose.slot", Hints, FieldPurpose, sourceOwn},
		{"purpose.knp", Hints, FieldPurpose, sourceKNP},
		{"purpose.contract", Hints, FieldPurpose, sourceDocuments},
		{"purpose.same", Hints, FieldPurpose, sourceOwn},
	}
}

// WarningCode is the code of a rule that warns. These are said in addresses,
// files and logs, and are never renamed.
type WarningCode = CheckCode

// Warnings.
const (
	WarnBINCheck     WarningCode = "bin.check"
	WarnBINDate      WarningCode = "bin.date"
	WarnBankUnknown  WarningCode = "bank.unknown"
	WarnBankClosed   WarningCode = "bank.closed"
	WarnBICBank      WarningCode = "bic.bank"
	WarnKBeBIN       WarningCode = "kbe.bin"
	WarnIBANNew      WarningCode = "iban.new"
	WarnDuplicate    WarningCode = "duplicate" // an answered twin; wants a reason, too
	WarnPurposeLong  WarningCode = "purpose.long"
	WarnBalanceShort WarningCode = "balance.short"
)

// Finding is what a rule found in a form.
type Finding struct {
	Code     CheckCode
	Severity Severity
	Field    Field
	Args     map[string]string // fill the message
	// Variant is the end of the message's key where one code has two texts.
	Variant string
	// Bank is the bank spoken of; a page puts its name in its own language for
	// the argument "Bank".
	Bank       Bank
	Places     []int  // characters that it is about, counted from one
	Suggestion string // for the field, to be taken with one press; empty: none
	Was        string // what the history has in its place
}

// Warning is a finding that wants a tick.
type Warning = Finding

func warning(code CheckCode, pairs ...string) Finding { return finding(Warns, code, pairs) }
func hint(code CheckCode, pairs ...string) Finding    { return finding(Hints, code, pairs) }

func finding(s Severity, code CheckCode, pairs []string) Finding {
	f := Finding{Code: code, Severity: s, Args: arguments(pairs)}
	rules := warningRules()
	if s == Hints {
		rules = hintRules()
	}
	if i := slices.IndexFunc(rules, func(r Rule) bool { return r.Code == code }); i >= 0 {
		f.Field = rules[i].Field
	}
	return f
}
