package devices

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/mp196/ivp/ivp"
)

func order(cells ...string) *DateOrder {
	o := &DateOrder{}
	for i, cell := range cells {
		o.Add(i+2, []byte(cell))
	}
	return o
}

func TestDateOrder(t *testing.T) {
	for name, c := range map[string]struct {
		cells []string
		want  DateFormat
		note  string
	}{
		"nothing":                 {nil, ISODates, ""},
		"blanks":                  {[]string{"", " "}, ISODates, ""},
		"ISO":                     {[]string{"2023-04-27", "2023-04-27 09:30"}, ISODates, ""},
		"no dates":                {[]string{"soon", "45043"}, ISODates, ""},
		"day-first":               {[]string{"03/04/2023", "27/04/2023"}, DayFirst, `"27/04/2023" in line 3`},
		"month-first":             {[]string{"03/04/2023", "04/27/2023"}, MonthFirst, `"04/27/2023" in line 3`},
		"both":                    {[]string{"03/04/2023", "05/06/2023"}, DayFirst, `"03/04/2023" in line 2 is 2023-04-03`},
		"the same both ways":      {[]string{"03/03/2023"}, DayFirst, ""},
		"points":                  {[]string{"03.04.2023", "27.04.2023"}, DayFirst, `"27.04.2023" in line 3`},
		"all digits":              {[]string{"20230427", "20230427T230000Z"}, ISODates, ""},
		"ordinals":                {[]string{"27th April 2023"}, DayFirst, ""},
		"times that cannot be":    {[]string{"04/27/2023 24:00", "13/01/2023 9:30"}, DayFirst, "line 3"},
		"named months":            {[]string{"3 Apr 2023"}, DayFirst, ""},
		"named beside numbers":    {[]string{"3 Apr 2023", "04/27/2023"}, MonthFirst, "line 3"},
		"ISO beside day-first":    {[]string{"2023-04-27", "13/01/2023"}, DayFirst, "line 3"},
		"impossible in any order": {[]string{"31/31/2023", "30/02/2023", "04/27/2023"}, MonthFirst, "line 4"},
	} {
		t.Run(name, func(t *testing.T) {
			got, note, err := order(c.cells...).Decide()
			require.NoError(t, err)
			assert.Equal(t, c.want, got)
			if c.note == "" {
				assert.Empty(t, note)
			} else {
				assert.Contains(t, note, c.note)
			}
		})
	}
	_, _, err := order("03/04/2023", "27/04/2023", "2023-01-01", "04/27/2023").Decide()
	assert.ErrorContains(t, err, `"27/04/2023" in line 3 can only be day-first (DD/MM/YYYY), "04/27/2023" in line 5 only month-first (MM/DD/YYYY)`)
	assert.ErrorContains(t, err, "give the date format")
}

// TestDateOrderIsThatOfTheWholeColumn: in whatever pieces a column is looked
// at, and in whatever order, the decision is the same, and every date of the
// column can be read by it.
func TestDateOrderIsThatOfTheWholeColumn(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		layout := rapid.SampledFrom([]string{"02/01/2006", "01/02/2006"}).Draw(t, "layout")
		var cells []string
		for range rapid.IntRange(1, 30).Draw(t, "rows") {
			day := serialZero.AddDays(rapid.IntRange(40000, 46000).Draw(t, "day"))
			y, m, d := day.Civil()
			text := fmt.Sprintf("%02d/%02d/%04d", d, m, y)
			if layout == "01/02/2006" {
				text = fmt.Sprintf("%02d/%02d/%04d", m, d, y)
			}
			cells = append(cells, text)
		}
		whole, note, err := order(cells...).Decide()
		require.NoError(t, err)
		cut := rapid.IntRange(0, len(cells)).Draw(t, "cut")
		last := &DateOrder{}
		for i, cell := range cells[cut:] {
			last.Add(cut+i+2, []byte(cell))
		}
		last.merge(order(cells[:cut]...))
		merged, mergedNote, err := last.Decide()
		require.NoError(t, err)
		assert.Equal(t, whole, merged)
		assert.Equal(t, note, mergedNote)
		for _, cell := range cells {
			_, err := ReadDate(cell, whole)
			assert.NoError(t, err, cell)
		}
	})
}

// TestDateOrderTableAgrees compares dates that the table of days reads with the same
// dates at midnight, which it does not read.
func TestDateOrderTableAgrees(t *testing.T) {
	for first := range 33 {
		for second := range 33 {
			for _, format := range []string{"%02d/%02d/2023", "%02d.%02d.2024", "%02d-%02d-1900", "%02d/%02d-2023", "20%02d-%02d-1", "%02d/%02d/202x"} {
				cell := fmt.Sprintf(format, first, second)
				fast, slow := order(cell), order(cell+" 00:00")
				for _, seen := range []*seenDate{&slow.dayOnly, &slow.monthOnly, &slow.either} {
					seen.text = strings.TrimSuffix(seen.text, " 00:00")
				}
				assert.Equal(t, slow, fast, cell)
			}
		}
	}
}

func datedFile(rows int, date func(int) string) string {
	var b strings.Builder
	b.WriteString("device_id,spec,install_date\n")
	for i := range rows {
		fmt.Fprintf(&b, "\"A\n%d\",SMETS2 v3.1,%s\n", i, date(i))
	}
	return b.String()
}

type memorySpool struct {
	bytes.Buffer
	from *bytes.Reader
}

func (s *memorySpool) Read(p []byte) (int, error) { return s.from.Read(p) }

func (s *memorySpool) Seek(int64, int) (int64, error) {
	s.from = bytes.NewReader(s.Bytes())
	return 0, nil
}

func TestSurveyDatesLooksBeyondTheFirstMebibyte(t *testing.T) {
	const rows = 60_000
	input := datedFile(rows, func(i int) string {
		if i == rows-1 {
			return "27/04/2023"
		}
		return "03/04/2023"
	})
	require.Greater(t, len(input), surveyHead)
	reader, err := NewReader(strings.NewReader(input), ReaderOptions{})
	require.NoError(t, err)
	peeked, whole := reader.peekDates()
	assert.False(t, whole)
	assert.False(t, peeked.isoAlone())
	assert.Zero(t, peeked.dayOnly.line, "the date that tells is not among the first")

	surveyed, err := reader.SurveyDates(&memorySpool{})
	require.NoError(t, err)
	assert.Equal(t, 2*rows, surveyed.dayOnly.line, "each row takes two lines")
	count := 0
	for {
		row, err := reader.Read()
		if err != nil {
			break
		}
		count++
		require.Equal(t, 2*count, row.Line)
	}
	assert.Equal(t, rows, count, "the spool gives back every row")
}

func TestSurveyDatesOfAFailingInput(t *testing.T) {
	input := datedFile(60_000, func(int) string { return "03/04/2023" })
	reader, err := NewReader(iotest.TimeoutReader(strings.NewReader(input)), ReaderOptions{})
	require.NoError(t, err)
	_, err = reader.SurveyDates(nil)
	assert.ErrorIs(t, err, iotest.ErrTimeout)
}

// TestCheckCSVDecidesTheOrderOfTheWholeColumn: of an input that can be read again
// and of one that is kept meanwhile, short and long.
func TestCheckCSVDecidesTheOrderOfTheWholeColumn(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	long := datedFile(60_000, func(i int) string {
		if i == 59_999 {
			return "04/27/2023"
		}
		return "03/04/2023"
	})
	require.Greater(t, len(long), surveyHead)
	for name, c := range map[string]struct {
		input, says string
		want        DateFormat
	}{
		"ISO":                 {datedFile(3, func(i int) string { return "2023-04-27" }), "", ISODates},
		"day-first":           {datedFile(2, func(i int) string { return []string{"03/04/2023", "27.04.2023"}[i] }), "day-first", DayFirst},
		"either":              {datedFile(1, func(int) string { return "03/04/2023" }), "the column fits month-first too", DayFirst},
		"month-first at last": {"\xef\xbb\xbf" + long, `"04/27/2023" in line 120000`, MonthFirst},
	} {
		t.Run(name, func(t *testing.T) {
			var want bytes.Buffer
			_, err := CheckCSV(t.Context(), &want, strings.NewReader(c.input), CheckOptions{Judge: bulkJudge, Reader: ReaderOptions{Columns: ColumnOptions{Dates: &c.want}}, Note: func(text string) { t.Error(text) }})
			require.NoError(t, err)
			file, err := os.Create(filepath.Join(t.TempDir(), "input"))
			require.NoError(t, err)
			defer file.Close()
			_, err = file.WriteString("skipped" + c.input)
			require.NoError(t, err)
			_, err = file.Seek(int64(len("skipped")), io.SeekStart)
			require.NoError(t, err)
			pipe, feed, err := os.Pipe() // which has a Seek that fails
			require.NoError(t, err)
			defer pipe.Close()
			go func() {
				defer feed.Close()
				io.WriteString(feed, c.input)
			}()
			for _, r := range []io.Reader{strings.NewReader(c.input), file, iotest.OneByteReader(strings.NewReader(c.input)), pipe} {
				var got bytes.Buffer
				said := ""
				summary, err := CheckCSV(t.Context(), &got, r, CheckOptions{Judge: bulkJudge, Note: func(text string) {
					assert.Zero(t, got.Len(), "it is said first")
					said += text
				}})
				require.NoError(t, err)
				require.True(t, want.String() == got.String(), "%T", r)
				assert.Zero(t, summary.Reasons[ivp.BadDate])
				assert.Contains(t, said, c.says)
				assert.Equal(t, c.says == "", said == "")
			}
		})
	}
	left, err := os.ReadDir(os.Getenv("TMPDIR"))
	require.NoError(t, err)
	assert.Empty(t, left)
}

func TestCheckCSVRefusesAColumnThatContradictsItself(t *testing.T) {
	input := datedFile(60_000, func(i int) string { return map[int]string{10: "27/04/2023", 59_000: "04/27/2023"}[i] })
	var out bytes.Buffer
	_, err := CheckCSV(t.Context(), &out, strings.NewReader(input), CheckOptions{Judge: bulkJudge, Reader: ReaderOptions{Name: "f.csv"}})
	var contradiction *DateOrderError
	require.ErrorAs(t, err, &contradiction)
	assert.ErrorContains(t, err, "f.csv: the installation dates contradict each other")
	assert.Zero(t, out.Len())
}

func TestCheckCSVStopsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	input := datedFile(60_000, func(int) string { return "03/04/2023" })
	n := 0
	endless := readerFunc(func(p []byte) (int, error) {
		if n++; n == 100 {
			cancel()
		}
		return copy(p, input), nil
	})
	_, err := CheckCSV(ctx, io.Discard, endless, CheckOptions{Judge: bulkJudge})
	assert.ErrorIs(t, err, context.Canceled)
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }
