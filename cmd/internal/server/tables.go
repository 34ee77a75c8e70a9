package server

import (
	"io"
	"net/http"
	"net/url"

	"github.com/mp196/ivp/cmd/internal/query"
)

// tablesBytes is the greatest permitted size of a question on typed tables.
const tablesBytes = 256 << 10

// tables makes an amendment file from a table that a person types, and returns what
// the rules know. It keeps neither.
func (s *Server) tables(w http.ResponseWriter, r *http.Request, values url.Values) error {
	if _, err := query.ParseNamed(values, s.config.Checker, query.RulesNames); err != nil {
		return err
	}
	body, err := jsonBody(r, r.Body, sendTable)
	if err != nil {
		return err
	}
	text, err := io.ReadAll(body)
	if err != nil {
		return err
	}
	q, err := query.ReadTables(text)
	if err != nil {
		return err
	}
	reply, err := q.Reply(s.config.Checker.History, s.today())
	if err != nil {
		return err
	}
	s.head(w, s.config.Checker.History, "application/json; charset=utf-8")
	return encode(w, reply)
}
