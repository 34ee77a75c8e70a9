package xlsx

import (
	"fmt"
	"strings"
)

// All shared texts are held, as a cell may refer to any. They may take mostShared
// bytes, and those of a small part mostSwollen for each byte of it: no spreadsheet
// packs texts so well.
const (
	mostShared  = 1 << 30
	mostSwollen = 100
	anyShared   = 64 << 20 // is allowed in any case
)

// sharedStrings are the texts that cells refer to by number. They are kept as
// one, for a million strings cost more than their letters.
type sharedStrings struct {
	all  string
	ends []uint32
}

// at returns a text by its number, from 0.
func (s *sharedStrings) at(i int) string {
	if i == 0 {
		return s.all[:s.ends[0]]
	}
	return s.all[s.ends[i-1]:s.ends[i]]
}

// readSharedStrings reads the texts. A workbook may have none: the part is then
// "".
func readSharedStrings(all parts, part string) (*sharedStrings, error) {
	if part == "" {
		return &sharedStrings{}, nil
	}
	r, err := all.open(part, mostUnpacked)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	most := min(mostShared, max(anyShared, mostSwollen*all.packed(part)))
	texts, err := parseSharedStrings(newElements(r), int(most))
	if err != nil {
		return nil, fmt.Errorf("part %s, text %d: %w", part, len(texts.ends)+1, err)
	}
	return texts, nil
}

// parseSharedStrings reads texts that take no more than so many bytes. With an
// error it returns those before it.
func parseSharedStrings(e *elements, most int) (*sharedStrings, error) {
	s := &sharedStrings{}
	root, err := e.root()
	if err != nil {
		return s, err
	}
	if root.name != "sst" {
		return s, fmt.Errorf("it begins with <%s>, where <sst> was expected", root.name)
	}
	var joined strings.Builder
	var text []byte
	for {
		start, ok, err := e.child()
		switch {
		case err != nil:
			return s, err
		case !ok:
			s.all = joined.String()
			return s, e.end()
		case start.name != "si":
			if err := e.skip(); err != nil {
				return s, err
			}
			continue
		}
		if text, err = e.richText(text[:0]); err != nil {
			return s, err
		}
		joined.Write(text)
		if s.ends = append(s.ends, uint32(joined.Len())); joined.Len()+len(s.ends)*4 > most {
			return s, fmt.Errorf("the texts take more than %d MiB, the most that is read of a part of its size", most>>20)
		}
	}
}
