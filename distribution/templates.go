package distribution

import (
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Templates are purposes of payment for those KNP that have a natural one, in
// Russian and Kazakh (payments law, article 45(8): no other language).
type Templates struct {
	AsOf string
	all  []Template
}

// Template is a purpose with the slots {contract}, {date} and {vat}.
type Template struct{ KNP, Lang, Text string }

// ReadTemplates reads purposes in the form of templates.csv.
func ReadTemplates(r io.Reader) (Templates, error) {
	t, err := readTable("templates.csv", r, "knp", "lang", "text")
	if err != nil {
		return Templates{}, err
	}
	slot := regexp.MustCompile(`\{[^}]*\}?`)
	all := Templates{AsOf: t.asOf}
	for _, row := range t.rows {
		one := Template{KNP: row.cells[0], Lang: row.cells[1], Text: row.cells[2]}
		for _, name := range slot.FindAllString(one.Text, -1) {
			if !slices.Contains(slots(), name) {
				return Templates{}, row.errorf("slot %s is not one of %s", name, strings.Join(slots(), " "))
			}
		}
		switch {
		case checkKNP(one.KNP) != nil:
			err = fmt.Errorf("KNP %q is not three digits", one.KNP)
		case one.Lang != "ru" && one.Lang != "kk":
			err = fmt.Errorf("lang %q is not ru or kk: a purpose is written in Russian or Kazakh", one.Lang)
		case one.Text == "":
			err = fmt.Errorf("the text is empty")
		}
		if err != nil {
			return Templates{}, row.errorf("%w", err)
		}
		all.all = append(all.all, one)
	}
	return all, nil
}

// Of lists the templates of a KNP in a language, Russian for all but Kazakh.
func (t Templates) Of(knp, lang string) []Template {
	if lang != "kk" {
		lang = "ru"
	}
	var found []Template
	for _, one := range t.all {
		if one.KNP == knp && one.Lang == lang {
			found = append(found, one)
		}
	}
	return found
}

func slots() []string { return []string{"{contract}", "{date}", "{vat}"} }

// Filling is what goes into the slots; what is empty leaves its slot open.
type Filling struct {
	Contract string
	Date     string // as people write it: 02.02.2026
	VAT      string // of VAT.Text or NoVAT
}

// Fill writes the purpose. An open slot stays in the text, to be seen and filled.
func (t Template) Fill(f Filling) string {
	var pairs []string
	for i, value := range []string{f.Contract, f.Date, f.VAT} {
		if value = oneLine(value); value != "" {
			pairs = append(pairs, slots()[i], value)
		}
	}
	return strings.NewReplacer(pairs...).Replace(t.Text)
}

// VAT is the rate of the value added tax through the years.
type VAT struct {
	AsOf  string
	rates []vatRate
}

type vatRate struct {
	from    string // date
	percent int64
}

// ReadVAT reads rates in the form of vat.csv, the oldest first.
func ReadVAT(r io.Reader) (VAT, error) {
	t, err := readTable("vat.csv", r, "from", "percent")
	if err != nil {
		return VAT{}, err
	}
	v := VAT{AsOf: t.asOf}
	for _, row := range t.rows {
		percent, err := strconv.ParseInt(row.cells[1], 10, 64)
		if err != nil || percent < 0 || percent > 99 {
			return VAT{}, row.errorf("percent %q is not a whole number from 0 to 99", row.cells[1])
		}
		if _, err := time.Parse(time.DateOnly, row.cells[0]); err != nil {
			return VAT{}, row.errorf("date %q is not written 2026-01-01", row.cells[0])
		}
		if n := len(v.rates); n > 0 && v.rates[n-1].from >= row.cells[0] {
			return VAT{}, row.errorf("%s does not come after %s", row.cells[0], v.rates[n-1].from)
		}
		v.rates = append(v.rates, vatRate{row.cells[0], percent})
	}
	return v, nil
}

// Percent is the rate on a day in Almaty, and whether one is known.
func (v VAT) Percent(at time.Time) (int64, bool) {
	day := at.In(Almaty()).Format(time.DateOnly)
	for _, rate := range slices.Backward(v.rates) {
		if rate.from <= day {
			return rate.percent, true
		}
	}
	return 0, false
}

// Included is the tax inside an amount that holds it, rounded to the nearest tiyn,
// half a tiyn up.
func Included(a Amount, percent int64) Amount {
	whole := 100 + percent
	n, rest := int64(a)/whole, int64(a)%whole // apart, so that no product is too large
	return Amount(n*percent + (rest*percent*2+whole)/(2*whole))
}

// Text says how much tax the amount holds, for a purpose of payment; empty when no
// rate is known.
func (v VAT) Text(a Amount, at time.Time, lang string) string {
	percent, ok := v.Percent(at)
	if !ok {
		return ""
	}
	tax := strings.ReplaceAll(Included(a, percent).String(), ".", ",")
	if lang == "kk" {
		return fmt.Sprintf("оның ішінде ҚҚС %d%% %s теңге", percent, tax)
	}
	return fmt.Sprintf("в т.ч. НДС %d%% %s тенге", percent, tax)
}

// NoVAT says that there is none.
func NoVAT(lang string) string {
	if lang == "kk" {
		return "ҚҚС-сыз"
	}
	return "без НДС"
}
