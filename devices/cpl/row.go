package cpl

import "iter"

// Row is one row of a list as it is written.
type Row struct {
	// Line is the row's number as an editor or a spreadsheet counts it, from 1.
	Line int
	// Cells are the texts of the cells; cells that are blank at the end may be
	// left out.
	Cells []string
	// Fault, if not empty, says why the row could not be split into cells.
	Fault string
}

// Rows yields the rows of a list. An error ends them.
type Rows = iter.Seq2[Row, error]
