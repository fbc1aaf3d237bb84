package errorpage

import (
	"context"
	"strconv"

	"plexydash/i18n"
	"plexydash/views/components"
	"plexydash/views/layout"
)

// say is one of the three texts of a status: title, text, advice. A status
// without texts of its own speaks as 500, which promises the least.
func (p Props) say(ctx context.Context, part string) string {
	key := "page.error." + strconv.Itoa(p.Status) + "." + part
	if !i18n.From(ctx).Has(key) {
		key = "page.error.500." + part
	}
	return i18n.T(ctx, key)
}

// text says what happened; a rule's own words are more exact than the status.
func (p Props) text(ctx context.Context) string {
	if p.Refusal != "" {
		return components.RefusalText(ctx, p.Refusal)
	}
	return p.say(ctx, "text")
}

func (p Props) tone() components.Tone {
	switch p.Status {
	case 409, 410:
		return components.Blue
	}
	return components.Red
}

func (p Props) link() Link {
	if p.Link != nil {
		return *p.Link
	}
	return Link{Href: "/distributions", Key: "common.to_list"}
}

func (p Props) chrome(ctx context.Context) layout.Chrome {
	p.Chrome.Title = p.say(ctx, "title")
	return p.Chrome
}

func (p Props) bare(ctx context.Context) layout.Bare {
	p.Bare.Title = p.say(ctx, "title")
	return p.Bare
}
