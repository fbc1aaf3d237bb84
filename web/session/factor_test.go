package session

import (
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A code is good in its own half minute and in the ones beside it.
func TestStepOf(t *testing.T) {
	secret, at := NewSecret(), time.Date(2026, 11, 25, 10, 0, 15, 0, time.UTC)
	code, err := totp.GenerateCode(SecretText(secret), at)
	require.NoError(t, err)
	for after, want := range map[time.Duration]bool{
		-46 * time.Second: false, -45 * time.Second: true, 0: true, 44 * time.Second: true, 45 * time.Second: false,
	} {
		step, found, err := StepOf(secret, code, at.Add(after))
		require.NoError(t, err)
		assert.Equal(t, want, found, after)
		if found {
			assert.Equal(t, at.Unix()/30, step)
		}
	}
	for _, bad := range []string{"", "1", "12345a", code + "0"} {
		_, found, err := StepOf(secret, bad, at)
		require.NoError(t, err)
		assert.False(t, found, bad)
	}
}

// RFC 6238, appendix B, cut to six digits.
func TestCodesOfTheStandard(t *testing.T) {
	for at, want := range map[int64]string{59: "287082", 1111111109: "081804", 20000000000: "353130"} {
		code, err := codeAt([]byte("12345678901234567890"), at/30)
		require.NoError(t, err)
		assert.Equal(t, want, code)
	}
}

func TestRecoveryCodes(t *testing.T) {
	codes, hashes := NewRecoveryCodes()
	require.Len(t, codes, 10)
	seen := map[string]bool{}
	for i, c := range codes {
		assert.Regexp(t, `^[A-Z2-7]{4}(-[A-Z2-7]{4}){3}$`, c)
		assert.False(t, seen[c])
		seen[c] = true
		assert.Len(t, hashes[i], 32)
		assert.Equal(t, strings.ReplaceAll(c, "-", ""), PlainCode(" "+strings.ToLower(c)+"\u00a0"))
	}
}

func TestQR(t *testing.T) {
	url := KeyURL(NewSecret(), "d+m@sapa.kz")
	assert.Regexp(t, `^otpauth://totp/plexydash:d\+m@sapa\.kz\?issuer=plexydash&secret=[A-Z2-7]{32}$`, url)
	path, size, err := QR(url)
	require.NoError(t, err)
	assert.Greater(t, size, 29)
	assert.Regexp(t, `^(M\d+ \d+h1v1h-1z)+$`, path)
	assert.True(t, strings.HasPrefix(path, "M4 4h1"), "the finder in the corner, after the quiet zone")
}
