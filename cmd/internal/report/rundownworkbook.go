package report

import (
	"fmt"
	"io"

	"github.com/xuri/excelize/v2"

	"github.com/mp196/ivp/cmd/internal/rundown"
)

// gridHeadRow is the row in which the heading of a table stands that has a sheet
// of its own.
const gridHeadRow = 3

func (r rundownReport) writeWorkbook(w io.Writer) error {
	s := &workbookSink{w: w}
	if err := s.open(); err != nil {
		return err
	}
	defer s.file.Close()
	d := r.document(0)
	if err := s.writeDocument(d); err != nil {
		return err
	}
	if err := r.writeChart(s.file); err != nil {
		return err
	}
	if err := s.file.DeleteSheet("Sheet1"); err != nil {
		return err
	}
	return s.pack(d)
}

// writeChart draws what closes on a day on record, on a sheet of its own: the
// others are streamed, and a picture cannot be added to those.
func (r rundownReport) writeChart(f *excelize.File) error {
	closing := 0
	for _, d := range r.Dates() {
		if d.Kind == rundown.Dated {
			closing++
		}
	}
	if closing == 0 {
		return nil
	}
	const sheet = "Chart"
	if _, err := f.NewSheet(sheet); err != nil {
		return err
	}
	if err := forPaper(f, sheet, "landscape"); err != nil {
		return err
	}
	columns := map[string]string{"Devices": "0B4A8F"}
	order := []string{"Devices"}
	if r.Plan != nil {
		columns, order = map[string]string{"Fitted": "0B4A8F", "Stranded": "C8651B"}, []string{"Fitted", "Stranded"}
	}
	chart := &excelize.Chart{
		Type: excelize.BarStacked, Title: excelize.ChartTitle{Paragraph: []excelize.RichTextRun{{Text: "Devices by closing day"}}},
		Dimension: excelize.ChartDimension{Width: 900, Height: uint(160 + 36*min(closing, 30))},
		XAxis:     excelize.ChartAxis{ReverseOrder: true}, Legend: excelize.ChartLegend{Position: "bottom"},
		PlotArea: excelize.ChartPlotArea{ShowVal: closing <= 30},
	}
	for _, name := range order {
		column, err := r.dateColumn(name)
		if err != nil {
			return err
		}
		chart.Series = append(chart.Series, excelize.ChartSeries{
			Name:       fmt.Sprintf("'By date'!$%s$%d", column, gridHeadRow),
			Categories: fmt.Sprintf("'By date'!$A$%d:$A$%d", gridHeadRow+1, gridHeadRow+closing),
			Values:     fmt.Sprintf("'By date'!$%s$%d:$%s$%d", column, gridHeadRow+1, column, gridHeadRow+closing),
			Fill:       excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{columns[name]}},
		})
	}
	return f.AddChart(sheet, "A1", chart)
}

// dateColumn returns the letter of a column of the table by date.
func (r rundownReport) dateColumn(name string) (string, error) {
	for i, head := range r.dateGrid().Heads {
		if head.Name == name {
			return excelize.ColumnNumberToName(i + 1)
		}
	}
	return "", fmt.Errorf("no column %s by date", name)
}
