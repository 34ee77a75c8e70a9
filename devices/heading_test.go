package devices

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestHeadingIsFound(t *testing.T) {
	const heading, row = "Device ID,SMETS Version,Installation Date\n", "A1,SMETS2 v4.2,2022-06-01\n"
	for _, test := range []struct {
		name, input string
		opts        ReaderOptions
		line, found int
		delimiter   byte
	}{
		{"first line", heading + row, ReaderOptions{}, 1, 0, ','},
		{"first after blank lines", "\n\n" + heading + row, ReaderOptions{}, 3, 0, ','},
		{"below a title", "Stock,,\n,,\n" + heading + row, ReaderOptions{}, 3, 3, ','},
		{"below a title over two lines", "\"Stock\nof today\",,\n" + heading + row, ReaderOptions{}, 3, 3, ','},
		{"below a title with a lone quote", "19\" rack\n" + heading + row, ReaderOptions{}, 2, 2, ','},
		{"in row 30", strings.Repeat("x,,\n", 29) + heading + row, ReaderOptions{}, 30, 30, ','},
		{"below a title with commas", "Stock, as of today, all\n" + strings.ReplaceAll(heading+row, ",", ";"), ReaderOptions{}, 2, 2, ';'},
		{"the delimiter that maps", "SMETS Version;Installation Date;a,b,c,d\nSMETS2 v4.2;2022-06-01;a,b,c,d\n", ReaderOptions{}, 1, 0, ';'},
		{"a byte order mark", "\ufeffStock\n" + heading + row, ReaderOptions{}, 2, 2, ','},
		{"mapped by name", "Stock,,\nId,Ver,Fitted\n" + row, ReaderOptions{Columns: ColumnOptions{Map: map[Field]string{Spec: "Ver", InstallDate: "fitted"}}}, 2, 2, ','},
		{"mapped by number", "Stock,,\nDevice ID,x,Installation Date\n" + row, ReaderOptions{Columns: ColumnOptions{Map: map[Field]string{Spec: "#2"}}}, 2, 2, ','},
		{"the version alone", "SMETS Version\nSMETS2 v4.2\n", ReaderOptions{Columns: ColumnOptions{OnGiven: true}}, 1, 0, ','},
		{"headings with line breaks, tabs and spaces that do not show", "Stock\n\"Device\nID\",\"SMETS\r\nVersion\",Installation\u00a0\u200bDate\n" + row, ReaderOptions{}, 2, 2, ','},
	} {
		r, err := NewReader(iotest.OneByteReader(strings.NewReader(test.input)), test.opts)
		require.NoError(t, err, test.name)
		assert.Equal(t, test.line, r.Heading().Line, test.name)
		assert.Equal(t, test.found, r.HeadingFound(), test.name)
		assert.Equal(t, test.delimiter, r.Delimiter(), test.name)
		assert.GreaterOrEqual(t, r.Columns().Index(Spec), 0, test.name)
		var out bytes.Buffer
		w := newRowWriter(&out, r, nil)
		w.writeHeading()
		for {
			row, err := r.Read()
			if err == io.EOF {
				break
			}
			require.NoError(t, err)
			w.writeRow(row, nil)
		}
		assert.Equal(t, test.input, out.String(), "%s: nothing is lost", test.name)
	}
	_, err := NewReader(strings.NewReader(strings.Repeat("x,,\n", 30)+heading+row), ReaderOptions{})
	assert.ErrorContains(t, err, "no column for spec", "row 31 is no heading")
}

func TestHeadingThatIsNotFoundIsNamed(t *testing.T) {
	for input, want := range map[string]string{
		"Stock,,,\n,Device,,\nSerial No.,Asset Class,SMETS Ver,Fit Dt\n": `--header-row 3 --map spec='SMETS Ver' --map install_date='Fit Dt' --map device_id='Serial No.' --map device_type='Asset Class'`,
		"Device ID,SMETS Version $(touch x),Installation Date\n":         `--map spec='SMETS Version $(touch x)'`,
		"Device ID,Bob's SMETS!,Installation Date\n":                     `--map spec='Bob'\''s SMETS!'`,
		"Device ID,SMETS\x1b[31m Ver,Installation Date\n":                `--map spec='#2'`,
		"SMETS Version,smets_version,Installation Date\n":                `--map spec='SMETS Version'`,
		"x,y,z\n": `--map spec='YOUR HEADING' --map install_date='YOUR HEADING'`,
	} {
		_, err := NewReader(strings.NewReader(input), ReaderOptions{})
		var fault *MappingError
		require.ErrorAs(t, err, &fault, input)
		assert.Equal(t, want, fault.Paste(), input)
		assert.NotContains(t, err.Error(), "\x1b")
	}
}

func TestColumnsAreNamedByLetters(t *testing.T) {
	headings := []string{"Id", "Fitted", "C", "Ver"}
	for wanted, want := range map[string]int{"D": 3, "C": 2, "B": 1, "Z": -1, "d": -1, "ver": 3, "AAAA": -1} {
		c, _ := MapColumns(headings, ColumnOptions{Map: map[Field]string{Spec: wanted}, Lenient: true})
		assert.Equal(t, want, c.Index(Spec), wanted)
	}
	c, _ := MapColumns(headings, ColumnOptions{Map: map[Field]string{Spec: "F"}, FirstColumn: 2, Lenient: true})
	assert.Equal(t, 3, c.Index(Spec), "a table that begins in column C")
}

// TestManyHeadings holds that the message about very many headings is short.
func TestManyHeadings(t *testing.T) {
	for name, heading := range map[string]func(int) string{
		"alike": func(int) string { return "SMETS Version" },
		"near":  func(i int) string { return fmt.Sprintf("SMETS Versionn %d", i) },
		"other": func(i int) string { return fmt.Sprintf("h%d", i) },
	} {
		var input strings.Builder
		for i := range 200_000 {
			input.WriteString(heading(i) + ",")
		}
		_, err := NewReader(strings.NewReader(input.String()+"x\n"), ReaderOptions{})
		require.Error(t, err)
		assert.Less(t, len(err.Error()), 8000, name)
	}
}
