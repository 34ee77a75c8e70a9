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

// sharedStrings are the texts that cells refer to by number. They are kept end to
// end in blocks: a million strings cost more than their letters, and one string
// would be copied as it grows.
type sharedStrings struct {
	blocks []string // each of sharedBlock bytes but the last
	ends   []uint32 // of each text, in all blocks together
}

const sharedBlock = 1 << 20

// at returns a text by its number, from 0.
func (s *sharedStrings) at(i int) string {
	from, to := 0, int(s.ends[i])
	if i > 0 {
		from = int(s.ends[i-1])
	}
	if from == to {
		return ""
	}
	if first, last := from/sharedBlock, (to-1)/sharedBlock; first == last {
		return s.blocks[first][from-first*sharedBlock : to-first*sharedBlock]
	}
	var joined strings.Builder
	for from < to {
		block := s.blocks[from/sharedBlock][from%sharedBlock:]
		block = block[:min(len(block), to-from)]
		joined.WriteString(block)
		from += len(block)
	}
	return joined.String()
}

// blockWriter fills blocks.
type blockWriter struct {
	blocks  []string
	open    strings.Builder
	written int
}

func (w *blockWriter) write(text []byte) {
	w.written += len(text)
	for len(text) > 0 {
		w.open.Grow(sharedBlock - w.open.Len())
		n := min(len(text), sharedBlock-w.open.Len())
		w.open.Write(text[:n])
		if text = text[n:]; w.open.Len() == sharedBlock {
			w.close()
		}
	}
}

func (w *blockWriter) close() {
	w.blocks = append(w.blocks, w.open.String())
	w.open.Reset()
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
	var kept blockWriter
	var text []byte
	for {
		start, ok, err := e.child()
		switch {
		case err != nil:
			return s, err
		case !ok:
			kept.close()
			s.blocks = kept.blocks
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
		kept.write(text)
		if s.ends = append(s.ends, uint32(kept.written)); kept.written+len(s.ends)*4 > most {
			return s, fmt.Errorf("the texts take more than %d MiB, the most that is read of a part of its size", most>>20)
		}
	}
}
