package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/text/encoding/unicode"
)

// TestCompressedOutAndInAgain writes each format compressed, and reads the CSV
// back as an input.
func TestCompressedOutAndInAgain(t *testing.T) {
	in := writeFile(t, "a.csv", heading+strings.Repeat("SMETS2 v4.2,2022-01-10,\n", 1000))
	for _, extension := range []string{".gz", ".zst"} {
		folder := t.TempDir()
		var plain, packed, again program
		require.Equal(t, 0, plain.run("check", "-q", in))
		out := filepath.Join(folder, "out.csv"+extension)
		require.Equal(t, 0, packed.run("check", "-q", "-o", out, "-o", filepath.Join(folder, "out.json"+extension), in))
		compressed, err := os.ReadFile(out)
		require.NoError(t, err)
		assert.Less(t, len(compressed), plain.stdout.Len()/5)
		require.Equal(t, 0, again.run("check", "-q", "--recheck", out))
		assert.Equal(t, plain.stdout.String(), again.stdout.String())
	}
	var p program
	assert.Equal(t, 3, p.run("check", writeFile(t, "not.csv.gz", heading)))
	assert.Contains(t, p.stderr.String(), "this is not gzip")
}

// TestFilesFrom checks more files than stay open at once, listed in a file, in the
// order of the list.
func TestFilesFrom(t *testing.T) {
	folder := t.TempDir()
	var names, want bytes.Buffer
	for i := range 150 {
		name := filepath.Join(folder, fmt.Sprintf("%03d.csv", i))
		require.NoError(t, os.WriteFile(name, fmt.Appendf(nil, "%sSMETS2 v4.2,2022-01-10,row %d\n", heading, i), 0o600))
		fmt.Fprintln(&names, name)
		fmt.Fprintf(&want, "SMETS2 v4.2,2022-01-10,row %d,eligible,within-period,SMETS2 v4.2,,,SEC-6.21\n", i)
	}
	p := program{stdin: names.String()}
	require.Equal(t, 0, p.run("check", "--files-from", "-"))
	assert.Contains(t, p.stdout.String(), want.String())
	assert.Contains(t, p.stderr.String(), "All 150 devices may be installed on their dates.")

	first := filepath.Join(folder, "000.csv") + "\r\n"
	little := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder()
	big := unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewEncoder()
	for _, encode := range []func(string) (string, error){func(s string) (string, error) { return "\ufeff" + s, nil }, little.String, big.String} {
		list, err := encode(first)
		require.NoError(t, err)
		p = program{stdin: list}
		require.Equal(t, 0, p.run("check", "--files-from", "-"), p.stderr.String())
		assert.Contains(t, p.stderr.String(), "The one device may be installed on its date.")
	}
	p = program{stdin: "a\x00.\x00c\x00s\x00v\x00\n\x00"}
	assert.Equal(t, 2, p.run("check", "--files-from", "-"))
	assert.Contains(t, p.stderr.String(), "UTF-16 without a byte order mark")
}

func TestEveryInputIsLookedAtBeforeTheFirstByte(t *testing.T) {
	good := writeFile(t, "good.csv", heading+"SMETS2 v4.2,2022-01-10,\n")
	bad := writeFile(t, "bad.csv", "a,b\n1,2\n")
	var p program
	assert.Equal(t, 2, p.run("check", good, "nowhere.csv", bad), "wrong use outweighs failed input")
	assert.Empty(t, p.stdout.String())
	assert.Contains(t, p.stderr.String(), "nowhere.csv")
	assert.Contains(t, p.stderr.String(), "no column for spec")
	p = program{}
	assert.Equal(t, 2, p.run("check", "-", "-"))
	assert.Contains(t, p.stderr.String(), "given twice")
}

func TestOutputNamedTwice(t *testing.T) {
	in := writeFile(t, "a.csv", heading+"SMETS2 v4.2,2022-01-10,\n")
	t.Chdir(t.TempDir())
	var p program
	assert.Equal(t, 2, p.run("check", "-o", "out.csv", "-o", "./out.csv", in))
	assert.Contains(t, p.stderr.String(), "given as an output twice")
	assert.NoFileExists(t, "out.csv")
}
