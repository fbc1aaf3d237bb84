package distribution

import (
	"slices"
	"strings"
)

// Labels that stand for no field of the form.
const (
	fieldBank  = "bank"  // the name of the bank; the IBAN tells it
	fieldPayer = "payer" // what follows is about us, up to the recipient
	fieldOther = "other" // known words whose value has no field
)

// label is what stands beside a value on paper.
type label struct {
	text  string // small letters
	field Field
}

// fieldLabels are the labels of one field.
type fieldLabels struct {
	field Field
	texts string // parted by |
}

// labelTable is what the papers of Kazakhstan call the fields, in Russian, Kazakh
// and English.
func labelTable() []fieldLabels {
	return []fieldLabels{
		{FieldBIN, "бин/иин|иин/бин|бсн/жсн|жсн/бсн|bin/iin|iin/bin|бин|иин|бсн|жсн|bin|iin|получательбин_иин"},
		{FieldIBAN, "иик|жск|iban|iik|р/с|р/сч|р/счет|р/счёт|расчетный счет|расчётный счёт|номер счета|номер счёта|счет|счёт|" +
			"банк шоты|есеп шоты|шот|account number|account no|account|a/c|получательиик"},
		{FieldBIC, "бик|бск|bic|swift|swift code|swift/bic|bic/swift|бик/swift|получательбанкбик"},
		{FieldKBe, "кбе|kbe|код бенефициара|бенефициар коды|получателькбе"},
		{FieldKNP, "кнп|тмк|knp|код назначения платежа|код назначения|төлем тағайындау коды|төлем мақсатының коды|" +
			"payment purpose code|purpose code|кодназначенияплатежа"},
		{FieldName, "получатель|получатель платежа|получатель денег|наименование получателя|бенефициар|наименование бенефициара|наименование|" +
			"алушы|алушының атауы|атауы|beneficiary|beneficiary name|recipient|recipient name|payee|получательнаименование"},
		{FieldAmount, "сумма|сумма платежа|сумма к оплате|итого|итого к оплате|всего к оплате|к оплате|" +
			"сома|сомасы|төлем сомасы|amount|total"},
		{FieldPurpose, "назначение платежа|назначение|төлем мақсаты|төлемнің мақсаты|мақсаты|" +
			"payment purpose|purpose of payment|purpose|details of payment|назначениеплатежа"},
		{fieldBank, "банк|банк получателя|банк бенефициара|наименование банка|банкі|алушының банкі|бенефициар банкі|" +
			"bank|bank name|beneficiary bank|получательбанкнаименование"},
		{fieldPayer, "плательщик|отправитель|отправитель денег|төлеуші|жіберуші|ақша жіберуші|payer|sender|remitter"},
		{fieldOther, "код|kod|кбк|адрес|юридический адрес|юр. адрес|мекенжай|мекенжайы|заңды мекенжайы|address|тел|тел.|телефон|phone|" +
			"e-mail|email|директор|директоры|director|дата|күні|date|валюта|currency|сумма прописью|сома жазумен|amount in words|" +
			"плательщикнаименование|плательщикбин_иин|плательщикиик|плательщиккбе|плательщикбанкнаименование|плательщикбанкбик|" +
			"плательщикбанкбин_иин|получательбанкбин_иин"},
	}
}

// labels lists all of them, the longest first, so that "бик банка" is not read as
// "банк".
func labels() []label {
	var all []label
	for _, row := range labelTable() {
		for text := range strings.SplitSeq(row.texts, "|") {
			all = append(all, label{text, row.field})
		}
	}
	slices.SortStableFunc(all, func(a, b label) int { return len(b.text) - len(a.text) })
	return all
}

// owners are words between a label and its value that say whose it is, and
// whether that is the recipient.
func owners() map[string]bool {
	return map[string]bool{
		"получателя": true, "бенефициара": true, "банка": true, "банк": true, "алушының": true, "алушы": true, "банкінің": true, "организации": true,
		"компании": true, "платежа": true, "денег": true, "iban": true, "kzt": true, "тенге": true, "beneficiary": true, "recipient": true,
		"плательщика": false, "отправителя": false, "төлеушінің": false, "жіберушінің": false, "payer": false, "sender": false,
	}
}
