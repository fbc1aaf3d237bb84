package distribution

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// Warnings are what the requisites alone give rise to. Zero values are passed over.
func Warnings(c Content, banks Banks) []Warning {
	r := c.Recipient
	var found []Warning
	add := func(is bool, w Warning) {
		if is {
			found = append(found, w)
		}
	}
	readable := r.BIN.CheckDigitOK() // one that fails is read no further
	add(r.BIN != BIN{} && !readable, warning("bin.check"))
	add(readable && !r.BIN.DateOK(), warning("bin.date"))
	add(r.KBe != KBe{} && !agrees(r.KBe, r.BIN.Holder()), warning("kbe.bin", "KBe", r.KBe.String()))
	found = append(found, bankWarnings(r, banks)...)
	n := len([]rune(c.PaymentPurpose))
	add(n > SafePurpose, warning("purpose.long", "Got", strconv.Itoa(n), "Max", strconv.Itoa(SafePurpose)))
	return found
}

// agrees reports whether a sector may belong to the holder of a number: households
// are persons, and sole proprietors among them, and nobody else.
func agrees(kbe KBe, holder Holder) bool {
	switch holder {
	case HeldByPerson:
		return kbe.Sector() == '9'
	case HeldByCompany, HeldByForeign:
		return kbe.Sector() != '9'
	case HeldByNone, HeldByJoint:
	}
	return true
}

func bankWarnings(r Recipient, banks Banks) []Warning {
	if r.IBAN == (IBAN{}) {
		return nil
	}
	bank, listed := banks.Of(r.IBAN.String())
	if !listed {
		return []Warning{warning("bank.unknown", "Code", r.IBAN.BankCode())}
	}
	var found []Warning
	if bank.Status == BankClosed {
		w := warning("bank.closed", "Bank", bank.RU)
		w.Bank = bank
		found = append(found, w)
	}
	head := r.BIC.Head()
	moved := bank.Status == BankClosed && head == bank.Successor
	if head != "" && head != bank.BIC && !moved {
		w := warning("bic.bank", "Bank", bank.RU, "Want", bank.BIC, "Got", r.BIC.String())
		w.Bank = bank
		found = append(found, w)
	}
	return found
}

// Hints are what is worth saying about readable requisites and asks for no tick.
func (t Tables) Hints(c Content) []Finding {
	return slices.Concat(binHints(c.Recipient), t.bankHints(c.Recipient), t.knpHints(c.Recipient), mixedHint("name.mixed", c.Recipient.Name), t.purposeHints(c))
}

func binHints(r Recipient) []Finding {
	var found []Finding
	holder := r.BIN.Holder()
	if (holder == HeldByCompany || holder == HeldByForeign) && r.BIN.text[5] > '4' {
		found = append(found, hint("bin.type", "Char", r.BIN.text[5:6]))
	}
	if holder == HeldByCompany && r.KBe.Residency() == '2' || holder == HeldByForeign && r.KBe.Residency() == '1' {
		found = append(found, hint("kbe.residency", "KBe", r.KBe.String()))
	}
	return found
}

func (t Tables) bankHints(r Recipient) []Finding {
	var found []Finding
	say := func(h Finding, bank Bank) {
		h.Bank = bank
		found = append(found, h)
	}
	typed, known := t.Banks.ByBIC(r.BIC)
	bank, listed := t.Banks.Of(r.IBAN.String())
	if successor, ok := t.Banks.byBIC[bank.Successor]; ok {
		say(hint("bank.successor", "Bank", successor.RU, "BIC", successor.BIC), successor)
	}
	if bank.Status == BankForeign {
		say(hint("bank.foreign", "Bank", bank.RU), bank)
	}
	switch {
	case r.BIC == BIC{}:
	case !known && !listed:
		found = append(found, hint("bic.unknown", "BIC", r.BIC.String()))
	case typed.Status == BankFormer && typed.Successor == bank.BIC:
		h := hint("bank.renamed", "Was", typed.BIC, "Bank", bank.RU, "BIC", bank.BIC)
		h.Suggestion = bank.BIC
		say(h, bank)
	case typed.Status == BankClosed && typed.BIC != bank.BIC:
		say(hint("bic.closed", "Bank", typed.RU), typed)
	}
	return found
}

func (t Tables) knpHints(r Recipient) []Finding {
	if r.KNP == (KNP{}) {
		return nil
	}
	knp, known := t.KNPs.Of(r.KNP.String())
	if !known {
		return []Finding{hint("knp.unknown", "KNP", r.KNP.String(), "AsOf", t.KNPs.AsOf)}
	}
	holder, at := r.BIN.Holder(), r.IBAN.BankCode()
	if holder != HeldByCompany && holder != HeldByForeign || at == "" {
		return nil
	}
	const treasury, socialPayments = "070", "009"
	unusual := knp.UsedFor == ForPersons || knp.UsedFor == ForBudget && at != treasury || knp.UsedFor == ForSocial && at != socialPayments
	if !unusual {
		return nil
	}
	h := finding(Hints, "knp.unusual", []string{"KNP", knp.Code})
	h.Variant = "." + string(knp.UsedFor)
	return []Finding{h}
}

func mixedHint(code CheckCode, text string) []Finding {
	m, ok := mixedWord(text)
	if !ok {
		return nil
	}
	h := finding(Hints, code, []string{"Word", m.Word, "Char", m.Char, "Position", strconv.Itoa(m.Place)})
	h.Places, h.Suggestion = []int{m.Place}, m.Suggestion
	return []Finding{h}
}

func (t Tables) purposeHints(c Content) []Finding {
	text := c.PaymentPurpose
	if text == "" {
		return nil
	}
	found := mixedHint("purpose.mixed", text)
	letters := []rune(text)
	if n := len(letters); n > FilesPurpose {
		found = append(found, hint("purpose.files", "Got", strconv.Itoa(n), "Max", strconv.Itoa(FilesPurpose)))
	}
	if i := slices.IndexFunc(letters, func(r rune) bool { return strings.ContainsRune("&<>`'’ʼ´", r) }); i >= 0 {
		h := hint("purpose.chars", "Char", string(letters[i]), "Position", strconv.Itoa(i+1))
		h.Places = []int{i + 1}
		found = append(found, h)
	}
	for _, slot := range slots() {
		if strings.Contains(text, slot) {
			found = append(found, hint("purpose.slot", "Slot", slot))
			break
		}
	}
	if other := namedKNP(text); other != "" && c.Recipient.KNP != (KNP{}) && other != c.Recipient.KNP.String() {
		found = append(found, hint("purpose.knp", "Named", other, "KNP", c.Recipient.KNP.String()))
	}
	if knp, _ := t.KNPs.Of(c.Recipient.KNP.String()); knp.UsedFor == ForAnything && len(Documents(text)) == 0 {
		found = append(found, hint("purpose.contract"))
	}
	return found
}

// namedKNP is the KNP that a purpose mentions: "КНП 710".
func namedKNP(text string) string {
	words := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	for i, word := range words {
		if i+1 < len(words) && slices.Contains([]string{"кнп", "тмк", "knp"}, word) && checkKNP(words[i+1]) == nil {
			return words[i+1]
		}
	}
	return ""
}
