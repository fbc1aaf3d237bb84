package distribution

import (
	"fmt"
	"io"
	"slices"
)

// BankStatus is what the directory says of a bank.
type BankStatus string

// Statuses of a bank.
const (
	BankActive  BankStatus = "active"
	BankClosed  BankStatus = "closed"  // closed, or merged into its successor
	BankFormer  BankStatus = "former"  // an older BIC of a code that lives on
	BankForeign BankStatus = "foreign" // in the directory, but in another country
)

// Bank is a row of the directory of bank codes (National Bank, resolution 128
// of 27.10.2020).
type Bank struct {
	Code       string // three digits, places 5 to 7 of an IBAN; empty: not known
	BIC        string
	RU, KK, EN string // names; a missing one is empty
	Active     bool
	Status     BankStatus
	Successor  string // BIC of the bank that took it over; empty: none known
}

// Banks finds a bank by its code or its BIC.
type Banks struct {
	AsOf   string
	byCode map[string][]Bank
	byBIC  map[string]Bank
}

// ReadBanks reads a directory in the form of banks.csv.
func ReadBanks(r io.Reader) (Banks, error) {
	t, err := readTable("banks.csv", r, "bank_code", "bic", "name_ru", "name_kk", "name_en", "status", "successor", "note")
	if err != nil {
		return Banks{}, err
	}
	banks := Banks{AsOf: t.asOf, byCode: map[string][]Bank{}, byBIC: map[string]Bank{}}
	for _, row := range t.rows {
		b := Bank{
			Code: row.cells[0], BIC: row.cells[1], RU: row.cells[2], KK: row.cells[3], EN: row.cells[4],
			Active: row.cells[5] == string(BankActive), Status: BankStatus(row.cells[5]), Successor: row.cells[6],
		}
		if err := banks.add(b); err != nil {
			return Banks{}, row.errorf("%w", err)
		}
	}
	for _, row := range t.rows {
		if _, ok := banks.byBIC[row.cells[6]]; row.cells[6] != "" && !ok {
			return Banks{}, row.errorf("the successor %q has no row", row.cells[6])
		}
	}
	return banks, nil
}

func (b Banks) add(bank Bank) error {
	statuses := []BankStatus{BankActive, BankClosed, BankFormer, BankForeign}
	_, twice := b.byBIC[bank.BIC]
	switch {
	case bank.Code != "" && (len(bank.Code) != 3 || !digits(bank.Code)):
		return fmt.Errorf("bank code %q is not three digits; keep the column as text, so that 009 stays 009", bank.Code)
	case bank.Code == "" && bank.Status == BankActive:
		return fmt.Errorf("an active bank needs its code")
	case len(bank.BIC) != 8 || checkBIC(bank.BIC) != nil:
		return fmt.Errorf("BIC %q is not eight characters of a BIC", bank.BIC)
	case twice:
		return fmt.Errorf("BIC %s stands twice", bank.BIC)
	case bank.RU == "":
		return fmt.Errorf("name_ru is empty")
	case !slices.Contains(statuses, bank.Status):
		return fmt.Errorf("status %q is not one of active, closed, former, foreign", bank.Status)
	case bank.Active && slices.ContainsFunc(b.byCode[bank.Code], func(o Bank) bool { return o.Active }):
		return fmt.Errorf("code %s has two active banks", bank.Code)
	}
	b.byBIC[bank.BIC] = bank
	if bank.Code != "" {
		b.byCode[bank.Code] = append(b.byCode[bank.Code], bank)
	}
	return nil
}

// Of is the bank that holds the account: the active one of its code, else the
// first listed.
func (b Banks) Of(iban string) (Bank, bool) {
	if len(iban) < 7 {
		return Bank{}, false
	}
	listed := b.byCode[iban[4:7]]
	for _, bank := range listed {
		if bank.Active {
			return bank, true
		}
	}
	if len(listed) == 0 {
		return Bank{}, false
	}
	return listed[0], true
}

// ByBIC is the bank with the first eight characters of a BIC.
func (b Banks) ByBIC(bic BIC) (Bank, bool) {
	bank, ok := b.byBIC[bic.Head()]
	return bank, ok
}
