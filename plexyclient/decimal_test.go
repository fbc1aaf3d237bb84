package plexyclient

import (
	"encoding/json"
	"math"
	"math/big"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestParseDecimal(t *testing.T) {
	for _, row := range []struct{ in, want string }{
		{"150000", "150000"},
		{"150000.00", "150000"},
		{"0", "0"},
		{"-0.00", "0"},
		{"0.01", "0.01"},
		{"-12.50", "-12.5"},
		{"007", "7"},
		{"1.5e5", "150000"},
		{"1.5E+5", "150000"},
		{"15e-1", "1.5"},
		{"1e-3", "0.001"},
		{"123.456e2", "12345.6"},
		{"1e40", "1" + strings.Repeat("0", 40)},
	} {
		d, err := ParseDecimal(row.in)
		require.NoError(t, err, row.in)
		assert.Equal(t, row.want, d.String(), row.in)
	}
}

func TestParseDecimalRefuses(t *testing.T) {
	for _, in := range []string{
		"", " ", "-", "+1", "--1", ".5", "5.", "1,00", "1 000", " 1", "1\n", "1e", "1e1.5", "e5", "0x10", "NaN", "Infinity", "1_000",
		"١٢٣", "1e999999", "1e-999999", "1e99999999999999999999", "0e999999", "null", strings.Repeat("9", 41),
	} {
		_, err := ParseDecimal(in)
		assert.ErrorIs(t, err, ErrNotDecimal, "%q", in)
	}
}

func TestDecimalMinor(t *testing.T) {
	for _, row := range []struct {
		in    string
		scale int
		want  int64
	}{
		{"150000", 2, 150_000_00},
		{"150000.5", 2, 150_000_50},
		{"0.01", 2, 1},
		{"-0.01", 2, -1},
		{"15000000", 0, 150_000_00},
		{"0", 2, 0},
		{"92233720368547758.07", 2, math.MaxInt64},
		{"-92233720368547758.08", 2, math.MinInt64},
	} {
		got, err := mustDecimal(t, row.in).Minor(row.scale)
		require.NoError(t, err, row.in)
		assert.Equal(t, row.want, got, row.in)
	}
	for _, row := range []struct {
		in    string
		scale int
	}{
		{"0.001", 2}, {"1.5", 0}, {"92233720368547758.08", 2}, {"1e30", 2}, {"1", -1},
	} {
		_, err := mustDecimal(t, row.in).Minor(row.scale)
		assert.Error(t, err, "%s scale %d", row.in, row.scale)
	}
}

func TestDecimalJSON(t *testing.T) {
	for in, want := range map[string]string{
		`150000`: "150000", `"150000.00"`: "150000", `1.5e5`: "150000", `"0.10"`: "0.1",
	} {
		var d Decimal
		require.NoError(t, json.Unmarshal([]byte(in), &d), in)
		out, err := json.Marshal(d)
		require.NoError(t, err)
		assert.Equal(t, want, string(out), in)
	}
	for _, in := range []string{`null`, `true`, `{}`, `[1]`, `""`, `"abc"`} {
		var d Decimal
		assert.Error(t, d.UnmarshalJSON([]byte(in)), in)
	}
}

func TestDecimalSurvivesTheWayThere(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := rapid.Int64().Draw(t, "v")
		scale := rapid.IntRange(0, 18).Draw(t, "scale")
		d := DecimalFromMinor(v, scale)
		back, err := d.Minor(scale)
		require.NoError(t, err)
		require.Equal(t, v, back)
		again, err := ParseDecimal(d.String())
		require.NoError(t, err)
		require.True(t, again.Equal(d))
		require.Equal(t, again, d, "equal numbers are the same value")
	})
}

func FuzzParseDecimal(f *testing.F) {
	for _, s := range []string{"0", "-1.50", "1.5e5", "1e-40", "1e999999", "00.00", "9e40", "1.", "-"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d, err := ParseDecimal(s)
		if err != nil {
			return
		}
		want, ok := new(big.Rat).SetString(s)
		require.True(t, ok, "accepted %q", s)
		got, ok := new(big.Rat).SetString(d.String())
		require.True(t, ok)
		require.Zero(t, want.Cmp(got), "%q became %s", s, d)
		require.NotContains(t, d.String(), "e")
	})
}
