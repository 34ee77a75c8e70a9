package devices

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/mp196/ivp/devices/internal/scan"
)

// CSVStyle says in what CSV output departs from the input. The zero value
// departs in nothing.
type CSVStyle struct {
	// Excel begins with a byte order mark and ends lines with "\r\n", so that
	// Excel reads it as UTF-8.
	Excel bool
	// Safe puts ' before a cell that a spreadsheet would take for a formula: one that
	// begins with = + - @, also in full width and with blanks before it, with a tab or
	// with a line end. It does so inside a cell too where a program that takes another
	// delimiter, or no quotes, would see a cell begin.
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

// appendGuarded appends a record with ' where a spreadsheet would else find a cell
// that is a formula: before a cell that begins with a sign of formulas, with blanks
// before it or not, or with a tab or a line end, inside its quotes if it has some;
// and before such a sign inside a cell where another program may see a cell begin,
// after a comma, semicolon, tab, bar, line end or quote. Where numbers is true, a
// cell that is a whole number is none.
func appendGuarded(dst, raw []byte, d scan.Dialect, numbers bool) []byte {
	begins, quoted, inside := true, false, false
	for i := 0; i < len(raw); {
		if begins {
			begins, inside = false, false
			if open := openingQuote(raw[i:], d); open >= 0 {
				quoted = true
				dst = append(dst, raw[i:i+open+1]...)
				i += open + 1
			}
			if isFormula(raw[i:], d, quoted, numbers) {
				dst = append(dst, '\'')
			}
			if i == len(raw) {
				break
			}
		}
		r, size := utf8.DecodeRune(raw[i:])
		switch {
		case r == rune(d.Delimiter) && !quoted:
			begins = true
		case r == '"' && !d.NoQuotes:
			quoted, inside = !quoted, true
		case strings.ContainsRune(otherStarts, r), r == rune(d.Delimiter):
			inside = true
		case isFormulaSign(r):
			if inside {
				dst = append(dst, '\'')
			}
			inside = false
		case !passedOver(r):
			inside = false
		}
		dst = append(dst, raw[i:i+size]...)
		i += size
	}
	return dst
}

// otherStarts are the characters after which another program may see a cell begin.
const otherStarts = ",;\t|\r\n\""

// isFormula reports whether a cell, of which raw begins with the text, may be taken
// for a formula.
func isFormula(raw []byte, d scan.Dialect, quoted, numbers bool) bool {
	for i := 0; i < len(raw); {
		r, size := utf8.DecodeRune(raw[i:])
		switch {
		case r == rune(d.Delimiter) && !quoted:
			return false
		case i == 0 && (r == '\t' || r == '\r' || r == '\n'):
			return true
		case isFormulaSign(r):
			return !numbers || !isNumber(raw[i+size:], d)
		case r == '\t', r == '\r', r == '\n', passedOver(r):
		default:
			return false
		}
		i += size
	}
	return false
}

// isNumber reports whether a cell goes on with digits alone.
func isNumber(raw []byte, d scan.Dialect) bool {
	digits := 0
	for digits < len(raw) && raw[digits] >= '0' && raw[digits] <= '9' {
		digits++
	}
	return digits > 0 && (digits == len(raw) || raw[digits] == d.Delimiter || raw[digits] == '"')
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
	if !s.Safe {
		return cell
	}
	return string(appendGuarded(nil, []byte(cell), scan.Dialect{NoQuotes: true}, false))
}

// guardFrom guards the cells that were added to a record, from a place on. Days left
// may be a number below zero, which is no formula.
func (s CSVStyle) guardFrom(dst []byte, from int, d scan.Dialect) []byte {
	if !s.Safe {
		return dst
	}
	return appendGuarded(dst[:from], bytes.Clone(dst[from:]), d, true)
}

// isFormulaSign reports whether a formula may begin with the character, in the
// widths that spreadsheets read alike.
func isFormulaSign(r rune) bool { return strings.ContainsRune("=+-@＝＋－＠﹦﹢﹣﹫", r) }

// passedOver reports whether a program may pass over a character before a formula: it
// takes room alone, does not show, or is no character in the encoding of the file.
func passedOver(r rune) bool {
	return unicode.IsSpace(r) || !unicode.IsGraphic(r) || strings.ContainsRune("\ufffd\u115f\u1160\u3164\uffa0", r)
}
