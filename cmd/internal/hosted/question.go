// Package hosted answers a host that speaks JSON and holds the rules as
// WebAssembly: a page, Node.js, a host of WASI.
package hosted

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"net/url"

	"github.com/mp196/ivp/ivp"
)

// Question is what a host asks, as JSON.
type Question struct {
	// Device is one device, or an array of them.
	Device json.RawMessage `json:"device"`
	// Terms are those of the service's query, by name.
	Terms Terms `json:"terms"`
	// Rules is a record to be asked in place of the shipped one, and Amend are
	// amendment files to be added to it: their text.
	Rules string   `json:"rules"`
	Amend []string `json:"amend"`
	// Today is the day that a timeline points out; empty for none.
	Today ivp.Date `json:"today"`
	// Rows is how many rows are told of beside a checked inventory.
	Rows int `json:"rows"`
}

// Terms are terms as a query has them.
type Terms url.Values

// UnmarshalJSON reads an object of texts, truths, numbers and arrays of texts.
// What is null is left out.
func (t *Terms) UnmarshalJSON(data []byte) error {
	var given map[string]any
	if err := json.Unmarshal(data, &given); err != nil {
		return err
	}
	*t = Terms{}
	for name, value := range given {
		all, several := value.([]any)
		if !several {
			all = []any{value}
		}
		for _, one := range all {
			if one == nil {
				continue
			}
			text, err := termText(one)
			if err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
			(*t)[name] = append((*t)[name], text)
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
	}
	return "", fmt.Errorf("%v: want a text, true or false, or a whole number", value)
}

// readQuestion reads a question; no text is one that asks nothing.
func readQuestion(text []byte) (q Question, err error) {
	if len(text) == 0 {
		return q, nil
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&q); err != nil {
		return q, fmt.Errorf("the question is not as expected: %w: want an object with some of device, terms, rules, amend, today, rows", err)
	}
	return q, nil
}
