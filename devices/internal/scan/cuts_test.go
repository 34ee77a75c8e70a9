package scan

import (
	"bytes"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// requireCuts compares the cells that a finder returns with those of bytes.Split, for all
// lines of data except every skipth.
func requireCuts(t *testing.T, data []byte, delimiter byte, width, skip int) {
	t.Helper()
	cuts := NewCuts(delimiter, width)
	cuts.Begin(data)
	for at, n := 0, 1; at < len(data); n++ {
		line, _, _ := bytes.Cut(data[at:], newlineByte)
		if n%skip != 0 {
			places, ok := cuts.Line(at, at+len(line))
			cells := bytes.Split(line, []byte{delimiter})
			require.Equal(t, len(cells) == width, ok, "%q", line)
			end := at - 1
			for i, place := range places {
				end += len(cells[i]) + 1
				require.Equal(t, end, int(place), "%q", line)
			}
			require.True(t, !ok || len(places) == width-1)
		}
		at += len(line) + 1
	}
}

func TestCuts(t *testing.T) {
	long := strings.Repeat(strings.Repeat("abcdefg,", 9)+"\n", 300)
	for _, data := range []string{"", ",", "a,b", "a;b", "a,b\nc\n,\n\n,d\n", strings.Repeat(",", 9), "\xac,\x2c\xad,\x00,aaaaaaa,", long, long + strings.Repeat("x", 3*cutsAhead) + ",y\n" + long} {
		for width := range 12 {
			for skip := 2; skip < 5; skip++ {
				requireCuts(t, []byte(data), ',', width+1, skip)
			}
		}
	}
}

func FuzzCuts(f *testing.F) {
	f.Add([]byte("a,b,c\n\x80,\xac,"), byte(','), uint8(3), uint8(2))
	f.Fuzz(func(t *testing.T, data []byte, delimiter byte, width, skip uint8) {
		if delimiter != '\n' {
			requireCuts(t, data, delimiter, int(width%16)+1, int(skip%4)+2)
			requireCuts(t, bytes.Repeat(data, 80), delimiter, int(width%16)+1, int(skip%4)+2)
		}
	})
}

func BenchmarkCuts(b *testing.B) {
	line := "00-1B-C5-00-00-00-00-01,ESME,1086,5431,1F52,000A6900,SMETS2 v4.2,3.2,2022-06-01,\n"
	data := []byte(strings.Repeat(line, 1000))
	b.Run("ahead", func(b *testing.B) {
		b.SetBytes(int64(len(data)))
		cuts := NewCuts(',', 10)
		for b.Loop() {
			cuts.Begin(data)
			for at := 0; at < len(data); at += len(line) {
				if _, ok := cuts.Line(at, at+len(line)-1); !ok {
					b.Fatal("a line of another width")
				}
			}
		}
	})
	b.Run("byte by byte", func(b *testing.B) {
		b.SetBytes(int64(len(data)))
		var dst [10]uint32
		for b.Loop() {
			n := 0
			for i, c := range data {
				switch c {
				case ',':
					dst[n] = uint32(i)
					n++
				case '\n':
					n = 0
				}
			}
		}
	})
}
