package me

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"plexydash/i18n"
)

func TestDevice(t *testing.T) {
	c, err := i18n.Load()
	require.NoError(t, err)
	ctx := i18n.With(t.Context(), c.Printer(i18n.English))
	const webkit = "AppleWebKit/537.36 (KHTML, like Gecko)"
	for userAgent, want := range map[string]string{
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) " + webkit + " Chrome/142.0.0.0 Safari/537.36":                                                "Chrome, Windows",
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) " + webkit + " Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0":                                  "Edge, Windows",
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) " + webkit + " Chrome/140.0.0.0 YaBrowser/25.10.0.0 Safari/537.36":                            "Яндекс Браузер, Windows",
		"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Safari/605.1.15":                  "Safari, macOS",
		"Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/142.0 Mobile/15E148 Safari/604.1": "Chrome, iPhone",
		"Mozilla/5.0 (Linux; Android 15; SM-S921B) " + webkit + " SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36":                     "Samsung Internet, Android",
		"Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0":                                                                 "Firefox, Linux",
		"curl/8.14.1":     "curl",
		"":                "Unknown device",
		"<script>":        "Unknown device",
		"Dalvik (Android": "Android",
	} {
		assert.Equal(t, want, device(ctx, userAgent), userAgent)
	}
}
