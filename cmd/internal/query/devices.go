package query

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/mp196/ivp/cmd/internal/remarks"
	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/ivp"
)

// fields are the fields of a device in JSON: its id and the judged fields; then its
// model, which is looked up in a Central Products List.
var fields = append([]devices.Field{devices.DeviceID, devices.DeviceType, devices.Spec, devices.GBCS, devices.InstallDate, devices.Scope}, modelFields...)

var modelFields = []devices.Field{devices.Manufacturer, devices.Model, devices.HardwareVersion, devices.HardwareRevision, devices.ModelHardware, devices.Firmware}

var fieldNames = remarks.FieldNames(fields)

// columns returns the columns of every device, mapped once: BenchmarkCheckOne of the
// service takes 20 µs, and 204 µs if each request maps them.
var columns = sync.OnceValues(func() (devices.Columns, error) {
	return devices.MapColumns(fieldNames, devices.ColumnOptions{})
})

// columnsOfModels returns the columns of every device if there is a list.
var columnsOfModels = sync.OnceValues(func() (devices.Columns, error) {
	return devices.MapColumns(fieldNames, devices.ColumnOptions{CPL: true})
})

// Answer is the answer for one device.
type Answer struct {
	DeviceID string `json:"device_id,omitempty"`
	devices.Wire
}

// Devices are the devices of one question.
type Devices struct {
	// Several is true if they were sent as an array.
	Several bool
	cells   [][]string
}

// TooMany is the error for more devices than one question may have.
type TooMany struct{ Most int }

// Error names the limit.
func (e *TooMany) Error() string {
	return fmt.Sprintf("more than %d devices in one request: send them in parts, or as CSV to /v1/check.csv", e.Most)
}

// example is shown in messages on devices that cannot be read.
const example = `{"spec": "SMETS2 v4.2", "install_date": "2022-06-01"}`

// mostOfDevice is how many bytes of JSON a device may have, because it is kept in
// memory while it is read. The fields of a device need a few hundred.
const mostOfDevice = 64 << 10

// ReadDevices reads one device, or an array of at most most devices, and stops at
// the first fault; only the devices read are kept in memory. In an array, an error
// names the device by its index, from 0. ReadDevices returns *[TooMany], or r's error,
// or an error that says where the JSON is wrong and what was expected. A null value
// counts as a missing key.
func ReadDevices(r io.Reader, most int) (d Devices, err error) {
	in := &valueReader{r: bufio.NewReader(r)}
	if err := in.skipSpace(); err != nil {
		return d, notJSON(err, 0)
	}
	decoder := json.NewDecoder(in)
	if d.Several = in.next == '['; d.Several {
		decoder.Token()
	}
	var raw json.RawMessage
	for i := 0; !d.Several && i == 0 || d.Several && decoder.More(); i++ {
		if i == most {
			return d, &TooMany{most}
		}
		in.from = in.read
		cells, err := decodeDevice(decoder, &raw, in.skipped)
		if err != nil && d.Several {
			err = fmt.Errorf("device %d: %w", i, err)
		}
		if err != nil {
			return d, err
		}
		d.cells = append(d.cells, cells)
	}
	if d.Several {
		in.from = in.read
		if _, err := decoder.Token(); err != nil {
			return d, notJSON(err, in.skipped)
		}
	}
	in.from = in.read
	var syntax *json.SyntaxError
	if _, err := decoder.Token(); err == nil || errors.As(err, &syntax) {
		return d, errors.New("there is text after the JSON: send one device or one array of devices")
	} else if err != io.EOF {
		return d, err
	}
	return d, nil
}

// decodeDevice reads the cells of the next device, using raw as its buffer. skipped
// is the number of bytes before those that the decoder has read.
func decodeDevice(decoder *json.Decoder, raw *json.RawMessage, skipped int64) ([]string, error) {
	if err := decoder.Decode(raw); err != nil {
		return nil, notJSON(err, skipped)
	}
	if !utf8.Valid(*raw) {
		return nil, errors.New("the JSON is not UTF-8: send it in UTF-8, so that no character is lost")
	}
	return readDevice(*raw)
}

// valueReader reads for a decoder, and fails if one value has more bytes than a
// device may have. A decoder reads only if its buffer has no complete value.
type valueReader struct {
	r       *bufio.Reader
	next    byte // the first byte that is not a space
	skipped int64
	// read counts the bytes read; from is its value when decoding of the current
	// value began. Part of that value may have been read before.
	read, from int64
}

// skipSpace skips to the first byte that is not a space.
func (v *valueReader) skipSpace() (err error) {
	for {
		if v.next, err = v.r.ReadByte(); err != nil {
			return err
		}
		if !bytes.Contains([]byte(" \t\r\n"), []byte{v.next}) {
			return v.r.UnreadByte()
		}
		v.skipped++
	}
}

// Read reads at most 4 KiB, so that the limit is checked often enough.
func (v *valueReader) Read(p []byte) (int, error) {
	if v.read-v.from > mostOfDevice {
		return 0, fmt.Errorf("more than %d KiB for one device, where a few hundred bytes were expected: send only the fields of a device", mostOfDevice>>10)
	}
	n, err := v.r.Read(p[:min(len(p), 4<<10)])
	v.read += int64(n)
	return n, err
}

// notJSON returns an error that says where the JSON is wrong. skipped is the number
// of bytes before those that the decoder has read.
func notJSON(err error, skipped int64) error {
	var syntax *json.SyntaxError
	switch {
	case errors.As(err, &syntax):
		return fmt.Errorf("at byte %d: %w: send one device, such as %s, or an array of them", syntax.Offset+skipped, err, example)
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return errors.New("the JSON is incomplete: send one device, or an array of them")
	}
	return err
}

// readDevice reads the cells of one device, in the order of the fields.
func readDevice(item json.RawMessage) ([]string, error) {
	members, err := Members(item, "a device", fieldNames)
	if errors.Is(err, errNoObject) {
		err = fmt.Errorf("a device is an object, such as %s", example)
	}
	if err != nil && bytes.Contains(item, []byte(`\n`)) {
		err = fmt.Errorf("%w; if this is an inventory in CSV inside JSON, send the text of the inventory itself, as CSV", err)
	}
	if err != nil {
		return nil, err
	}
	cells := make([]string, len(fields))
	for _, m := range members {
		var text *string
		if err := json.Unmarshal(m.Value, &text); err != nil {
			return nil, fmt.Errorf("%s: want a string, in quotes, where %s was given: a number would lose the 0 of 4.20", m.Key, devices.ClippedCell(string(m.Value)))
		}
		if text != nil {
			cells[slices.Index(fieldNames, m.Key)] = *text
		}
	}
	return cells, nil
}

// Member is a key of a JSON object, and its value.
type Member struct {
	Key   string
	Value json.RawMessage
}

var errNoObject = errors.New("this is not a JSON object")

// Members returns the members of a JSON object, in their order. It returns an error
// if a key is not among the known ones (nil allows every key), and if two keys are
// equal or differ only in case, of which encoding/json would use the last. what
// describes the object in messages.
func Members(object []byte, what string, known []string) (members []Member, err error) {
	decoder := json.NewDecoder(bytes.NewReader(object))
	if token, err := decoder.Token(); err != nil || token != json.Delim('{') {
		return nil, errNoObject
	}
	for decoder.More() {
		token, err := decoder.Token()
		if err != nil {
			return nil, err
		}
		key, _ := token.(string)
		sameKey := func(other string) bool { return strings.EqualFold(key, other) }
		if known != nil && !slices.Contains(known, key) {
			if i := slices.IndexFunc(known, sameKey); i >= 0 {
				return nil, fmt.Errorf("%q is not a field of %s: write it %q", key, what, known[i])
			}
			return nil, fmt.Errorf("%q is not a field of %s: want %s", key, what, strings.Join(known, ", "))
		}
		if i := slices.IndexFunc(members, func(m Member) bool { return sameKey(m.Key) }); i >= 0 {
			return nil, fmt.Errorf("%q is given twice in %s, first as %q: give it once", key, what, members[i].Key)
		}
		m := Member{Key: key}
		if err := decoder.Decode(&m.Value); err != nil {
			return nil, err
		}
		members = append(members, m)
	}
	return members, nil
}

// Check returns an answer for each device, in order. An answer that rests
// on a cell which cannot be read has an explanation that names the cell, even if no
// explanations were requested.
func (d Devices) Check(t Terms) ([]Answer, error) {
	mapped := columns
	if t.Judge.Catalogue != nil {
		mapped = columnsOfModels
	} else if err := d.withoutModels(); err != nil {
		return nil, err
	}
	columns, err := mapped()
	if err != nil {
		return nil, err
	}
	answers := make([]Answer, len(d.cells))
	for i, cells := range d.cells {
		result := t.Judge.Device(columns.Device(cells))
		answers[i] = Answer{cells[0], result.Wire(t.Why)}
		switch result.Reason {
		case ivp.BadVersion, ivp.BadDate, ivp.UnknownDeviceType:
			answers[i].Explanation = result.Explanation()
		}
	}
	return answers, nil
}

// withoutModels returns an error if a device has a model: without a list it would not
// be looked up.
func (d Devices) withoutModels() error {
	for i, cells := range d.cells {
		for n := len(fields) - len(modelFields); n < len(fields); n++ {
			if cells[n] != "" {
				return fmt.Errorf("device %d: %s: a model is looked up only in a Central Products List: give the list too, or leave the field out", i, fieldNames[n])
			}
		}
	}
	return nil
}

// Reply returns the reply: one answer for one device, an array for an array.
func (d Devices) Reply(answers []Answer) any {
	if d.Several {
		return answers
	}
	return answers[0]
}
