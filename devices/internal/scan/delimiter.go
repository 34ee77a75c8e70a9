package scan

import (
	"bytes"
	"io"
)

// DetectDelimiter reads ahead to the first line that is not blank, and returns the
// candidate that occurs there most often outside quotes, or the first candidate if two
// tie or none occurs. It consumes nothing. Next returns an error of the stream.
func (s *Splitter) DetectDelimiter(candidates string) byte {
	for {
		delim, more := detectDelimiter(s.buf[s.start:s.end], candidates, s.dialect.NoQuotes, s.err == io.EOF)
		if !more || s.fill() != nil {
			return delim
		}
	}
}

// detectDelimiter counts in buf. more says that the line continues after buf. A line of
// more than MaxRecord bytes is cut there.
func detectDelimiter(buf []byte, candidates string, noQuotes, atEOF bool) (delim byte, more bool) {
	line := bytes.TrimLeft(buf, "\r\n")
	ended := len(line) > MaxRecord
	line = line[:min(len(line), MaxRecord)]
	var counts [256]int
	quoted := false
	for _, c := range line {
		if c == '"' && !noQuotes {
			quoted = !quoted
		}
		if quoted {
			continue
		}
		if c == '\n' {
			ended = true
			break
		}
		counts[c]++
	}
	return mostCounted(candidates, &counts), !ended && !atEOF
}

func mostCounted(candidates string, counts *[256]int) byte {
	best, tied := candidates[0], false
	for i := 1; i < len(candidates); i++ {
		c := candidates[i]
		switch {
		case counts[c] > counts[best]:
			best, tied = c, false
		case counts[c] == counts[best]:
			tied = true
		}
	}
	if tied {
		return candidates[0]
	}
	return best
}
