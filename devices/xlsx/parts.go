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

// mostUnpacked is how many bytes a workbook may hold once it is unpacked: far
// more than any inventory, and little enough that a small file made to unpack
// without end is refused.
const mostUnpacked = 4 << 30

// parts are the files in a workbook's archive, by their name without regard to
// case.
type parts map[string]*zip.File

func newParts(r io.ReaderAt, size int64) (parts, error) {
	archive, err := zip.NewReader(r, size)
	if err != nil {
		return nil, err
	}
	all := parts{}
	left := uint64(mostUnpacked)
	for _, file := range archive.File {
		// The archive's reader holds a part to the size that is promised here.
		if file.UncompressedSize64 > left {
			return nil, fmt.Errorf("it unpacks to more than %d GiB, the most that is read", mostUnpacked>>30)
		}
		left -= file.UncompressedSize64
		key := partKey(file.Name)
		if all[key] != nil {
			return nil, fmt.Errorf("its part %s is there twice: open it in a spreadsheet and save it afresh", file.Name)
		}
		all[key] = file
	}
	return all, nil
}

func partKey(name string) string {
	return strings.ToLower(strings.TrimPrefix(strings.ReplaceAll(name, `\`, "/"), "/"))
}

func (p parts) find(name string) *zip.File { return p[partKey(name)] }

// decode reads a whole small part into a struct.
func (p parts) decode(name string, into any) error {
	file := p.find(name)
	if file == nil {
		return fmt.Errorf("it has no part %s: %w", name, errFormat)
	}
	if err := decodeFile(file, into); err != nil {
		return fmt.Errorf("its part %s is damaged: %w", name, err)
	}
	return nil
}

func decodeFile(file *zip.File, into any) error {
	r, err := file.Open()
	if err != nil {
		return err
	}
	defer r.Close()
	if err := newDecoder(r).Decode(into); err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, r) // the archive's checksum stands at the end
	return err
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
