package devices

import (
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mp196/ivp/ivp"
)

const plainHeading = "Device ID,SMETS Version,Install Date\n"

// seen is what the tests look at in a row; Raw and End are copied.
type seen struct {
	line  int
	kind  RowKind
	raw   string
	cells []string
	fault string
}

func readRows(t testing.TB, input string, opts ReaderOptions) (*Reader, []seen) {
	t.Helper()
	r, err := NewReader(strings.NewReader(input), opts)
	require.NoError(t, err)
	var rows []seen
	for {
		row, err := r.Read()
		if err == io.EOF {
			return r, rows
		}
		require.NoError(t, err)
		if row.Kind == RestOfLine { // goes on with the row before
			last := &rows[len(rows)-1]
			assert.Equal(t, last.fault, row.Fault.Error())
			assert.Equal(t, last.line, row.Line)
			last.raw += string(row.Raw)
			continue
		}
		s := seen{line: row.Line, kind: row.Kind, raw: string(row.Raw), cells: row.Cells}
		if row.Fault != nil {
			s.fault = row.Fault.Error()
		}
		assert.Equal(t, row.Kind == BadRow, row.Fault != nil)
		rows = append(rows, s)
	}
}

func TestReaderDecodesDevices(t *testing.T) {
	input := "\xef\xbb\xbf\"Installation Date\";Note;\"Device ID\";SMETS Version\r\n" +
		"2022-03-01;\"a \"\"b\"\"\r\nc\";00-07;SMETS2 v4.2\r\n" +
		"\"2021-01-02\";;00-08;\"SMETS2 v3.1\""
	r, err := NewReader(strings.NewReader(input), ReaderOptions{})
	require.NoError(t, err)
	assert.Equal(t, "\xef\xbb\xbf", string(r.bom))
	assert.Equal(t, byte(';'), r.Delimiter())
	assert.Equal(t, "\r\n", string(r.Heading().End))
	assert.Equal(t, []string{"Installation Date", "Note", "Device ID", "SMETS Version"}, r.Columns().Headings())

	row, err := r.Read()
	require.NoError(t, err)
	assert.Equal(t, 2, row.Line)
	assert.Equal(t, DataRow, row.Kind)
	assert.Equal(t, []string{"2022-03-01", "a \"b\"\nc", "00-07", "SMETS2 v4.2"}, row.Cells)
	assert.Equal(t, "00-07", row.Device.ID)
	assert.Equal(t, "SMETS2 v4.2", row.Device.Spec.String())
	assert.Equal(t, "2022-03-01", row.Device.On.String())
	assert.Equal(t, "\r\n", string(row.End))

	row, err = r.Read()
	require.NoError(t, err)
	assert.Equal(t, 4, row.Line)
	assert.Equal(t, "00-08", row.Device.ID)
	assert.Equal(t, "SMETS2 v3.1", row.Device.Spec.String())
	assert.Empty(t, row.End)

	_, err = r.Read()
	assert.Equal(t, io.EOF, err)
}

func TestReaderOneMappedColumn(t *testing.T) {
	opts := ReaderOptions{Columns: ColumnOptions{OnGiven: true}}
	r, err := NewReader(strings.NewReader("SMETS Version,Note\n,x\nSMETS2 v4.2,y\n"), opts)
	require.NoError(t, err)
	row, err := r.Read()
	require.NoError(t, err)
	assert.True(t, row.Device.Spec.IsZero())
	row, err = r.Read()
	require.NoError(t, err)
	assert.Equal(t, "SMETS2 v4.2", row.Device.Spec.String())
}

func TestReaderKinds(t *testing.T) {
	wide := strings.Repeat("x", 20<<20)
	for _, tt := range []struct {
		name, body string
		want       []seen
	}{
		{"heading only", "", nil},
		{"no final newline", "a,b,c", []seen{{2, DataRow, "a,b,c", []string{"a", "b", "c"}, ""}}},
		{"blank and empty", "\n\r\n, \u00a0,\"\t\"\n", []seen{
			{2, BlankLine, "", nil, ""}, {3, BlankLine, "", nil, ""}, {4, EmptyRow, ", \u00a0,\"\t\"", []string{"", " \u00a0", "\t"}, ""}}},
		{"ragged", "a,b\na,b,c,d\n,\n", []seen{
			{2, BadRow, "a,b", []string{"a", "b"}, "in.csv:2: 2 cells, the heading has 3: add the missing cells, or quote a cell that contains a line end"},
			{3, BadRow, "a,b,c,d", []string{"a", "b", "c", "d"}, "in.csv:3: 4 cells, the heading has 3: remove the surplus cells, or quote a cell that contains a delimiter"},
			{4, BadRow, ",", []string{"", ""}, "in.csv:4: 2 cells, the heading has 3: add the missing cells, or quote a cell that contains a line end"}}},
		{"one cell", "a\n", []seen{
			{2, BadRow, "a", []string{"a"}, "in.csv:2: 1 cell, the heading has 3: add the missing cells, or quote a cell that contains a line end"}}},
		{"stray quote", "a,5\" pipe,c\na,b,c\n", []seen{
			{2, BadRow, "a,5\" pipe,c", nil, "in.csv:2:4: a quote inside a cell that does not begin with one: put the whole cell in quotes and double those inside it"},
			{3, DataRow, "a,b,c", []string{"a", "b", "c"}, ""}}},
		{"text after a quote, lines below", "a,\"b\n\"c,d\n", []seen{
			{2, BadRow, "a,\"b", nil, "in.csv:3:2: in the record that begins at line 2: text after a closing quote, where a delimiter or the end of the line was expected: double a quote that is part of the cell"},
			{3, BadRow, "\"c,d", nil, "in.csv:3:1: a quote opens a cell and is never closed: close it, or put the cell in quotes and double those inside it"}}},
		{"unterminated quote", "a,\"b,c\na,b,c\n", []seen{
			{2, BadRow, "a,\"b,c", nil, "in.csv:2:3: a quote opens a cell and is never closed: close it, or put the cell in quotes and double those inside it"},
			{3, DataRow, "a,b,c", []string{"a", "b", "c"}, ""}}},
		{"NUL and invalid UTF-8", "\x00,\xff\xfe,c\n", []seen{{2, DataRow, "\x00,\xff\xfe,c", []string{"\x00", "\xff\xfe", "c"}, ""}}},
		{"true line numbers", "a,\"b\n\n\",c\r\na,b,c\n", []seen{
			{2, DataRow, "a,\"b\n\n\",c", []string{"a", "b\n\n", "c"}, ""}, {5, DataRow, "a,b,c", []string{"a", "b", "c"}, ""}}},
		{"a line of 20 MiB", wide + "\na,b,c\n", []seen{
			{2, BadRow, wide, nil, "in.csv:2:1: the record has more than 16 MiB: look for a quote that is not closed, or for missing line ends"},
			{3, DataRow, "a,b,c", []string{"a", "b", "c"}, ""}}},
		{"a cell of 10 MiB", "a,\"" + wide[:10<<20] + "\n\",c\n", []seen{
			{2, DataRow, "a,\"" + wide[:10<<20] + "\n\",c", []string{"a", wide[:10<<20] + "\n", "c"}, ""}}},
		{"quoted lines of 20 MiB together", "a,\"" + "x,y\nx,y\n" + wide + "\n\",c\na,b,c\n", []seen{
			{2, BadRow, "a,\"x,y", nil, "in.csv:2:3: the record has more than 16 MiB: look for a quote that is not closed, or for missing line ends"},
			{3, BadRow, "x,y", []string{"x", "y"}, "in.csv:3: 2 cells, the heading has 3: add the missing cells, or quote a cell that contains a line end"},
			{4, BadRow, wide, nil, "in.csv:4:1: the record has more than 16 MiB: look for a quote that is not closed, or for missing line ends"},
			{5, BadRow, "\",c", nil, "in.csv:5:1: a quote opens a cell and is never closed: close it, or put the cell in quotes and double those inside it"},
			{6, DataRow, "a,b,c", []string{"a", "b", "c"}, ""}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, rows := readRows(t, plainHeading+tt.body, ReaderOptions{Name: "in.csv"})
			require.Equal(t, len(tt.want), len(rows))
			for i := range rows {
				if !sameSeen(tt.want[i], rows[i]) {
					t.Errorf("row %d: want %.300v, got %.300v", i, tt.want[i], rows[i])
				}
			}
		})
	}
}

// sameSeen compares without printing cells of many megabytes.
func sameSeen(a, b seen) bool {
	return a.line == b.line && a.kind == b.kind && a.raw == b.raw && a.fault == b.fault &&
		(a.cells == nil) == (b.cells == nil) && strings.Join(a.cells, "\x01") == strings.Join(b.cells, "\x01")
}

func TestReaderHeadings(t *testing.T) {
	for _, tt := range []struct {
		name, input string
		delimiter   byte
		want        byte
	}{
		{"comma", "Spec,Install Date\n", 0, ','},
		{"semicolon", "Spec;Install Date\n", 0, ';'},
		{"tab", "Spec\tInstall Date", 0, '\t'},
		{"byte order mark and quotes", "\xef\xbb\xbf\"Spec\";\"Install Date\"\r\n", 0, ';'},
		{"blank lines first", "\n\r\n\nSpec;Install Date\n", 0, ';'},
		{"given", "Spec|Install Date\n", '|', '|'},
		{"delimiters in a quoted heading", "\"a,b,c\";\"Spec\";Install Date", 0, ';'},
	} {
		t.Run(tt.name, func(t *testing.T) {
			input := strings.Replace(tt.input, "Spec", "SMETS Version", 1)
			r, err := NewReader(iotest.OneByteReader(strings.NewReader(input)), ReaderOptions{Delimiter: tt.delimiter})
			require.NoError(t, err)
			assert.Equal(t, string(tt.want), string(r.Delimiter()))
			assert.Contains(t, r.Columns().Headings(), "SMETS Version")
		})
	}
}

func TestReaderRefusesHeadings(t *testing.T) {
	var fault *RowFault
	var mapping *MappingError
	for _, tt := range []struct {
		name, input string
		opts        ReaderOptions
		is          error
		as          any
		message     string
	}{
		{"empty", "", ReaderOptions{}, ErrEmpty, nil, "the input is empty"},
		{"byte order mark alone", "\xef\xbb\xbf", ReaderOptions{Name: "in.csv"}, ErrEmpty, nil, "in.csv: "},
		{"blank lines alone", "\n\r\n", ReaderOptions{}, ErrEmpty, nil, ""},
		{"stray quote", "\nDevice \"ID\",Spec\n", ReaderOptions{Name: "in.csv"}, nil, &fault, "in.csv:2:8: in the heading: a quote inside a cell"},
		{"open quote", "\"Device ID,Spec\na,b\n", ReaderOptions{}, nil, &fault, "line 1, column 1: in the heading: a quote opens a cell and is never closed"},
		{"duplicate heading", "SMETS Version,SMETS Version,Install Date\n", ReaderOptions{Name: "in.csv"}, nil, &mapping, "in.csv: "},
		{"missing heading", "SMETS Version,Note\n", ReaderOptions{}, nil, &mapping, "install_date"},
		{"UTF-16", "\xff\xfeS\x00,\x00\n\x00", ReaderOptions{}, nil, nil, "UTF-16"},
		{"delimiter", plainHeading, ReaderOptions{Delimiter: '"'}, nil, nil, "cannot be used"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := NewReader(strings.NewReader(tt.input), tt.opts)
			require.Error(t, err)
			assert.ErrorContains(t, err, tt.message)
			if tt.is != nil {
				assert.ErrorIs(t, err, tt.is)
			}
			if tt.as != nil {
				assert.ErrorAs(t, err, tt.as)
			}
		})
	}
}

func TestReaderReturnsReadErrors(t *testing.T) {
	broken := errors.New("broken")
	r, err := NewReader(io.MultiReader(strings.NewReader(plainHeading+"a,b,c\nd,"), iotest.ErrReader(broken)), ReaderOptions{Name: "in.csv"})
	require.NoError(t, err)
	_, err = r.Read()
	require.NoError(t, err)
	_, err = r.Read()
	require.ErrorIs(t, err, broken)
	assert.EqualError(t, err, "in.csv: line 3: broken")

	_, err = NewReader(iotest.ErrReader(broken), ReaderOptions{})
	assert.ErrorIs(t, err, broken)
}

func FuzzReader(f *testing.F) {
	for _, body := range []string{"", "a,b,c\n", "a,\"b\"\"\n\",c\r\n", "a,b\n\n,,\n\"a\nb,c,d\n", "\x00,\xff,\r\r\n"} {
		f.Add([]byte(body))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		r, err := NewReader(strings.NewReader(plainHeading+string(body)), ReaderOptions{Delimiter: ','})
		require.NoError(t, err)
		for {
			row, err := r.Read()
			if err == io.EOF {
				break
			}
			require.NoError(t, err)
			require.Equal(t, row.Kind == BadRow, row.Fault != nil)
			if row.Kind != DataRow {
				require.Equal(t, Device{}, row.Device, "only a row of a device has one")
			}
		}
	})
}

// TestCauses is about the causes of the faults of cells, and about a result as JSON.
func TestCauses(t *testing.T) {
	columns, err := MapColumns([]string{"device_type", "spec", "gbcs", "install_date"}, ColumnOptions{})
	require.NoError(t, err)
	device := columns.Device([]string{"Toaster", "2", "SMETS2 v4.2", "31/02/2023"})
	causes := []error{ivp.ErrUnknownType, ivp.ErrBadVersion, ivp.ErrBadVersion, ivp.ErrBadDate}
	require.Len(t, device.Faults, len(causes))
	for i, fault := range device.Faults {
		for _, cause := range causes {
			assert.Equal(t, cause == causes[i], errors.Is(fault, cause), "%v", fault)
		}
	}
	judge := Judge{Checker: ivp.Checker{History: ivp.Published()}}
	text, err := json.Marshal(judge.Device(columns.Device([]string{"ESME", "SMETS2 v3.1", "", "2023-04-28"})))
	require.NoError(t, err)
	var wire Wire
	require.NoError(t, json.Unmarshal(text, &wire))
	assert.Equal(t, "after-end", wire.Reason)
	assert.Equal(t, "2023-04-28", wire.On)
}
