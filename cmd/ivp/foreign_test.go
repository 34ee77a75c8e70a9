package main

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mp196/ivp/cmd/internal/exit"
	"github.com/mp196/ivp/devices/xlsx"
)

// TestForeignFiles checks every .csv, .tsv, .txt, .xlsx and .xlsm file under the folder
// in IVP_FOREIGN_CSV, whatever its content, with the first column as the version:
//
//	IVP_FOREIGN_CSV=/a/folder go test ./cmd/ivp -run ForeignFiles -v
//
// For text in UTF-8 the output must equal the input, line by line, except that a line
// may have added cells at its end, and may have lost empty cells beyond the heading's
// width. For a workbook the output must have every text, in order. A refused file, with
// exit code 2 or 3, must give a message and no output; -v names it. For other encodings
// only the exit code is checked.
func TestForeignFiles(t *testing.T) {
	folder := os.Getenv("IVP_FOREIGN_CSV")
	if folder == "" {
		t.Skip("IVP_FOREIGN_CSV names no folder of foreign files")
	}
	require.NoError(t, filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		switch filepath.Ext(path) {
		case ".csv", ".tsv", ".txt":
			t.Run(path, func(t *testing.T) { foreignText(t, path) })
		case ".xlsx", ".xlsm":
			t.Run(path, func(t *testing.T) { foreignWorkbook(t, path) })
		}
		return nil
	}))
}

// runForeign checks a file, and reports whether it was read.
func runForeign(t *testing.T, path string, more ...string) (string, bool) {
	var p program
	switch code := exit.Code(p.run(append([]string{"check", "-q", "--on", "2022-06-01", "--scope", "", "--map", "spec=#1", path}, more...)...)); code {
	case exit.OK, exit.NotEligible, exit.Empty:
		return p.stdout.String(), true
	case exit.Usage, exit.IO:
		require.NotEmpty(t, p.stderr.String())
		if code == exit.Usage {
			require.Empty(t, p.stdout.String())
		}
		t.Log("refused: ", p.stderr.String())
	default:
		t.Fatalf("exit code %d: %s", code, p.stderr.String())
	}
	return "", false
}

func foreignText(t *testing.T, path string) {
	input, err := os.ReadFile(path)
	require.NoError(t, err)
	out, read := runForeign(t, path, "--format", "csv")
	if !read || out == "" || bytes.HasPrefix(input, []byte("\xff\xfe")) || bytes.HasPrefix(input, []byte("\xfe\xff")) {
		return
	}
	end := "\n"
	if !bytes.Contains(input, []byte(end)) {
		end = "\r"
	}
	want, got := strings.Split(string(input), end), strings.Split(out, end)
	require.Len(t, got, len(want), "lines")
	for i, line := range want {
		require.True(t, sameLine(line, got[i]), "line %d: %q became %q", i+1, line, got[i])
	}
}

// added matches the added cells at the end of a line, by delimiter.
var added = func() map[byte]*regexp.Regexp {
	all := map[byte]*regexp.Regexp{}
	for _, d := range []byte(",;\t|") {
		all[d] = regexp.MustCompile(fmt.Sprintf(`^%[1]s(ivp_outcome|eligible|not_eligible|undetermined|)(%[1]s[^%[1]s]*){5}$`, regexp.QuoteMeta(string(d))))
	}
	return all
}()

// sameLine reports whether an output line equals the input line except for added cells,
// which are before the end of the row: a "\r" or end-of-text marks.
func sameLine(in, out string) bool {
	if in == out {
		return true
	}
	for end := len(in); ; end-- {
		if text, ok := strings.CutSuffix(out, in[end:]); ok {
			for d, pattern := range added {
				for row := in[:end]; ; row = row[:len(row)-1] {
					if more, ok := strings.CutPrefix(text, row); ok && pattern.MatchString(more) {
						return true
					}
					if row == "" || !strings.ContainsAny(row[len(row)-1:], "\" \t"+string(d)) {
						break
					}
				}
			}
		}
		if end == 0 || in[end-1] != '\r' && in[end-1] != '\x1a' {
			return false
		}
	}
}

func foreignWorkbook(t *testing.T, path string) {
	out := filepath.Join(t.TempDir(), "out.xlsx")
	if _, read := runForeign(t, path, "-o", out); !read {
		return
	}
	var want []string
	for _, row := range heldRows(t, path, "", 1<<14) {
		for _, cell := range row {
			if cell.Kind == xlsx.Text && cell.Text != "" {
				want = append(want, cell.Text)
			}
		}
	}
	for _, row := range heldRows(t, out, "Rows", 1<<14) {
		for _, cell := range row {
			if len(want) > 0 && cell.Text == want[0] {
				want = want[1:]
			}
		}
	}
	require.Empty(t, want, "texts that did not come out, from here on")
}
