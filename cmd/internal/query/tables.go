package query

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/mp196/ivp/cmd/internal/amendtable"
	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/ivp"
)

// TablesQuestion is a table that a person types, or the amendment file of one to
// continue; with neither, only what the rules know is returned.
type TablesQuestion struct {
	Table json.RawMessage
	File  *string
	Amend []string
}

// TablesReply is the reply to a [TablesQuestion].
type TablesReply struct {
	// Known is what the rules know today, a row for each version and scope.
	Known []amendtable.Known `json:"known"`
	// Table is the table of the file.
	Table *amendtable.Form `json:"table,omitempty"`
	// Checked is what the table makes.
	Checked *amendtable.Checked `json:"checked,omitempty"`
}

// tablesFields are the fields of a [TablesQuestion] in JSON.
var tablesFields = []string{"table", "file", "amend"}

// ReadTables reads a question in JSON.
func ReadTables(text []byte) (q TablesQuestion, err error) {
	question, err := readQuestion(text)
	if err == nil {
		err = question.takes(nil, tablesFields...)
	}
	return TablesQuestion{question.Table, question.File, question.Amend}, err
}

// Tables answers a question on typed tables.
func (host *Host) Tables(q Question) (any, error) {
	t, err := host.terms(q, RulesNames, append(slices.Clip(tablesFields), "terms", "rules")...)
	if err != nil {
		return nil, err
	}
	return TablesQuestion{Table: q.Table, File: q.File}.Reply(t.Judge.Checker.History, devices.DayInBritain(time.Now()))
}

// Reply answers the question by the rules, with its amendments added.
func (q TablesQuestion) Reply(h ivp.History, today ivp.Date) (reply TablesReply, err error) {
	if h, err = amended(h, q.Amend); err != nil {
		return reply, err
	}
	day := today
	if !day.Valid() {
		day = h.Latest()
	}
	reply.Known = amendtable.KnownBy(h, day)
	var form amendtable.Form
	switch {
	case q.Table != nil && q.File != nil:
		return reply, errors.New("table and file are both given: want one of them")
	case q.File != nil:
		if form, err = amendtable.FormOf(h, []byte(*q.File)); err != nil {
			return reply, err
		}
		reply.Table = &form
	case q.Table != nil:
		if form, err = readForm(q.Table); err != nil {
			return reply, fmt.Errorf("table: %w", err)
		}
	default:
		return reply, nil
	}
	reply.Checked = new(form.Check(h, today))
	return reply, nil
}

// mostFormRows is the greatest permitted number of rows of a typed table.
const mostFormRows = 1000

// readForm reads a typed table. It refuses unknown and repeated fields.
func readForm(text []byte) (form amendtable.Form, err error) {
	rows := struct {
		Rows []json.RawMessage `json:"rows"`
	}{}
	if _, err = Members(text, "a table", jsonNames[amendtable.Form]()); err != nil {
		return form, err
	}
	if err = json.Unmarshal(text, &rows); err != nil {
		return form, err
	}
	if len(rows.Rows) > mostFormRows {
		return form, fmt.Errorf("%d rows: want at most %d", len(rows.Rows), mostFormRows)
	}
	for i, row := range rows.Rows {
		if _, err := Members(row, "a row", jsonNames[amendtable.FormRow]()); err != nil {
			return form, fmt.Errorf("row %d: %w", i+1, err)
		}
	}
	return form, json.Unmarshal(text, &form)
}

// jsonNames returns the names of the fields of a struct in JSON.
func jsonNames[T any]() (names []string) {
	for field := range reflect.TypeFor[T]().Fields() {
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		names = append(names, name)
	}
	return names
}
