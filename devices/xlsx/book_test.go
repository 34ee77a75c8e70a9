package xlsx

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"io/fs"
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

func TestOpenNoWorkbook(t *testing.T) {
	for name, data := range map[string]string{
		"empty":                   "",
		"text":                    "a,b\n1,2\n",
		"cut":                     string(archive(t, nil)[:800]),
		"old, or with a password": "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + strings.Repeat("\x00", 2000),
		"an archive":              string(archive(t, map[string]string{"_rels/.rels": "-", "xl/workbook.xml": "-"})),
		"binary": string(archive(t, map[string]string{
			"_rels/.rels":     strings.ReplaceAll(handmade["_rels/.rels"], "workbook.xml", "workbook.bin"),
			"xl/workbook.bin": "\x83\x01\x00",
		})),
		"a letter": string(archive(t, map[string]string{"xl/workbook.xml": `<document/>`})),
	} {
		t.Run(name, func(t *testing.T) {
			_, err := OpenReader(strings.NewReader(data))
			assert.ErrorContains(t, err, "the workbook cannot be read as a workbook: not the format")
			assert.ErrorContains(t, err, "save it as .xlsx")
			path := filepath.Join(t.TempDir(), "book.xlsx")
			require.NoError(t, os.WriteFile(path, []byte(data), 0o666))
			_, err = Open(path)
			assert.ErrorContains(t, err, path+" cannot be read as a workbook")
		})
	}
	failed := errors.New("the disk is gone")
	_, err := OpenReader(io.MultiReader(strings.NewReader("PK"), failing{failed}))
	assert.ErrorIs(t, err, failed)
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

func TestDamagedPartsAreRefused(t *testing.T) {
	for part, text := range map[string]string{
		"_rels/.rels":                `<Relationships>`,
		"xl/workbook.xml":            `<workbook><sheets>`,
		"xl/_rels/workbook.xml.rels": `<Relationships></Relation>`,
		"xl/styles.xml":              `<styleSheet><cellXfs><xf numFmtId="one"/></cellXfs></styleSheet>`,
	} {
		_, err := OpenReader(bytes.NewReader(archive(t, map[string]string{part: text})))
		assert.ErrorContains(t, err, "its part "+part+" is damaged")
	}
	for tab, want := range map[string]string{`<sheet name="Tab" r:id="rId9"/>`: `tab "Tab": it refers to "rId9"`, `<sheet name="Tab"/>`: `tab "Tab": it refers to no sheet`} {
		_, err := OpenReader(bytes.NewReader(archive(t, map[string]string{"xl/workbook.xml": tabs(tab)})))
		assert.ErrorContains(t, err, want)
	}
}

func TestTooMuchIsRefused(t *testing.T) {
	data := archive(t, nil)
	at := bytes.LastIndex(data, []byte("PK\x01\x02")) // the last file that the archive lists
	binary.LittleEndian.PutUint32(data[at+24:], 0xFFFF_FFF0)
	_, err := OpenReader(bytes.NewReader(data))
	assert.ErrorContains(t, err, "unpacks to more than 4 GiB")
}

func TestPartThatIsThereTwiceIsRefused(t *testing.T) {
	_, err := OpenReader(bytes.NewReader(archive(t, map[string]string{"XL/Worksheets/Sheet1.xml": worksheet("")})))
	assert.ErrorContains(t, err, "is there twice")
}

// TestPlacesOfParts has workbooks whose parts stand elsewhere than usual, as the
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
		"Chart":        `tab "Chart": it holds a chart or the like and no cells: the tabs with cells are ["Stock & more" "Gone"]`,
		"Gone":         `tab "Gone": the workbook has no part xl/worksheets/sheet8.xml`,
	} {
		_, err := rowsOf(book, name)
		assert.ErrorContains(t, err, want)
	}
}

// TestWorkbookWithoutStyles has numbers alone, whatever styles its cells name.
func TestWorkbookWithoutStyles(t *testing.T) {
	rows, err := rowsOf(open(t, archive(t, map[string]string{
		"xl/_rels/workbook.xml.rels": relations(strings.ReplaceAll(ownRelations, "/styles", "/theme")),
		"xl/worksheets/sheet1.xml":   worksheet(`<row><c s="1"><v>45043</v></c></row>`),
	})), "Tab")
	require.NoError(t, err)
	assert.Equal(t, []row{{1, []cell{{Number, "45043"}}}}, rows)
}

// TestDamagedArchive changes a byte of a sheet that is packed as it is: the XML
// stays sound, and only the checksum tells.
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
