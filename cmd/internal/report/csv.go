package report

import (
	"io"

	"github.com/mp196/ivp/devices"
)

// csvSink writes every input column as it came, then ours.
type csvSink struct {
	w       io.Writer
	options Options
	writer  *devices.Writer
}

func (s *csvSink) Begin(_ string, reader *devices.Reader) error {
	if s.writer != nil {
		return nil
	}
	s.writer = devices.NewWriter(s.w, reader, s.options.Columns)
	s.writer.SetStyle(s.options.Style)
	return s.writer.WriteHeading()
}

func (s *csvSink) Row(row devices.Row, result devices.Result) error {
	if !s.options.wants(row, result) {
		return nil
	}
	return s.writer.WriteRow(row, result.Cells(s.options.Why))
}

func (s *csvSink) End(*devices.Summary) error {
	if s.writer == nil {
		return nil
	}
	return s.writer.Flush()
}
