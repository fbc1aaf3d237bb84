package plexytest

import (
	"encoding/json"
	"math/big"
	"regexp"
	"strings"
	"time"

	"plexydash/plexyclient"
)

// wireDistribution has the fields and their order of the documented 201 answer, and after them
// what the detail endpoint may add.
type wireDistribution struct {
	ID             string                 `json:"id,omitempty"`
	OrderReference string                 `json:"orderReference"`
	Amount         plexyclient.Decimal    `json:"amount"`
	Currency       string                 `json:"currency"`
	Status         string                 `json:"status"`
	Recipient      *plexyclient.Recipient `json:"recipient,omitempty"`
	PaymentPurpose string                 `json:"paymentPurpose"`
	BalanceBefore  *plexyclient.Decimal   `json:"balanceBefore,omitempty"`
	BalanceAfter   *plexyclient.Decimal   `json:"balanceAfter,omitempty"`
	CreatedAt      time.Time              `json:"createdAt"`
	UpdatedAt      time.Time              `json:"updatedAt"`
	PaidAt         time.Time              `json:"paidAt,omitzero"`
	FailureReason  string                 `json:"failureReason,omitempty"`
}

func (s *Server) wire(r *record) wireDistribution {
	status := r.Status
	if s.opt.PrefixedStatus {
		status = "DISTRIBUTION_STATUS_" + strings.ToUpper(status)
	}
	return wireDistribution{
		ID:             r.ID,
		OrderReference: r.OrderReference,
		Amount:         s.money(r.Amount),
		Currency:       r.Currency,
		Status:         status,
		Recipient:      &r.Recipient,
		PaymentPurpose: r.PaymentPurpose,
		BalanceBefore:  s.optionalMoney(r.BalanceBefore),
		BalanceAfter:   s.optionalMoney(r.BalanceAfter),
		CreatedAt:      wholeSeconds(r.CreatedAt),
		UpdatedAt:      wholeSeconds(r.UpdatedAt),
		PaidAt:         wholeSeconds(r.PaidAt),
		FailureReason:  r.FailureReason,
	}
}

// wireItem is a row of the list, which tells less than the detail.
func (s *Server) wireItem(r *record) wireDistribution {
	w := s.wire(r)
	w.BalanceBefore, w.BalanceAfter = nil, nil
	w.FailureReason, w.PaidAt = "", time.Time{}
	if s.opt.OmitRecipient {
		w.Recipient = nil
	}
	return w
}

func wholeSeconds(t time.Time) time.Time { return t.UTC().Truncate(time.Second) }

func (s *Server) money(tiyn int64) plexyclient.Decimal {
	return plexyclient.DecimalFromMinor(tiyn, s.scale())
}

func (s *Server) optionalMoney(tiyn *int64) *plexyclient.Decimal {
	if tiyn == nil {
		return nil
	}
	d := s.money(*tiyn)
	return &d
}

// parseCreate returns a refusal, as Plexy's error codes suggest: 400 code 3 for what is missing
// or no JSON, 422 code 5 for what is there and wrong.
func (s *Server) parseCreate(body []byte) (Distribution, *reply) {
	var b struct {
		OrderReference string                `json:"orderReference"`
		Amount         json.RawMessage       `json:"amount"`
		Currency       string                `json:"currency"`
		Recipient      plexyclient.Recipient `json:"recipient"`
		PaymentPurpose string                `json:"paymentPurpose"`
	}
	if err := json.Unmarshal(body, &b); err != nil {
		return Distribution{}, new(badRequest("body is not the JSON expected"))
	}
	to := b.Recipient
	for _, field := range []struct{ name, value string }{
		{"orderReference", b.OrderReference},
		{"amount", string(b.Amount)},
		{"currency", b.Currency},
		{"recipient.name", to.Name},
		{"recipient.bin", to.BIN},
		{"recipient.iban", to.IBAN},
		{"recipient.bic", to.BIC},
		{"recipient.kbe", to.KBE},
		{"recipient.knp", to.KNP},
		{"paymentPurpose", b.PaymentPurpose},
	} {
		if strings.TrimSpace(field.value) == "" {
			return Distribution{}, new(badRequest(field.name + " is missing"))
		}
	}
	amount, ok := s.parseAmount(b.Amount)
	if !ok {
		return Distribution{}, new(unprocessable("amount"))
	}
	if field := wrongFormat(b.Currency, to); field != "" {
		return Distribution{}, new(unprocessable(field))
	}
	return Distribution{
		OrderReference: b.OrderReference, Amount: amount, Currency: b.Currency,
		Recipient: to, PaymentPurpose: b.PaymentPurpose,
	}, nil
}

// parseAmount wants a JSON number above zero that is a whole number of tiyn.
func (s *Server) parseAmount(raw json.RawMessage) (int64, bool) {
	d, err := plexyclient.ParseDecimal(string(raw))
	if err != nil {
		return 0, false
	}
	tiyn, err := d.Minor(s.scale())
	return tiyn, err == nil && tiyn > 0
}

// wrongFormat names the first field that is not of its format.
func wrongFormat(currency string, to plexyclient.Recipient) string {
	for _, check := range []struct{ field, value, pattern string }{
		{"currency", currency, `^KZT$`},
		{"recipient.bin", to.BIN, `^\d{12}$`},
		{"recipient.iban", to.IBAN, `^KZ\d{2}[A-Z0-9]{16}$`},
		{"recipient.bic", to.BIC, `^[A-Z0-9]{8}([A-Z0-9]{3})?$`},
		{"recipient.kbe", to.KBE, `^\d{2}$`},
		{"recipient.knp", to.KNP, `^\d{3}$`},
	} {
		if !regexp.MustCompile(check.pattern).MatchString(check.value) {
			return check.field
		}
	}
	if !ibanChecks(to.IBAN) {
		return "recipient.iban"
	}
	return ""
}

// ibanChecks is the mod-97 check of ISO 13616 (ISO 7064 MOD 97-10).
func ibanChecks(iban string) bool {
	var digits strings.Builder
	for _, c := range iban[4:] + iban[:4] {
		if c >= 'A' {
			digits.WriteString(string([]rune{'1' + (c-'A')/10, '0' + (c-'A')%10}))
			continue
		}
		digits.WriteRune(c)
	}
	n, ok := new(big.Int).SetString(digits.String(), 10)
	return ok && n.Mod(n, big.NewInt(97)).Int64() == 1
}
