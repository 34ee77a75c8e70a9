//go:build js

package report

import (
	"errors"
	"io"

	"github.com/mp196/ivp/devices"
)

// workbookSink refuses to write a workbook: the writer would make the WebAssembly too
// large.
type workbookSink struct {
	w       io.Writer
	options Options
}

var errNoWorkbook = errors.New("a workbook cannot be written here: take the checked CSV, which a spreadsheet opens")

func (s *workbookSink) Rows() *devices.BulkOutput { return &devices.BulkOutput{W: s.w} }
func (s *workbookSink) Begin(Input) error         { return errNoWorkbook }
func (s *workbookSink) End(Totals) error          { return errNoWorkbook }
func (s *workbookSink) Notes() []string           { return nil }

func writeDocumentWorkbook(io.Writer, Document) error { return errNoWorkbook }
