package distribution

import (
	"bytes"
	"crypto/sha256"
	"encoding/base32"
	"fmt"
	"strconv"
	"strings"
	"unicode"
)

// Canonical writes what people approve as bytes that are the same for ever:
// fixed order, lengths before values, the amount in tiyn.
func Canonical(d *Distribution) []byte {
	var b bytes.Buffer
	b.WriteString("distribution/v1\n")
	r := d.Recipient
	for _, f := range []struct{ name, value string }{
		{"id", d.ID},
		{"orderReference", d.OrderReference},
		{"amount", strconv.FormatInt(int64(d.Amount), 10)},
		{"currency", string(d.Currency)},
		{"recipient.name", r.Name},
		{"recipient.bin", r.BIN.String()},
		{"recipient.iban", r.IBAN.String()},
		{"recipient.bic", r.BIC.String()},
		{"recipient.kbe", r.KBe.String()},
		{"recipient.knp", r.KNP.String()},
		{"paymentPurpose", d.PaymentPurpose},
	} {
		fmt.Fprintf(&b, "%s %d:%s\n", f.name, len(f.value), f.value)
	}
	return b.Bytes()
}

// Hash is SHA-256 over Canonical.
func Hash(d *Distribution) []byte {
	sum := sha256.Sum256(Canonical(d))
	return sum[:]
}

// Code is the first six characters of a content hash, in an alphabet without
// look-alikes. People compare it on screen and paper.
func Code(hash []byte) string {
	if len(hash) < 4 {
		return ""
	}
	const crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
	return base32.NewEncoding(crockford).WithPadding(base32.NoPadding).EncodeToString(hash[:4])[:6]
}

// BizKey is equal for two distributions that pay the same thing: account,
// amount, and the purpose without case, punctuation and spacing.
func BizKey(c Content) string { return bizKey(c.Recipient.IBAN.String(), c) }

// BizKey is BizKey of the content, and of what Plexy wrote when it was made
// elsewhere.
func (d *Distribution) BizKey() string { return bizKey(compact(d.RecipientText().IBAN), d.Content) }

func bizKey(account string, c Content) string {
	words := strings.FieldsFunc(strings.ToLower(c.PaymentPurpose), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r)
	})
	purpose := strings.ReplaceAll(strings.Join(words, " "), "ё", "е")
	return account + "|" + strconv.FormatInt(int64(c.Amount), 10) + "|" + purpose
}
