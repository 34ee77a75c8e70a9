// Package sniff recognises the format of a file by its first bytes, whatever its
// name, and decodes character sets other than UTF-8.
package sniff

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// Head is the first bytes of a file.
type Head []byte

// shortest is how many bytes are read, and longest how many of a file that begins
// with a tag or as a zip archive. They are small because a slow stream has to be
// waited for.
const (
	shortest = 8
	longest  = 1024
)

// Read reads the first bytes of a stream, and returns them and a reader of the whole
// stream. It returns the stream's error; a short stream is no error.
func Read(r io.Reader) (head Head, all io.Reader, err error) {
	head, err = more(r, nil, shortest)
	if err == nil && (head.IsZip() || bytes.HasPrefix(head.text(), []byte("<"))) {
		head, err = more(r, head, longest)
	}
	if err == io.EOF {
		return head, bytes.NewReader(head), nil
	}
	return head, io.MultiReader(bytes.NewReader(head), r), err
}

// more reads until head has the given length. Unlike [io.ReadFull] it returns the
// stream's own error, so that io.ErrUnexpectedEOF means that the stream is cut off.
func more(r io.Reader, head Head, most int) (Head, error) {
	all := append(make(Head, 0, most), head...)
	for len(all) < most {
		n, err := r.Read(all[len(all):most])
		if all = all[:len(all)+n]; err != nil && len(all) < most {
			return all, err
		}
	}
	return all, nil
}

// text returns the head without a byte order mark, the zero bytes of UTF-16, and
// outer spaces.
func (h Head) text() []byte {
	return bytes.TrimSpace(bytes.ReplaceAll(bytes.Trim(h, "\xef\xbb\xbf\xff\xfe"), []byte{0}, nil))
}

// IsZip reports whether the file is a zip archive; a workbook is one.
func (h Head) IsZip() bool { return bytes.HasPrefix(h, []byte("PK\x03\x04")) }

// Kind is a format of files other than CSV and .xlsx.
type Kind struct {
	// Name describes the format; "" if the file may be an inventory.
	Name string
	// Advice is what the user should do with the file.
	Advice string
	// Extension is the file name extension with which ivp reads such a file, or "".
	Extension string
}

const (
	unpack = "unpack it first"
	export = "open it in a spreadsheet and save it as .xlsx, or as “CSV UTF-8”"
)

// foreign are the formats that are recognised by their first bytes.
var foreign = []struct {
	mark string
	Kind
}{
	{"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Kind{Name: "a workbook in the old Excel format (.xls), or protected by a password", Advice: "open it in a spreadsheet and save it as .xlsx without a password, or as “CSV UTF-8”"}},
	{"\x1f\x8b", Kind{"packed as gzip", unpack, ".gz"}},
	{"\x28\xb5\x2f\xfd", Kind{"packed as zstd", unpack, ".zst"}},
	{"BZh", Kind{Name: "packed as bzip2", Advice: unpack}},
	{"\xfd7zXZ\x00", Kind{Name: "packed as xz", Advice: unpack}},
	{"7z\xbc\xaf\x27\x1c", Kind{Name: "an archive (.7z)", Advice: unpack}},
	{"Rar!", Kind{Name: "an archive (.rar)", Advice: unpack}},
	{"PAR1", Kind{Name: "a Parquet file", Advice: "convert it to CSV, for example with DuckDB: COPY (FROM 'FILE.parquet') TO 'FILE.csv' (HEADER)"}},
	{"%PDF", Kind{Name: "a PDF document", Advice: "ask for the table itself, as .xlsx or as “CSV UTF-8”"}},
}

// markups are the first letters, in lower case, of HTML, XML, MHTML and JSON.
// Programs that export such files often name them .xls.
var markups = []struct {
	marks []string
	Kind
}{
	{[]string{"<!doctype html", "<html", "<head", "<meta", "<style", "<body", "<table"}, Kind{Name: "an HTML page", Advice: export}},
	{[]string{"<?xml", "<response", "<sr:response"}, xmlFile},
	{[]string{"mime-ver"}, Kind{Name: "a web page in one file (MHTML)", Advice: export}},
	{[]string{`{"`, "{}", "{\n", "{\r", "{ ", "[{", "[\n", "[\r", `["`, "[[", "[ {"}, jsonFile},
}

// Package records reads some files of these formats.
var (
	xmlFile  = Kind{Name: "an XML file", Advice: export}
	jsonFile = Kind{Name: "a JSON file", Advice: "export it as CSV"}
)

// IsJSON reports whether the file is JSON, as far as its first bytes show.
func (h Head) IsJSON() bool { return h.Foreign() == jsonFile }

// IsXML reports whether the file is XML other than a web page or a workbook.
func (h Head) IsXML() bool { return h.Foreign() == xmlFile }

// Foreign returns the format of a file that cannot be an inventory; its Name is ""
// if the file may be one. It does not recognise zip archives, because a workbook is
// one: see [Head.Zip].
func (h Head) Foreign() Kind {
	for _, f := range foreign {
		if bytes.HasPrefix(h, []byte(f.mark)) {
			return f.Kind
		}
	}
	text := bytes.ToLower(h.text())
	if bytes.Contains(text, []byte("urn:schemas-microsoft-com:office:spreadsheet")) {
		return Kind{Name: "a workbook in the XML format of Excel 2003", Advice: export}
	}
	for _, m := range markups {
		if slices.ContainsFunc(m.marks, func(mark string) bool { return bytes.HasPrefix(text, []byte(mark)) }) {
			return m.Kind
		}
	}
	return Kind{}
}

// UTF16 returns the name of the encoding if the file is UTF-16 without a byte order
// mark, else "".
func (h Head) UTF16() string {
	if len(h) < shortest {
		return ""
	}
	var noughts [2]int
	for i, c := range h[:shortest] {
		if c == 0 {
			noughts[i%2]++
		}
	}
	switch {
	case noughts[0] == 0 && noughts[1] == shortest/2:
		return "utf-16le"
	case noughts[1] == 0 && noughts[0] == shortest/2:
		return "utf-16be"
	}
	return ""
}

// Encoding is the character encoding of a text file. The zero value means UTF-8, or
// UTF-16 if the file begins with its byte order mark.
type Encoding string

// The encodings.
const (
	UTF8        Encoding = "utf-8"
	UTF16       Encoding = "utf-16"
	UTF16LE     Encoding = "utf-16le"
	UTF16BE     Encoding = "utf-16be"
	Windows1252 Encoding = "windows-1252"
)

// ParseEncoding reads the name of an encoding, in any case. An empty name is the
// zero value.
func ParseEncoding(name string) (Encoding, error) {
	e := Encoding(strings.ToLower(strings.TrimSpace(name)))
	switch e {
	case "", UTF8, UTF16, UTF16LE, UTF16BE, Windows1252:
		return e, nil
	case "utf8":
		return UTF8, nil
	case "cp1252":
		return Windows1252, nil
	}
	return "", fmt.Errorf("unknown encoding %q: want utf-8, utf-16, utf-16le, utf-16be or windows-1252", name)
}

// String returns the encoding's name for messages.
func (e Encoding) String() string {
	switch e {
	case "", UTF8:
		return "UTF-8"
	case Windows1252:
		return "Windows-1252"
	}
	return strings.ToUpper(string(e))
}

// OfMark returns the encoding of a file that begins with head: e itself if it is
// given, else that of the byte order mark.
func (e Encoding) OfMark(head []byte) Encoding {
	if e != "" && e != UTF16 {
		return e
	}
	switch {
	case bytes.HasPrefix(head, []byte{0xff, 0xfe}):
		return UTF16LE
	case bytes.HasPrefix(head, []byte{0xfe, 0xff}):
		return UTF16BE
	case e == UTF16:
		return UTF16LE // the order that Windows uses
	}
	return UTF8
}

// ErrCutOff is the error of text that ends within a character.
var ErrCutOff = errors.New("the file is cut off: it is UTF-16, and ends in the middle of a character; copy or export it again")

// units reads UTF-16, and fails if it ends within a code unit of two bytes.
type units struct {
	r   io.Reader
	odd bool
}

func (u *units) Read(p []byte) (int, error) {
	n, err := u.r.Read(p)
	if n%2 == 1 {
		u.odd = !u.odd
	}
	if err == io.EOF && u.odd {
		err = ErrCutOff
	}
	return n, err
}

// Reader returns a reader of r's text in UTF-8. UTF-8 passes unchanged. Reading
// fails with [ErrCutOff] if UTF-16 ends at an odd byte.
func (e Encoding) Reader(r io.Reader) io.Reader {
	var from encoding.Encoding
	switch e {
	case UTF16LE:
		r, from = &units{r: r}, unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)
	case UTF16BE:
		r, from = &units{r: r}, unicode.UTF16(unicode.BigEndian, unicode.UseBOM)
	case Windows1252:
		from = charmap.Windows1252
	default:
		return r
	}
	return from.NewDecoder().Reader(r)
}
