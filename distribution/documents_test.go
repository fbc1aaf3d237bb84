package distribution

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestDocumentsOfAPurpose(t *testing.T) {
	for purpose, want := range map[string][]Document{
		"Распределение средств по договору 123": {{"123", ""}},
		"Оплата по договору № 44 от 02.02.2026": {{"44", "2026-02-02"}},
		"Оплата по договору №44 от 02.02.26г.":  {{"44", "2026-02-02"}},
		"дог. 118/2-К": {{"118/2-К", ""}},
		"Аренда по договору аренды от 15.01.2026 № А-7, март":                      {{"А-7", "2026-01-15"}},
		"по договору поставки товара №44":                                          {{"44", ""}},
		"Оплата по счёту № 5 от 2 февраля 2026 года и по договору №44 от 1.2.2026": {{"5", "2026-02-02"}, {"44", "2026-02-01"}},
		"за услуги, счет на оплату № 0015 от 2026-02-02":                           {{"0015", "2026-02-02"}},
		"02.02.2026 № 44 шарт бойынша төлем":                                       {{"44", "2026-02-02"}},
		"Payment under Contract No. 44/KZ dated 02.02.2026":                        {{"44/KZ", "2026-02-02"}},
		"акт сверки (№ 7)":                                                         {{"7", ""}},
		"договор №44, договор №44":                                                 {{"44", ""}},
		"Оплата за 3 месяца":                                                       nil,
		"Оплата по договору за 3 месяца":                                           nil,
		"Оплата по договору от 02.02.2026":                                         nil,
		"по договору, № п/п":                                                       nil,
		"№":                                                                        nil,
		"":                                                                         nil,
	} {
		assert.Equal(t, want, Documents(purpose), purpose)
	}
}

func TestTheSameDocument(t *testing.T) {
	for _, row := range []struct {
		one, other string
		number     string // empty: not the same
	}{
		{"по договору № 118/2-К", `дог. 118\2–k от 01.02.2026`, "118/2-К"},
		{"договор № 44 от 02.02.2026", "договор № 44 от 02.02.2026, остаток", "44"},
		{"договор № 44 от 02.02.2026", "договор № 44 от 03.02.2026", ""},
		{"договор № 44", "счёт № 45, договор 44", "44"},
		{"договор № 44", "договор № 444", ""},
		{"за товар", "за товар", ""},
	} {
		d, same := SameDocument(row.one, row.other)
		assert.Equal(t, row.number != "", same, row.one)
		assert.Equal(t, row.number, d.Number)
	}
	assert.Equal(t, map[string]string{"Number": "44"}, SameDocumentHint(Document{Number: "44"}).Args)
}

func FuzzDocuments(f *testing.F) {
	for _, seed := range []string{"по договору № 44 от 02.02.2026", "дог. 118/2-К", "№№№ 1", "счёт 2 февраля 2026", "\xff № \xff1"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, d := range Documents(text) {
			if d.Number == "" || d.Date != "" && date(d.Date) != d.Date {
				t.Fatalf("%q gives %+v", text, d)
			}
		}
		SameDocument(text, text)
	})
}
