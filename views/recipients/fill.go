package recipients

import (
	"github.com/a-h/templ"

	"plexydash/distribution"
	"plexydash/views/components"
)

// fills tells recipients.js what an option puts into which control.
func fills(r Recipient) templ.OrderedAttributes {
	var all templ.OrderedAttributes
	for _, put := range []struct {
		field distribution.Field
		value string
	}{
		{distribution.FieldName, r.Name},
		{distribution.FieldBIN, r.BIN},
		{distribution.FieldIBAN, r.IBAN},
		{distribution.FieldBIC, r.BIC},
		{distribution.FieldKBe, r.KBe},
		{distribution.FieldKNP, r.KNP},
		{distribution.FieldPurpose, r.purpose()},
	} {
		all = append(all, templ.KeyValue[string, any]{Key: "data-put-" + components.FieldID(put.field), Value: put.value})
	}
	return all
}

// purpose is that of the last payment.
func (r Recipient) purpose() string {
	if r.Last == nil {
		return ""
	}
	return r.Last.PaymentPurpose
}
