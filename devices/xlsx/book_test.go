package xlsx

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"
)

func TestOpen(t *testing.T) {
	path := filepath.Join(t.TempDir(), "book.xlsx")
	require.NoError(t, os.WriteFile(path, archive(t, map[string]string{"xl/worksheets/sheet1.xml": worksheet(`<row><c><v>5</v></c></row>`)}), 0o666))
	book, err := Open(path)
	require.NoError(t, err)
	rows, err := rowsOf(book, "Tab")
	require.NoError(t, err)
	assert.Equal(t, []row{{1, []cell{{Number, "5"}}}}, rows)
	assert.NoError(t, book.Close())
	_, err = rowsOf(book, "Tab")
	assert.ErrorIs(t, err, fs.ErrClosed)

	_, err = Open(filepath.Join(t.TempDir(), "missing.xlsx"))
	assert.ErrorIs(t, err, fs.ErrNotExist)
	_, err = Open(t.TempDir())
	pathError := (*os.PathError)(nil)
	assert.ErrorAs(t, err, &pathError, "a folder")
}

// TestOpenNoWorkbook opens files that are not workbooks: the error names what
// they are, if that can be recognised.
func TestOpenNoWorkbook(t *testing.T) {
	zipped := func(parts map[string]string) string {
		all := map[string]string{}
		for part := range handmade {
			all[part] = "-"
		}
		maps.Copy(all, parts)
		return string(archive(t, all))
	}
	for name, c := range map[string]struct{ data, want string }{
		"empty":                   {"", "not the format of .xlsx and .xlsm"},
		"text":                    {"a,b\n1,2\n", "not the format"},
		"cut":                     {string(archive(t, nil)[:800]), "it was cut off when it was copied or downloaded"},
		"old, or with a password": {"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + strings.Repeat("\x00", 2000), "protected by a password: open it in a spreadsheet and save it as .xlsx"},
		"an archive":              {zipped(map[string]string{"stock.csv": "a,b"}), "a zip archive without a workbook"},
		"binary": {zipped(map[string]string{
			"_rels/.rels":     strings.ReplaceAll(handmade["_rels/.rels"], "workbook.xml", "workbook.bin"),
			"xl/workbook.bin": "\x83\x01\x00",
		}), "a binary workbook (.xlsb): open it in a spreadsheet and save it as .xlsx"},
		"OpenDocument": {zipped(map[string]string{"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": "<a/>"}), "(.ods): open it in a spreadsheet and save it as .xlsx"},
		"Numbers":      {zipped(map[string]string{"Index/Document.iwa": "a"}), "Apple Numbers"},
		"a letter":     {zipped(map[string]string{"word/document.xml": "<a/>"}), "a document of a word processor"},
		"another root": {string(archive(t, map[string]string{"xl/workbook.xml": `<document/>`})), "not the format"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := OpenReader(strings.NewReader(c.data))
			assert.ErrorContains(t, err, "the workbook cannot be read as a workbook: ")
			assert.ErrorContains(t, err, c.want)
			path := filepath.Join(t.TempDir(), "book.xlsx")
			require.NoError(t, os.WriteFile(path, []byte(c.data), 0o666))
			_, err = Open(path)
			assert.ErrorContains(t, err, path+" cannot be read as a workbook")
			assert.ErrorContains(t, err, c.want)
		})
	}
	failed := errors.New("the disk is gone")
	_, err := OpenReader(io.MultiReader(strings.NewReader("PK"), failing{failed}))
	assert.ErrorIs(t, err, failed)
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

// TestDamageHarmsWhoNeedsIt damages one part, or one entry of it, and reads a tab
// of texts and a tab of numbers. An empty error means that the tab is read.
func TestDamageHarmsWhoNeedsIt(t *testing.T) {
	const second = `<Relationship Id="rId9" Type="` + relationKind + `worksheet" Target="worksheets/sheet2.xml"/>`
	whole := map[string]string{
		"xl/workbook.xml":            tabs(`<sheet name="Texts" r:id="rId1"/><sheet name="Numbers" r:id="rId9"/>`),
		"xl/_rels/workbook.xml.rels": relations(ownRelations + second),
		"xl/worksheets/sheet1.xml":   worksheet(`<row><c t="inlineStr" s="1"><is><t>a</t></is></c></row>`),
		"xl/worksheets/sheet2.xml":   worksheet(`<row><c s="0"><v>1</v></c></row>`),
	}
	for name, c := range map[string]struct {
		changed              map[string]string
		book, texts, numbers string
	}{
		"none":                   {},
		"relations of the whole": {changed: map[string]string{"_rels/.rels": `<Relationships>`}},
		"list of the tabs":       {changed: map[string]string{"xl/workbook.xml": `<workbook><sheets>`}, book: "part xl/workbook.xml is damaged"},
		"relations":              {changed: map[string]string{"xl/_rels/workbook.xml.rels": `<Relationships></Relation>`}, book: "part xl/_rels/workbook.xml.rels is damaged"},
		"a relation":             {changed: map[string]string{"xl/_rels/workbook.xml.rels": relations(ownRelations)}, numbers: `tab "Numbers": part xl/workbook.xml is damaged: the tab refers to "rId9", which is not there`},
		"no relation":            {changed: map[string]string{"xl/workbook.xml": tabs(`<sheet name="Texts" r:id="rId1"/><sheet name="Numbers" r:id=""/>`)}, numbers: `the tab refers to ""`},
		"a tab":                  {changed: map[string]string{"xl/worksheets/sheet2.xml": "<worksheet"}, numbers: `it breaks off`},
		"no tab":                 {changed: map[string]string{"xl/worksheets/sheet2.xml": "-"}, numbers: `the workbook has no part xl/worksheets/sheet2.xml`},
		"a tab twice":            {changed: map[string]string{"XL/Worksheets/Sheet2.xml": "<a/>"}, numbers: `the workbook has its part xl/worksheets/sheet2.xml twice`},
		"styles":                 {changed: map[string]string{"xl/styles.xml": `<styleSheet><cellXfs>`}, numbers: `cell A1: the styles of the cells cannot be read: part xl/styles.xml is damaged`},
		"no styles":              {changed: map[string]string{"xl/styles.xml": "-"}, numbers: `cell A1: the styles of the cells cannot be read: the workbook has no part`},
		"its style":              {changed: map[string]string{"xl/styles.xml": `<styleSheet><cellXfs><xf numFmtId="one"/></cellXfs></styleSheet>`}, numbers: `cell A1: its style, number 0 of the workbook, is damaged`},
		"another style":          {changed: map[string]string{"xl/styles.xml": `<styleSheet><cellXfs><xf/><xf numFmtId="one"/></cellXfs></styleSheet>`}},
		"shared texts":           {changed: map[string]string{"xl/sharedStrings.xml": `<sst`}},
	} {
		t.Run(name, func(t *testing.T) {
			parts := maps.Clone(whole)
			maps.Copy(parts, c.changed)
			book, err := OpenReader(bytes.NewReader(archive(t, parts)))
			if c.book != "" {
				assert.ErrorContains(t, err, c.book)
				return
			}
			require.NoError(t, err)
			assert.Equal(t, []string{"Texts", "Numbers"}, book.Sheets())
			for tab, want := range map[string]string{"Texts": c.texts, "Numbers": c.numbers} {
				rows, err := rowsOf(book, tab)
				if want == "" {
					assert.NoError(t, err, tab)
					assert.Len(t, rows, 1, tab)
					continue
				}
				assert.ErrorContains(t, err, want)
			}
		})
	}
}

// TestTooMuchIsRefused tests parts that are larger than allowed, by the archive's
// directory, and shared texts that are compressed too well.
func TestTooMuchIsRefused(t *testing.T) {
	for part, c := range map[string]struct {
		size uint32
		want string
	}{
		"xl/worksheets/sheet1.xml":   {0, ""},
		"xl/workbook.xml":            {mostSmall + 1, "part xl/workbook.xml unpacks to more than 16 MiB"},
		"xl/_rels/workbook.xml.rels": {mostSmall + 1, "part xl/_rels/workbook.xml.rels unpacks to more than 16 MiB"},
		"xl/styles.xml":              {mostSmall + 1, "cell A1: the styles of the cells cannot be read: part xl/styles.xml unpacks to more than 16 MiB"},
	} {
		data := archive(t, map[string]string{"xl/worksheets/sheet1.xml": worksheet(`<row><c><v>1</v></c></row>`)})
		if c.size > 0 {
			at := bytes.LastIndex(data, []byte(part)) - 46 // its entry in the archive's directory
			require.Equal(t, "PK\x01\x02", string(data[at:at+4]))
			binary.LittleEndian.PutUint32(data[at+24:], c.size)
		}
		book, err := OpenReader(bytes.NewReader(data))
		if err == nil {
			_, err = rowsOf(book, "Tab")
		}
		if c.want == "" {
			assert.NoError(t, err)
			continue
		}
		assert.ErrorContains(t, err, c.want)
	}
	text := `<si><t>` + strings.Repeat("a", 1<<20) + `</t></si>`
	sheet := worksheet(`<row><c t="s"><v>0</v></c></row>`)
	_, err := rowsOf(open(t, archive(t, map[string]string{"xl/worksheets/sheet1.xml": sheet, "xl/sharedStrings.xml": `<sst>` + strings.Repeat(text, anyShared>>20-1) + `</sst>`})), "Tab")
	assert.NoError(t, err)
	_, err = rowsOf(open(t, archive(t, map[string]string{"xl/worksheets/sheet1.xml": sheet, "xl/sharedStrings.xml": `<sst>` + strings.Repeat(text, anyShared>>20+1) + `</sst>`})), "Tab")
	assert.ErrorContains(t, err, "the texts take more than 64 MiB")
}

// TestPlacesOfParts tests workbooks whose parts are in unusual places, as the
// standard allows.
func TestPlacesOfParts(t *testing.T) {
	sheet := worksheet(`<row r="1"><c r="A1" t="s"><v>1</v></c><c r="B1" s="1"><v>45043</v></c></row>`)
	want := []row{{1, []cell{{Text, "one"}, {Day, "2023-04-27"}}}}
	elsewhere := map[string]string{"xl/worksheets/sheet1.xml": "-", "data/First.xml": sheet}
	for name, changed := range map[string]map[string]string{
		"usual":          {"xl/worksheets/sheet1.xml": sheet},
		"from the top":   {"xl/_rels/workbook.xml.rels": relations(strings.ReplaceAll(ownRelations, `"worksheets/sheet1.xml"`, `"/data/first.xml"`))},
		"folder above":   {"xl/_rels/workbook.xml.rels": relations(strings.ReplaceAll(ownRelations, `"worksheets/sheet1.xml"`, `"../data/first.xml"`))},
		"strict":         {"xl/worksheets/sheet1.xml": sheet, "xl/_rels/workbook.xml.rels": relations(strings.ReplaceAll(ownRelations, relationKind, "http://purl.oclc.org/ooxml/officeDocument/relationships/"))},
		"no root":        {"xl/worksheets/sheet1.xml": sheet, "_rels/.rels": "-"},
		"back slashes":   {"xl/worksheets/sheet1.xml": "-", `xl\worksheets\sheet1.xml`: sheet},
		"other workbook": {"xl/worksheets/sheet1.xml": sheet, "xl/workbook.xml": "-", "xl/_rels/workbook.xml.rels": "-", "book.xml": handmade["xl/workbook.xml"], "_rels/book.xml.rels": relations(strings.ReplaceAll(ownRelations, `Target="`, `Target="/xl/`)), "_rels/.rels": strings.ReplaceAll(handmade["_rels/.rels"], "xl/workbook.xml", "/book.xml")},
	} {
		t.Run(name, func(t *testing.T) {
			if strings.Contains(changed["xl/_rels/workbook.xml.rels"], "first.xml") {
				changed["xl/worksheets/sheet1.xml"], changed["data/First.xml"] = "-", elsewhere["data/First.xml"]
			}
			rows, err := rowsOf(open(t, archive(t, changed)), "Tab")
			require.NoError(t, err)
			assert.Equal(t, want, rows)
		})
	}
}

func TestTabs(t *testing.T) {
	book := open(t, archive(t, map[string]string{
		"xl/workbook.xml": tabs(`<sheet name="Chart" r:id="rId9"/><sheet name="Stock &amp; more" state="hidden" r:id="rId1"/><sheet name="Gone" r:id="rId8"/>`),
		"xl/_rels/workbook.xml.rels": relations(ownRelations +
			`<Relationship Id="rId9" Type="` + relationKind + `chartsheet" Target="chartsheets/sheet1.xml"/>` +
			`<Relationship Id="rId8" Type="` + relationKind + `worksheet" Target="worksheets/sheet8.xml"/>`),
	}))
	assert.Equal(t, []string{"Stock & more", "Gone"}, book.Sheets())
	for name, want := range map[string]string{
		"Third":        `the workbook, tab "Third": there is none of this name: its tabs are ["Stock & more" "Gone"]`,
		"stock & MORE": `tab "stock & MORE": there is none of this name`,
		"Chart":        `tab "Chart": it has a chart or the like and no cells: the tabs with cells are ["Stock & more" "Gone"]`,
		"Gone":         `tab "Gone": the workbook has no part xl/worksheets/sheet8.xml`,
	} {
		_, err := rowsOf(book, name)
		assert.ErrorContains(t, err, want)
	}
}

// TestTables tests tables in two sheets, and one whose part is damaged.
func TestTables(t *testing.T) {
	table := func(name, ref, more string) string {
		return `<table xmlns="m" id="1" name="other" displayName="` + name + `" ref="` + ref + `" ` + more + `/>`
	}
	const related = `<Relationship Id="rId1" Type="` + relationKind + `table" Target="../tables/table1.xml"/><Relationship Id="rId2" Type="` + relationKind + `hyperlink" Target="x"/>`
	parts := map[string]string{
		"xl/worksheets/_rels/sheet1.xml.rels": relations(related + `<Relationship Id="rId3" Type="` + relationKind + `table" Target="/xl/tables/table2.xml"/>`),
		"xl/tables/table1.xml":                table("Stock", "B2:D9", `totalsRowCount="1"`),
		"xl/tables/table2.xml":                table("Bare", "F1:F2", `headerRowCount="0"`),
	}
	want := []Table{{"Stock", "Tab", Range{2, 9, 2, 4}, true, 1}, {"Bare", "Tab", Range{1, 2, 6, 6}, false, 0}}
	tables, err := open(t, archive(t, parts)).Tables()
	assert.NoError(t, err)
	assert.Equal(t, want, tables)

	for _, damaged := range []string{"<table", table("Bare", "F2:F1", ""), "-"} {
		parts["xl/tables/table2.xml"] = damaged
		tables, err = open(t, archive(t, parts)).Tables()
		assert.ErrorContains(t, err, "part xl/tables/table2.xml")
		assert.Equal(t, want[:1], tables, "the other is read")
	}
}

// TestWorkbookWithoutStyles checks that without styles every number is a Number,
// whatever style its cell names.
func TestWorkbookWithoutStyles(t *testing.T) {
	rows, err := rowsOf(open(t, archive(t, map[string]string{
		"xl/_rels/workbook.xml.rels": relations(strings.ReplaceAll(ownRelations, "/styles", "/theme")),
		"xl/worksheets/sheet1.xml":   worksheet(`<row><c s="1"><v>45043</v></c></row>`),
	})), "Tab")
	require.NoError(t, err)
	assert.Equal(t, []row{{1, []cell{{Number, "45043"}}}}, rows)
}

// TestDamagedArchive changes a byte of a sheet that is not compressed: the XML
// stays valid, and only the checksum fails.
func TestDamagedArchive(t *testing.T) {
	var packed bytes.Buffer
	out := zip.NewWriter(&packed)
	for name, text := range handmade {
		if name == "xl/worksheets/sheet1.xml" {
			text = worksheet(`<row><c><v>31415</v></c></row>`)
		}
		w, err := out.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Store})
		require.NoError(t, err)
		_, err = w.Write([]byte(text))
		require.NoError(t, err)
	}
	require.NoError(t, out.Close())
	_, err := rowsOf(open(t, packed.Bytes()), "Tab")
	require.NoError(t, err)
	damaged := bytes.Replace(packed.Bytes(), []byte("31415"), []byte("31416"), 1)
	_, err = rowsOf(open(t, damaged), "Tab")
	assert.ErrorIs(t, err, zip.ErrChecksum)
	assert.ErrorContains(t, err, `tab "Tab", after row 1: the file is damaged`)
}

func TestAHiddenTabIsNotTheFirst(t *testing.T) {
	f := excelize.NewFile()
	defer f.Close()
	_, err := f.NewSheet("Stock")
	require.NoError(t, err)
	f.SetActiveSheet(1)
	require.NoError(t, f.SetSheetVisible("Sheet1", false))
	var out bytes.Buffer
	require.NoError(t, f.Write(&out))
	book, err := OpenReader(&out)
	require.NoError(t, err)
	assert.Equal(t, []string{"Sheet1", "Stock"}, book.Sheets())
	assert.Equal(t, "Stock", book.FirstShown())
}
