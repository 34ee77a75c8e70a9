// Package hosted answers a host that speaks JSON and holds the rules as
// WebAssembly: a page, Node.js, a host of WASI.
package hosted

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/mp196/ivp/cmd/internal/ask"
	"github.com/mp196/ivp/ivp"
)

// Question is what a host asks, as JSON.
type Question struct {
	// Device is one device, or an array of them.
	Device json.RawMessage
	// Terms are those of the service's query, by name.
	Terms Terms
	// Rules is a record to be asked in place of the shipped one, nil for that, and
	// Amend are amendment files to be added to it: their text.
	Rules *string
	Amend []string
	// Today is the day that a timeline points out; no date for none.
	Today ivp.Date
	// Rows is how many rows are told of beside a checked inventory.
	Rows int

	given []string // the fields that are given, and are not null
}

// Terms are terms as a query has them.
type Terms url.Values

// UnmarshalJSON reads an object of texts, truths and numbers; an array of them
// stands for a name that is given several times. What is null is left out, except
// the digest that the rules must have: that of a guard nobody filled in must not
// let any rules pass.
func (t *Terms) UnmarshalJSON(data []byte) error {
	members, err := ask.Members(data, "the terms", nil)
	if err != nil {
		return err
	}
	*t = Terms{}
	for _, m := range members {
		var value any
		if err := json.Unmarshal(m.Value, &value); err != nil {
			return err
		}
		if value == nil && m.Key != ask.ExpectName {
			continue
		}
		all, several := value.([]any)
		if !several {
			all = []any{value}
		}
		if several && len(all) == 0 && m.Key != ask.MapName {
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
		return "", errors.New("null: want a text, true or false, or a whole number")
	}
	return "", fmt.Errorf("%v: want a text, true or false, or a whole number", value)
}

// readQuestion reads a question; no text is one that asks nothing.
func readQuestion(text []byte) (q Question, err error) {
	if len(text) == 0 {
		return q, nil
	}
	fields := []struct {
		name string
		to   any
	}{{"device", &q.Device}, {"terms", &q.Terms}, {"rules", &q.Rules}, {"amend", &q.Amend}, {"today", &q.Today}, {"rows", &q.Rows}}
	var names []string
	for _, f := range fields {
		names = append(names, f.name)
	}
	wrong := func(err error) (Question, error) { return q, fmt.Errorf("the question is not as expected: %w", err) }
	if !utf8.Valid(text) {
		return wrong(errors.New("want UTF-8"))
	}
	var whole json.RawMessage // which refuses what stands after the object
	if err := json.Unmarshal(text, &whole); err != nil {
		return wrong(err)
	}
	members, err := ask.Members(whole, "a question", names)
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

// takes returns an error if something is given that a call does not read.
func (q *Question) takes(names ...string) error {
	for _, name := range q.given {
		if !slices.Contains(names, name) {
			return fmt.Errorf("%s: this call does not read it: want %s", name, strings.Join(names, ", "))
		}
	}
	return nil
}
