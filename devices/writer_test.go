package devices

import (
	"bytes"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// rewrite reads all inputs and writes them to one output, each row with the
// cells that added makes for it.
func rewrite(t testing.TB, opts ReaderOptions, names []string, added func(Row) []string, inputs ...string) string {
	t.Helper()
	var out bytes.Buffer
	var w *rowWriter
	for _, input := range inputs {
		r, err := NewReader(strings.NewReader(input), opts)
		require.NoError(t, err)
		if w == nil {
			w = newRowWriter(&out, r, names)
			w.writeHeading()
		}
		for {
			row, err := r.Read()
			if err == io.EOF {
				break
			}
			require.NoError(t, err)
			w.writeRow(row, added(row))
		}
	}
	return out.String()
}

func always(cells ...string) func(Row) []string { return func(Row) []string { return cells } }

func TestWriter(t *testing.T) {
	const heading = "SMETS Version,Install Date,Note"
	for _, tt := range []struct {
		name   string
		inputs []string
		added  func(Row) []string
		want   string
	}{
		{"verbatim, each with its own line end", []string{"\xef\xbb\xbf" + heading + "\r\n\"v\", d ,\"a\r\nb\"\r\nv,d,\n"}, always("1", "2"),
			"\xef\xbb\xbf" + heading + ",x,y\r\n\"v\", d ,\"a\r\nb\",1,2\r\nv,d,,1,2\n"},
		{"no final line end", []string{heading + "\nv,d,n"}, always("1", "2"), heading + ",x,y\nv,d,n,1,2"},
		{"heading alone", []string{heading}, always("1", "2"), heading + ",x,y"},
		{"blank lines and empty rows", []string{"\n\r\n" + heading + "\n\n, ,\n\r\n"}, always("1", "2"), "\n\r\n" + heading + ",x,y\n\n, ,,,\n\r\n"},
		{"short, long and malformed rows", []string{heading + "\nv\na,b,c,d\na\"b\n"}, always("1", "2"), heading + ",x,y\nv,1,2\na,b,c,d,1,2\na\"b,1,2\n"},
		{"quoting", []string{heading + "\nv,d,n\n"}, always("a,\"b\"", "c\nd"), heading + ",x,y\nv,d,n,\"a,\"\"b\"\"\",\"c\nd\"\n"},
		{"no cells", []string{heading + "\nv,d,n\n"}, always(), heading + ",x,y\nv,d,n,,\n"},
		{"its own delimiter", []string{strings.ReplaceAll(heading, ",", ";") + "\nv;d\n"}, always("a;b", "c,d"), strings.ReplaceAll(heading, ",", ";") + ";x;y\nv;d;\"a;b\";c,d\n"},
		{"several inputs", []string{heading + "\r\nv,d,n", heading + "\nw,d,n", heading, heading + "\nx,d,n\n"}, always("1", "2"),
			heading + ",x,y\r\nv,d,n,1,2\r\nw,d,n,1,2\r\nx,d,n,1,2\n"},
		{"several inputs, the heading without line end", []string{heading, heading + "\n\nw,d,n"}, always("1", "2"), heading + ",x,y\n\nw,d,n,1,2"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			assert.Equal(t, tt.want, rewrite(t, ReaderOptions{}, []string{"x", "y"}, tt.added, tt.inputs...))
		})
	}
}

func TestWriterReplacesOldColumns(t *testing.T) {
	input := "ivp_to,SMETS Version,\"ivp_outcome\",Install Date,ivp_reason\n" +
		"old,\"v\",\"o\"\"ld\",d,old\n" +
		"old,v,old\n" +
		"old,v,old,d,old,more\n" +
		"a\"b\n" +
		"\n,,,,\n"
	want := "SMETS Version,Install Date,ivp_outcome\n" +
		"\"v\",d,new\n" +
		"old,v,old,new\n" +
		"old,v,old,d,old,more,new\n" +
		"a\"b,new\n" +
		"\n,,\n"
	opts := ReaderOptions{Columns: ColumnOptions{Recheck: true}}
	assert.Equal(t, want, rewrite(t, opts, []string{"ivp_outcome"}, always("new"), input))
}

// Take away what was added, and the input is there again, byte for byte.
func FuzzRoundTrip(f *testing.F) {
	for _, body := range []string{"", "a,b,c\n", "a,\"b\"\"\n\",c\r\n", "a,b\n\n,,\n\"a\nb,c,d\n", "\x00,\xff,\r\r\n", "a\n\"\nb\"c\nd", "a,b,c"} {
		f.Add(false, 0, body)
		f.Add(true, 2, body)
	}
	f.Fuzz(func(t *testing.T, bom bool, blanks int, body string) {
		input := strings.Repeat("\n", blanks&7) + plainHeading + body
		if bom {
			input = string(byteOrderMark) + input
		}
		r, err := NewReader(strings.NewReader(input), ReaderOptions{Delimiter: ','})
		require.NoError(t, err)
		var out bytes.Buffer
		w := newRowWriter(&out, r, []string{"x"})
		w.writeHeading()
		restored := ""
		take := func(added string, end []byte) {
			rest, found := strings.CutSuffix(out.String(), added+string(end))
			require.True(t, found)
			restored += rest + string(end)
			out.Reset()
		}
		take(",x", r.Heading().End)
		for {
			row, err := r.Read()
			if err == io.EOF {
				break
			}
			require.NoError(t, err)
			if row.Surplus > 0 {
				t.Skip("cells beyond the heading are left out")
			}
			w.writeRow(row, []string{"1"})
			take(addedTo(row), row.End)
		}
		require.Equal(t, input, restored)
	})
}

// addedTo returns what the writer of FuzzRoundTrip adds to a row.
func addedTo(row Row) string {
	switch {
	case row.Kind == BlankLine:
		return ""
	case row.Kind == EmptyRow || row.Kind == TotalRow:
		return ","
	}
	return ",1"
}
