package report

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"

	"github.com/mp196/ivp/cmd/internal/evidence"
	"github.com/mp196/ivp/devices"
)

// jsonlSink writes a line for each row that holds a device.
type jsonlSink struct {
	out     *bufio.Writer
	options Options
	file    string
	columns devices.Columns
	buffer  bytes.Buffer
	encoder *json.Encoder
}

func newJSONL(w io.Writer, options Options) *jsonlSink {
	s := &jsonlSink{out: bufio.NewWriter(w), options: options}
	s.encoder = json.NewEncoder(&s.buffer)
	s.encoder.SetEscapeHTML(false)
	return s
}

func (s *jsonlSink) Begin(file string, reader *devices.Reader) error {
	s.file, s.columns = file, reader.Columns()
	return nil
}

func (s *jsonlSink) Row(row devices.Row, result devices.Result) error {
	encoded, err := s.encode(row, result)
	if err != nil || encoded == nil {
		return err
	}
	_, err = s.out.Write(append(encoded, '\n'))
	return err
}

// encode returns the row's object, nil for a row that is not to be written.
func (s *jsonlSink) encode(row devices.Row, result devices.Result) ([]byte, error) {
	if row.Kind == devices.BlankLine || !s.options.wants(row, result) {
		return nil, nil
	}
	wire := devices.NewWire(s.columns, row, result, s.options.Why)
	wire.File = s.file
	s.buffer.Reset()
	if err := s.encoder.Encode(wire); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(s.buffer.Bytes(), []byte("\n")), nil
}

func (s *jsonlSink) End(*devices.Summary) error { return s.out.Flush() }

// jsonSink writes one object. Its rows go out as they come and the summary
// after them, so that memory does not grow with the input; an object cut short
// is no JSON, and so never mistaken for a whole one.
type jsonSink struct {
	*jsonlSink
	rows int
}

func newJSON(w io.Writer, options Options) *jsonSink {
	return &jsonSink{jsonlSink: newJSONL(w, options)}
}

func (s *jsonSink) Row(row devices.Row, result devices.Result) error {
	encoded, err := s.encode(row, result)
	if err != nil || encoded == nil {
		return err
	}
	before := ",\n"
	if s.rows == 0 {
		before = "{\"rows\": [\n"
	}
	s.rows++
	s.out.WriteString(before)
	_, err = s.out.Write(encoded)
	return err
}

func (s *jsonSink) End(summary *devices.Summary) error {
	if s.rows == 0 {
		s.out.WriteString("{\"rows\": [")
	}
	encoded, err := json.Marshal(evidence.NewCounts(summary, s.options.Checker.History))
	if err != nil {
		return err
	}
	s.out.WriteString("\n],\n\"summary\": ")
	s.out.Write(encoded)
	s.out.WriteString("}\n")
	return s.out.Flush()
}
