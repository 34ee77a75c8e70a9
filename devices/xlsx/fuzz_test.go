package xlsx

import (
	"bytes"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// FuzzRows reads any bytes as a sheet. If there is no error, encoding/xml must
// accept the bytes too, and the rows must be in order.
func FuzzRows(f *testing.F) {
	for _, rows := range []string{
		``,
		`<row r="3"><c r="B3" t="s"><v>1</v></c><c s="1"><v>45043.5</v></c></row><row><c t="b"><v>1</v></c></row>`,
		`<row><c t="inlineStr"><is><r><t>a_x000D_</t></r><rPh><t>b</t></rPh></is></c></row>`,
		`<row><c t="str"><f>A1</f><v><![CDATA[<]]>&amp;<!-- c --></v></c><c t="e"><v>#N/A</v></c><c t="d"><v>2023-04-27</v></c></row>`,
		`<x:row r="9"><x:c r="ZZ9"><x:v>1E5</x:v></x:c></x:row>`,
		`<row r="1"><c r="A1"></row>`,
	} {
		f.Add([]byte(worksheet(rows)))
	}
	f.Add([]byte("<?0?><worksheet><sheetData></sheetData></worksheet>"))
	f.Fuzz(func(t *testing.T, sheet []byte) {
		book := open(t, archive(t, map[string]string{"xl/worksheets/sheet1.xml": string(sheet)}))
		last := 0
		tab, err := book.Sheet("Tab")
		assert.NoError(t, err)
		for row, err := range tab.Rows() {
			if err != nil {
				assert.ErrorContains(t, err, `tab "Tab"`)
				return
			}
			if row.Number <= last || row.Number > lastRow || len(row.Cells) > lastColumn {
				t.Fatalf("row %d of %d cells after row %d", row.Number, len(row.Cells), last)
			}
			last = row.Number
		}
		decoder := newDecoder(bytes.NewReader(sheet))
		for {
			if _, err := decoder.Token(); err != nil {
				assert.Equal(t, io.EOF, err, "malformed, and no word of it")
				return
			}
		}
	})
}

// FuzzSharedTexts reads any bytes as the shared texts.
func FuzzSharedTexts(f *testing.F) {
	f.Add([]byte(handmade["xl/sharedStrings.xml"]))
	f.Add([]byte(`<sst><si><r><t>_x0041_</t></r></si><si/></sst>`))
	f.Fuzz(func(t *testing.T, part []byte) {
		texts, err := parseSharedStrings(newElements(bytes.NewReader(part)), anyShared)
		if err != nil {
			return
		}
		total := 0
		for i := range texts.ends {
			total += len(texts.at(i))
		}
		assert.Equal(t, len(strings.Join(texts.blocks, "")), total)
	})
}
