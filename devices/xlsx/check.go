package xlsx

import (
	"archive/zip"
	"encoding/xml"
	"fmt"
	"io"
	"strings"
)

// check refuses a workbook of which a part breaks off or is malformed. The
// library takes the first thing that it cannot read for the end of a sheet, and
// would so make a short list of a broken one without a word.
func check(r io.ReaderAt, size int64) error {
	parts, err := zip.NewReader(r, size)
	if err != nil {
		return err
	}
	var unpacked uint64
	for _, part := range parts.File {
		if unpacked += part.UncompressedSize64; unpacked > mostUnpacked {
			return fmt.Errorf("it unpacks to more than %d GiB", mostUnpacked>>30)
		}
		if !holdsCells(part.Name) {
			continue
		}
		if err := wellFormed(part); err != nil {
			return fmt.Errorf("its part %s is damaged: %w", part.Name, err)
		}
	}
	return nil
}

func holdsCells(part string) bool {
	part = strings.ToLower(strings.ReplaceAll(part, "\\", "/"))
	return strings.HasPrefix(part, "xl/worksheets/") && strings.HasSuffix(part, ".xml") || part == "xl/sharedstrings.xml"
}

func wellFormed(part *zip.File) error {
	r, err := part.Open()
	if err != nil {
		return err
	}
	defer r.Close()
	decoder := xml.NewDecoder(r)
	for {
		if _, err := decoder.Token(); err != nil {
			if err == io.EOF {
				return nil
			}
			return err
		}
	}
}
