package report

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
)

// jsonEncoder encodes one value after another in the same memory.
type jsonEncoder struct {
	buffer  bytes.Buffer
	encoder *json.Encoder
}

func newJSONEncoder() *jsonEncoder {
	e := &jsonEncoder{}
	e.encoder = json.NewEncoder(&e.buffer)
	e.encoder.SetEscapeHTML(false)
	return e
}

// encode returns a value in one line, without its end. It is valid until the
// next.
func (e *jsonEncoder) encode(value any) ([]byte, error) {
	e.buffer.Reset()
	err := e.encoder.Encode(value)
	return bytes.TrimSuffix(e.buffer.Bytes(), []byte("\n")), err
}

// jsonObject writes one object: rows as they come, then a summary, so that memory
// does not grow with the input. An object cut short is no JSON, and so never
// mistaken for a whole one.
type jsonObject struct {
	out  *bufio.Writer
	rows int
}

func newJSONObject(w io.Writer) jsonObject { return jsonObject{out: bufio.NewWriter(w)} }

// row writes an encoded row.
func (o *jsonObject) row(encoded []byte) error {
	before := ",\n"
	if o.rows == 0 {
		before = "{\"rows\": [\n"
	}
	o.rows++
	o.out.WriteString(before)
	_, err := o.out.Write(encoded)
	return err
}

// end writes the summary and what remains.
func (o *jsonObject) end(summary any) error {
	if o.rows == 0 {
		o.out.WriteString("{\"rows\": [")
	}
	encoded, err := json.Marshal(summary)
	if err != nil {
		return err
	}
	o.out.WriteString("\n],\n\"summary\": ")
	o.out.Write(encoded)
	o.out.WriteString("}\n")
	return o.out.Flush()
}
