package scan

import (
	"bytes"
	"encoding/csv"
	"io"
	"regexp"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"
)

func seed(f *testing.F) {
	for _, input := range []string{
		"", "\n", "a", "a,b\nc,d\n", "a;b\r\nc\td", "\"a\",\"b\"\"c\"\n", "\"a\nb\",c\r\n\r\n\"\"\n", "a\"b\nc\n",
		"\"a\"b\n\"c\n", "\"a\n\"b\n\"c\n", "\r\r\n\"\r\n\"\r\n", "\"\"\"\"\n\"\"\"\n", "\xef\xbb\xbf\"a\",b\n", "\x00\n\xff,\xfe", "\"a\"\r", "\",\n,\"", "a, \"b\nc\" ,d\n", "a\r\x1a\x1a", "a,\"b\"\x1a", "\"\n\"\x1a", "\"a\"\r\x1a\x1a", "\x1a",
	} {
		f.Add([]byte(input))
	}
}

func FuzzAgainstEncodingCSV(f *testing.F) {
	seed(f)
	f.Fuzz(func(t *testing.T, input []byte) {
		// To encoding/csv an end mark is data, and a space beside a quote a fault.
		input = bytes.TrimRight(input, "\r\x1a")
		for _, delim := range []byte(",;\t") {
			if !padded.Match(input) {
				compareWithEncodingCSV(t, input, Dialect{Delimiter: delim})
			}
		}
	})
}

var padded = regexp.MustCompile("[ \t]\"|\"[ \t]")

func compareWithEncodingCSV(t *testing.T, input []byte, d Dialect) {
	type record struct {
		line  int
		cells []string
	}
	var want []record
	reader := csv.NewReader(bytes.NewReader(input))
	reader.Comma = rune(d.Delimiter)
	reader.FieldsPerRecord = -1
	wellFormed := false
	for {
		cells, err := reader.Read()
		if err != nil {
			wellFormed = err == io.EOF
			break
		}
		line, _ := reader.FieldPos(0)
		want = append(want, record{line, cells})
	}
	var got []record
	line, faults := 1, 0
	for _, one := range tell(t, input, d) {
		if one.fault.Kind != 0 {
			faults++
		}
		if one.raw != "" && faults == 0 {
			got = append(got, record{line, one.cells})
		}
		line += one.newlines
	}
	require.Equal(t, wellFormed, faults == 0)
	require.Equal(t, want, got, "the records before the first fault, if any")
}

func FuzzEveryByteComesOut(f *testing.F) {
	seed(f)
	f.Fuzz(func(t *testing.T, input []byte) {
		for _, d := range []Dialect{comma, plain} {
			var out []byte
			for _, one := range tell(t, input, d) {
				require.Contains(t, []string{"", "\r", "\n", "\r\n"}, one.end)
				if one.fault.Kind != 0 || d.NoQuotes {
					require.NotContains(t, one.raw, "\n")
				}
				out = append(append(out, one.raw...), one.end...)
			}
			require.True(t, bytes.Equal(input, out))
		}
	})
}

// The cells of a good record are those of its text without the line end, and
// together with the delimiters they are the text.
func FuzzCells(f *testing.F) {
	seed(f)
	f.Fuzz(func(t *testing.T, input []byte) {
		for rest := input; len(rest) > 0; {
			rec, n, _ := Next(rest, comma, true, nil)
			if raw := rest[:rec.Len]; !rec.Malformed() && !rec.Blank() {
				require.Equal(t, rec.Cells, Cells(raw, comma, nil))
				var parts [][]byte
				for _, c := range rec.Cells {
					parts = append(parts, c.Raw(raw, comma))
				}
				require.Equal(t, string(raw), string(bytes.Join(parts, []byte{','})))
			}
			rest = rest[n:]
		}
	})
}

// The answer does not depend on how much of the input is at hand.
func FuzzChunksAgree(f *testing.F) {
	seed(f)
	f.Fuzz(func(t *testing.T, input []byte) {
		want := tell(t, input, comma)
		for _, src := range []io.Reader{
			bytes.NewReader(input),
			iotest.OneByteReader(bytes.NewReader(input)),
			iotest.DataErrReader(bytes.NewReader(input)),
			&oddChunks{src: bytes.NewReader(input)},
		} {
			got, lines := readAll(t, NewSplitter(src, comma))
			require.Equal(t, want, got)
			line := 1
			for i, one := range want {
				require.Equal(t, line, lines[i])
				line += one.newlines
			}
		}
	})
}

func FuzzLastEnd(f *testing.F) {
	seed(f)
	f.Fuzz(func(t *testing.T, input []byte) {
		for cut := 0; cut <= min(len(input), 64); cut++ {
			buf := input[:len(input)-cut]
			for _, d := range []Dialect{comma, plain} {
				require.Equal(t, lastEndByNext(buf, d), LastEnd(buf, d), "%q", buf)
			}
		}
	})
}

func lastEndByNext(buf []byte, d Dialect) int {
	for end := 0; ; {
		_, n, more := Next(buf[end:], d, false, nil)
		if more {
			return end
		}
		end += n
	}
}

func readAll(t testing.TB, s *Splitter) (all []told, lines []int) {
	for {
		data, rec, err := s.Next()
		if err == io.EOF {
			return all, lines
		}
		require.NoError(t, err)
		all = append(all, tellOne(data, rec))
		lines = append(lines, s.Line())
	}
}

// oddChunks reads 1, 3, 5, … bytes at a time, now and then none.
type oddChunks struct {
	src io.Reader
	n   int
}

func (o *oddChunks) Read(p []byte) (int, error) {
	o.n++
	if o.n%4 == 0 {
		return 0, nil
	}
	return o.src.Read(p[:min(len(p), 2*o.n-1)])
}
