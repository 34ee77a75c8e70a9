package ivp

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestDateAgreesWithTheCalendar(t *testing.T) {
	start := time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC)
	for n := 0; n < 3652059; n += 13 {
		want := start.AddDate(0, 0, n)
		got := DateOf(want)
		require.Equal(t, n+1, got.DayNumber())
		require.Equal(t, want.Format(time.DateOnly), got.String())
		require.Equal(t, got, MinDate().AddDays(n))
	}
	for _, year := range []int{-400, 0, 10_000, 4_000_000} {
		assert.True(t, DateOf(time.Date(year, 6, 1, 0, 0, 0, 0, time.UTC)).IsZero(), year)
	}
	assert.Equal(t, "9999-12-31", MaxDate().String())
	assert.Equal(t, MaxDate(), MaxDate().AddDays(1), "no later than the last day")
	assert.Equal(t, MinDate(), MinDate().AddDays(-1), "no earlier than the first day")
}

func TestParseDate(t *testing.T) {
	for _, text := range []string{"0001-01-01", "2020-02-29", "2022-04-27", "9999-12-31"} {
		d, err := ParseDate(text)
		require.NoError(t, err)
		assert.Equal(t, text, d.String())
	}
	for _, text := range []string{"", "2021-02-29", "2022-04-31", "2022-13-01", "2022-00-10", "0000-01-01", "2022-4-27", " 2022-04-27", "2022-04-27 ", "27/04/2022", "2022-04-2x", "２022-04-2"} {
		d, err := ParseDate(text)
		assert.ErrorContains(t, err, "YYYY-MM-DD", "%q", text)
		assert.True(t, d.IsZero())
	}
}

func TestDateMarks(t *testing.T) {
	assert.True(t, Date{}.IsZero())
	assert.False(t, Date{}.Valid())
	assert.False(t, UnreadableDate().Valid())
	assert.Equal(t, UnreadableDate(), UnreadableDate().AddDays(5))
	assert.Equal(t, "", Date{}.String())
	_, err := NewDate(2022, 4, 31)
	assert.Error(t, err)
	d, err := NewDate(2022, 4, 27)
	require.NoError(t, err)
	later, _ := ParseDate("2023-04-27")
	assert.Equal(t, 365, d.DaysUntil(later))
	assert.Equal(t, -365, later.DaysUntil(d))
	assert.Equal(t, -1, d.Compare(later))
}

func FuzzParseDate(f *testing.F) {
	for _, seed := range []string{"2022-04-27", "2020-02-29", "2021-02-29", "0000-00-00", "x"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		d, err := ParseDate(text)
		want, wantErr := time.Parse(time.DateOnly, text)
		if wantErr != nil || want.Year() < 1 {
			require.Error(t, err)
			return
		}
		require.NoError(t, err)
		require.Equal(t, text, d.String())
	})
}
