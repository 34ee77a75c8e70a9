package hosted

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/url"
	"runtime/debug"
	"time"

	"github.com/mp196/ivp/cmd/internal/ask"
	"github.com/mp196/ivp/cmd/internal/evidence"
	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/ivp"
)

// reply is what a host gets back, as JSON: an answer, or what was wrong with the
// question and what to do about it.
type reply struct {
	Answer  any               `json:"answer,omitempty"`
	Error   string            `json:"error,omitempty"`
	Columns *ask.ColumnsError `json:"columns,omitempty"`
}

// Call puts a question in JSON to one of the calls, and returns the reply.
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
		return []byte(`{"error": "a fault of ours: the answer could not be written as JSON"}`)
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}

// guarded turns a fault of ours into an error: the host lives on.
func guarded(handle func(Question) (any, error), text []byte) (answer any, err error) {
	defer func() {
		if fault := recover(); fault != nil {
			answer, err = nil, fmt.Errorf("a fault of ours, please report it: %v\n%s", fault, debug.Stack())
		}
	}()
	q, err := readQuestion(text)
	if err != nil {
		return nil, err
	}
	return handle(q)
}

// InventoryTerms returns the terms of a question about an inventory.
func (q *Question) InventoryTerms() (ask.InventoryTerms, error) {
	if err := q.takes("terms", "rules", "amend", "rows"); err != nil {
		return ask.InventoryTerms{}, err
	}
	if q.Rows < 0 {
		return ask.InventoryTerms{}, fmt.Errorf("rows: %d: want a number of rows, from 0", q.Rows)
	}
	h, err := q.history()
	if err != nil {
		return ask.InventoryTerms{}, err
	}
	t, err := ask.ParseInventoryTerms(url.Values(q.Terms), ivp.Checker{History: h})
	t.Judge.Today = devices.DayInBritain(time.Now())
	return t, err
}

// Check answers the devices of a question.
func Check(q Question) (any, error) {
	if err := q.takes("device", "terms", "rules", "amend"); err != nil {
		return nil, err
	}
	h, err := q.history()
	if err != nil {
		return nil, err
	}
	t, err := ask.ParseTerms(url.Values(q.Terms), ivp.Checker{History: h})
	if err != nil {
		return nil, err
	}
	asked, err := ask.ReadDevices(bytes.NewReader(q.Device), math.MaxInt)
	if err != nil {
		return nil, err
	}
	answers, err := asked.Check(t)
	if err != nil {
		return nil, err
	}
	return asked.Reply(answers), nil
}

// ruleSet is a record, and what names it.
type ruleSet struct {
	evidence.RulesCount
	Record json.RawMessage `json:"record"`
}

// Rules tells which record is asked.
func Rules(q Question) (any, error) {
	if err := q.takes("terms", "rules", "amend"); err != nil {
		return nil, err
	}
	h, err := q.history()
	if err != nil {
		return nil, err
	}
	if _, err := ask.ParseNamed(url.Values(q.Terms), ivp.Checker{History: h}, ask.RulesNames); err != nil {
		return nil, err
	}
	return ruleSet{evidence.NewRulesCount(h, devices.DayInBritain(time.Now())), h.AppendCanonical(nil)}, nil
}

// Timeline draws when each version may be installed.
func Timeline(q Question) (any, error) {
	if err := q.takes("terms", "rules", "amend", "today"); err != nil {
		return nil, err
	}
	h, err := q.history()
	if err != nil {
		return nil, err
	}
	t, err := ask.ParseNamed(url.Values(q.Terms), ivp.Checker{History: h}, ask.TimelineNames)
	if err != nil {
		return nil, err
	}
	return ask.NewTimeline(t, q.Today), nil
}
