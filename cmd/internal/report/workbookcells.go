//go:build !js

package report

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"

	"github.com/xuri/excelize/v2"

	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/devices/xlsx"
	"github.com/mp196/ivp/ivp"
)

// cutMark ends a text that a workbook cannot hold whole.
const cutMark = " […]"

// text returns a text as a cell: always text, never a formula or a number, so
// that 0041 and =1+1 stay what they are.
func (s *workbookSink) text(text string) any {
	if text == "" {
		return nil
	}
	return s.fitting(text)
}

// textCell returns a text as a cell of a row, as text does.
func (s *workbookSink) textCell(text string) styledCell {
	if text == "" {
		return styledCell{}
	}
	return styledCell{Cell: xlsx.Cell{Kind: xlsx.Text, Text: s.fitting(text)}}
}

// fitting returns a text that a workbook can hold.
func (s *workbookSink) fitting(text string) string {
	if len(text) <= excelize.TotalCellChars && isPlain(text) {
		return text
	}
	if most := 8 * excelize.TotalCellChars; len(text) > most { // a character has at most four bytes
		text = strings.Clone(text[:most])
	}
	text = strings.Map(printable, strings.ToValidUTF8(text, "\ufffd"))
	if len(text) <= excelize.TotalCellChars {
		return text
	}
	units := utf16.Encode([]rune(text))
	if len(units) <= excelize.TotalCellChars {
		return text
	}
	s.cut++
	most := excelize.TotalCellChars - len([]rune(cutMark))
	return strings.TrimSuffix(string(utf16.Decode(units[:most])), "\ufffd") + cutMark
}

// printable replaces what XML cannot hold.
func printable(r rune) rune {
	if r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == 0xfffe || r == 0xffff {
		return '\ufffd'
	}
	return r
}

// inputCells appends the input's cells: those of a workbook as they are held there,
// those of text as they came, except true dates; of a malformed row the whole line
// in the first. One that is too long loses nothing: what has no column joins the
// last.
func (s *workbookSink) inputCells(to []styledCell, row devices.Row, result devices.Result) ([]styledCell, error) {
	begin := len(to)
	to = append(to, make([]styledCell, len(s.kept))...)
	cells := to[begin:]
	if s.held != nil {
		held, err := s.held(row.Line)
		for at, i := range s.kept {
			if err == nil && i < len(held) {
				cells[at], err = s.heldCell(held[i])
			}
		}
		return to, err
	}
	texts := row.Cells
	if texts == nil {
		cut := row.Text()
		texts = []string{string(cut[:min(len(cut), 8*excelize.TotalCellChars)])}
	}
	if width := s.in.Reader.Columns().Width(); len(texts) > width && width > 0 {
		texts = append(append([]string(nil), texts[:width-1]...), strings.Join(texts[width-1:], string(s.in.Reader.Delimiter())))
	}
	day := s.in.Reader.Columns().Index(devices.InstallDate)
	for at, i := range s.kept {
		switch {
		case i >= len(texts):
		case i == day && result.Installation.On.Valid() && isDayAlone(texts[i]):
			cells[at] = s.dayCell(result.Installation.On)
		case s.costs[i]:
			cost, err := s.cost(texts[i])
			if err != nil {
				return nil, err
			}
			cells[at] = cost
		default:
			cells[at] = s.textCell(texts[i])
		}
	}
	return to, nil
}

// costColumns returns the columns of a text whose headings say that they are money.
func costColumns(columns devices.Columns) map[int]bool {
	costs := map[int]bool{}
	for i, heading := range columns.Headings() {
		heading = strings.ToLower(heading)
		costs[i] = i == columns.Index(devices.UnitCost) || strings.Contains(heading, "cost") || strings.Contains(heading, "price") || strings.Contains(heading, "£")
	}
	return costs
}

// cost returns a cell of a text as a number that is shown as it was written; as text if
// it is no amount, or would be shown in another way.
func (s *workbookSink) cost(text string) (styledCell, error) {
	number := strings.ReplaceAll(strings.TrimPrefix(text, "£"), ",", "")
	whole, pence, parted := strings.Cut(number, ".")
	grouped := strings.Contains(text, ",")
	if _, err := devices.ParsePence(text); err != nil || strings.TrimLeft(number, "0123456789.") != "" || len(whole) > 1 && whole[0] == '0' {
		return s.textCell(text), nil
	}
	code := "0"
	if grouped {
		code = "#,##0"
	}
	if parted {
		code += "." + strings.Repeat("0", len(pence))
	}
	if strings.HasPrefix(text, "£") {
		code = `"£"` + code
	}
	style, err := s.styleOf(&xlsx.Format{Code: code})
	return styledCell{xlsx.Cell{Kind: xlsx.Number, Text: number}, style}, err
}

// heldCell returns a cell of a workbook for another: its kind, its value and its
// number format are the same.
func (s *workbookSink) heldCell(cell xlsx.Cell) (styledCell, error) {
	switch {
	case cell.Text == "":
		return styledCell{}, nil
	case cell.Kind == xlsx.Day && cell.Serial == "": // a day that is held as text
		at, err := time.Parse(time.DateTime, cell.Text)
		if err != nil {
			at, err = time.Parse(time.DateOnly, cell.Text)
		}
		if err != nil {
			return s.textCell(cell.Text), nil
		}
		cell.Serial = serial(at)
	case cell.Kind == xlsx.Text:
		cell.Text = s.fitting(cell.Text)
	}
	look := heldLook{cell.Format, cell.Kind == xlsx.Day}
	style, known := s.looks[look]
	if !known {
		if style = s.styles.date; !look.day || cell.Format != nil && cell.Format.ShowsDay() {
			var err error
			if style, err = s.styleOf(cell.Format); err != nil {
				return styledCell{}, err
			}
		}
		if s.looks == nil {
			s.looks = map[heldLook]int{}
		}
		s.looks[look] = style
	}
	return styledCell{cell, style}, nil
}

// heldLook is what decides the style of a cell of a workbook.
type heldLook struct {
	format *xlsx.Format
	day    bool
}

// styleOf returns the style of a number format.
func (s *workbookSink) styleOf(f *xlsx.Format) (int, error) {
	if f == nil {
		return 0, nil
	}
	style, known := s.formats[*f]
	if known {
		return style, nil
	}
	code := f.Code
	if code == "" { // the library does not know all built-in formats by their numbers
		code = fmt.Sprintf(`"format %d"`, f.ID)
	}
	style, err := s.file.NewStyle(&excelize.Style{CustomNumFmt: &code})
	if err != nil {
		return 0, err
	}
	if f.Code == "" {
		*s.file.Styles.CellXfs.Xf[style].NumFmtID = f.ID
	}
	if s.formats == nil {
		s.formats = map[xlsx.Format]int{}
	}
	s.formats[*f] = style
	return style, nil
}

// isDayAlone reports whether a date has no time of day, which would be lost.
func isDayAlone(text string) bool {
	return !strings.ContainsAny(text, ":") && len(strings.TrimSpace(text)) <= len("27 September 2023")
}

// dayCell returns a day as a date of the workbook, with its style.
func (s *workbookSink) dayCell(day ivp.Date) styledCell {
	if day.Before(firstDay) {
		return s.textCell(day.String())
	}
	return styledCell{xlsx.Cell{Kind: xlsx.Day, Serial: strconv.Itoa(dayZero.DaysUntil(day))}, s.styles.date}
}

// dayZero is the day from which a workbook counts, and firstDay the first that is written
// as a date: before March 1900 a workbook counts differently.
var dayZero, firstDay = ivp.DateOf(time.Date(1899, 12, 30, 12, 0, 0, 0, time.UTC)), ivp.DateOf(time.Date(1901, 1, 1, 12, 0, 0, 0, time.UTC))

// count returns a number as a cell of a row, with a style.
func count(n, style int) styledCell {
	return styledCell{xlsx.Cell{Kind: xlsx.Number, Text: strconv.Itoa(n)}, style}
}

// addedCells appends the cells of the answer, as dates and numbers where they are such.
func (s *workbookSink) addedCells(to []styledCell, row devices.TypedRow) []styledCell {
	result := row.Result
	for i, text := range result.Cells(s.options.Why) {
		var cell styledCell
		switch name := s.options.Columns[i]; name {
		case "ivp_outcome":
			cell = s.textCell(text)
			cell.style = s.styles.outcomes[result.Outcome()]
		case "ivp_to", "ivp_on", "ivp_as_at", "ivp_from":
			if day, err := ivp.ParseDate(text); err == nil {
				cell = s.dayCell(day)
			}
		case "ivp_days_left":
			if days, ok := result.DaysLeft(); ok {
				cell = count(days, s.styles.count)
			}
		default:
			cell = s.textCell(text)
		}
		to = append(to, cell)
	}
	return to
}

// differenceCells appends the cells of a comparison, as dates and numbers where they
// are such.
func (s *workbookSink) differenceCells(to []styledCell, row devices.TypedRow) []styledCell {
	for i, text := range row.Difference.Cells(s.options.Why) {
		var cell styledCell
		switch name := s.options.Columns[i]; {
		case strings.HasSuffix(name, "_to"):
			if day, err := ivp.ParseDate(text); err == nil && day.Valid() {
				cell = s.dayCell(day)
			}
		case name == "ivp_days_gained":
			if days, err := strconv.Atoi(text); err == nil {
				cell = count(days, s.styles.count)
			}
		default:
			cell = s.textCell(text)
			if o, ok := outcomeOf(text); ok { // the word of an outcome has its colour
				cell.style = s.styles.outcomes[o]
			}
		}
		to = append(to, cell)
	}
	return to
}
