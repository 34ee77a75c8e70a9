// Package xlsx turns a workbook into rows of text. It is the one place that
// reads with the spreadsheet library.
//
// A cell's text is what the workbook holds, not what a spreadsheet would show:
// a number format is not applied. So 0041 is 0041 where it was kept as text,
// and 41 where it was not.
package xlsx
