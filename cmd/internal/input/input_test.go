package input

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"github.com/mp196/ivp/cmd/internal/sniff"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/gzip"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/unicode"

	"github.com/mp196/ivp/cmd/internal/compress"
	"github.com/mp196/ivp/cmd/internal/exit"
	"github.com/mp196/ivp/devices"
)

const heading = "device_id,spec,install_date\n"

// openOne opens one input, and reads it to its end.
func openOne(t *testing.T, name string, stdin io.Reader, options Options) (*Input, []devices.Row) {
	inputs, err := OpenAll(context.Background(), []string{name}, stdin, options)
	require.NoError(t, err)
	in := inputs[0]
	reader, err := in.Start()
	require.NoError(t, err)
	var rows []devices.Row
	for {
		row, err := reader.Read()
		if err == io.EOF {
			require.NoError(t, in.Finish())
			return in, rows
		}
		require.NoError(t, err)
		rows = append(rows, row)
	}
}

func days(rows []devices.Row) (all []string) {
	for _, row := range rows {
		all = append(all, row.Device.On.String())
	}
	return all
}

func file(t *testing.T, name string, data []byte) string {
	path := filepath.Join(t.TempDir(), name)
	require.NoError(t, os.WriteFile(path, data, 0o666))
	return path
}

// britishFile returns a file in which only the last row shows the order of day and
// month.
func britishFile() string {
	var b strings.Builder
	b.WriteString(heading)
	for i := range 60_000 {
		fmt.Fprintf(&b, "A%06d,SMETS2 v3.1,03/04/2023\n", i)
	}
	return b.String() + "Z,SMETS2 v3.1,27/04/2023\n"
}

// onlyReader hides all methods of a stream except Read.
type onlyReader struct{ io.Reader }

func TestPipeIsSpooledToSeeTheWholeColumn(t *testing.T) {
	text := britishFile()
	var said []string
	options := Options{Digest: true, Say: func(text string) { said = append(said, text) }}
	in, rows := openOne(t, Stdin, onlyReader{strings.NewReader(text)}, options)
	require.Len(t, rows, 60_001)
	assert.Equal(t, "2023-04-03", rows[0].Device.On.String())
	assert.Equal(t, 60_002, rows[60_000].Line)
	require.Len(t, said, 1)
	assert.Contains(t, said[0], "copied to a temporary file")
	assert.Contains(t, strings.Join(in.Notes(), "\n"), `standard input: dates read day-first (DD/MM/YYYY), as "27/04/2023" in line 60002 shows`)
	assert.Equal(t, sum([]byte(text)), in.Evidence().SHA256)

	path := file(t, "british.csv", []byte(text))
	said = nil
	in, fromFile := openOne(t, path, nil, options)
	assert.Equal(t, days(rows), days(fromFile))
	assert.Empty(t, said, "a file is read twice instead")
	assert.Equal(t, sum([]byte(text)), in.Evidence().SHA256)
	assert.Equal(t, "DD/MM/YYYY", in.Evidence().Dates)

	f, err := os.Open(path)
	require.NoError(t, err)
	defer f.Close()
	_, fromStdin := openOne(t, Stdin, f, options)
	assert.Equal(t, days(rows), days(fromStdin))
	assert.Empty(t, said, "and so is standard input that is a file")
}

func TestPipeOfISODatesStreams(t *testing.T) {
	text := strings.ReplaceAll(britishFile(), "03/04/2023", "2023-04-03")
	options := Options{Say: func(text string) { t.Error(text) }}
	_, rows := openOne(t, Stdin, onlyReader{strings.NewReader(text)}, options)
	last := rows[len(rows)-1].Device
	assert.True(t, last.On.IsUnreadable(), "a later cell that is not ISO is bad-date")
	assert.ErrorContains(t, last.Faults[0], "give the date format")
}

func sum(data []byte) string {
	digest := sha256.Sum256(data)
	return hex.EncodeToString(digest[:])
}

func gzipped(t *testing.T, data []byte) []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, err := z.Write(data)
	require.NoError(t, err)
	require.NoError(t, z.Close())
	return b.Bytes()
}

func utf16(t *testing.T, order unicode.Endianness, text string) []byte {
	data, err := unicode.UTF16(order, unicode.UseBOM).NewEncoder().Bytes([]byte(text))
	require.NoError(t, err)
	return data
}

func workbookBytes(t *testing.T) []byte {
	f := excelize.NewFile()
	defer f.Close()
	for i, row := range [][]any{{"device_id", "spec", "install_date"}, {"é", "SMETS2 v3.1", "27/04/2023"}} {
		require.NoError(t, f.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &row))
	}
	var b bytes.Buffer
	require.NoError(t, f.Write(&b))
	return b.Bytes()
}

func TestEveryFormOfFile(t *testing.T) {
	text := heading + "é,SMETS2 v3.1,27/04/2023\n"
	for name, c := range map[string]struct {
		data     []byte
		encoding string
		given    sniff.Encoding
	}{
		"plain.csv":      {[]byte(text), "UTF-8", ""},
		"mark.csv":       {[]byte("\xef\xbb\xbf" + text), "UTF-8", ""},
		"little.txt":     {utf16(t, unicode.LittleEndian, text), "UTF-16LE", ""},
		"big.txt":        {utf16(t, unicode.BigEndian, text), "UTF-16BE", ""},
		"no-mark.txt":    {utf16(t, unicode.LittleEndian, text)[2:], "UTF-16LE", sniff.UTF16LE},
		"windows.csv":    {bytes.ReplaceAll([]byte(text), []byte("é"), []byte{0xe9}), "Windows-1252", sniff.Windows1252},
		"packed.csv.gz":  {gzipped(t, []byte(text)), "UTF-8", ""},
		"packed.txt.gz":  {gzipped(t, utf16(t, unicode.LittleEndian, text)), "UTF-16LE", ""},
		"book.xlsx":      {workbookBytes(t), "", ""},
		"book.xlsm":      {workbookBytes(t), "", ""},
		"misnamed.csv":   {workbookBytes(t), "", ""},
		"packed.xlsx.gz": {gzipped(t, workbookBytes(t)), "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			options := Options{Encoding: c.given, Digest: true}
			path := file(t, name, c.data)
			in, rows := openOne(t, path, nil, options)
			require.Len(t, rows, 1)
			assert.Equal(t, []string{"é", "SMETS2 v3.1", "27/04/2023"}, rows[0].Cells)
			assert.Equal(t, "2023-04-27", rows[0].Device.On.String())
			assert.Equal(t, 2, rows[0].Line)
			e := in.Evidence()
			assert.Equal(t, c.encoding, e.Encoding)
			assert.Equal(t, c.encoding == "", e.Sheet == "Sheet1")
			assert.Equal(t, sum(c.data), e.SHA256, "the digest is that of the file itself")
			assert.Equal(t, int64(len(c.data)), e.Bytes)
			if !strings.HasSuffix(name, ".gz") {
				_, piped := openOne(t, Stdin, onlyReader{bytes.NewReader(c.data)}, options)
				assert.Equal(t, days(rows), days(piped))
			}
		})
	}
}

func TestInputsThatCannotServe(t *testing.T) {
	for name, c := range map[string]struct {
		data    []byte
		options Options
		code    exit.Code
		want    string
	}{
		"book.xlsx":  {workbookBytes(t), Options{Sheet: "Stock"}, exit.Usage, `has no sheet "Stock": its sheets are ["Sheet1"]`},
		"coded.xlsx": {workbookBytes(t), Options{Encoding: sniff.Windows1252}, exit.Usage, "leave out --encoding"},
		"cut.csv.gz": {gzipped(t, []byte(britishFile()))[:2000], Options{}, exit.IO, "could not read the input"},
		"none.gz":    {[]byte("text"), Options{}, exit.IO, "this is not gzip"},
		"cut.xlsx":   {brokenWorkbook(t), Options{}, exit.IO, "it breaks off"},
		"page.xls":   {[]byte("\n<HTML><table><tr><td>a"), Options{}, exit.IO, "is an HTML page, where a workbook or CSV file was expected: open it"},
		"marked.xls": {[]byte("\xef\xbb\xbf<table>"), Options{}, exit.IO, "is an HTML page"},
		"2003.xls":   {[]byte(`<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">`), Options{}, exit.IO, "is a workbook in the XML format of Excel 2003"},
		"utf16.xls":  {utf16(t, unicode.LittleEndian, `<?xml version="1.0"?><a/>`), Options{}, exit.IO, "the XML has no <DSPInventory>"},
		"mail.xls":   {[]byte("MIME-Version: 1.0\n"), Options{}, exit.IO, "is a web page in one file"},
		"old.xls":    {[]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1..."), Options{}, exit.IO, "save it as .xlsx"},
		"short.csv":  {[]byte(heading), Options{Reader: devices.ReaderOptions{HeaderRow: 9}}, exit.Usage, "the input ends before it"},
		"two.csv":    {[]byte(heading + "a,x,27/04/2023\nb,x,04/27/2023\n"), Options{}, exit.Usage, "contradict each other"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := OpenAll(context.Background(), []string{file(t, name, c.data)}, nil, c.options)
			require.ErrorContains(t, err, c.want)
			assert.Equal(t, c.code, exit.CodeOf(err))
		})
	}
}

// brokenWorkbook returns a workbook whose sheet is cut off.
func brokenWorkbook(t *testing.T) []byte {
	whole := workbookBytes(t)
	in, err := zip.NewReader(bytes.NewReader(whole), int64(len(whole)))
	require.NoError(t, err)
	var b bytes.Buffer
	out := zip.NewWriter(&b)
	for _, part := range in.File {
		r, err := part.Open()
		require.NoError(t, err)
		text, err := io.ReadAll(r)
		require.NoError(t, err)
		if part.Name == "xl/worksheets/sheet1.xml" {
			text = text[:len(text)-40]
		}
		w, err := out.Create(part.Name)
		require.NoError(t, err)
		_, err = w.Write(text)
		require.NoError(t, err)
	}
	require.NoError(t, out.Close())
	return b.Bytes()
}

// TestManyInputsTakeLittle checks that an input which is closed until its turn takes
// little memory.
func TestManyInputsTakeLittle(t *testing.T) {
	const many = 500
	name := file(t, "in.csv", []byte(heading+strings.Repeat("A1,SMETS2 v3.1,2023-04-27\n", 2000)))
	heap := func() uint64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	before := heap()
	inputs, err := OpenAll(context.Background(), slices.Repeat([]string{name}, many), nil, Options{})
	require.NoError(t, err)
	defer CloseAll(inputs)
	assert.Less(t, heap(), before+many*8<<10)
	reader, err := inputs[many-1].Start()
	require.NoError(t, err)
	row, err := reader.Read()
	require.NoError(t, err)
	assert.Equal(t, 2, row.Line)
}

func TestAnEndedContextEndsTheWait(t *testing.T) {
	r, w := io.Pipe()
	defer w.Close()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := OpenAll(ctx, []string{Stdin}, r, Options{})
	assert.ErrorIs(t, err, context.Canceled)
}

func TestNothingIsLeftInTheTemporaryFolder(t *testing.T) {
	folder := t.TempDir()
	t.Setenv("TMPDIR", folder)
	t.Setenv("TMP", folder)
	openOne(t, file(t, "book.xlsx", workbookBytes(t)), nil, Options{})
	openOne(t, Stdin, onlyReader{strings.NewReader(britishFile())}, Options{})
	left, err := os.ReadDir(folder)
	require.NoError(t, err)
	assert.Empty(t, left)
	t.Setenv("TMPDIR", filepath.Join(folder, "none"))
	t.Setenv("TMP", filepath.Join(folder, "none"))
	_, err = OpenAll(context.Background(), []string{file(t, "book.xlsx", workbookBytes(t))}, nil, Options{})
	assert.ErrorContains(t, err, "TMPDIR")
}

func TestAFileThatChangesWhileItIsRead(t *testing.T) {
	text := heading + "A1,SMETS2 v3.1,2023-04-27\n"
	// The text stays the same if the file is rewritten with the same content.
	changes := map[string]func(path string) error{
		"shrinks":    func(path string) error { return os.Truncate(path, int64(len(heading))) },
		"grows":      func(path string) error { return appendTo(path, "A2,SMETS2 v3.1,2023-04-27\n") },
		"is touched": func(path string) error { return os.Chtimes(path, time.Time{}, time.Now().Add(time.Hour)) },
		"is replaced": func(path string) error {
			return errors.Join(os.WriteFile(path+"2", []byte(text), 0o666), os.Rename(path+"2", path))
		},
	}
	packed, err := compress.NewPacker(compress.Gzip)()(nil, []byte(text))
	require.NoError(t, err)
	contents := map[string][]byte{"a.csv": []byte(text), "a.csv.gz": packed, "a.xlsx": workbookBytes(t)}
	for name, change := range changes {
		for of, content := range contents {
			path := file(t, of, content)
			f, err := OpenFile(path, nil) // as a list or a rules file is
			require.NoError(t, err)
			require.NoError(t, f.Unchanged())
			require.NoError(t, change(path))
			changed := f.Unchanged()
			if name == "is replaced" { // what is open is still whole
				require.NoError(t, changed)
				_, changed = OpenFile(path, f.Info)
			}
			require.NoError(t, f.Close())
			assert.Equal(t, exit.IO, exit.CodeOf(changed), name)
			assert.ErrorContains(t, changed, path+" changed while it was being read", name)
		}
	}
	for name, change := range changes {
		path := file(t, "a.csv", []byte(text))
		inputs, err := OpenAll(context.Background(), []string{path}, nil, Options{})
		require.NoError(t, err)
		in := inputs[0]
		require.NoError(t, change(path))
		_, err = in.Start()
		require.NoError(t, err)
		if err = in.Finish(); name == "is replaced" { // what is open is still whole
			require.NoError(t, err)
			_, err = in.Start()
		}
		assert.Equal(t, exit.IO, exit.CodeOf(err), name)
		assert.ErrorContains(t, err, "changed while it was being read", name)
	}
}

func appendTo(path, text string) error {
	f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	_, err = f.WriteString(text)
	return errors.Join(err, f.Close())
}

func TestACompressedFileThatIsCutOffIsNoEmptyOne(t *testing.T) {
	for _, extension := range []string{".gz", ".zst"} {
		kind, _ := compress.Of(extension)
		packed, err := compress.NewPacker(kind)()(nil, []byte(heading+"A1,SMETS2 v3.1,2023-04-27\n"))
		require.NoError(t, err)
		for n := 1; n < len(packed); n++ {
			inputs, err := OpenAll(context.Background(), []string{file(t, "a.csv"+extension, packed[:n])}, nil, Options{})
			for err == nil { // cut in the sum at the end
				_, err = inputs[0].Heading().Read()
			}
			if exit.CodeOf(err) != exit.IO {
				require.ErrorIs(t, err, compress.ErrCutOff)
				continue
			}
			require.Equal(t, exit.IO, exit.CodeOf(err), "%s cut at %d", extension, n)
		}
	}
}

func TestUTF16ThatEndsWithinACharacter(t *testing.T) {
	text := utf16(t, unicode.LittleEndian, heading+"A1,SMETS2 v3.1,2023-04-27\n")
	for n := 3; n <= len(text); n++ {
		inputs, err := OpenAll(context.Background(), []string{file(t, "a.csv", text[:n])}, nil, Options{})
		for err == nil && !inputs[0].Empty {
			_, err = inputs[0].Heading().Read()
		}
		assert.Equal(t, n%2 == 1, errors.Is(err, sniff.ErrCutOff), "cut at %d", n)
	}
}

func TestWhatIsNoInventoryIsNamed(t *testing.T) {
	for head, want := range map[string]string{
		"PAR1": "a Parquet file", "%PDF-1.7": "a PDF document", "BZh9": "bzip2", "\xfd7zXZ\x00": "xz", "\x1f\x8b\x08": "does not end in .gz", "\x28\xb5\x2f\xfd": "does not end in .zst",
		"Rar!\x1a": "an archive (.rar)", "\xff\xfe{\x00\"\x00a\x00": "the JSON ends",
		`{"rows": 1}`: "a report in JSON", "[{\"a\": 1}]": `headings found: "a"`, "<?xml version": "the XML ends", "<html>": "an HTML page",
		"D\x00e\x00v\x00i\x00c\x00": "--encoding utf-16le", "\x00D\x00e\x00v\x00i\x00c": "--encoding utf-16be",
	} {
		_, err := OpenAll(context.Background(), []string{file(t, "a.csv", []byte(head))}, nil, Options{})
		assert.ErrorContains(t, err, want, "%q", head)
	}
	inputs, err := OpenAll(context.Background(), []string{file(t, "a.csv", []byte("\xef\xbb\xbf"+heading))}, nil, Options{Encoding: sniff.Windows1252, Reader: devices.ReaderOptions{Columns: devices.ColumnOptions{Lenient: true}}})
	require.NoError(t, err)
	defer CloseAll(inputs)
	assert.Contains(t, strings.Join(inputs[0].Notes(), "\n"), "begins with the byte order mark of UTF-8")
}
