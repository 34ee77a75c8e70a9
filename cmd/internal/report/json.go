package report

import (
	"bufio"
	"io"

	"github.com/mp196/ivp/cmd/internal/evidence"
	"github.com/mp196/ivp/devices"
)

// rowEncoder encodes rows that hold a device.
type rowEncoder struct {
	options Options
	file    string
	columns devices.Columns
	json    *jsonEncoder
}

func (e *rowEncoder) Begin(file string, reader *devices.Reader) error {
	e.file, e.columns = file, reader.Columns()
	return nil
}

// encode returns the row's object, nil for a row that is not to be written.
func (e *rowEncoder) encode(row devices.Row, result devices.Result) ([]byte, error) {
	if row.Kind == devices.BlankLine || !e.options.wants(row, result) {
		return nil, nil
	}
	wire := devices.NewWire(e.columns, row, result, e.options.Why)
	wire.File = e.file
	return e.json.encode(wire)
}

// jsonlSink writes a line for each row.
type jsonlSink struct {
	rowEncoder
	out *bufio.Writer
}

func newJSONL(w io.Writer, options Options) *jsonlSink {
	return &jsonlSink{rowEncoder{options: options, json: newJSONEncoder()}, bufio.NewWriter(w)}
}

func (s *jsonlSink) Row(row devices.Row, result devices.Result) error {
	encoded, err := s.encode(row, result)
	if err != nil || encoded == nil {
		return err
	}
	_, err = s.out.Write(append(encoded, '\n'))
	return err
}

func (s *jsonlSink) End(*devices.Summary) error { return s.out.Flush() }

// jsonSink writes one object.
type jsonSink struct {
	rowEncoder
	object jsonObject
}

func newJSON(w io.Writer, options Options) *jsonSink {
	return &jsonSink{rowEncoder{options: options, json: newJSONEncoder()}, newJSONObject(w)}
}

func (s *jsonSink) Row(row devices.Row, result devices.Result) error {
	encoded, err := s.encode(row, result)
	if err != nil || encoded == nil {
		return err
	}
	return s.object.row(encoded)
}

func (s *jsonSink) End(summary *devices.Summary) error {
	return s.object.end(evidence.NewCounts(summary, s.options.Checker.History))
}
