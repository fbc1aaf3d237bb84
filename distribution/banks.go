package distribution

import (
	"bytes"
	_ "embed"
	"encoding/csv"
	"fmt"
	"io"
	"strings"
)

//go:embed banks.csv
var embeddedBanks []byte

// Bank is a row of the directory of bank codes (National Bank, resolution 128
// of 27.10.2020).
type Bank struct {
	Code           string // three digits, places 5 to 7 of an IBAN
	BIC            string
	RU, KK, EN     string // names; a missing one is empty
	Active         bool
	StatusAsListed string
}

// Banks finds a bank by its code.
type Banks struct{ byCode map[string][]Bank }

// EmbeddedBanks is the directory that the program carries.
func EmbeddedBanks() (Banks, error) { return ReadBanks(bytes.NewReader(embeddedBanks)) }

// ReadBanks reads a directory in the form of banks.csv: bank_code, bic,
// name_ru, name_kk, name_en, status.
func ReadBanks(r io.Reader) (Banks, error) {
	rows, err := csv.NewReader(r).ReadAll()
	if err != nil {
		return Banks{}, fmt.Errorf("banks: %w", err)
	}
	banks := Banks{byCode: map[string][]Bank{}}
	for i, row := range rows {
		if i == 0 {
			continue
		}
		if len(row) != 6 {
			return Banks{}, fmt.Errorf("banks: line %d has %d columns, want 6", i+1, len(row))
		}
		b := Bank{
			Code: row[0], BIC: row[1], RU: row[2], KK: row[3], EN: row[4],
			Active: strings.HasPrefix(row[5], "active"), StatusAsListed: row[5],
		}
		banks.byCode[b.Code] = append(banks.byCode[b.Code], b)
	}
	return banks, nil
}

// Of is the bank that holds the account: the active one of its code, else the
// newest listed.
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
