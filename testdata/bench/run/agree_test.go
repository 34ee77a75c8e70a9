package main

import (
	"bufio"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"
)

func reader(text string) lineReader { return lineReader{bufio.NewReader(strings.NewReader(text))} }

func TestAgreement(t *testing.T) {
	const ours = "a\nb\nb\nc\n"
	for _, c := range []struct {
		name, theirs string
		bytes, lines bool
	}{
		{"the same", ours, true, true},
		{"another order", "b\na\nc\nb\n", false, true},
		{"a line more", ours + "d\n", false, false},
		{"a line less", "a\nb\nc\n", false, false},
		{"another line twice", "a\na\nb\nc\n", false, false},
		{"no last line end", "a\nb\nb\nc", false, false},
		{"nothing", "", false, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := sameBytes(reader(ours), reader(c.theirs))
			assert.Equal(t, c.bytes, err == nil, "in order: %v", err)
			_, err = sameLines(reader(ours), reader(c.theirs))
			assert.Equal(t, c.lines, err == nil, "in any order: %v", err)
		})
	}
}

func TestAgreementOfCells(t *testing.T) {
	book := func(rows ...[]any) string {
		f := excelize.NewFile()
		for i, row := range rows {
			for j, value := range row {
				name, err := excelize.CoordinatesToCellName(j+1, i+1)
				require.NoError(t, err)
				require.NoError(t, f.SetCellValue("Sheet1", name, value))
			}
		}
		path := filepath.Join(t.TempDir(), "book.xlsx")
		require.NoError(t, f.SaveAs(path))
		require.NoError(t, f.Close())
		return path
	}
	ours := book([]any{"a", "b", "ours"}, []any{"x", 5, 1}, []any{"y", "z"})
	for name, c := range map[string]struct {
		theirs string
		agree  bool
	}{
		"the same, and a column less": {book([]any{"a", "b"}, []any{"x", 5}, []any{"y", "z"}), true},
		"another number":              {book([]any{"a", "b"}, []any{"x", 6}, []any{"y", "z"}), false},
		"a column more":               {book([]any{"a", "b", "ours", "c"}, []any{"x", 5, 1, 2}, []any{"y", "z"}), false},
		"a cell less":                 {book([]any{"a", "b"}, []any{"x"}, []any{"y", "z"}), false},
		"a row less":                  {book([]any{"a", "b"}, []any{"x", 5}), false},
		"a row more":                  {book([]any{"a", "b"}, []any{"x", 5}, []any{"y", "z"}, []any{"w"}), false},
		"nothing":                     {book(), false},
	} {
		err := agreeOnCells(ours, c.theirs)
		assert.Equal(t, c.agree, err == nil, "%s: %v", name, err)
	}
}
