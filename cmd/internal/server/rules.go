package server

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/mp196/ivp/cmd/internal/query"
	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/ivp"
)

//go:embed openapi.json
var openAPI []byte

// rules returns the rules in canonical form. Their digest is the ETag.
func (s *Server) rules(w http.ResponseWriter, r *http.Request, values url.Values) error {
	with, err := s.attachments(r, "")
	if err != nil {
		return err
	}
	if _, err := query.ParseNamed(values, with.checker, query.RulesNames); err != nil {
		return err
	}
	h := with.checker.History
	tag := `"` + h.Digest() + `"`
	s.head(w, h, "application/json; charset=utf-8")
	w.Header().Set("Ivp-Vouched-To", fmt.Sprint(h.VouchedTo(s.today())))
	w.Header().Set("ETag", tag)
	if strings.Contains(r.Header.Get("If-None-Match"), tag) {
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	_, err = w.Write(h.AppendCanonical(nil))
	return err
}

// explain returns the answer for one device with its explanation.
func (s *Server) explain(w http.ResponseWriter, _ *http.Request, values url.Values) error {
	t, err := query.ParseNamed(values, s.config.Checker, query.ExplainNames)
	if err != nil {
		return err
	}
	cells := []string{values.Get("device_type"), values.Get("spec"), values.Get("gbcs")}
	columns, err := devices.MapColumns([]string{"device_type", "spec", "gbcs"}, devices.ColumnOptions{OnGiven: true})
	if err != nil {
		return err
	}
	d := columns.Device(cells)
	if len(d.Faults) > 0 {
		return badRequest(d.Faults[0].Error())
	}
	if d.Installation.Spec.IsZero() {
		return badRequest("spec: no version is given: want one, as in spec=SMETS2+v3.1")
	}
	if !t.Judge.On.Valid() {
		return badRequest("on: no day is given: want the day of the installation, as in on=2022-06-01")
	}
	d.Installation.On, d.Installation.Scope = t.Judge.On, t.Judge.Scope
	s.head(w, t.Judge.Checker.History, "application/json; charset=utf-8")
	return s.config.Explain(w, t.Judge.Checker.Explain(d.Installation), t.Judge.Checker)
}

// timeline returns when each version may be installed.
func (s *Server) timeline(w http.ResponseWriter, r *http.Request, values url.Values) error {
	with, err := s.attachments(r, "")
	if err != nil {
		return err
	}
	t, err := query.ParseNamed(values, with.checker, append(slices.Clip(query.TimelineNames), "today"))
	if err != nil {
		return err
	}
	var today ivp.Date
	if text := values.Get("today"); text != "" {
		if today, err = ivp.ParseDate(text); err != nil {
			return fmt.Errorf("today: %w", err)
		}
	}
	s.head(w, t.Judge.Checker.History, "application/json; charset=utf-8")
	return json.NewEncoder(w).Encode(query.NewTimeline(t, today))
}

func (s *Server) openAPI(w http.ResponseWriter, _ *http.Request) error {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	_, err := w.Write(openAPI)
	return err
}

func (s *Server) today() ivp.Date {
	if s.config.Today == nil {
		return ivp.Date{}
	}
	return s.config.Today()
}

func (s *Server) health(w http.ResponseWriter, _ *http.Request) error {
	h := s.config.Checker.History
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	return json.NewEncoder(w).Encode(map[string]string{
		"status": "ok", "version": s.config.Version, "edition": h.Edition(), "sha256": h.Digest(), "vouched_to": fmt.Sprint(h.VouchedTo(s.today())),
	})
}

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
