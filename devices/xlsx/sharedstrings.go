package xlsx

import (
	"fmt"
	"math"
	"strings"
)

// mostShared is how many bytes the shared texts may take: all of them are held,
// for a cell may want any.
const mostShared = 1 << 30

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
	file := all.find(part)
	if file == nil {
		return nil, fmt.Errorf("the workbook has no part %s, which holds the texts of its cells", part)
	}
	r, err := file.Open()
	if err != nil {
		return nil, fmt.Errorf("part %s: %w", part, err)
	}
	defer r.Close()
	texts, err := parseSharedStrings(newElements(r))
	if err != nil {
		return nil, fmt.Errorf("part %s, text %d: %w", part, len(texts.ends)+1, err)
	}
	return texts, nil
}

// parseSharedStrings reads the texts. With an error it returns those before it.
func parseSharedStrings(e *elements) (*sharedStrings, error) {
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
		if s.ends = append(s.ends, uint32(joined.Len())); joined.Len()+len(s.ends)*4 > min(mostShared, math.MaxUint32) {
			return s, fmt.Errorf("the texts take more than %d GiB, the most that is read", mostShared>>30)
		}
	}
}
