package server

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/ivp"
)

// fields are the fields of a device in JSON: those that name it and those that
// are judged.
var fields = []devices.Field{devices.DeviceID, devices.DeviceType, devices.Spec, devices.GBCS, devices.InstallDate, devices.Scope}

var fieldNames = namesOf(fields)

func namesOf(fields []devices.Field) (names []string) {
	for _, f := range fields {
		names = append(names, f.String())
	}
	return names
}

// Answer is the answer for one device.
type Answer struct {
	DeviceID string `json:"device_id,omitempty"`
	devices.Wire
}

// check answers one device, or an array of them.
func (s *Server) check(w http.ResponseWriter, r *http.Request) error {
	t, err := s.terms(r.URL.Query())
	if err != nil {
		return err
	}
	columns, err := devices.MapColumns(fieldNames, devices.ColumnOptions{})
	if err != nil {
		return err
	}
	asked, several, err := s.readDevices(http.MaxBytesReader(w, r.Body, s.config.Limits.Body))
	if err != nil {
		return err
	}
	answers := make([]Answer, len(asked))
	counts := map[ivp.Outcome]int{}
	for i, cells := range asked {
		result := t.judge.Device(columns.Device(cells))
		answers[i] = Answer{cells[0], result.Wire(t.why)}
		counts[result.Outcome()]++
	}
	s.metrics.devices(counts)
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Ivp-Rules", t.judge.Checker.History.Edition())
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	if several {
		return encoder.Encode(answers)
	}
	return encoder.Encode(answers[0])
}

// readDevices reads the cells of each device of a request.
func (s *Server) readDevices(body io.Reader) (all [][]string, several bool, err error) {
	decoder := json.NewDecoder(body)
	var raw json.RawMessage
	if err := decoder.Decode(&raw); err != nil {
		return nil, false, notJSON(err)
	}
	if _, err := decoder.Token(); err != io.EOF {
		return nil, false, badRequest("something follows the JSON: send one device or one array of devices")
	}
	var items []json.RawMessage
	if several = strings.HasPrefix(strings.TrimSpace(string(raw)), "["); !several {
		items = []json.RawMessage{raw}
	} else if err := json.Unmarshal(raw, &items); err != nil {
		return nil, true, notJSON(err)
	}
	if len(items) > s.config.Limits.Devices {
		return nil, true, &problem{http.StatusRequestEntityTooLarge, fmt.Sprintf("%d devices, and at most %d go into one request: send them in parts, or as CSV to /v1/check.csv", len(items), s.config.Limits.Devices)}
	}
	for i, item := range items {
		cells, err := readDevice(item)
		if err != nil {
			if several {
				err = fmt.Errorf("device %d: %w", i, err)
			}
			return nil, several, badRequest(err.Error())
		}
		all = append(all, cells)
	}
	return all, several, nil
}

func notJSON(err error) error {
	var syntax *json.SyntaxError
	switch {
	case errors.As(err, &syntax):
		return badRequest(fmt.Sprintf("at byte %d: %v: send one device, such as {\"spec\": \"SMETS2 v4.2\", \"install_date\": \"2022-06-01\"}, or an array of them", syntax.Offset, err))
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return badRequest("the JSON ends before it is whole: send one device, or an array of them")
	}
	return err
}

// readDevice reads the cells of one device, in the order of the fields.
func readDevice(item json.RawMessage) ([]string, error) {
	var given map[string]any
	if err := json.Unmarshal(item, &given); err != nil || given == nil {
		return nil, errors.New("a device is an object, such as {\"spec\": \"SMETS2 v4.2\", \"install_date\": \"2022-06-01\"}")
	}
	cells := make([]string, len(fields))
	for name, value := range given {
		at := slices.Index(fieldNames, name)
		if at < 0 {
			return nil, fmt.Errorf("%q is no field of a device: want %s", name, strings.Join(fieldNames, ", "))
		}
		text, ok := value.(string)
		if !ok && value != nil {
			return nil, fmt.Errorf("%s: want a text, in quotes: a number would lose the 0 of 4.20", name)
		}
		cells[at] = text
	}
	return cells, nil
}

// checkCSV checks an inventory as it comes, at constant memory.
func (s *Server) checkCSV(w http.ResponseWriter, r *http.Request) error {
	query := r.URL.Query()
	t, err := s.terms(query, "only", "date_format", "delimiter")
	if err != nil {
		return err
	}
	options := devices.CheckOptions{Judge: t.judge, Why: t.why, Workers: 2}
	options.Reader.Columns.OnGiven, options.Reader.Columns.ScopeGiven = t.judge.On.Valid(), t.judge.ScopeGiven
	if err := inventoryOptions(&options, query.Get("only"), query.Get("date_format"), query.Get("delimiter")); err != nil {
		return err
	}
	http.NewResponseController(w).EnableFullDuplex()
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Ivp-Rules", t.judge.Checker.History.Edition())
	for _, name := range trailers {
		w.Header().Add("Trailer", name)
	}
	summary, err := devices.CheckCSV(r.Context(), w, http.MaxBytesReader(w, r.Body, s.config.Limits.Inventory), options)
	if err != nil {
		return err
	}
	counts := map[ivp.Outcome]int{}
	for i, o := range ivp.Outcomes() {
		counts[o] = summary.Count(o)
		w.Header().Set(trailers[i], fmt.Sprint(counts[o]))
	}
	s.metrics.devices(counts)
	return nil
}

// trailers follow an inventory: how many devices had each outcome, in the order
// of the outcomes. They come only where it is whole.
var trailers = trailerNames()

func trailerNames() (names []string) {
	for _, o := range ivp.Outcomes() {
		names = append(names, "Ivp-"+strings.ReplaceAll(o.String(), "_", "-"))
	}
	return names
}

func inventoryOptions(options *devices.CheckOptions, only, format, delimiter string) (err error) {
	if only != "" {
		selection, err := devices.ParseSelection(only)
		if err != nil {
			return badRequest("only: " + err.Error())
		}
		options.Only = &selection
	}
	if format != "" {
		if options.Reader.Columns.Dates, err = devices.ParseDateFormat(format); err != nil {
			return badRequest("date_format: " + err.Error())
		}
	}
	switch {
	case delimiter == "tab":
		options.Reader.Delimiter = '\t'
	case len(delimiter) == 1:
		options.Reader.Delimiter = delimiter[0]
	case delimiter != "":
		return badRequest(fmt.Sprintf("delimiter: %q: want one character, or tab", delimiter))
	}
	return nil
}
