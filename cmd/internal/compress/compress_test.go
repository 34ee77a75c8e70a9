package compress

import (
	"bytes"
	"io"
	"strings"
	"testing"

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

func unpack(t *testing.T, kind Kind, packed []byte) string {
	r, err := NewReader(kind, bytes.NewReader(packed))
	require.NoError(t, err)
	text, err := io.ReadAll(r)
	require.NoError(t, err)
	require.NoError(t, r.Close())
	return string(text)
}
