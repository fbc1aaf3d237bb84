package distribution

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// short names of fields, for the tables below.
func pastedValues(p Pasted) map[string]string {
	short := map[Field]string{
		FieldName: "name", FieldBIN: "bin", FieldKBe: "kbe", FieldIBAN: "iban", FieldBIC: "bic",
		FieldAmount: "amount", FieldKNP: "knp", FieldPurpose: "purpose", FieldReference: "reference", FieldCurrency: "currency",
	}
	values := map[string]string{}
	for field, value := range p.Values {
		values[short[field]] = value
	}
	if p.Bank != "" {
		values["bank"] = p.Bank
	}
	return values
}

type pasteRow struct {
	what, text string
	values     map[string]string
	left       []string
}

const (
	helios     = "990940004405"
	heliosIBAN = "KZ47856TEST000000001"
)

func pasteRows() []pasteRow {
	type v = map[string]string
	all := v{
		"name": "ТОО «Гелиос»", "bin": helios, "iban": heliosIBAN, "bank": "АО «Банк ЦентрКредит»", "bic": "KCJBKZKX",
		"kbe": "17", "knp": "710", "amount": "250 000,00", "purpose": "Оплата за товар по договору № 44 от 02.02.2026",
	}
	return []pasteRow{
		{"a letter, one a line", "Получатель: ТОО «Гелиос»\nБИН: 990940004405\nИИК: KZ47 856T EST0 0000 0001\nБанк: АО «Банк ЦентрКредит»\nБИК: KCJBKZKX\n" +
			"КБе: 17\nКНП: 710\nСумма: 250 000,00 тенге\nНазначение платежа: Оплата за товар по договору № 44 от 02.02.2026\n", all, nil},
		{"all in one line", "Получатель: ТОО «Гелиос», БИН 990940004405, ИИК KZ47856TEST000000001 в АО «Банк ЦентрКредит», БИК KCJBKZKX, КБе 17", v{
			"name": "ТОО «Гелиос»", "bin": helios, "iban": heliosIBAN, "bic": "KCJBKZKX", "kbe": "17",
		}, []string{"в АО «Банк ЦентрКредит»"}},
		{"cells side by side", "Получатель\tТОО «Гелиос»\nБИН/ИИН\t990940004405\nИИК\tKZ47856TEST000000001\nБИК\tKCJBKZKX\nКБе\t17\nКНП\t710\nСумма\t250 000,00\n", v{
			"name": "ТОО «Гелиос»", "bin": helios, "iban": heliosIBAN, "bic": "KCJBKZKX", "kbe": "17", "knp": "710", "amount": "250 000,00",
		}, nil},
		{"a row below its headings", "№\tНаименование получателя\tБИН/ИИН\tИИК\tБИК\tКБе\tКНП\tСумма\tНазначение платежа\n" +
			"1\t\"ТОО \"\"Гелиос\"\"\"\t990940004405\tKZ47856TEST000000001\tKCJBKZKX\t17\t710\t250000,00\tОплата по договору № 44, за товар\n", v{
			"name": `ТОО "Гелиос"`, "bin": helios, "iban": heliosIBAN, "bic": "KCJBKZKX", "kbe": "17", "knp": "710", "amount": "250000,00",
			"purpose": "Оплата по договору № 44, за товар",
		}, []string{"1"}},
		{"labels alone, values below", "Бенефициар:\nТОО «Гелиос»\nБИН:\n990940004405\nИИК:\nKZ47856TEST000000001\nНазначение платежа:\nОплата по счёту № 5\n", v{
			"name": "ТОО «Гелиос»", "bin": helios, "iban": heliosIBAN, "purpose": "Оплата по счёту № 5",
		}, nil},
		{"Kazakh", "Алушы: «Алтын Дән» ЖШС\nБСН: 990940004405\nЖСК: KZ47856TEST000000001\nБСК: KCJBKZKX\nКбе: 17\nТМК: 710\nТөлем сомасы: 250 000,00 теңге\nТөлем мақсаты: 02.02.2026 № 44 шарт бойынша", v{
			"name": "«Алтын Дән» ЖШС", "bin": helios, "iban": heliosIBAN, "bic": "KCJBKZKX", "kbe": "17", "knp": "710", "amount": "250 000,00",
			"purpose": "02.02.2026 № 44 шарт бойынша",
		}, nil},
		{"English", "Beneficiary: Helios LLP\nBIN: 990940004405\nIBAN: KZ47 856T EST0 0000 0001\nSWIFT/BIC: KCJBKZKX\nBeneficiary bank: Bank CenterCredit\nPayment purpose: Contract No. 44", v{
			"name": "Helios LLP", "bin": helios, "iban": heliosIBAN, "bic": "KCJBKZKX", "bank": "Bank CenterCredit", "purpose": "Contract No. 44",
		}, nil},
		{"whose it is between label and value", "Beneficiary IBAN: KZ47856TEST000000001\nБИН получателя: 990940004405\nБИК банка получателя KCJBKZKX\nКБе бенефициара - 17", v{
			"bin": helios, "iban": heliosIBAN, "bic": "KCJBKZKX", "kbe": "17",
		}, nil},
		{"no labels at all", "ТОО «Гелиос»\n990940004405\nKZ47 856T EST0 0000 0001\nKCJBKZKX\nг. Алматы", v{
			"name": "ТОО «Гелиос»", "bin": helios, "iban": heliosIBAN, "bic": "KCJBKZKX",
		}, []string{"г. Алматы"}},
		{"no labels, one line", "ТОО «Гелиос», 990940004405, KZ47856TEST000000001, KCJBKZKX", v{
			"bin": helios, "iban": heliosIBAN, "bic": "KCJBKZKX", "name": "ТОО «Гелиос»",
		}, nil},
		{"only an account", "kz47 856t est0 0000 0001", v{"iban": heliosIBAN}, nil},
		{"print-out of 1C: the payer comes first", "ПЛАТЕЖНОЕ ПОРУЧЕНИЕ № 15 от 02.02.2026\nОтправитель денег: ТОО «Мы»\nБИН 980540000397\nИИК KZ82722TEST000000001\nБИК CASPKZKA\nКОд 17\n" +
			"Бенефициар: ТОО «Гелиос»\nБИН 990940004405\nИИК KZ47856TEST000000001\nБИК KCJBKZKX\nКБе 17\n", v{
			"name": "ТОО «Гелиос»", "bin": helios, "iban": heliosIBAN, "bic": "KCJBKZKX", "kbe": "17",
		}, []string{"ПЛАТЕЖНОЕ ПОРУЧЕНИЕ № 15 от 02.02.2026", "ТОО «Мы»", "980540000397", "KZ82722TEST000000001", "CASPKZKA", "17"}},
		{"file of 1C", "ПлательщикИИК=KZ82722TEST000000001\r\nПолучательНаименование=ТОО «Гелиос»\r\nПолучательБИН_ИИН=990940004405\r\nПолучательИИК=KZ47856TEST000000001\r\n" +
			"ПолучательБанкБИК=KCJBKZKX\r\nПолучательКБЕ=17\r\nКодНазначенияПлатежа=710\r\nСумма=250000.00\r\nНазначениеПлатежа=Оплата по договору № 44\r\n", v{
			"name": "ТОО «Гелиос»", "bin": helios, "iban": heliosIBAN, "bic": "KCJBKZKX", "kbe": "17", "knp": "710", "amount": "250000.00",
			"purpose": "Оплата по договору № 44",
		}, []string{"KZ82722TEST000000001"}},
		{"footer of an invoice", "ТОО «Гелиос», БИН: 990940004405; Адрес: г. Алматы, ул. Абая, 5; р/с KZ47856TEST000000001; БИК KCJBKZKX; тел. +7 727 123 45 67", v{
			"name": "ТОО «Гелиос»", "bin": helios, "iban": heliosIBAN, "bic": "KCJBKZKX",
		}, []string{"г. Алматы, ул. Абая, 5", "+7 727 123 45 67"}},
		{"small letters and dashes", "получатель - ИП Тестов А. Б.\nиин - 900101300017\nиик - kz82 722t est0 0000 0001\nбик - caspkzka\nкбе - 19", v{
			"name": "ИП Тестов А. Б.", "bin": "900101300017", "iban": "KZ82722TEST000000001", "bic": "CASPKZKA", "kbe": "19",
		}, nil},
		{"a bulleted list", "• БИН: 990940004405\n• ИИК: KZ47856TEST000000001\n1) КБе: 17\n2) КНП: 710", v{
			"bin": helios, "iban": heliosIBAN, "kbe": "17", "knp": "710",
		}, nil},
		{"no-break spaces and a byte order mark", "\ufeffИИК:\u00a0KZ47\u00a0856T\u00a0EST0\u00a00000\u00a00001\u00a0БИК:\u00a0KCJBKZKX\nСумма:\u00a0250\u00a0000,00\u00a0₸", v{
			"iban": heliosIBAN, "bic": "KCJBKZKX", "amount": "250 000,00",
		}, nil},
		{"labels stuck to their values", "БИН990940004405 ИИКKZ47856TEST000000001 КБе17 КНП710", v{
			"bin": helios, "iban": heliosIBAN, "kbe": "17", "knp": "710",
		}, nil},
		{"wrong values stay wrong, for the form to report", "БИН: 99О940004405\nИИК: КZ47856TEST00000001\nКБе: 77\nКНП: 7I0\nСумма: 12 50", v{
			"iban": "КZ47856TEST00000001", "kbe": "77", "knp": "7I0", "bin": "99О940004405", "amount": "12 50",
		}, nil},
		{"an amount that reads in two ways is not decided", "Сумма: 1.250", v{"amount": "1.250"}, nil},
		{"amount in words behind the digits", "Итого к оплате: 250 000 (двести пятьдесят тысяч) тенге 00 тиын", v{"amount": "250 000"}, []string{"(двести пятьдесят тысяч) тенге 00 тиын"}},
		{"nought tiyn in a word of their own", "Сумма 250 000 тенге 00 тиын", v{"amount": "250 000"}, nil},
		{"tiyn in a word of their own are not joined", "Сумма 250 000 тенге 50 тиын", v{"amount": "250 000 тенге 50 тиын"}, nil},
		{
			"a sentence with the same words", "Добрый день! Просим оплатить счёт № 15 на сумму по договору, назначение укажите сами.",
			v{},
			[]string{"Добрый день! Просим оплатить счёт № 15 на сумму по договору, назначение укажите сами."},
		},
		{"a phone is not a BIN", "тел. 87271234567, +77771234567890", v{}, []string{"87271234567, +77771234567890"}},
		{"a bank's name is not the recipient", "АО «Kaspi Bank»\nБИК CASPKZKA", v{"bank": "АО «Kaspi Bank»", "bic": "CASPKZKA"}, nil},
		{"purpose that holds other labels' words", "Назначение платежа: Оплата за товар, сумма с НДС, банк не при чём\nКНП 710", v{
			"purpose": "Оплата за товар, сумма с НДС, банк не при чём", "knp": "710",
		}, nil},
		{"nothing", " \r\n\t\n", v{}, nil},
	}
}

func TestSpread(t *testing.T) {
	for _, row := range pasteRows() {
		t.Run(row.what, func(t *testing.T) {
			got := Spread(row.text)
			assert.Equal(t, row.values, pastedValues(got))
			assert.Equal(t, row.left, got.Left)
			assert.Empty(t, got.Asks)
		})
	}
}

// Two values for one field are not chosen from; the same one twice is one.
func TestSpreadAsksAboutTwoValues(t *testing.T) {
	got := Spread("ИИК: KZ47856TEST000000001\nИИК: KZ82722TEST000000001\nИИК: KZ47 856T EST0 0000 0001\nБИН 990940004405\nБИН/ИИН: 990940004405\nСумма: 1\nСумма: 2\nСумма: 3")
	assert.Equal(t, map[string]string{"bin": helios}, pastedValues(got))
	assert.Equal(t, map[Field][]string{
		FieldIBAN: {heliosIBAN, "KZ82722TEST000000001"}, FieldAmount: {"1", "2", "3"},
	}, got.Asks)
}

func TestSpreadOfABookIsNotTried(t *testing.T) {
	got := Spread(strings.Repeat("БИН 990940004405 ", 1000))
	assert.Empty(t, got.Values)
	require.Len(t, got.Left, 1)
	assert.LessOrEqual(t, len(got.Left[0]), maxPasted+4)
}

// One paste of the documented example fills its form.
func TestDocumentedExampleFromOnePaste(t *testing.T) {
	want := documentedForm()
	got := Spread("Получатель: TOO Credit Partner\nБИН 123456789012\nИИК KZ86 125K ZT50 0410 0100\nБИК KCJBKZKX\nКБе 17\nКНП 119\nСумма 150000\nНазначение платежа: Распределение средств по договору 123")
	var f Form
	for field, value := range got.Values {
		*f.Text(field) = value
	}
	f.Currency, f.OrderReference = want.Currency, want.OrderReference
	assert.Equal(t, want, f)
}

func FuzzSpread(f *testing.F) {
	for _, row := range pasteRows() {
		f.Add(row.text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got := Spread(text)
		small := strings.ToLower(bareOf(text))
		for field, value := range got.Values {
			require.Contains(t, Fields(), field)
			require.NotEmpty(t, value)
			require.Contains(t, small, strings.ToLower(bareOf(value)), "nothing is invented: %s", field)
			require.NotContains(t, got.Asks, field)
		}
		for _, values := range got.Asks {
			require.GreaterOrEqual(t, len(values), 2)
		}
	})
}

// bareOf keeps letters that are of one case or lower to one, and digits.
func bareOf(s string) string {
	return strings.Map(func(r rune) rune {
		if digit(r) || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= 'а' && r <= 'я' || r >= 'А' && r <= 'Я' {
			return r
		}
		return -1
	}, s)
}
