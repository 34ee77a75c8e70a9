package cpl

import (
	"bytes"
	"fmt"
	"io"

	"github.com/mp196/ivp/devices/internal/scan"
)

// delimiters are those that a heading line can tell, the likeliest first.
const delimiters = ",;\t"

var (
	byteOrderMark = []byte("\xef\xbb\xbf")
	workbookStart = []byte("PK\x03\x04")
)

// ReadCSV reads a list as CSV, by the rules of [Read]. It fails on a workbook,
// and where src fails.
func ReadCSV(src io.Reader, name string) (*List, error) {
	records := scan.NewSplitter(src, scan.Dialect{Delimiter: ','})
	if records.Skip(workbookStart) {
		return nil, fmt.Errorf("%s: this is a workbook: give it the extension .xlsx or .xlsm", name)
	}
	records.Skip(byteOrderMark)
	records.SetDelimiter(records.DetectDelimiter(delimiters))
	return Read(csvRows(records), name)
}

func csvRows(records *scan.Splitter) Rows {
	return func(yield func(Row, error) bool) {
		for {
			data, record, err := records.Next()
			if err == io.EOF {
				return
			}
			if err != nil {
				yield(Row{}, err)
				return
			}
			if !yield(newRow(records.Line(), data, &record), nil) {
				return
			}
		}
	}
}

func newRow(line int, data []byte, record *scan.Record) Row {
	row := Row{Line: line}
	if record.Malformed() {
		row.Fault = fmt.Sprintf("this is no row of cells: %s at line %d, byte %d: %q", faultTexts[record.Fault.Kind],
			line+record.Fault.Line, record.Fault.Column, clip(string(bytes.TrimRight(data, "\r\n"))))
		return row
	}
	for _, cell := range record.Cells {
		row.Cells = append(row.Cells, string(cell.AppendText(nil, data)))
	}
	return row
}

var faultTexts = map[scan.FaultKind]string{
	scan.BareQuote:    "a quote inside a cell without quotes",
	scan.AfterQuote:   "text after a closing quote",
	scan.Unterminated: "a quote that nothing closes",
	scan.TooLong:      "a row of more than 16 MiB",
}
