package xlsx

import (
	"archive/zip"
	"bytes"
	"maps"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// handmade is a minimal workbook of one tab, for XML that no library would write.
// Tests replace some of its parts.
var handmade = map[string]string{
	"[Content_Types].xml":        `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>`,
	"_rels/.rels":                relations(`<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/>`),
	"xl/workbook.xml":            tabs(`<sheet name="Tab" sheetId="1" r:id="rId1"/>`),
	"xl/_rels/workbook.xml.rels": relations(ownRelations),
	"xl/sharedStrings.xml":       `<sst><si><t>nought</t></si><si><t>one</t></si></sst>`,
	"xl/styles.xml":              `<styleSheet><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>`,
	"xl/worksheets/sheet1.xml":   worksheet(``),
}

const (
	relationKind = `http://schemas.openxmlformats.org/officeDocument/2006/relationships/`
	ownRelations = `<Relationship Id="rId1" Type="` + relationKind + `worksheet" Target="worksheets/sheet1.xml"/>` +
		`<Relationship Id="rId2" Type="` + relationKind + `styles" Target="styles.xml"/>` +
		`<Relationship Id="rId3" Type="` + relationKind + `sharedStrings" Target="sharedStrings.xml"/>`
)

func relations(list string) string {
	return `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` + list + `</Relationships>`
}

func tabs(list string) string {
	return `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>` + list + `</sheets></workbook>`
}

func worksheet(rows string) string {
	return `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\r\n" +
		`<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>` + rows + `</sheetData></worksheet>`
}

// archive packs the handmade workbook with some parts replaced; a part replaced
// by "-" is left out.
func archive(t testing.TB, changed map[string]string) []byte {
	parts := maps.Clone(handmade)
	maps.Copy(parts, changed)
	var packed bytes.Buffer
	out := zip.NewWriter(&packed)
	for _, name := range slices.Sorted(maps.Keys(parts)) {
		if parts[name] == "-" {
			continue
		}
		w, err := out.Create(name)
		require.NoError(t, err)
		_, err = w.Write([]byte(parts[name]))
		require.NoError(t, err)
	}
	require.NoError(t, out.Close())
	return packed.Bytes()
}

func open(t testing.TB, data []byte) *Book {
	book, err := OpenReader(bytes.NewReader(data))
	require.NoError(t, err)
	return book
}

// cell is a cell without its number format, and row a row of such cells.
type cell struct {
	Kind Kind
	Text string
}

type row struct {
	Number int
	Cells  []cell
}

func sheetOf(t testing.TB, book *Book, name string) *Sheet {
	sheet, err := book.Sheet(name)
	require.NoError(t, err)
	return sheet
}

// rowsOf returns the rows of a tab up to the first error.
func rowsOf(book *Book, name string) (all []row, err error) {
	sheet, err := book.Sheet(name)
	if err != nil {
		return nil, err
	}
	for read, err := range sheet.Rows() {
		if err != nil {
			return all, err
		}
		var cells []cell
		for _, c := range read.Cells {
			cells = append(cells, cell{c.Kind, c.Text})
		}
		all = append(all, row{read.Number, cells})
	}
	return all, nil
}

// sheetRows reads a sheet of the given XML.
func sheetRows(t testing.TB, sheet string) ([]row, error) {
	return rowsOf(open(t, archive(t, map[string]string{"xl/worksheets/sheet1.xml": sheet})), "Tab")
}
