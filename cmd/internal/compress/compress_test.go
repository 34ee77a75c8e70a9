package compress

import (
	"bytes"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestOf(t *testing.T) {
	for name, want := range map[string]Kind{"a.csv": None, "a.csv.gz": Gzip, "A.CSV.GZ": Gzip, "a.jsonl.zst": Zstd, "gz": None} {
		kind, _ := Of(name)
		assert.Equal(t, want, kind, name)
	}
	_, plain := Of("dir/a.csv.gz")
	assert.Equal(t, "dir/a.csv", plain)
}

func TestPackedPartsAreTheWhole(t *testing.T) {
	parts := []string{"one\n", strings.Repeat("two,", 100000), "", "three"}
	for _, kind := range []Kind{Gzip, Zstd} {
		pack := NewPacker(kind)()
		var packed []byte
		for _, part := range parts {
			var err error
			packed, err = pack(packed, []byte(part))
			require.NoError(t, err)
		}
		assert.Equal(t, strings.Join(parts, ""), unpack(t, kind, packed))
	}
}

func TestWriterAndReader(t *testing.T) {
	for _, kind := range []Kind{None, Gzip, Zstd} {
		var b bytes.Buffer
		w, err := NewWriter(kind, &b)
		require.NoError(t, err)
		_, err = io.WriteString(w, "some text")
		require.NoError(t, err)
		require.NoError(t, w.Close())
		assert.Equal(t, "some text", unpack(t, kind, b.Bytes()))
	}
}

func TestReaderRefusesWhatIsNotCompressed(t *testing.T) {
	_, err := NewReader(Gzip, strings.NewReader("spec,install_date\n"))
	assert.ErrorContains(t, err, "not gzip")
	r, err := NewReader(Zstd, strings.NewReader("spec,install_date\n"))
	if err == nil {
		_, err = io.ReadAll(r)
	}
	assert.Error(t, err)
}

func TestEveryCutIsAnError(t *testing.T) {
	var named, plain, streamed bytes.Buffer
	g := gzip.NewWriter(&named)
	g.Name, g.Comment, g.Extra = "stock.csv", "stock", []byte("ab")
	for _, w := range []io.WriteCloser{g, gzip.NewWriter(&plain), zstdWriter(t, &streamed)} {
		_, err := io.WriteString(w, "a,b\n1,2\n")
		require.NoError(t, err)
		require.NoError(t, w.Close())
	}
	block, err := NewPacker(Zstd)()(nil, []byte("a,b\n1,2\n"))
	require.NoError(t, err)
	for _, file := range []struct {
		kind Kind
		data []byte
	}{{Gzip, named.Bytes()}, {Gzip, plain.Bytes()}, {Zstd, streamed.Bytes()}, {Zstd, block}} {
		joined := append(bytes.Clone(file.data), file.data...)
		for n := range len(joined) + 1 {
			for _, wrap := range []func(io.Reader) io.Reader{iotest.OneByteReader, iotest.DataErrReader} {
				r, err := NewReader(file.kind, wrap(bytes.NewReader(joined[:n])))
				require.NoError(t, err)
				text, err := io.ReadAll(r)
				require.NoError(t, r.Close())
				if n%len(file.data) == 0 {
					require.NoError(t, err, "%v cut at %d of %d", file.kind, n, len(joined))
					require.Equal(t, strings.Repeat("a,b\n1,2\n", n/len(file.data)), string(text))
					continue
				}
				require.ErrorIs(t, err, ErrCutOff, "%v cut at %d of %d", file.kind, n, len(joined))
			}
		}
	}
}

func zstdWriter(t *testing.T, w io.Writer) io.WriteCloser {
	z, err := zstd.NewWriter(w)
	require.NoError(t, err)
	return z
}

func unpack(t *testing.T, kind Kind, packed []byte) string {
	r, err := NewReader(kind, bytes.NewReader(packed))
	require.NoError(t, err)
	text, err := io.ReadAll(r)
	require.NoError(t, err)
	require.NoError(t, r.Close())
	return string(text)
}
