//go:build !js

package report

import (
	"fmt"
	"slices"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"github.com/mp196/ivp/devices/xlsx"
)

// rowSheets streams rows into a sheet, and into another where that is full.
type rowSheets struct {
	file   *excelize.File
	styles workbookStyles
	titles []string
	own    int            // how many of the titles are the input's
	most   int            // rows of a sheet, the heading's included
	above  [][]styledCell // what stands above the first heading
	names  []string

	stream  *excelize.StreamWriter // of the sheet at hand, for all but its rows
	row     int                    // the last of that sheet that is written
	written []*rowXML              // the rows of each sheet
	held    [][]styledCell         // the first rows, from which widths are taken
}

func newRowSheets(f *excelize.File, styles workbookStyles, titles []string, own int) *rowSheets {
	return &rowSheets{file: f, styles: styles, titles: titles, own: own, most: mostSheetRows}
}

// heldRows is the number of rows from which widths are taken.
const heldRows = 200

// add writes a row. It does not keep the cells.
func (s *rowSheets) add(cells []styledCell) error {
	if s.stream == nil {
		if s.held = append(s.held, slices.Clone(cells)); len(s.held) < heldRows && len(s.held) < s.most-1-len(s.above) {
			return nil
		}
		return s.settle()
	}
	if s.row == s.most {
		if err := s.finish(); err != nil {
			return err
		}
		if err := s.begin(); err != nil {
			return err
		}
	}
	return s.write(cells)
}

// settle begins the first sheet with the rows held.
func (s *rowSheets) settle() error {
	if err := s.begin(); err != nil {
		return err
	}
	for _, cells := range s.held {
		if err := s.write(cells); err != nil {
			return err
		}
	}
	return nil
}

func (s *rowSheets) write(cells []styledCell) error {
	s.row++
	return s.written[len(s.written)-1].write(s.row, cells)
}

// parts returns the rows of each sheet by the name of its part: the library
// numbers the parts as the sheets were made, and these are made first.
func (s *rowSheets) parts() map[string]*rowXML {
	parts := map[string]*rowXML{}
	for i, w := range s.written {
		parts[fmt.Sprintf("xl/worksheets/sheet%d.xml", i+1)] = w
	}
	return parts
}

// close takes the temporary files away.
func (s *rowSheets) close() {
	for _, w := range s.written {
		w.close()
	}
}

// begin begins a sheet: widths, a heading that stays in sight, the heading.
func (s *rowSheets) begin() error {
	name := "Rows"
	if n := len(s.names); n > 0 {
		name = fmt.Sprintf("Rows %d", n+1)
		if _, err := s.file.NewSheet(name); err != nil {
			return err
		}
	} else if err := s.file.SetSheetName("Sheet1", name); err != nil {
		return err
	}
	s.names, s.row = append(s.names, name), 0
	err := forPaper(s.file, name, "landscape")
	if err != nil {
		return err
	}
	if s.stream, err = s.file.NewStreamWriter(name); err != nil {
		return err
	}
	rows, err := newRowXML()
	if err != nil {
		return err
	}
	s.written = append(s.written, rows)
	for i := range s.titles {
		if err := s.stream.SetColWidth(i+1, i+1, s.width(i)); err != nil {
			return err
		}
	}
	if len(s.titles) == 0 {
		return s.write([]styledCell{{Cell: xlsx.Cell{Kind: xlsx.Text, Text: "no input holds a row"}}})
	}
	if row := s.headingRow(); row <= mostFrozen {
		if err := s.stream.SetPanes(&excelize.Panes{Freeze: true, YSplit: row, TopLeftCell: fmt.Sprintf("A%d", row+1), ActivePane: "bottomLeft"}); err != nil {
			return err
		}
	}
	for s.row < s.headingRow()-1 {
		if err := s.write(s.above[s.row]); err != nil {
			return err
		}
	}
	return s.heading()
}

// mostFrozen is how many rows stay in sight at most: more would fill a screen.
const mostFrozen = 10

// headingRow returns the row of the heading in the sheet at hand.
func (s *rowSheets) headingRow() int {
	if len(s.names) > 1 {
		return 1
	}
	return len(s.above) + 1
}

func (s *rowSheets) heading() error {
	cells := make([]styledCell, len(s.titles))
	for i, title := range s.titles {
		style := s.styles.heading
		if i >= s.own {
			style = s.styles.added
		}
		cells[i] = styledCell{xlsx.Cell{Kind: xlsx.Text, Text: title}, style}
	}
	return s.write(cells)
}

// width returns what a column needs for its title and the first rows, within
// reason.
func (s *rowSheets) width(column int) float64 {
	const least, most = 8, 48
	widest := utf8.RuneCountInString(s.titles[column]) + 3 // room for the filter's button
	for _, cells := range s.held {
		if column < len(cells) {
			widest = max(widest, cells[column].width()+1)
		}
	}
	return float64(min(max(widest, least), most))
}

// finish gives the sheet at hand its filter, and ends it: once it is ended the
// library takes nothing more for it.
func (s *rowSheets) finish() error {
	if len(s.titles) > 0 {
		last, err := excelize.CoordinatesToCellName(len(s.titles), s.row)
		if err != nil {
			return err
		}
		if err := printHeads(s.file, s.names[len(s.names)-1], s.headingRow()); err != nil {
			return err
		}
		if err := s.file.AutoFilter(s.names[len(s.names)-1], fmt.Sprintf("A%d:%s", s.headingRow(), last), nil); err != nil {
			return err
		}
	}
	if err := s.written[len(s.written)-1].end(); err != nil {
		return err
	}
	return s.stream.Flush()
}

// end ends the last sheet.
func (s *rowSheets) end() error {
	if s.stream == nil {
		if err := s.settle(); err != nil {
			return err
		}
	}
	return s.finish()
}

// printHeads has a row of a sheet printed on each of its pages.
func printHeads(f *excelize.File, sheet string, row int) error {
	return f.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Titles", RefersTo: fmt.Sprintf("'%s'!$%d:$%d", sheet, row, row), Scope: sheet})
}

// forPaper has a sheet printed as wide as a page. It must be said before the
// sheet's rows are written.
func forPaper(f *excelize.File, sheet, orientation string) error {
	fit, a4, wide, long := true, 9, 1, 0
	if err := f.SetSheetProps(sheet, &excelize.SheetPropsOptions{FitToPage: &fit}); err != nil {
		return err
	}
	return f.SetPageLayout(sheet, &excelize.PageLayoutOptions{Size: &a4, Orientation: &orientation, FitToWidth: &wide, FitToHeight: &long})
}
