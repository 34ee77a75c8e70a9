package report

import (
	"github.com/xuri/excelize/v2"

	"github.com/mp196/ivp/ivp"
)

// workbookStyles are the looks of cells, by the library's numbers.
type workbookStyles struct {
	date, heading, added, title, label, number, money, wrapped int
	outcomes                                                   map[ivp.Outcome]int
}

// The colours stay apart in grey and for eyes that see no red or green: a light
// one, a dark one with light letters, and a yellow one in italics.
func newWorkbookStyles(f *excelize.File) (workbookStyles, error) {
	s := workbookStyles{outcomes: map[ivp.Outcome]int{}}
	var failed error
	style := func(look excelize.Style) int {
		id, err := f.NewStyle(&look)
		if err != nil {
			failed = err
		}
		return id
	}
	fill := func(colour string) excelize.Fill {
		return excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{colour}}
	}
	day, top := "yyyy-mm-dd", &excelize.Alignment{Vertical: "top", WrapText: true}
	s.date = style(excelize.Style{CustomNumFmt: &day})
	s.heading = style(excelize.Style{Font: &excelize.Font{Family: "Calibri", Bold: true}, Fill: fill("D9E1EA"), Alignment: top})
	s.added = style(excelize.Style{Font: &excelize.Font{Family: "Calibri", Bold: true, Color: "FFFFFF"}, Fill: fill("1F3B57"), Alignment: top})
	s.title = style(excelize.Style{Font: &excelize.Font{Family: "Calibri", Bold: true, Size: 14}})
	s.label = style(excelize.Style{Font: &excelize.Font{Family: "Calibri", Bold: true}, Alignment: &excelize.Alignment{Vertical: "top"}})
	s.number = style(excelize.Style{NumFmt: 3})
	pounds := `"£"#,##0.00`
	s.money = style(excelize.Style{CustomNumFmt: &pounds})
	s.wrapped = style(excelize.Style{Alignment: top})
	s.outcomes[ivp.Eligible] = style(excelize.Style{Fill: fill("D5EEE9"), Font: &excelize.Font{Family: "Calibri", Color: "0B3B33"}})
	s.outcomes[ivp.NotEligible] = style(excelize.Style{Fill: fill("9C2A10"), Font: &excelize.Font{Family: "Calibri", Color: "FFFFFF", Bold: true}})
	s.outcomes[ivp.Undetermined] = style(excelize.Style{Fill: fill("FFF0B3"), Font: &excelize.Font{Family: "Calibri", Color: "3D3000", Italic: true}})
	return s, failed
}
