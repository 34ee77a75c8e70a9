package xlsx

import (
	"archive/zip"
	"bufio"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"

	"golang.org/x/text/encoding/unicode"
)

// mostUnpacked is how many bytes the part of a sheet, or of the shared texts, may
// hold once it is unpacked: far more than any inventory, and little enough that a
// small file made to unpack without end is refused. mostSmall is the same for a
// part that is held as a whole: the list of the tabs, relations, styles, tables.
const (
	mostUnpacked = 4 << 30
	mostSmall    = 16 << 20
)

// parts are the files in a workbook's archive, by their name without regard to
// case. A damaged part harms only who opens it.
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

// open opens a part of at most so many bytes. The archive's reader holds it to the
// size that the archive says it has.
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
		_, err = io.Copy(io.Discard, r) // the archive's checksum stands at the end
	}
	if err != nil {
		return fmt.Errorf("part %s is damaged: %w", name, err)
	}
	return nil
}

// newDecoder returns a decoder of XML in UTF-8 or UTF-16.
func newDecoder(r io.Reader) *xml.Decoder {
	buffered := bufio.NewReaderSize(r, 64<<10)
	head, _ := buffered.Peek(len("<?"))
	r = buffered
	switch string(head) {
	case "\xff\xfe", "<\x00":
		r = unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder().Reader(r)
	case "\xfe\xff", "\x00<":
		r = unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewDecoder().Reader(r)
	case "\xef\xbb": // of the byte order mark of UTF-8, which the decoder takes for a text
		buffered.Discard(len("\ufeff"))
	}
	decoder := xml.NewDecoder(r)
	decoder.CharsetReader = func(charset string, r io.Reader) (io.Reader, error) {
		switch strings.ToLower(charset) {
		case "utf-16", "utf-16le", "utf-16be", "utf8", "us-ascii": // UTF-8 by now
			return r, nil
		}
		return nil, errors.New("want UTF-8 or UTF-16")
	}
	return decoder
}
