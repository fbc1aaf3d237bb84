package main

import (
	"fmt"

	"plexydash/distribution"
)

// payee is a company that demo data pays. Names, numbers and accounts are
// invented; the numbers pass their checks.
type payee struct{ Name, BIN, IBAN, BIC, KBe, KNP string }

func demoPayees() []payee {
	list := []payee{
		{Name: "ТОО «Сарыарка Логистик Сервис Плюс»", BIN: "14104001234", IBAN: "722C000012345678", BIC: "CASPKZKA", KNP: "859"},
		{Name: "ТОО «Қазақ Логистика»", BIN: "09054000549", IBAN: "6010111000005412", BIC: "HSBKKZKX", KNP: "859"},
		{Name: "ТОО «Өркен Құрылыс»", BIN: "18124002190", IBAN: "9148016100000087", BIC: "BRKEKZKA", KNP: "710"},
		{Name: "ТОО «Западно-Казахстанская машиностроительная компания имени С. М. Кирова»", BIN: "06034000912", IBAN: "8562203100001277", BIC: "KCJBKZKX", KNP: "710"},
		{Name: "АО «АлтынКен»", BIN: "95064000081", IBAN: "8562203100000034", BIC: "KCJBKZKX", KNP: "710"},
		{Name: "ТОО «Жібек Жолы Транс»", BIN: "15094001771", IBAN: "722S000001870394", BIC: "CASPKZKA", KNP: "859"},
		{Name: "КТ «Ыбырай и К°»", BIN: "03074000448", IBAN: "9650006000001203", BIC: "IRTYKZKA", KNP: "710"},
		{Name: "ТОО «Медтехника Шымкент»", BIN: "11054001332", IBAN: "6010211000007719", BIC: "HSBKKZKX", KNP: "710"},
		{Name: "ТОО «Алматы Снаб Комплект»", BIN: "12064001887", IBAN: "9650006000000041", BIC: "IRTYKZKA", KNP: "710"},
		{Name: "ТОО «Аксу Technology»", BIN: "19094000592", IBAN: "9490001000000045", BIC: "ATYNKZKA", KNP: "859"},
		{Name: "ТОО «Ұлттық Пошта Жеткізу»", BIN: "17034002651", IBAN: "9980015000006210", BIC: "TSESKZKA", KNP: "859"},
		{Name: "ТОО «Көкшетау Наны»", BIN: "10024001990", IBAN: "5510003200001456", BIC: "KSNVKZKA", KNP: "710"},
	}
	for i, p := range list {
		list[i].KBe = "17"
		list[i].BIN = withCheckDigit(p.BIN)
		list[i].IBAN = withCheckDigits(p.IBAN)
	}
	return list
}

// withCheckDigit completes eleven digits of a BIN.
func withCheckDigit(eleven string) string {
	for c := range 10 {
		if bin, err := distribution.ParseBIN(fmt.Sprint(eleven, c)); err == nil && bin.CheckDigitOK() {
			return bin.String()
		}
	}
	return eleven + "0"
}

// withCheckDigits completes an IBAN from its bank code and account.
func withCheckDigits(account string) string {
	for c := range 100 {
		if iban, err := distribution.ParseIBAN(fmt.Sprintf("KZ%02d%s", c, account)); err == nil {
			return iban.String()
		}
	}
	return account
}

func (s *demoStory) payee() payee {
	all := demoPayees()
	return all[s.dice.IntN(len(all))]
}

// tiyn is an amount between 12 000 and 900 000 ₸; every fourth has odd tiyn.
func (s *demoStory) tiyn() int64 {
	amount := int64(24+s.dice.IntN(1776)) * 500_00
	if s.dice.IntN(4) == 0 {
		amount += int64(s.dice.IntN(99999))
	}
	return amount
}

func (s *demoStory) purpose() string {
	kinds := []string{
		"Распределение средств по договору № %d от %02d.%02d.2026",
		"Оплата по договору № %d от %02d.%02d.2026 за перевозку грузов",
		"№ %d шарт бойынша %02d.%02d.2026 ж. қызмет үшін төлем",
		"Перечисление агентского вознаграждения по договору № %d от %02d.%02d.2026",
	}
	return fmt.Sprintf(kinds[s.dice.IntN(len(kinds))], 100+s.dice.IntN(300), 1+s.dice.IntN(28), 1+s.dice.IntN(9))
}
