package xlsx

import (
	"fmt"
	"iter"
)

// Row is one row of a sheet.
type Row struct {
	// Number is the row's number as the spreadsheet shows it, from 1.
	Number int
	// Cells are the texts of the cells, from column A on; blank cells at the
	// end are left out, and a blank row has none.
	Cells []string
}

// Rows yields the rows of a tab, each as it is read, blank ones between others
// included. An error ends them; it names the tab and the row.
func (b *Book) Rows(sheet string) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		number, stopped := 0, false
		fail := func(err error) {
			yield(Row{}, fmt.Errorf("%s, tab %q, row %d: %w", b.name, sheet, number, err))
		}
		rows, err := b.file.Rows(sheet)
		if err != nil {
			fail(err)
			return
		}
		for !stopped && rows.Next() {
			number++
			cells, err := rows.Columns()
			if err != nil {
				rows.Close()
				fail(err)
				return
			}
			stopped = !yield(Row{number, cells}, nil)
		}
		if err := rows.Close(); err != nil && !stopped {
			fail(err)
		}
	}
}
