package devices

import (
	"bytes"

	"github.com/mp196/ivp/devices/internal/scan"
)

// CSVStyle says in what CSV output departs from the input. The zero value
// departs in nothing.
type CSVStyle struct {
	// Excel begins with a byte order mark and ends lines with "\r\n", so that
	// Excel reads it as UTF-8.
	Excel bool
	// Safe puts ' before an input cell that a spreadsheet would take for a
	// formula: one that begins with = + - @, a tab or a carriage return.
	Safe bool
}

var windowsEnd = []byte("\r\n")

// bom returns the byte order mark to write where the input has the given one.
func (s CSVStyle) bom(of []byte) []byte {
	if s.Excel {
		return byteOrderMark
	}
	return of
}

// end returns the line end to write for one of the input.
func (s CSVStyle) end(of []byte) []byte {
	if s.Excel && len(of) > 0 {
		return windowsEnd
	}
	return of
}

// lines returns whole lines with the line ends to write.
func (s CSVStyle) lines(of []byte) []byte {
	if !s.Excel || len(of) == 0 {
		return of
	}
	return bytes.ReplaceAll(bytes.ReplaceAll(of, windowsEnd, []byte("\n")), []byte("\n"), windowsEnd)
}

// appendGuarded appends a record with ' before each cell that a spreadsheet
// would take for a formula, inside its quotes if it has some.
func appendGuarded(dst, raw []byte, d scan.Dialect) []byte {
	begins, quoted := true, false
	for i := 0; i < len(raw); i++ {
		if begins && !quoted {
			if open := openingQuote(raw[i:], d); open >= 0 {
				quoted = true
				dst = append(dst, raw[i:i+open+1]...)
				i += open
				continue
			}
		}
		c := raw[i]
		if begins && isFormulaSign(c) {
			dst = append(dst, '\'')
		}
		if c == '"' && !d.NoQuotes {
			quoted = !quoted
		}
		begins = c == d.Delimiter && !quoted
		dst = append(dst, c)
	}
	return dst
}

// openingQuote returns where the quote is that a cell begins with; -1 for none.
func openingQuote(cell []byte, d scan.Dialect) int {
	for i, c := range cell {
		switch {
		case c == '"' && !d.NoQuotes:
			return i
		case c != ' ' && c != '\t', c == d.Delimiter:
			return -1
		}
	}
	return -1
}

// Guarded returns a cell as it is written in this style.
func (s CSVStyle) Guarded(cell string) string {
	if s.Safe && cell != "" && isFormulaSign(cell[0]) {
		return "'" + cell
	}
	return cell
}

func isFormulaSign(c byte) bool {
	switch c {
	case '=', '+', '-', '@', '\t', '\r':
		return true
	}
	return false
}
