package xlsx

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/text/encoding/unicode"
)

func TestPlacesOfRowsAndCells(t *testing.T) {
	rows, err := sheetRows(t, worksheet(
		`<row r="2" hidden="1"><c r="B2"><v>1</v></c><c><v>2</v></c><c r="AA2" s="1"/></row>`+
			`<row/><row><c r="A4"/></row>`+
			`<row><c><v>3</v></c><c/><c><v>4</v></c></row>`+
			`<row r="1048576"><c r="XFD1048576"/></row>`))
	require.NoError(t, err)
	assert.Equal(t, []row{
		{2, []cell{{}, {Number, "1"}, {Number, "2"}}},
		{5, []cell{{Number, "3"}, {}, {Number, "4"}}},
	}, rows, "no blank rows")
}

func TestHiddenRowsAndMergedCells(t *testing.T) {
	book := open(t, archive(t, map[string]string{"xl/worksheets/sheet1.xml": `<worksheet><sheetData>` +
		`<row r="1"><c><v>1</v></c></row><row r="2" hidden="1"><c><v>1</v></c></row><row r="3" hidden="true"><c><v>1</v></c></row><row r="4" hidden="0"><c><v>1</v></c></row>` +
		`</sheetData><autoFilter ref="A1:B4"/><mergeCells count="4"><mergeCell ref="B2:C4"/><mergeCell ref="A1:C1"/><mergeCell ref="A2:A3"/><mergeCell ref="A9:A8"/><mergeCell/><mergeCell ref="A1"/></mergeCells></worksheet>`}))
	sheet := sheetOf(t, book, "Tab")
	var hidden []int
	for row, err := range sheet.Rows() {
		require.NoError(t, err)
		if row.Hidden {
			hidden = append(hidden, row.Number)
		}
	}
	assert.Equal(t, []int{2, 3}, hidden)
	assert.Equal(t, []Range{{2, 4, 2, 3}, {2, 3, 1, 1}}, sheet.Merged(), "those of several rows")
	assert.Equal(t, "B2:C4", sheet.Merged()[0].String())
}

func TestLastCellOfASheet(t *testing.T) {
	book := open(t, archive(t, map[string]string{"xl/worksheets/sheet1.xml": worksheet(`<row r="1048576"><c r="XFD1048576"><v>7</v></c></row>`)}))
	count := 0
	for row, err := range sheetOf(t, book, "Tab").Rows() {
		require.NoError(t, err)
		count++
		assert.Equal(t, lastRow, row.Number)
		require.Len(t, row.Cells, lastColumn)
		assert.Equal(t, Cell{Kind: Number, Text: "7"}, row.Cells[lastColumn-1])
	}
	assert.Equal(t, 1, count, "no blank row before it")
}

func TestEmptySheet(t *testing.T) {
	for _, sheet := range []string{worksheet(""), `<worksheet><sheetData/></worksheet>`} {
		rows, err := sheetRows(t, sheet)
		require.NoError(t, err)
		assert.Empty(t, rows)
	}
}

func inUTF16(t *testing.T, order unicode.Endianness, mark unicode.BOMPolicy, text string) string {
	data, err := unicode.UTF16(order, mark).NewEncoder().String(text)
	require.NoError(t, err)
	return data
}

func TestFormsOfXML(t *testing.T) {
	const five = `<row r="1"><c r="A1"><v>5</v></c></row>`
	declared := strings.Replace(worksheet(five), "UTF-8", "UTF-16", 1)
	for name, sheet := range map[string]string{
		"prefixes":                       `<x:worksheet xmlns:x="m"><x:sheetData><x:row r="1"><x:c r="A1"><x:v>5</x:v></x:c></x:row></x:sheetData></x:worksheet>`,
		"strict":                         `<worksheet xmlns="http://purl.oclc.org/ooxml/spreadsheetml/main"><sheetData>` + five + `</sheetData></worksheet>`,
		"byte order mark":                "\ufeff" + worksheet(five),
		"ASCII":                          `<?xml version="1.0" encoding="us-ascii"?><worksheet><sheetData>` + five + `</sheetData></worksheet>`,
		"UTF-16, little end first":       inUTF16(t, unicode.LittleEndian, unicode.UseBOM, declared),
		"UTF-16, big end first":          inUTF16(t, unicode.BigEndian, unicode.UseBOM, declared),
		"UTF-16, no mark":                inUTF16(t, unicode.LittleEndian, unicode.IgnoreBOM, declared),
		"UTF-16, big end first, no mark": inUTF16(t, unicode.BigEndian, unicode.IgnoreBOM, declared),
		"line break in the declaration":  "<?xml\nversion=\"1.0\"\r\nencoding=\"UTF-8\"?>" + worksheet(five)[strings.Index(worksheet(five), "<worksheet"):],
		"names not of ASCII":             `<worksheet xmlns:é="m"><é:größe é:длина="1"/><sheetData>` + five + `</sheetData><extLst><ext><名前>1</名前></ext></extLst></worksheet>`,
		"document type":                  `<!DOCTYPE worksheet><worksheet><sheetData>` + five + `</sheetData></worksheet>`,
		"comments":                       `<!-- a --><worksheet><!-- b --><sheetData><row r="1"><c r="A1"><!-- c --><v><!-- d -->5<!-- e --></v></c></row></sheetData></worksheet><!-- f -->`,
		"instructions":                   `<worksheet><?a b?><sheetData>` + five + `</sheetData></worksheet>`,
		"other elements":                 `<worksheet><sheetViews><row r="9"><c><v>1</v></c></row></sheetViews><sheetData><other><row r="9"/></other>` + five + `</sheetData><extLst><ext><row r="1"/></ext></extLst></worksheet>`,
		"alternate content":              `<worksheet xmlns:mc="m"><sheetData><row r="1"><c r="A1"><v>5</v><mc:AlternateContent><mc:Choice><v>6</v></mc:Choice></mc:AlternateContent></c></row></sheetData></worksheet>`,
		"attributes of another":          `<worksheet><sheetData><row x:r="9" r="1"><c x:t="s" r="A1" x:s="1"><v>5</v></c></row></sheetData></worksheet>`,
		"spaces":                         "<worksheet>\n <sheetData>\r\n\t<row r=\"1\">\n<c r=\"A1\">\n<v>\n5 </v>\n</c>\n</row>\n</sheetData>\n</worksheet>\n",
	} {
		t.Run(name, func(t *testing.T) {
			rows, err := sheetRows(t, sheet)
			require.NoError(t, err)
			assert.Equal(t, []row{{1, []cell{{Number, "5"}}}}, rows)
		})
	}
}

func TestFaultsOfSheets(t *testing.T) {
	for name, c := range map[string]struct{ sheet, want string }{
		"no such shared text":   {worksheet(`<row r="7"><c r="B7" t="s"><v>2</v></c></row>`), `cell B7: it refers to the text with the number "2", where the workbook has 2`},
		"no number of a text":   {worksheet(`<row r="7"><c r="B7" t="s"><v>-1</v></c></row>`), `cell B7: it refers to the text with the number "-1"`},
		"a row twice":           {worksheet(`<row r="2"/><row r="2"/>`), `after row 2: row 2 comes after row 2`},
		"a row too far":         {worksheet(`<row r="1048577"/>`), `a row has the number "1048577"`},
		"a row beyond the last": {worksheet(`<row r="1048576"/><row/>`), `a row follows row 1048576`},
		"a row of no number":    {worksheet(`<row r="+1"/>`), `a row has the number "+1"`},
		"row nought":            {worksheet(`<row r="0"/>`), `before its first row: a row has the number "0"`},
		"cells out of order":    {worksheet(`<row r="7"><c r="B7"/><c r="A7"/></row>`), `row 7: cell A7 comes after cell B7`},
		"a cell twice":          {worksheet(`<row r="7"><c/><c r="A7"/></row>`), `row 7: cell A7 comes after cell A7`},
		"a column too far":      {worksheet(`<row r="1"><c r="XFE1"/></row>`), `row 1: a cell has the reference "XFE1": want one from A1 to XFD1048576`},
		"beyond the last":       {worksheet(`<row r="1"><c r="XFD1"/><c/></row>`), `a cell follows XFD1`},
		"a cell of another row": {worksheet(`<row r="1"><c r="A2"/></row>`), `row 1: cell A2 is in row 1`},
		"no reference":          {worksheet(`<row r="1"><c r="$A$1"/></row>`), `"$A$1"`},
		"a cell of no type":     {worksheet(`<row r="1"><c t="zz"><v>1</v></c></row>`), `cell A1: its type is "zz"`},
		"a style of no number":  {worksheet(`<row r="1"><c s="x"><v>1</v></c></row>`), `cell A1: its style is "x"`},
		"two values":            {worksheet(`<row r="1"><c><v>1</v><v>2</v></c></row>`), `cell A1: it has two values`},
		"a value alone":         {worksheet(`<row r="1"><c>5</c></row>`), `cell A1: its XML is malformed: "5" where`},
		"another element":       {`<chartsheet/>`, `it begins with <chartsheet>, where <worksheet>`},
		"nothing":               {``, `it is empty`},
		"no XML":                {`a,b`, `"a,b" where`},
		"no rows":               {`<worksheet/>`, `it has no <sheetData>`},
		"rows twice":            {`<worksheet><sheetData/><sheetData/></worksheet>`, `a second <sheetData>`},
		"a second root":         {worksheet("") + `<worksheet/>`, `a second root`},
		"text at the end":       {worksheet("") + `5`, `"5" where`},
		"crossed":               {`<worksheet><sheetData><row></sheetData></row></worksheet>`, `</sheetData> where </row> was expected`},
		"crossed in a value":    {worksheet(`<row><c><v>1</w></c></row>`), `cell A1: its XML is malformed: </w> where </v>`},
		"closes nothing":        {`</worksheet>`, `</worksheet> closes nothing`},
		"an attribute twice":    {worksheet(`<row r="1" r="2"/>`), `<row> has two attributes "r"`},
		"too many attributes":   {worksheet(`<row` + strings.Repeat(` a="1"`, mostAttributes+1) + `/>`), `more than 200 attributes`},
		"too deep":              {strings.Repeat(`<worksheet>`, deepest+1), `more than 1000 elements`},
		"no entity":             {worksheet(`<row><c t="str"><v>&thing;</v></c></row>`), `invalid character entity &thing;`},
		"no UTF-8":              {worksheet("<row><c t=\"str\"><v>\xff</v></c></row>"), `invalid UTF-8`},
		"another encoding":      {`<?xml version="1.0" encoding="ISO-8859-1"?><worksheet><sheetData/></worksheet>`, `want UTF-8 or UTF-16`},
		"a long text":           {worksheet(`<row><c t="str"><v>` + strings.Repeat("a", mostToken+1<<20) + `</v></c></row>`), `more than 16 MiB`},
		"a long text in parts":  {worksheet(`<row><c t="str"><v>` + strings.Repeat(strings.Repeat("a", mostToken/2)+`<!-- -->`, 3) + `</v></c></row>`), `more than 16 MiB`},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := sheetRows(t, c.sheet)
			assert.ErrorContains(t, err, c.want)
			assert.ErrorContains(t, err, `the workbook, tab "Tab", `)
		})
	}
}

// TestBrokenSheetIsRefused cuts a sheet at every byte: it must not be read as a
// shorter one.
func TestBrokenSheetIsRefused(t *testing.T) {
	whole := worksheet(`<row r="1"><c r="A1" t="s"><v>1</v></c></row><row r="2"><c r="A2" t="inlineStr"><is><t>a</t></is></c></row>`)
	_, err := sheetRows(t, whole)
	require.NoError(t, err)
	for i := range whole {
		_, err := sheetRows(t, whole[:i])
		require.ErrorContains(t, err, `tab "Tab"`, whole[:i])
	}
	_, err = sheetRows(t, whole[:strings.Index(whole, `</is>`)])
	assert.ErrorContains(t, err, `cell A2: it breaks off: want </is>`)
	_, err = sheetRows(t, whole[:strings.Index(whole, `</worksheet>`)])
	assert.ErrorContains(t, err, `after row 2: it breaks off: want </worksheet>`)
}

func TestBrokenSharedTextsAreRefused(t *testing.T) {
	const part = "xl/sharedStrings.xml"
	whole := handmade[part]
	sheet := worksheet(`<row r="3"><c t="s"><v>0</v></c></row>`)
	for i := range whole {
		_, err := rowsOf(open(t, archive(t, map[string]string{part: whole[:i], "xl/worksheets/sheet1.xml": sheet})), "Tab")
		require.ErrorContains(t, err, `cell A3: the texts of the cells cannot be read: part `+part, whole[:i])
	}
	_, err := rowsOf(open(t, archive(t, map[string]string{part: "-", "xl/worksheets/sheet1.xml": sheet})), "Tab")
	assert.ErrorContains(t, err, `cell A3: the texts of the cells cannot be read: the workbook has no part `+part)
	_, err = rowsOf(open(t, archive(t, map[string]string{part: `<other/>`, "xl/worksheets/sheet1.xml": sheet})), "Tab")
	assert.ErrorContains(t, err, `it begins with <other>`)
}

func TestRowsCanStop(t *testing.T) {
	book := open(t, archive(t, map[string]string{"xl/worksheets/sheet1.xml": worksheet(strings.Repeat(`<row><c><v>1</v></c></row>`, 9))}))
	seen := 0
	for range sheetOf(t, book, "Tab").Rows() {
		if seen++; seen == 4 {
			break
		}
	}
	assert.Equal(t, 4, seen)
}

// TestTextsStayValid keeps texts while further rows are read, in two passes at
// once.
func TestTextsStayValid(t *testing.T) {
	var rows strings.Builder
	for i := range 1000 {
		fmt.Fprintf(&rows, `<row><c t="inlineStr"><is><t>text %d</t></is></c><c><v>%d</v></c></row>`, i, i)
	}
	book := open(t, archive(t, map[string]string{"xl/worksheets/sheet1.xml": worksheet(rows.String())}))
	var both sync.WaitGroup
	for range 2 {
		both.Go(func() {
			var texts []string
			for row, err := range sheetOf(t, book, "Tab").Rows() {
				assert.NoError(t, err)
				for _, c := range row.Cells {
					texts = append(texts, c.Text)
				}
			}
			if assert.Len(t, texts, 2000) {
				assert.Equal(t, []string{"text 0", "0", "text 999", "999"}, append(texts[:2:2], texts[1998:]...))
			}
		})
	}
	both.Wait()
}
