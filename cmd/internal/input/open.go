package input

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/mp196/ivp/cmd/internal/compress"
	"github.com/mp196/ivp/cmd/internal/exit"
	"github.com/mp196/ivp/cmd/internal/records"
	"github.com/mp196/ivp/cmd/internal/remarks"
	"github.com/mp196/ivp/cmd/internal/sniff"
	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/devices/cpl"
	"github.com/mp196/ivp/devices/xlsx"
)

// open opens the input, and reads its heading and as many rows as are needed to
// determine its date format.
func (in *Input) open() error {
	err := in.openReader()
	if err == nil && !in.Empty && !in.settled {
		err = in.settleDates()
	}
	if err != nil {
		in.Close()
	}
	return err
}

func (in *Input) openReader() error {
	if err := in.openFile(); err != nil {
		return exit.With(exit.IO, err)
	}
	text, err := in.uncompress()
	if err != nil {
		return exit.With(exit.IO, err)
	}
	head, text, err := sniff.Read(text)
	if err != nil {
		return readingFailed(fmt.Errorf("%s: %w", in.Name, err))
	}
	if head.IsZip() {
		return in.openWorkbook(text)
	}
	form := records.FormOf(in.Path, head)
	if kind := head.Foreign(); kind.Name != "" && form == 0 {
		if kind.Extension != "" {
			kind.Name += fmt.Sprintf(", though its name does not end in %s", kind.Extension)
			kind.Advice = fmt.Sprintf("rename it to end in %s, or %s", kind.Extension, kind.Advice)
		}
		return exit.With(exit.IO, fmt.Errorf("could not read the input: %s is %s, where a workbook or CSV file was expected: %s", in.Name, kind.Name, kind.Advice))
	}
	if name := head.UTF16(); name != "" && in.options.Encoding == "" {
		return exit.With(exit.Usage, fmt.Errorf("%s is text in UTF-16 without a byte order mark: use --encoding %s", in.Name, name))
	}
	if in.options.Encoding == sniff.Windows1252 && bytes.HasPrefix(head, []byte("\xef\xbb\xbf")) {
		in.note("begins with the byte order mark of UTF-8, but is read as Windows-1252 because of --encoding: leave that out if characters such as £ come out wrong")
	}
	if form != 0 {
		return in.openRecords(form, head, text)
	}
	return in.openText(head, text)
}

// openRecords opens JSON or XML. It is read to its end once, to find the columns, and
// then again; an input that cannot be read twice is copied to a temporary file.
func (in *Input) openRecords(form records.Form, head []byte, text io.Reader) error {
	if in.options.Reader.NoQuotes {
		return exit.With(exit.Usage, fmt.Errorf("%s is %s, which always has quotes: leave out --quote", in.Name, form))
	}
	in.encoding = in.options.Encoding.OfMark(head)
	text = in.encoding.Reader(text)
	if in.records == nil {
		if !in.again() {
			spool, err := devices.NewSpool()
			if err != nil {
				return exit.With(exit.IO, err)
			}
			in.closers = append(in.closers, spool)
			in.stream = kept{r: text}
			if _, err := io.Copy(spool, &in.stream); in.stream.err != nil {
				return readingFailed(fmt.Errorf("%s: %w", in.Name, in.stream.err))
			} else if err != nil {
				return exit.With(exit.IO, fmt.Errorf("could not keep %s in a temporary file: %w", in.Name, err))
			}
			text = io.NewSectionReader(spool, 0, math.MaxInt64)
		}
		table, err := records.Survey(form, text)
		if err != nil {
			return readingFailed(fmt.Errorf("%s: %w", in.Name, err))
		}
		in.records = table
		if in.again() {
			return in.rereadRecords()
		}
		text = io.NewSectionReader(text.(*io.SectionReader), 0, math.MaxInt64)
	}
	if in.Empty = in.records.Rows() == 0; in.Empty {
		return nil
	}
	options := in.options.Reader
	options.Records, options.HeaderRow = true, 0
	if options.Delimiter == 0 {
		options.Delimiter = ','
	}
	return in.readHeading(in.records.CSV(text, options.Delimiter), options)
}

// rereadRecords opens the file again once its columns are known.
func (in *Input) rereadRecords() error {
	if err := in.opened.Unchanged(); err != nil {
		return err
	}
	in.Close()
	return in.openReader()
}

func (in *Input) openFile() error {
	if in.stdin != nil {
		return in.openStdin()
	}
	f, err := OpenFile(in.Path, in.Info)
	if err != nil {
		return fmt.Errorf("could not read the input: %w", err)
	}
	in.closers = []io.Closer{f}
	in.file.begin(f, in.options.Digest)
	f.name, in.opened, in.Info = in.Name, f, f.Info
	if f.Info.IsDir() {
		return fmt.Errorf("%s is a folder: name the files in it, or read all of them with --recursive", in.Name)
	}
	return nil
}

// openStdin begins with standard input. If that is a file and is opened again, it is
// read from the same offset as the first time.
func (in *Input) openStdin() error {
	again := in.Info != nil
	in.file.begin(in.stdin, in.options.Digest)
	in.closers = []io.Closer{io.NopCloser(nil)}
	f, ok := in.stdin.(*os.File)
	if !ok {
		return nil
	}
	var err error
	if again {
		in.opened = &File{f, in.Info, in.Name}
		_, err = f.Seek(in.offset, io.SeekStart)
		return err
	}
	if in.Info, err = f.Stat(); err != nil || !in.Info.Mode().IsRegular() {
		return err
	}
	in.opened = &File{f, in.Info, in.Name}
	in.offset, err = f.Seek(0, io.SeekCurrent)
	return err
}

// uncompress returns a reader of the file's uncompressed content.
func (in *Input) uncompress() (io.Reader, error) {
	kind, _ := compress.Of(in.Path)
	if kind == compress.None {
		return &in.file, nil
	}
	r, err := compress.NewReader(kind, &in.file)
	if err != nil {
		return nil, fmt.Errorf("could not read the input: %s: %w", in.Name, err)
	}
	in.closers = append(in.closers, r)
	return r, nil
}

func (in *Input) openText(head []byte, text io.Reader) error {
	in.encoding = in.options.Encoding.OfMark(head)
	if in.encoding != sniff.UTF8 {
		in.note("read as %s; the output is UTF-8", in.encoding)
	}
	if err := in.readHeading(in.encoding.Reader(text), in.options.Reader); err != nil || in.Empty {
		return err
	}
	if line, found := in.reader.NotUTF8(); found && in.encoding == sniff.UTF8 {
		in.note("line %d is not UTF-8 and is written unchanged; if the file is in the encoding of Windows, use --encoding windows-1252", line)
	}
	return nil
}

// withAdvice adds the flags that choose columns to the error that names the faults.
func withAdvice(err error, mapping *devices.MappingError) error {
	for _, line := range mapping.Advice() {
		err = fmt.Errorf("%w\n  %s", err, line)
	}
	return err
}

func (in *Input) readHeading(r io.Reader, options devices.ReaderOptions) error {
	if options.Columns.FirstColumn = in.column; !in.options.Page {
		options.Name = in.Name
	}
	options.Live = in.work == nil && in.records == nil && !in.again()
	in.stream = kept{r: r}
	reader, err := devices.NewReader(&in.stream, options)
	in.Empty = errors.Is(err, devices.ErrEmpty)
	var mapping *devices.MappingError
	switch {
	case in.Empty:
		return nil
	case errors.As(err, &mapping):
		return exit.With(exit.Usage, withAdvice(err, mapping))
	case err != nil && in.stream.err != nil:
		return readingFailed(fmt.Errorf("%s: %w", in.Name, in.stream.err))
	case errors.Is(err, devices.ErrHeaderRow):
		return exit.Usagef("%w with --header-row", err)
	case err != nil:
		return exit.With(exit.Usage, err)
	}
	in.reader = reader
	if line := reader.HeadingFound(); line > 0 {
		in.note("the heading was found in row %d; the rows above it are written unchanged", line)
	}
	if says := remarks.NotJudged(reader.Columns(), options.Columns); says != "" && !options.Columns.Lenient && !in.options.Page {
		in.note("%s", says)
	}
	return nil
}

// File is a file that must not change while it is read, because the bytes read could
// then be neither those of the old file nor those of the new one.
type File struct {
	*os.File
	// Info describes the file as it was when it was first opened.
	Info os.FileInfo
	name string // in messages
}

// OpenFile opens a file. If it was opened before, was describes it as it was then,
// and OpenFile returns an error, with an exit code, if the file has been changed or
// replaced since.
func OpenFile(path string, was os.FileInfo) (*File, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	file := &File{f, was, path}
	if was == nil {
		file.Info, err = f.Stat()
	} else {
		err = file.Unchanged()
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	return file, nil
}

// ReadFile reads a file, but no more than most bytes. The file must not change
// meanwhile.
func ReadFile(path string, most int64) ([]byte, error) {
	f, err := OpenFile(path, nil)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, most))
	if err == nil {
		err = f.Unchanged()
	}
	return data, err
}

// Regular reports whether the file can be read twice.
func (f *File) Regular() bool { return f.Info != nil && f.Info.Mode().IsRegular() }

// Unchanged returns an error if the file has changed since it was first opened.
func (f *File) Unchanged() error {
	if f == nil || !f.Regular() {
		return nil
	}
	now, err := f.Stat()
	if err != nil {
		return readingFailed(fmt.Errorf("%s: %w", f.name, err))
	}
	var says string
	switch {
	case !os.SameFile(f.Info, now):
		says = "another file has taken its place"
	case f.Info.Size() != now.Size():
		says = fmt.Sprintf("it had %d bytes and now has %d", f.Info.Size(), now.Size())
	case !f.Info.ModTime().Equal(now.ModTime()):
		says = "it was written to"
	default:
		return nil
	}
	return exit.With(exit.IO, fmt.Errorf("%s changed while it was being read: %s; run again when it is complete, or on a copy", f.name, says))
}

// fileBytes reads a file's bytes as stored. It counts them, for other goroutines too,
// keeps the error that ended them, and calculates their digest if it is wanted.
type fileBytes struct {
	r    io.Reader
	n    atomic.Int64
	err  error
	hash hash.Hash // nil if no digest is wanted
}

func (f *fileBytes) Read(p []byte) (int, error) {
	n, err := f.r.Read(p)
	f.n.Add(int64(n))
	if f.hash != nil {
		f.hash.Write(p[:n])
	}
	if err != nil && err != io.EOF {
		f.err = err
	}
	return n, err
}

// begin makes r the file that is read, and resets the count.
func (f *fileBytes) begin(r io.Reader, digest bool) {
	f.r, f.err, f.hash = r, nil, nil
	f.n.Store(0)
	if digest {
		f.hash = sha256.New()
	}
}

// digest reads the rest of the file and returns the digest of the whole, or "" if
// none is wanted.
func (f *fileBytes) digest() (string, error) {
	if f.hash == nil {
		return "", nil
	}
	if _, err := io.Copy(io.Discard, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(f.hash.Sum(nil)), nil
}

// kept keeps the error of reading a stream, to distinguish it from a fault in the
// stream's content.
type kept struct {
	r   io.Reader
	err error
}

func (k *kept) Read(p []byte) (int, error) {
	n, err := k.r.Read(p)
	if err != nil && err != io.EOF {
		k.err = err
	}
	return n, err
}

// FilesFrom reads the names of inputs, one on each line, from a file or from standard
// input, in UTF-8, or in UTF-16 with a byte order mark. Blank lines are ignored.
func FilesFrom(name string, stdin io.Reader) ([]string, error) {
	r := stdin
	if name != Stdin {
		f, err := os.Open(name)
		if err != nil {
			return nil, exit.With(exit.IO, fmt.Errorf("could not read the names of the inputs: %w", err))
		}
		defer f.Close()
		r = f
	}
	head, text, err := sniff.Read(r)
	if err != nil {
		return nil, exit.With(exit.IO, fmt.Errorf("could not read the names of the inputs: %s: %w", name, err))
	}
	if head.UTF16() != "" {
		return nil, exit.Usagef("%s is text in UTF-16 without a byte order mark, where names of inputs were expected: save it as UTF-8", name)
	}
	var names []string
	lines := bufio.NewScanner(sniff.Encoding("").OfMark(head).Reader(text))
	for lines.Scan() {
		line := lines.Text()
		if names == nil {
			line = strings.TrimPrefix(line, "\ufeff")
		}
		if line != "" {
			names = append(names, line)
		}
	}
	if err := lines.Err(); err != nil {
		return nil, exit.With(exit.IO, fmt.Errorf("could not read the names of the inputs: %s: %w", name, err))
	}
	return names, nil
}

// extensions are those of the files that [FilesIn] returns, before .gz and .zst.
var extensions = []string{".csv", ".tsv", ".xlsx", ".xlsm", ".jsonl", ".ndjson", ".json", ".xml"}

// FilesIn returns the files in a folder and the folders in it whose names are those of
// inventories, sorted, and those that it leaves out: other files, hidden ones, evidence
// and links to folders. The error has an exit code.
func FilesIn(folder string) (names, left []string, err error) {
	err = filepath.WalkDir(folder, func(path string, entry os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		hidden := path != folder && (strings.HasSuffix(entry.Name(), ".run.json") || strings.HasPrefix(entry.Name(), ".") || strings.HasPrefix(entry.Name(), "~$"))
		if entry.IsDir() {
			if hidden {
				left = append(left, path)
				return filepath.SkipDir
			}
			return nil
		}
		_, plain := compress.Of(entry.Name())
		info, err := os.Stat(path)
		if err == nil && info.Mode().IsRegular() && !hidden && slices.Contains(extensions, strings.ToLower(filepath.Ext(plain))) {
			names = append(names, path)
		} else {
			left = append(left, path)
		}
		return nil
	})
	switch {
	case err != nil:
		return nil, nil, exit.With(exit.IO, fmt.Errorf("could not read the input: %w", err))
	case len(names) == 0:
		return nil, nil, exit.With(exit.IO, fmt.Errorf("could not read the input: %s has no file whose name ends in %s", folder, strings.Join(extensions, ", ")))
	}
	return names, left, nil
}

// ReadCatalogue reads a Central Products List from memory: a workbook, or else CSV. The
// error says what to do. A list with damaged rows is returned with an error too.
func ReadCatalogue(name string, content []byte) (list *cpl.List, err error) {
	if sniff.Head(content).IsZip() {
		list, err = readWorkbook(name, bytes.NewReader(content), int64(len(content)))
	} else {
		list, err = cpl.ReadCSV(bytes.NewReader(content), name)
	}
	if err == nil {
		err = list.Damage()
	}
	return list, err
}

// LoadCatalogue reads a Central Products List: a workbook if the extension is .xlsx
// or .xlsm, else CSV. A list with damaged rows is returned too: check its Damage
// before use. The error says what to do; its code is exit.IO if the file cannot be
// read, and exit.Usage if it does not contain a list.
func LoadCatalogue(path string) (*cpl.List, error) {
	load := loadCSV
	switch strings.ToLower(filepath.Ext(path)) {
	case ".xlsx", ".xlsm":
		load = loadWorkbook
	case ".xls", ".xlsb", ".ods":
		return nil, exit.With(exit.Usage, fmt.Errorf("%s: workbooks of this kind are not read: want the CSV, .xlsx or .xlsm that SECAS issues", path))
	}
	f, err := OpenFile(path, nil)
	if err != nil {
		return nil, cannotRead(err)
	}
	defer f.Close()
	list, err := load(path, f)
	if changed := f.Unchanged(); changed != nil { // even if it could be read
		return nil, changed
	}
	return list, err
}

func loadCSV(path string, f *File) (*cpl.List, error) {
	in := &kept{r: f}
	list, err := cpl.ReadCSV(in, path)
	if in.err != nil {
		return nil, cannotRead(fmt.Errorf("%s: %w", path, in.err))
	}
	return list, exit.With(exit.Usage, err)
}

func cannotRead(err error) error {
	return exit.With(exit.IO, fmt.Errorf("could not read the Central Products List: %w", err))
}

func loadWorkbook(path string, f *File) (*cpl.List, error) {
	return readWorkbook(path, f, f.Info.Size())
}

func readWorkbook(path string, content io.ReaderAt, size int64) (*cpl.List, error) {
	book, err := xlsx.OpenAt(path, content, size)
	if err != nil {
		if pathError := (*os.PathError)(nil); errors.As(err, &pathError) {
			return nil, cannotRead(err)
		}
		return nil, exit.With(exit.Usage, err)
	}
	defer book.Close()
	tab, err := chooseTab(path, book.Sheets())
	if err != nil {
		return nil, exit.With(exit.Usage, err)
	}
	sheet, err := book.Sheet(tab)
	if err != nil {
		return nil, exit.With(exit.Usage, err)
	}
	list, err := cpl.Read(rows(sheet), path)
	return list, exit.With(exit.Usage, err)
}

// chooseTab returns the first of the list's tabs that the workbook has.
func chooseTab(path string, sheets []string) (string, error) {
	for _, tab := range cpl.Tabs() {
		i := slices.IndexFunc(sheets, func(name string) bool { return strings.EqualFold(strings.TrimSpace(name), tab) })
		if i >= 0 {
			return sheets[i], nil
		}
	}
	return "", fmt.Errorf("%s contains no Central Products List: want a tab named %q; its tabs are %q", path, cpl.Tabs(), sheets)
}

// rows returns the rows of a sheet in the form that package cpl reads.
func rows(sheet *xlsx.Sheet) cpl.Rows {
	return func(yield func(cpl.Row, error) bool) {
		for row, err := range sheet.Rows() {
			if !yield(cpl.Row{Line: row.Number, Cells: cellTexts(row.Cells)}, err) {
				return
			}
		}
	}
}

// cellTexts returns the stored texts of cells. A number's digits are returned as
// stored, so that an identifier which a spreadsheet converted to a number is
// recognised as damaged.
func cellTexts(cells []xlsx.Cell) []string {
	all := make([]string, len(cells))
	for i, c := range cells {
		all[i] = c.Text
	}
	return all
}
