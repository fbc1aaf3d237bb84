package me

import (
	"context"
	"strings"

	"plexydash/i18n"
)

// device is the browser and the system in words. A user agent names others
// before itself, so the order matters: Edge says Chrome and Safari too.
func device(ctx context.Context, userAgent string) string {
	browser, system := first(userAgent, browsers()), first(userAgent, systems())
	switch {
	case browser == "" && system == "":
		return i18n.T(ctx, "me.device_unknown")
	case browser == "":
		return system
	case system == "":
		return browser
	}
	return browser + ", " + system
}

// sign is a piece of a user agent and what it stands for.
type sign struct{ text, name string }

func first(userAgent string, signs []sign) string {
	for _, s := range signs {
		if strings.Contains(userAgent, s.text) {
			return s.name
		}
	}
	return ""
}

func browsers() []sign {
	return []sign{
		{"YaBrowser/", "Яндекс Браузер"},
		{"Edg/", "Edge"},
		{"EdgA/", "Edge"},
		{"EdgiOS/", "Edge"},
		{"OPR/", "Opera"},
		{"SamsungBrowser/", "Samsung Internet"},
		{"Firefox/", "Firefox"},
		{"FxiOS/", "Firefox"},
		{"Chrome/", "Chrome"},
		{"CriOS/", "Chrome"},
		{"Safari/", "Safari"},
		{"curl/", "curl"},
	}
}

func systems() []sign {
	return []sign{
		{"iPhone", "iPhone"},
		{"iPad", "iPad"},
		{"Android", "Android"},
		{"Windows", "Windows"},
		{"CrOS", "ChromeOS"},
		{"Mac OS X", "macOS"},
		{"Linux", "Linux"},
	}
}
