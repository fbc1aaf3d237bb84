package distribution

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// 246 working days of a five-day week in 2026, as the published balance has it.
func TestWorkingDaysOf2026(t *testing.T) {
	days := tables(t).Days
	working := 0
	for at := almatyTime(t, "2026-01-01 12:00"); at.Year() == 2026; at = at.AddDate(0, 0, 1) {
		if days.Working(at) {
			working++
		}
	}
	assert.Equal(t, 246, working)
	newYear, ok := days.Special(almatyTime(t, "2026-01-01 00:00"))
	assert.True(t, ok)
	assert.Equal(t, Day{RU: "Новый год", KK: "Жаңа жыл", EN: "New Year"}, newYear)
}

func TestWhenAnOrderGoes(t *testing.T) {
	days := tables(t).Days
	for _, row := range []struct {
		now, cutOff, day  string
		today, late, sure bool
	}{
		{"2026-11-23 12:00", "", "2026-11-23", true, false, true},       // Monday
		{"2026-11-23 23:59", "", "2026-11-23", true, false, true},       // no cut-off is known
		{"2026-11-23 15:59", "16:00", "2026-11-23", true, false, true},  // before it
		{"2026-11-23 16:00", "16:00", "2026-11-24", false, true, true},  // at it
		{"2026-11-27 16:30", "16:00", "2026-11-30", false, true, true},  // Friday evening: Monday
		{"2026-11-28 10:00", "16:00", "2026-11-30", false, false, true}, // Saturday
		{"2026-12-16 10:00", "16:00", "2026-12-17", false, false, true}, // Independence Day
		{"2026-03-20 18:00", "16:00", "2026-03-26", false, true, true},  // before Nauryz
		{"2026-12-31 18:00", "16:00", "2027-01-05", false, true, true},  // New Year, and the day off moved from its Saturday
		{"2027-12-31 18:00", "16:00", "2028-01-03", false, true, false}, // the holidays of 2028 are not known
		{"2028-02-01 10:00", "16:00", "2028-02-01", true, false, false},
	} {
		cutOff, err := ParseCutOff(row.cutOff)
		require.NoError(t, err)
		got := days.Departs(almatyTime(t, row.now), cutOff)
		assert.Equal(t, []any{row.day, row.today, row.late, row.sure}, []any{got.Day.Format(time.DateOnly), got.Today, got.Late, got.Sure}, row.now)
	}
}

// Almaty is five hours ahead: late on Sunday in UTC is Monday there.
func TestDaysAreOfAlmaty(t *testing.T) {
	days := tables(t).Days
	assert.False(t, days.Working(time.Date(2026, 11, 22, 18, 59, 0, 0, time.UTC)))
	assert.True(t, days.Working(time.Date(2026, 11, 22, 19, 0, 0, 0, time.UTC)))
}

func TestAWorkedSaturday(t *testing.T) {
	days, err := ReadCalendar(strings.NewReader("# as of 2026-11-01\ndate,working,name_ru,name_kk,name_en\n2026-11-28,yes,,,\n"))
	require.NoError(t, err)
	assert.True(t, days.Working(almatyTime(t, "2026-11-28 12:00")))
	assert.Equal(t, "2026-11-28", days.Next(almatyTime(t, "2026-11-27 12:00")).Format(time.DateOnly))
}

func TestReadCalendarRefuses(t *testing.T) {
	for row, want := range map[string]string{
		"16.12.2026,no,,,\n":                    `holidays.csv: line 3: date "16.12.2026" is not written 2026-12-16`,
		"2026-12-16,maybe,,,\n":                 `line 3: working "maybe" is not yes or no`,
		"2026-12-16,no,,,\n2026-12-16,yes,,,\n": "line 4: 2026-12-16 stands twice",
		"2026-12-16,no\n":                       "line 3: 2 cells, want 5",
	} {
		_, err := ReadCalendar(strings.NewReader("# as of 2026-11-01\ndate,working,name_ru,name_kk,name_en\n" + row))
		assert.ErrorContains(t, err, want)
	}
	for _, text := range []string{"16", "25:00", "16.30", "noon"} {
		_, err := ParseCutOff(text)
		assert.ErrorContains(t, err, "is not written 16:30")
	}
}
