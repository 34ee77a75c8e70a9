package scan

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestReadErrorComesAfterTheWholeRecords(t *testing.T) {
	broken := errors.New("broken")
	for _, tt := range []struct {
		name, input string
		whole       int
		message     string
	}{
		{"at once", "", 0, "line 1: broken"},
		{"in a record", "a\n\"b\nc\"\nd,e", 2, "line 4: broken"},
		{"after a record", "a\nb\n", 2, "line 3: broken"},
		{"in an open quote", "a\n\"b\nc\n", 1, "line 2: broken"},
		{"after what may be doubled", "a\n\"b\"", 1, "line 2: broken"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := NewSplitter(io.MultiReader(strings.NewReader(tt.input), iotest.ErrReader(broken)), comma)
			for range tt.whole {
				_, _, err := s.Next()
				require.NoError(t, err)
			}
			for range 2 {
				_, _, err := s.Next()
				require.ErrorIs(t, err, broken)
				assert.EqualError(t, err, tt.message)
			}
		})
	}
}

func TestNothingReadIsAnError(t *testing.T) {
	s := NewSplitter(idle{}, comma)
	_, _, err := s.Next()
	assert.ErrorIs(t, err, io.ErrNoProgress)
}

type idle struct{}

func (idle) Read([]byte) (int, error) { return 0, nil }

func TestRecordsComeOutAsSoonAsTheyAreWhole(t *testing.T) {
	r, w := io.Pipe()
	defer r.Close()
	next := make(chan struct{})
	go func() {
		for _, part := range []string{"a,b\n", "c,", "d\n"} {
			io.WriteString(w, part)
		}
		<-next
		w.Close()
	}()
	s := NewSplitter(r, comma)
	for _, want := range []string{"a,b\n", "c,d\n"} {
		data, _, err := s.Next()
		require.NoError(t, err)
		assert.Equal(t, want, string(data))
	}
	close(next)
	_, _, err := s.Next()
	assert.Equal(t, io.EOF, err)
}

func TestLimit(t *testing.T) {
	s := NewSplitter(io.MultiReader(strings.NewReader("a\n"), endless{}), comma)
	s.Limit(1 << 17)
	_, _, err := s.Next()
	require.NoError(t, err)
	for range 2 {
		_, _, err = s.Next()
		require.ErrorIs(t, err, ErrLimit)
		assert.ErrorContains(t, err, "line 2")
	}
	assert.Less(t, len(s.buf), 1<<19)
	s.Limit(0)
	data, rec, err := s.Next()
	require.NoError(t, err)
	assert.True(t, rec.Open)
	assert.Len(t, data, MaxRecord-1)
}

// TestEndlessLineTakesNoMemory reads much of a line that does not end.
func TestEndlessLineTakesNoMemory(t *testing.T) {
	const much = 256 << 20
	total := 0
	s := NewSplitter(endless{}, comma)
	for part := 0; total < much; part++ {
		data, rec, err := s.Next()
		require.NoError(t, err)
		require.Equal(t, TooLong, rec.Fault.Kind)
		require.True(t, rec.Open)
		require.Equal(t, part > 0, rec.Rest)
		require.Equal(t, 1, s.Line())
		total += len(data)
	}
	assert.LessOrEqual(t, len(s.buf), 2*MaxRecord)
	b := NewBlocks(endless{}, nil, 1, comma, BlockSize)
	var block Block
	for total = 0; total < much; total += len(block.Data) {
		require.NoError(t, b.Next(&block))
		rec, n, more := block.Next(0, comma, nil)
		require.False(t, more)
		require.Equal(t, len(block.Data), n)
		require.True(t, rec.Open)
		require.Equal(t, block.Seq > 0, block.Rest())
		require.Equal(t, block.Seq == 0, block.Long(), "what follows needs no turn")
		require.Equal(t, 1, block.Line)
		require.LessOrEqual(t, cap(block.buf)+cap(b.kept), 2*MaxRecord)
	}
}

// TestCellsBeyondTheMost counts cells that are not kept.
func TestCellsBeyondTheMost(t *testing.T) {
	for cells, more := range map[int]int{MaxCells - 1: 0, MaxCells: 0, MaxCells + 1: 1, MaxCells + 9: 9} {
		line := strings.Repeat(",", cells-1) + "\n"
		rec, n, _ := Next([]byte(line), comma, false, nil)
		assert.Equal(t, len(line), n)
		assert.Len(t, rec.Cells, cells-more)
		assert.Equal(t, more, rec.More)
		assert.Zero(t, rec.Fault)
	}
}

type endless struct{}

func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'x'
	}
	return len(p), nil
}

func TestLongLines(t *testing.T) {
	long := strings.Repeat("x", 20<<20)
	for _, input := range []string{long + "\na,b\n", long + "\r\na,b\n", "\"" + long + "\"\na,b\n", "a\"" + long} {
		all, lines := readAll(t, NewSplitter(strings.NewReader(input), comma))
		require.NotEmpty(t, all)
		assert.NotZero(t, all[0].fault.Kind)
		first, parts := "", 0
		for ; parts < len(all) && lines[parts] == 1; parts++ {
			assert.Equal(t, all[0].fault, all[parts].fault)
			first += all[parts].raw + all[parts].end
		}
		assert.Greater(t, parts, 1)
		assert.True(t, strings.HasPrefix(input, first))
		assert.Equal(t, strings.IndexByte(input+"\n", '\n'), len(strings.TrimSuffix(first, "\n")))
		if len(all) > parts {
			assert.Equal(t, []string{"a", "b"}, all[parts].cells)
			assert.Equal(t, 2, lines[parts])
		}
	}
}

func TestRest(t *testing.T) {
	broken := errors.New("broken")
	for _, tt := range []struct {
		src  io.Reader
		want error
	}{
		{strings.NewReader("a\n\"b\n\",c\nd"), nil},
		{iotest.OneByteReader(strings.NewReader("a\n\"b\n\",c\nd")), nil},
		{&errAfter{strings.NewReader("a\n\"b\n\",c\nd"), broken}, broken},
	} {
		s := NewSplitter(tt.src, comma)
		for range 2 {
			_, _, err := s.Next()
			require.NoError(t, err)
		}
		assert.Equal(t, 4, s.NextLine())
		head, src := s.Rest()
		rest, err := io.ReadAll(io.MultiReader(bytes.NewReader(head), src))
		assert.Equal(t, tt.want, err)
		assert.Equal(t, "d", string(rest))
	}
}

// errAfter returns its error once, with the first bytes, and then the end.
type errAfter struct {
	src io.Reader
	err error
}

func (e *errAfter) Read(p []byte) (int, error) {
	n, _ := e.src.Read(p)
	err := e.err
	e.err = io.EOF
	return n, err
}

func TestSkip(t *testing.T) {
	bom := []byte("\xef\xbb\xbf")
	for _, tt := range []struct {
		input string
		want  bool
		rest  string
	}{
		{"", false, ""},
		{"\xef\xbb", false, "\xef\xbb"},
		{"\xef\xbb\xbf", true, ""},
		{"\xef\xbb\xbfa\n", true, "a\n"},
		{"a\n", false, "a\n"},
	} {
		s := NewSplitter(iotest.OneByteReader(strings.NewReader(tt.input)), comma)
		assert.Equal(t, tt.want, s.Skip(bom), "%q", tt.input)
		all, _ := readAll(t, s)
		rest := ""
		for _, one := range all {
			rest += one.raw + one.end
		}
		assert.Equal(t, tt.rest, rest)
	}
}

func TestDetectDelimiter(t *testing.T) {
	for _, tt := range []struct {
		input string
		want  byte
	}{
		{"", ','},
		{"a", ','},
		{"a,b;c;d", ';'},
		{"a\tb\tc;d\n", '\t'},
		{"a;b\n,,,,", ';'},
		{"\n\r\n\na;b\n,,,,", ';'},
		{"a;b\tc\n", ','},
		{"a;b,c\n", ','},
		{"\"a,b,c\n,,\";d\n", ';'},
		{"\"a;b;c", ','},
	} {
		for _, src := range []io.Reader{strings.NewReader(tt.input), iotest.OneByteReader(strings.NewReader(tt.input))} {
			s := NewSplitter(src, comma)
			assert.Equal(t, string(tt.want), string(s.DetectDelimiter(",;\t")), "%q", tt.input)
			all, _ := readAll(t, s)
			assert.Equal(t, tt.input == "", len(all) == 0, "nothing is consumed")
		}
	}
}

// Hostile inputs take time that grows with their length only. Each takes a
// fraction of a second; scanned again at every line they would take minutes.
func TestHostileInputIsLinear(t *testing.T) {
	repeat := func(line string) string { return strings.Repeat(line, (2<<20)/len(line)) }
	overLimit := func(line string) string { return strings.Repeat(line, (MaxRecord+1<<20)/len(line)) }
	for _, tt := range []struct{ name, input string }{
		{"a quote never closed above many lines", "\"\n" + overLimit("a,b,c,d,e,f,g,h,i,j\n")},
		{"the same above blank lines", "\"\n" + repeat("\n")},
		{"every line opens a quote", repeat("a,\"b\n")},
		{"every line opens a quote after a closed one", repeat("\"a\",\"b\n")},
		{"every line opens a quote and doubles it", repeat("\"\"\"b\n")},
		{"every other line opens a quote", repeat("\"\nb\n\nc\n")},
		{"quotes that are judged anew, never closed", "\"\n" + repeat("\"\",\"\"\n")},
		{"doubled quotes under an open one", "a,\"\n" + repeat("\"\"\"\"\n")},
		{"one line of quotes", overLimit("\"\"")},
		{"one line of quoted cells", repeat("\"\",")},
		{"carriage returns after quotes", repeat("\"\r\"\r")},
	} {
		t.Run(tt.name, func(t *testing.T) {
			input := []byte(tt.input)
			start := time.Now()
			s := NewSplitter(&chunks{bytes.NewReader(input)}, comma)
			total := 0
			for {
				data, _, err := s.Next()
				if err == io.EOF {
					break
				}
				if err != nil {
					t.Fatal(err)
				}
				total += len(data)
			}
			assert.Equal(t, len(input), total)
			LastEnd(input[:min(len(input), MaxRecord)], comma)
			assert.Less(t, time.Since(start), 10*time.Second)
		})
	}
}

// chunks reads at most 64 KiB at a time.
type chunks struct{ src io.Reader }

func (c *chunks) Read(p []byte) (int, error) { return c.src.Read(p[:min(len(p), 64<<10)]) }
