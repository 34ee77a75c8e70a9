package query

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/mp196/ivp/cmd/internal/evidence"
	"github.com/mp196/ivp/cmd/internal/exit"
	"github.com/mp196/ivp/cmd/internal/input"
	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/devices/cpl"
	"github.com/mp196/ivp/ivp"
)

// Question is a question in JSON.
type Question struct {
	// Device is one device, or an array of them.
	Device json.RawMessage
	// Terms are the same as in the query of the service, by name.
	Terms termValues
	// Rules is the text of a rules file to use instead of the shipped rules, which
	// nil means. Amend are the texts of amendment files to add.
	Rules *string
	Amend []string
	// List is a Central Products List, in which models are looked up; nil for none.
	List *ListFile
	// Name is the name of an inventory's file; it may be empty.
	Name string
	// Today is the day that a timeline marks; the zero value for none.
	Today ivp.Date
	// Rows is how many rows are returned with a checked inventory.
	Rows int
	// Table is a table that a person types, File the amendment file of one.
	Table json.RawMessage
	File  *string

	given []string // the fields that are given and are not null
}

// ListFile is a Central Products List, as CSV or a workbook.
type ListFile struct {
	Name    string `json:"name"`
	Content []byte `json:"content"`
}

// termValues are terms in the form of a URL query.
type termValues url.Values

// UnmarshalJSON reads an object of strings, booleans and numbers. An array means that
// the name is given several times. A null value counts as a missing key, except for
// the digest that the rules must have: if that was left null by mistake, not all rules
// may be accepted.
func (t *termValues) UnmarshalJSON(data []byte) error {
	members, err := Members(data, "the terms", nil)
	if err != nil {
		return err
	}
	*t = termValues{}
	for _, m := range members {
		var value any
		if err := json.Unmarshal(m.Value, &value); err != nil {
			return err
		}
		if value == nil && m.Key != ExpectName {
			continue
		}
		all, several := value.([]any)
		if !several {
			all = []any{value}
		}
		if several && len(all) == 0 && m.Key != MapName {
			return fmt.Errorf("%s: want one value, where an empty array was given: leave the name out", m.Key)
		}
		for _, one := range all {
			text, err := termText(one)
			if err != nil {
				return fmt.Errorf("%s: %w", m.Key, err)
			}
			(*t)[m.Key] = append((*t)[m.Key], text)
		}
	}
	return nil
}

func termText(value any) (string, error) {
	switch v := value.(type) {
	case string:
		return v, nil
	case bool:
		return fmt.Sprint(v), nil
	case float64:
		if v == math.Trunc(v) {
			return fmt.Sprintf("%.0f", v), nil
		}
	case nil:
		return "", errors.New("null: want a string, true or false, or a whole number")
	}
	return "", fmt.Errorf("%v: want a string, true or false, or a whole number", value)
}

// readQuestion reads a question. An empty text is a question without fields.
func readQuestion(text []byte) (q Question, err error) {
	if len(text) == 0 {
		return q, nil
	}
	fields := []struct {
		name string
		to   any
	}{{"device", &q.Device}, {"terms", &q.Terms}, {"rules", &q.Rules}, {"amend", &q.Amend}, {"list", &q.List}, {"name", &q.Name}, {"today", &q.Today}, {"rows", &q.Rows}, {"table", &q.Table}, {"file", &q.File}}
	var names []string
	for _, f := range fields {
		names = append(names, f.name)
	}
	wrong := func(err error) (Question, error) { return q, fmt.Errorf("the question is not as expected: %w", err) }
	if !utf8.Valid(text) {
		return wrong(errors.New("want UTF-8"))
	}
	var whole json.RawMessage // so that text after the object is an error
	if err := json.Unmarshal(text, &whole); err != nil {
		return wrong(err)
	}
	members, err := Members(whole, "a question", names)
	if err != nil {
		return wrong(fmt.Errorf("%w: want an object with some of %s", err, strings.Join(names, ", ")))
	}
	for _, m := range members {
		if bytes.Equal(m.Value, []byte("null")) {
			continue
		}
		q.given = append(q.given, m.Key)
		if err := json.Unmarshal(m.Value, fields[slices.Index(names, m.Key)].to); err != nil {
			return wrong(fmt.Errorf("%s: %w", m.Key, err))
		}
	}
	return q, nil
}

// takes returns an error if the question has a field, or a term, that the call does
// not read.
func (q *Question) takes(terms []string, fields ...string) error {
	for _, name := range q.given {
		if !slices.Contains(fields, name) {
			return fmt.Errorf("%s: this call does not read it: want %s", name, strings.Join(fields, ", "))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(q.Terms)) {
		if !slices.Contains(terms, name) { // callers in JavaScript write the other fields beside the terms
			return unknownName(name, slices.Concat(terms, slices.DeleteFunc(slices.Clone(fields), func(field string) bool { return field == "terms" || field == "device" })))
		}
	}
	return nil
}

// Host answers questions in JSON, for a page or Node.js that runs the WebAssembly.
// The zero value is ready. It is not for concurrent use.
type Host struct {
	// last are the rules of the last question. Most questions use the same rules, and
	// reading them takes longer than answering.
	last struct {
		read    bool
		rules   *string
		amend   []string
		history ivp.History
	}
	// list is the list of the last question that had one.
	list struct {
		file ListFile
		list *cpl.List
	}
}

// reply is the reply in JSON: an answer, or an error that says what is wrong with the
// question and what to do.
type reply struct {
	Answer  any           `json:"answer,omitempty"`
	Error   string        `json:"error,omitempty"`
	Columns *ColumnsError `json:"columns,omitempty"`
}

// Call reads a question in JSON, answers it with handle, and returns the reply.
func Call(handle func(Question) (any, error), text []byte) []byte {
	answer, err := guarded(handle, text)
	r := reply{Answer: answer}
	if err != nil {
		r = reply{Error: err.Error()}
		errors.As(err, &r.Columns)
	}
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(r); err != nil {
		return []byte(`{"error": "a fault of the program: the answer could not be written as JSON"}`)
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}

// guarded answers the question, and returns a panic as an error.
func guarded(handle func(Question) (any, error), text []byte) (answer any, err error) {
	err = exit.Guard(func() error {
		q, err := readQuestion(text)
		if err == nil {
			answer, err = handle(q)
		}
		return err
	})
	if exit.IsPanic(err) {
		err = fmt.Errorf("a fault of the program, %s: %w", exit.PleaseReport, err)
	}
	return answer, err
}

// InventoryTerms returns the terms of a question on an inventory.
func (host *Host) InventoryTerms(q Question) (InventoryTerms, error) {
	if err := q.takes(slices.Concat(termNames, inventoryNames), "terms", "rules", "amend", "list", "name", "rows"); err != nil {
		return InventoryTerms{}, err
	}
	if q.Rows < 0 {
		return InventoryTerms{}, fmt.Errorf("rows: %d: want a number of rows, from 0", q.Rows)
	}
	h, err := host.history(q)
	if err != nil {
		return InventoryTerms{}, err
	}
	t, err := ParseInventoryTerms(url.Values(q.Terms), ivp.Checker{History: h})
	if err != nil {
		return t, err
	}
	t.Judge.Today = devices.DayInBritain(time.Now())
	list, err := host.listOf(q)
	t.Use(list)
	return t, err
}

// listOf returns the Central Products List of a question, or nil.
func (host *Host) listOf(q Question) (*cpl.List, error) {
	if q.List == nil {
		return nil, nil
	}
	if kept := &host.list; kept.list == nil || kept.file.Name != q.List.Name || !bytes.Equal(kept.file.Content, q.List.Content) {
		list, err := input.ReadCatalogue(q.List.Name, q.List.Content)
		if err != nil {
			return nil, fmt.Errorf("list: %w", err)
		}
		kept.file, kept.list = *q.List, list
	}
	return host.list.list, nil
}

// Check answers the devices of a question.
func (host *Host) Check(q Question) (any, error) {
	t, err := host.terms(q, termNames, "device", "terms", "rules", "amend", "list")
	if err != nil {
		return nil, err
	}
	list, err := host.listOf(q)
	if err != nil {
		return nil, err
	}
	t.Use(list)
	asked, err := ReadDevices(bytes.NewReader(q.Device), math.MaxInt)
	if err != nil {
		return nil, err
	}
	answers, err := asked.Check(t)
	if err != nil {
		return nil, err
	}
	return asked.Reply(answers), nil
}

// ruleSet is the content of the rules with their edition and digest.
type ruleSet struct {
	evidence.RulesCount
	Record json.RawMessage `json:"record"`
}

// Rules returns the rules that a question would use.
func (host *Host) Rules(q Question) (any, error) {
	t, err := host.terms(q, RulesNames, "terms", "rules", "amend")
	if err != nil {
		return nil, err
	}
	h := t.Judge.Checker.History
	return ruleSet{evidence.NewRulesCount(h, devices.DayInBritain(time.Now())), h.AppendCanonical(nil)}, nil
}

// Timeline returns when each version may be installed.
func (host *Host) Timeline(q Question) (any, error) {
	t, err := host.terms(q, TimelineNames, "terms", "rules", "amend", "today")
	if err != nil {
		return nil, err
	}
	return NewTimeline(t, q.Today), nil
}

// terms returns the terms of a question, with its rules. It returns an error if the
// question has other terms than those named, or other fields than those given.
func (host *Host) terms(q Question, names []string, fields ...string) (t Terms, err error) {
	if err := q.takes(names, fields...); err != nil {
		return t, err
	}
	h, err := host.history(q)
	if err != nil {
		return t, err
	}
	return ParseNamed(url.Values(q.Terms), ivp.Checker{History: h}, names)
}

// history returns the rules of a question.
func (host *Host) history(q Question) (ivp.History, error) {
	asked := &host.last
	if asked.read && sameText(asked.rules, q.Rules) && slices.Equal(asked.amend, q.Amend) {
		return asked.history, nil
	}
	h := ivp.Published()
	if q.Rules != nil {
		var err error
		if h, err = ivp.Parse([]byte(*q.Rules)); err != nil {
			return h, fmt.Errorf("rules: not a valid rules file:\n%w", err)
		}
	}
	h, err := amended(h, q.Amend)
	if err != nil {
		return h, err
	}
	asked.read, asked.rules, asked.amend, asked.history = true, q.Rules, q.Amend, h
	return h, nil
}

// amended returns the rules with amendment files added.
func amended(h ivp.History, files []string) (ivp.History, error) {
	for n, text := range files {
		more, err := h.AmendFile([]byte(text))
		if err != nil {
			return h, fmt.Errorf("amend: file %d of %d cannot be added to the rules:\n%w", n+1, len(files), err)
		}
		h = more
	}
	return h, nil
}

// sameText reports whether two texts are equal, or both nil.
func sameText(a, b *string) bool { return a == b || a != nil && b != nil && *a == *b }
