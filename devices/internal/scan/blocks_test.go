package scan

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"sync"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// recordsOf are the records that a splitter reads, with their lines.
func recordsOf(t testing.TB, input []byte) (records []string, lines []int) {
	s := NewSplitter(bytes.NewReader(input), comma)
	for {
		raw, _, err := s.Next()
		if err == io.EOF {
			return records, lines
		}
		require.NoError(t, err)
		records = append(records, string(raw))
		lines = append(lines, s.Line())
	}
}

// recordsOfBlocks are the records that blocks of a size deal out.
func recordsOfBlocks(t testing.TB, src io.Reader, size int) (records []string, lines []int) {
	b := NewBlocks(src, nil, 1, comma, size)
	var block Block
	for seq := 0; ; seq++ {
		err := b.Next(&block)
		if err == io.EOF {
			return records, lines
		}
		require.NoError(t, err)
		require.Equal(t, seq, block.Seq)
		line := block.Line
		for at := 0; at < len(block.Data); {
			rec, n, more := block.Next(at, comma, nil)
			require.False(t, more, "a block ends where a record does")
			records = append(records, string(block.Data[at:at+n]))
			lines = append(lines, line)
			line += rec.Newlines
			at += n
		}
	}
}

var hostile = []string{
	"", "a", "a\n", "\n\n", "a,b\r\nc,d\r\n", "a,\"b\nc\"\nd\n", "a,\"b\nc", "a,b\"c\nd,e\n", "\"a\"b\nc\n",
	"a\n\"open\nb\nc\n", strings.Repeat("x,\"y\nz\",w\n", 20), "\"a\"\"b\"\n\"\"\n", "\r\r\n\"a\r\nb\"\r\n",
	"a, \"b\nc\" ,d\n", "a\r\x1a\x1a", "\"a\nb\nc\nd\"\"\ne\n",
}

func TestBlocksAgreeWithTheSplitterAtEverySize(t *testing.T) {
	for _, input := range hostile {
		want, wantLines := recordsOf(t, []byte(input))
		for size := 1; size < len(input)+3; size++ {
			got, lines := recordsOfBlocks(t, strings.NewReader(input), size)
			require.Equal(t, want, got, "%q in blocks of %d", input, size)
			require.Equal(t, wantLines, lines, "%q in blocks of %d", input, size)
			got, _ = recordsOfBlocks(t, iotest.OneByteReader(strings.NewReader(input)), size)
			require.Equal(t, want, got)
			got, lines = recordsOfBlocks(t, &pausing{text: input, step: 1 + size%3}, size)
			require.Equal(t, want, got, "%q in blocks of %d, with pauses", input, size)
			require.Equal(t, wantLines, lines)
		}
	}
}

// pausing is a stream that pauses after every few bytes.
type pausing struct {
	text   string
	step   int
	paused bool
}

func (p *pausing) Read(b []byte) (int, error) {
	if p.paused = !p.paused; p.paused {
		return 0, ErrPause
	}
	if p.text == "" {
		return 0, io.EOF
	}
	n := copy(b, p.text[:min(p.step, len(p.text))])
	p.text = p.text[n:]
	return n, nil
}

// TestALineWithoutEndThatPauses deals the parts of a line that is longer than a
// record may be.
func TestALineWithoutEndThatPauses(t *testing.T) {
	input := "a\n\"" + strings.Repeat("z", MaxRecord+100) + "\nb\n"
	for _, step := range []int{MaxRecord - 1, MaxRecord, MaxRecord + 1, 1 << 20} {
		got, _ := recordsOfBlocks(t, &pausing{text: input, step: step}, BlockSize)
		assert.Equal(t, len(input), len(strings.Join(got, "")))
		assert.Equal(t, "a\n", got[0])
		assert.Equal(t, "b\n", got[len(got)-1])
	}
}

func FuzzBlocks(f *testing.F) {
	for _, input := range hostile {
		f.Add([]byte(input), uint8(7))
	}
	f.Fuzz(func(t *testing.T, input []byte, size uint8) {
		want, wantLines := recordsOf(t, input)
		got, lines := recordsOfBlocks(t, bytes.NewReader(input), int(size)+1)
		require.Equal(t, want, got)
		require.Equal(t, wantLines, lines)
		got, lines = recordsOfBlocks(t, &pausing{text: string(input), step: 1 + int(size)%5}, int(size)+1)
		require.Equal(t, want, got)
		require.Equal(t, wantLines, lines)
	})
}

func TestBlocksGiveWholeRecordsBeforeAnError(t *testing.T) {
	pulled := errors.New("pulled")
	b := NewBlocks(io.MultiReader(strings.NewReader("a\nb\nc"), iotest.ErrReader(pulled)), nil, 1, comma, 64)
	var block Block
	require.NoError(t, b.Next(&block))
	assert.Equal(t, "a\nb\n", string(block.Data))
	assert.False(t, block.Final)
	assert.ErrorIs(t, b.Next(&block), pulled)
	assert.ErrorIs(t, b.Next(&block), pulled, "an error stays")
}

func TestOrder(t *testing.T) {
	o := NewOrder()
	var group sync.WaitGroup
	var got []int
	for seq := 9; seq >= 0; seq-- {
		group.Go(func() {
			if o.Wait(seq) {
				got = append(got, seq)
				o.Done()
			}
		})
	}
	group.Wait()
	assert.Equal(t, []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, got)
	o.Stop()
	assert.False(t, o.Wait(12))
}

func TestCountNewlinesByWords(t *testing.T) {
	for _, data := range []string{"", "\n", "a\nb", "\n\n\n\n\n\n\n\n", "\x8a\x0b\n\x09\x00\xff\n\x8a\n", strings.Repeat("abc\r\n", 9)} {
		for from := range len(data) + 1 {
			assert.Equal(t, strings.Count(data[from:], "\n"), countNewlinesByWords([]byte(data[from:])), "%q", data[from:])
		}
	}
}
