package xlsx

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"slices"
	"strings"
	"sync"
)

// Book is an open workbook. Make one with [Open] or [OpenReader]. Several
// goroutines may use it at once.
type Book struct {
	name     string
	file     io.Closer // nil if the workbook is in memory
	parts    parts
	tabs     []tab
	date1904 bool
	// styles are the cell styles by number, and strings the shared texts. Each is
	// read when a cell first needs it.
	styles  func() ([]cellStyle, error)
	strings func() (*sharedStrings, error)
}

// Open opens the workbook at a path. Close it when done. The error is that of the
// file system if the file cannot be read; otherwise it says why the file is not a
// workbook.
func Open(path string) (*Book, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err != nil {
		f.Close()
		return nil, err
	}
	book, err := newBook(path, f, info.Size())
	if err != nil {
		f.Close()
		return nil, err
	}
	book.file = f
	return book, nil
}

// OpenAt opens the workbook in r. The name is for messages. Close it when done; r stays
// open.
func OpenAt(name string, r io.ReaderAt, size int64) (*Book, error) { return newBook(name, r, size) }

// OpenReader reads a whole workbook into memory, still compressed. Close it when
// done. The error is that of r if reading fails; otherwise it says why this is
// not a workbook.
func OpenReader(r io.Reader) (*Book, error) {
	data, err := io.ReadAll(r)
	if err != nil {
		return nil, err
	}
	return newBook("the workbook", bytes.NewReader(data), int64(len(data)))
}

func newBook(name string, r io.ReaderAt, size int64) (*Book, error) {
	b := &Book{name: name}
	if err := b.read(r, size); err != nil {
		return nil, unreadable(name, err)
	}
	return b, nil
}

// errFormat is the error of a file that is not a workbook of a supported kind. A
// workbook with a password is not a zip archive, so it cannot be recognised.
var errFormat = errors.New("not the format of .xlsx and .xlsm, or protected by a password: open it in a spreadsheet and save it as .xlsx")

// errCutOff is the error of an archive without its end.
var errCutOff = errors.New("it begins like a workbook and has no end: it was cut off when it was copied or downloaded; get it again")

func unreadable(name string, err error) error {
	if pathError := (*os.PathError)(nil); errors.As(err, &pathError) {
		return err
	}
	return fmt.Errorf("%s cannot be read as a workbook: %w", name, err)
}

// read reads everything except the cells.
func (b *Book) read(r io.ReaderAt, size int64) (err error) {
	b.parts, err = newParts(r, size)
	switch {
	case errors.Is(err, zip.ErrFormat) && beginsAsZip(r):
		return errCutOff
	case errors.Is(err, zip.ErrFormat):
		return errFormat
	case err != nil:
		return err
	}
	main, err := findWorkbook(b.parts)
	if err != nil {
		return err
	}
	if b.tabs, b.date1904, err = readWorkbook(b.parts, main); err != nil {
		return err
	}
	b.styles = sync.OnceValues(func() ([]cellStyle, error) { return readStyles(b.parts, main.find("styles")) })
	b.strings = sync.OnceValues(func() (*sharedStrings, error) {
		return readSharedStrings(b.parts, main.find("sharedStrings"))
	})
	return nil
}

func beginsAsZip(r io.ReaderAt) bool {
	const mark = "PK\x03\x04"
	head := make([]byte, len(mark))
	_, err := r.ReadAt(head, 0)
	return err == nil && string(head) == mark
}

// From1904 reports whether the workbook counts days from 1904 instead of 1900.
func (b *Book) From1904() bool { return b.date1904 }

// Sheets returns the names of the tabs with cells, in their order, including
// hidden and damaged ones, but not those with only a chart.
func (b *Book) Sheets() []string {
	var names []string
	for _, t := range b.tabs {
		if t.cells {
			names = append(names, t.name)
		}
	}
	return names
}

// FirstShown returns the name of the first visible tab with cells; if all are
// hidden, of the first tab with cells, and "" if there is none.
func (b *Book) FirstShown() string {
	for _, t := range b.tabs {
		if t.cells && !t.hidden {
			return t.name
		}
	}
	return strings.Join(b.Sheets()[:min(1, len(b.Sheets()))], "")
}

// Close closes the file. Rows must not be read afterwards; texts of cells stay
// valid.
func (b *Book) Close() error {
	if b.file == nil {
		return nil
	}
	return b.file.Close()
}

// tab is a tab of a workbook.
type tab struct {
	name  string
	part  string
	cells bool // false: a chart, a dialogue or old macros
	// hidden is true if a spreadsheet does not show the tab.
	hidden bool
	// damaged is why its part is unknown, or nil. If not nil, cells is true,
	// since the tab may have cells.
	damaged error
}

// mainPart is the part that lists the tabs, and what it refers to.
type mainPart struct {
	name      string
	relations []relation
}

// relation is one part's reference to another. Its kind is the last element of
// the type's URL, which differs between transitional and strict files.
type relation struct {
	ID     string `xml:"Id,attr"`
	Type   string `xml:"Type,attr"`
	Target string `xml:"Target,attr"`
}

func (r relation) kind() string { return path.Base(r.Type) }

// findWorkbook finds the part that lists the tabs. Damaged relations of the
// package are ignored: the part is nearly always in the same place.
func findWorkbook(all parts) (mainPart, error) {
	main := mainPart{name: "xl/workbook.xml"}
	first, _ := relationsOf(all, "")
	for _, r := range first {
		if r.kind() == "officeDocument" {
			main.name = target("", r.Target)
		}
	}
	if !all.has(main.name) || strings.HasSuffix(main.name, ".bin") {
		return main, whatElse(all, main.name)
	}
	var err error
	main.relations, err = relationsOf(all, main.name)
	return main, err
}

// whatElse returns an error that says what an archive without a workbook is.
func whatElse(all parts, main string) error {
	kind := ""
	switch {
	case strings.HasSuffix(main, ".bin"):
		kind = "a binary workbook (.xlsb)"
	case all.has("mimetype") && all.has("content.xml"):
		kind = "an OpenDocument file, such as a spreadsheet of LibreOffice (.ods)"
	case all.has("index/document.iwa"):
		kind = "a document of Apple Numbers or the like"
	case all.has("word/document.xml"), all.has("ppt/presentation.xml"):
		return errors.New("a document of a word processor or a presentation (.docx, .pptx): copy its table into a spreadsheet and save that as .xlsx")
	default:
		return errors.New("a zip archive without a workbook: unpack it, and give the file in it")
	}
	return fmt.Errorf("%s: open it in a spreadsheet and save it as .xlsx", kind)
}

// relationsOf returns the relations of a part, or of the whole package if part is
// "".
func relationsOf(all parts, part string) ([]relation, error) {
	folder, base := path.Split(part)
	name := folder + "_rels/" + base + ".rels"
	if !all.has(name) {
		return nil, nil
	}
	var list struct {
		Relations []relation `xml:"Relationship"`
	}
	err := all.decode(name, &list)
	return list.Relations, err
}

// target returns the name of the part that a reference leads to: relative to the
// folder of the referring part, or absolute.
func target(from, to string) string {
	to = strings.ReplaceAll(to, `\`, "/")
	if !path.IsAbs(to) {
		to = path.Join(path.Dir("/"+from), to)
	}
	return strings.TrimPrefix(path.Clean(to), "/")
}

// find returns the name of the part of a kind that a workbook has only once, or
// "" if it has none.
func (m mainPart) find(kind string) string {
	for _, r := range m.relations {
		if r.kind() == kind {
			return target(m.name, r.Target)
		}
	}
	return ""
}

// workbookXML is what is read from the part that lists the tabs.
type workbookXML struct {
	XMLName    xml.Name
	Properties struct {
		Date1904 string `xml:"date1904,attr"`
	} `xml:"workbookPr"`
	Sheets []struct {
		Name string     `xml:"name,attr"`
		Attr []xml.Attr `xml:",any,attr"`
	} `xml:"sheets>sheet"`
}

const mostTabs = 10_000

// readWorkbook returns the tabs, and whether days are counted from 1904.
func readWorkbook(all parts, main mainPart) ([]tab, bool, error) {
	var book workbookXML
	if err := all.decode(main.name, &book); err != nil {
		return nil, false, err
	}
	if book.XMLName.Local != "workbook" {
		return nil, false, errFormat
	}
	if len(book.Sheets) > mostTabs {
		return nil, false, fmt.Errorf("part %s lists more than %d tabs, the most that are read", main.name, mostTabs)
	}
	var tabs []tab
	for _, sheet := range book.Sheets {
		t := main.tab(sheet.Attr)
		t.name = sheet.Name
		t.hidden = slices.ContainsFunc(sheet.Attr, func(a xml.Attr) bool { return a.Name.Local == "state" && a.Value != "visible" })
		tabs = append(tabs, t)
	}
	return tabs, isTrue(book.Properties.Date1904), nil
}

// tab follows a tab's reference to the part with its cells.
func (m mainPart) tab(attributes []xml.Attr) tab {
	id := ""
	for _, a := range attributes {
		if a.Name.Local == "id" {
			id = a.Value
		}
	}
	for _, r := range m.relations {
		if r.ID == id && id != "" {
			return tab{part: target(m.name, r.Target), cells: r.kind() == "worksheet"}
		}
	}
	return tab{cells: true, damaged: fmt.Errorf("part %s is damaged: the tab refers to %q, which is not there", m.name, id)}
}

// Table is a block of a sheet with a name of its own.
type Table struct {
	Name, Sheet string
	Range       Range
	// Heading is true if its first row is a heading. Totals is the number of rows
	// of totals at its end.
	Heading bool
	Totals  int
}

// tableXML is what is read from a table's part.
type tableXML struct {
	Name    string `xml:"displayName,attr"`
	Ref     string `xml:"ref,attr"`
	Heading string `xml:"headerRowCount,attr"`
	Totals  int    `xml:"totalsRowCount,attr"`
}

// Tables returns the tables of all sheets; with an error, those that could be
// read.
func (b *Book) Tables() ([]Table, error) {
	var tables []Table
	var errs []error
	for _, t := range b.tabs {
		if !t.cells || t.damaged != nil {
			continue
		}
		relations, err := relationsOf(b.parts, t.part)
		errs = append(errs, err)
		for _, r := range relations {
			if r.kind() != "table" {
				continue
			}
			table, err := b.table(t, target(t.part, r.Target))
			if errs = append(errs, err); err == nil {
				tables = append(tables, table)
			}
		}
	}
	return tables, errors.Join(errs...)
}

func (b *Book) table(t tab, part string) (Table, error) {
	var table tableXML
	if err := b.parts.decode(part, &table); err != nil {
		return Table{}, err
	}
	block, ok := parseRange(table.Ref)
	if !ok {
		return Table{}, fmt.Errorf("part %s is damaged: the table %q has the range %q", part, table.Name, table.Ref)
	}
	return Table{table.Name, t.name, block, table.Heading != "0", table.Totals}, nil
}

func isTrue(text string) bool { return text == "1" || text == "true" || text == "on" }

// mostUnpacked limits the unpacked size, in bytes, of a sheet and of the shared
// texts: far more than any inventory has, but a small file that unpacks to an
// enormous size is refused. mostSmall limits parts that are read into memory as a
// whole: the list of the tabs, relations, styles, tables.
const (
	mostUnpacked = 4 << 30
	mostSmall    = 16 << 20
)

// parts are the files in a workbook's archive, by their names in lower case. A
// damaged part gives an error only when it is opened.
type parts struct {
	files map[string]*zip.File
	twice map[string]bool
}

func newParts(r io.ReaderAt, size int64) (parts, error) {
	archive, err := zip.NewReader(r, size)
	if err != nil {
		return parts{}, err
	}
	all := parts{map[string]*zip.File{}, map[string]bool{}}
	for _, file := range archive.File {
		key := partKey(file.Name)
		all.twice[key] = all.files[key] != nil
		all.files[key] = file
	}
	return all, nil
}

func partKey(name string) string {
	return strings.ToLower(strings.TrimPrefix(strings.ReplaceAll(name, `\`, "/"), "/"))
}

func (p parts) has(name string) bool { return p.files[partKey(name)] != nil }

// packed returns the size of a part in the archive.
func (p parts) packed(name string) uint64 {
	if file := p.files[partKey(name)]; file != nil {
		return file.CompressedSize64
	}
	return 0
}

// open opens a part whose unpacked size, by the archive's directory, is at most
// most bytes. The archive's reader enforces the size in the directory.
func (p parts) open(name string, most uint64) (io.ReadCloser, error) {
	file := p.files[partKey(name)]
	switch {
	case file == nil:
		return nil, fmt.Errorf("the workbook has no part %s", name)
	case p.twice[partKey(name)]:
		return nil, fmt.Errorf("the workbook has its part %s twice", name)
	case file.UncompressedSize64 > most:
		return nil, fmt.Errorf("part %s unpacks to more than %d MiB, the most that is read", name, most>>20)
	}
	r, err := file.Open()
	if err != nil {
		return nil, fmt.Errorf("part %s: %w", name, err)
	}
	return r, nil
}

// decode reads a whole small part into a struct.
func (p parts) decode(name string, into any) error {
	r, err := p.open(name, mostSmall)
	if err != nil {
		return err
	}
	defer r.Close()
	if err = newDecoder(r).Decode(into); err == nil {
		_, err = io.Copy(io.Discard, r) // the checksum is checked at the end
	}
	if err != nil {
		return fmt.Errorf("part %s is damaged: %w", name, err)
	}
	return nil
}
