package server

import (
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"net/url"
	"strings"
	"time"

	"github.com/mp196/ivp/cmd/internal/evidence"
	"github.com/mp196/ivp/cmd/internal/exit"
	"github.com/mp196/ivp/cmd/internal/query"
	"github.com/mp196/ivp/ivp"
)

// check answers one device, or an array of them.
func (s *Server) check(w http.ResponseWriter, r *http.Request, values url.Values) error {
	t, err := query.ParseTerms(values, s.config.Checker)
	if err != nil {
		return err
	}
	asked, err := query.ReadDevices(r.Body, s.config.Limits.Devices)
	if err != nil {
		return err
	}
	answers, err := asked.Check(t)
	if err != nil {
		return err
	}
	counts := map[string]int{}
	for _, a := range answers {
		counts[a.Outcome]++
	}
	s.metrics.devices(counts)
	s.head(w, "application/json; charset=utf-8")
	return encode(w, asked.Reply(answers))
}

// encode writes a value as JSON, for programs: a < stays a <.
func encode(w io.Writer, value any) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	return encoder.Encode(value)
}

// head says what is answered, and by which rules: the edition, and the digest
// because other rules may have the same edition.
func (s *Server) head(w http.ResponseWriter, contentType string) {
	h := s.config.Checker.History
	w.Header().Set("Content-Type", contentType)
	w.Header().Set("Ivp-Rules", h.Edition()+"; sha256="+h.Digest())
}

// formType is what a client asks for that wants the counts and the first rows
// beside the checked inventory.
const formType = "multipart/form-data"

// formRows is how many rows are told of beside the inventory.
const formRows = 200

// smallInventory is how many bytes an inventory has at least if a second goroutine
// is of use.
const smallInventory = 256 << 10

// checkCSV checks an inventory as it comes, at constant memory.
func (s *Server) checkCSV(w http.ResponseWriter, r *http.Request, values url.Values) error {
	t, err := query.ParseInventoryTerms(values, s.config.Checker)
	if err != nil {
		return err
	}
	t.Judge.Today = s.today()
	keep := &spools{room: &s.room}
	defer keep.close()
	in := query.Inventory{Text: func() io.Reader { return r.Body }, Spool: func() (io.ReadWriteSeeker, error) { return keep.spool() }, Workers: 2}
	if 0 <= r.ContentLength && r.ContentLength < smallInventory {
		in.Workers = 1
	}
	in.NotJudged = func(fields []string) {
		if len(fields) > 0 {
			w.Header().Set(notJudgedHeader, strings.Join(fields, ", "))
		}
	}
	http.NewResponseController(w).EnableFullDuplex()
	var checked *query.Checked
	if wantsForm(r) {
		checked, err = s.checkForm(w, r, in, t, keep)
	} else {
		checked, err = s.checkPlain(w, r, in, t, keep)
	}
	if err == nil {
		s.metrics.devices(checked.Summary.Outcomes)
	}
	return err
}

// notJudgedHeader names the fields of an inventory on which answers may depend and
// that are judged nowhere for want of a column.
const notJudgedHeader = "Ivp-Not-Judged"

// sent has something written to the client ahead of it, and waits for the client
// to have it.
func sent(w http.ResponseWriter, keep *spools, write func(io.Writer) error) error {
	out := newAhead(w, keep)
	err := exit.Guard(func() error { return write(out) }) // whose panic must not leave the sender behind
	if err != nil {
		http.NewResponseController(w).SetWriteDeadline(time.Now().Add(linger))
	}
	return out.Close(err)
}

// checkPlain answers with the inventory alone, and the counts behind it.
func (s *Server) checkPlain(w http.ResponseWriter, r *http.Request, in query.Inventory, t query.InventoryTerms, keep *spools) (*query.Checked, error) {
	s.head(w, "text/csv; charset=utf-8")
	for _, name := range trailers {
		w.Header().Add("Trailer", name)
	}
	var checked *query.Checked
	err := sent(w, keep, func(out io.Writer) (err error) {
		in.CSV = out
		checked, err = in.Check(r.Context(), t)
		return err
	})
	if err != nil {
		return nil, err
	}
	for i, n := range trailerCounts(checked.Summary) {
		w.Header().Set(trailers[i], fmt.Sprint(n))
	}
	return checked, nil
}

// checkForm answers with a form of two fields: the inventory, as it comes, and
// what came of it. Without its last boundary a form is not whole.
func (s *Server) checkForm(w http.ResponseWriter, r *http.Request, in query.Inventory, t query.InventoryTerms, keep *spools) (*query.Checked, error) {
	var checked *query.Checked
	err := sent(w, keep, func(out io.Writer) (err error) {
		form := multipart.NewWriter(out)
		s.head(w, form.FormDataContentType())
		in.CSV, in.Rows = &formFile{form: form}, formRows
		if checked, err = in.Check(r.Context(), t); err != nil {
			return err
		}
		field, err := form.CreatePart(textproto.MIMEHeader{"Content-Disposition": {`form-data; name="checked"`}, "Content-Type": {"application/json"}})
		if err != nil {
			return err
		}
		if err := encode(field, checked); err != nil {
			return err
		}
		return form.Close()
	})
	return checked, err
}

// formFile is the field of a form that holds the inventory. It begins with its
// first byte, so that an inventory which cannot be read is answered otherwise.
type formFile struct {
	form  *multipart.Writer
	field io.Writer
}

func (f *formFile) Write(p []byte) (n int, err error) {
	if f.field == nil {
		f.field, err = f.form.CreatePart(textproto.MIMEHeader{"Content-Disposition": {`form-data; name="csv"; filename="checked.csv"`}, "Content-Type": {"text/csv; charset=utf-8"}})
		if err != nil {
			return 0, err
		}
	}
	return f.field.Write(p)
}

// wantsForm reports whether the client asks for the form.
func wantsForm(r *http.Request) bool {
	for accepted := range strings.SplitSeq(r.Header.Get("Accept"), ",") {
		if kind, _, err := mime.ParseMediaType(accepted); err == nil && kind == formType {
			return true
		}
	}
	return false
}

// trailers follow an inventory: how many devices had each outcome, in the order
// of the outcomes, how many are dated on the last day of their period, and how many
// at a time that falls on another day in Great Britain than the one written. They
// come only where the inventory is whole.
var trailers = trailerNames()

func trailerNames() (names []string) {
	for _, o := range ivp.Outcomes() {
		names = append(names, "Ivp-"+strings.ReplaceAll(o.String(), "_", "-"))
	}
	return append(names, "Ivp-On-Last-Day", "Ivp-On-Another-Day")
}

// trailerCounts returns what the trailers say, in their order.
func trailerCounts(c evidence.Counts) (counts []int) {
	for _, o := range ivp.Outcomes() {
		counts = append(counts, c.Outcomes[o.String()])
	}
	return append(counts, c.LastDay, c.Moved)
}
