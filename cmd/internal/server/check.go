package server

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/mp196/ivp/cmd/internal/evidence"
	"github.com/mp196/ivp/cmd/internal/exit"
	"github.com/mp196/ivp/cmd/internal/query"
	"github.com/mp196/ivp/cmd/internal/report"
	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/ivp"
)

// check answers for one device, or an array of them.
func (s *Server) check(w http.ResponseWriter, r *http.Request, values url.Values) error {
	with, err := s.attachments(r, "devices")
	if err != nil {
		return err
	}
	t, err := query.ParseTerms(values, with.checker)
	if err != nil {
		return err
	}
	t.Use(with.list)
	body, err := jsonBody(r, with.content, sendDevices)
	if err != nil {
		return err
	}
	asked, err := query.ReadDevices(body, s.config.Limits.Devices)
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
	s.head(w, with.checker.History, "application/json; charset=utf-8")
	return encode(w, asked.Reply(answers))
}

// encode writes a value as JSON, without escapes for HTML.
func encode(w io.Writer, value any) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	return encoder.Encode(value)
}

// head sets the headers for the media type and for the rules used: their edition and,
// because other rules may have the same edition, their digest.
func (s *Server) head(w http.ResponseWriter, h ivp.History, contentType string) {
	w.Header().Set("Content-Type", contentType)
	w.Header().Set("Ivp-Rules", h.Edition()+"; sha256="+h.Digest())
}

// formType is the media type for clients that want the counts and the first rows
// together with the checked inventory.
const formType = multipartForm

// formRows is how many rows are returned in addition to the inventory.
const formRows = 200

// smallRequest is the number of bytes from which on a request is not small: it may need
// a second goroutine, and memory.
const smallRequest = 256 << 10

func isSmall(r *http.Request) bool { return 0 <= r.ContentLength && r.ContentLength < smallRequest }

// A workbook is kept in memory: it may have mostWorkbook bytes, and so many are read at
// the same time.
const (
	mostWorkbook    = 32 << 20
	workbooksAtOnce = 2
)

// outputTypes are the media types of the formats in which an inventory is written.
var outputTypes = map[report.Format]string{
	report.CSV: "text/csv; charset=utf-8", report.HTML: "text/html; charset=utf-8", report.Workbook: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

// checkCSV checks an inventory: CSV while it is received, in constant memory.
func (s *Server) checkCSV(w http.ResponseWriter, r *http.Request, values url.Values) error {
	with, err := s.attachments(r, "inventory")
	if err != nil {
		return err
	}
	t, err := query.ParseInventoryTerms(values, with.checker)
	if err != nil {
		return err
	}
	t.Use(with.list)
	t.Judge.Today = s.today()
	body, err := inventoryBody(r, with.content)
	if err != nil {
		return err
	}
	keep := &spools{room: &s.room}
	defer keep.close()
	in := query.Inventory{
		Name: with.name, Text: func() io.Reader { return body }, Spool: func() (io.ReadWriteSeeker, error) { return keep.spool() },
		Workbooks: s.workbooks, Workers: 2,
	}
	if !with.own {
		in.Cache = &s.cache
	}
	if isSmall(r) {
		in.Workers = 1
	}
	in.NotJudged = func(fields []string) {
		if len(fields) > 0 {
			w.Header().Set(notJudgedHeader, strings.Join(fields, ", "))
		}
	}
	http.NewResponseController(w).EnableFullDuplex()
	var checked *query.Checked
	if wantsForm(r) && t.Format == report.CSV {
		checked, err = s.checkForm(w, r, in, t, keep)
	} else {
		checked, err = s.checkPlain(w, r, in, t, keep)
	}
	if err == nil {
		s.metrics.devices(checked.Summary.Outcomes)
	}
	return err
}

// notJudgedHeader lists the fields on which answers may depend and for which the
// inventory has no column.
const notJudgedHeader = "Ivp-Not-Judged"

// sent calls write, which need not wait for the client (see [ahead]), and then waits
// until the client has received everything.
func sent(w http.ResponseWriter, keep *spools, write func(io.Writer) error) error {
	out := newAhead(w, keep)
	err := exit.Guard(func() error { return write(out) }) // a panic must not prevent out.Close
	if err != nil {
		http.NewResponseController(w).SetWriteDeadline(time.Now().Add(linger))
	}
	return out.Close(err)
}

// checkPlain answers with the inventory, followed by the counts as trailers.
func (s *Server) checkPlain(w http.ResponseWriter, r *http.Request, in query.Inventory, t query.InventoryTerms, keep *spools) (*query.Checked, error) {
	s.head(w, t.Judge.Checker.History, outputTypes[t.Format])
	if t.Format != report.CSV {
		w.Header().Set("Content-Disposition", "attachment")
	}
	for _, name := range trailers {
		w.Header().Add("Trailer", name)
	}
	var checked *query.Checked
	err := sent(w, keep, func(out io.Writer) (err error) {
		in.Out = out
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

// checkForm answers with a form of two fields: the inventory, while it is checked, and
// the result. A form without its last boundary is incomplete.
func (s *Server) checkForm(w http.ResponseWriter, r *http.Request, in query.Inventory, t query.InventoryTerms, keep *spools) (*query.Checked, error) {
	var checked *query.Checked
	err := sent(w, keep, func(out io.Writer) (err error) {
		form := multipart.NewWriter(out)
		s.head(w, t.Judge.Checker.History, form.FormDataContentType())
		in.Out, in.Rows = &formFile{form: form}, formRows
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

// formFile is the form field with the inventory. It is begun at its first byte, so
// that an inventory which cannot be read can still be answered with an error.
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

// wantsForm reports whether the client accepts the form.
func wantsForm(r *http.Request) bool {
	for accepted := range strings.SplitSeq(r.Header.Get("Accept"), ",") {
		if kind, _, err := mime.ParseMediaType(accepted); err == nil && kind == formType {
			return true
		}
	}
	return false
}

// trailers follow a complete inventory: how many devices have each outcome, in the
// order of the outcomes; how many are dated on the last day of their period; how many
// have a time that falls on another day in Great Britain than the day written.
var trailers = trailerNames()

func trailerNames() (names []string) {
	for _, o := range ivp.Outcomes() {
		names = append(names, "Ivp-"+strings.ReplaceAll(o.String(), "_", "-"))
	}
	return append(names, "Ivp-On-Last-Day", "Ivp-On-Another-Day")
}

// trailerCounts returns the values of the trailers, in their order.
func trailerCounts(c evidence.Counts) (counts []int) {
	for _, o := range ivp.Outcomes() {
		counts = append(counts, c.Outcomes[o.String()])
	}
	return append(counts, c.LastDay, c.Moved)
}

const (
	// aheadMemory is how many bytes of an answer wait in memory for the client.
	aheadMemory = 1 << 20
	// aheadStart is how many bytes wait before sending begins. A smaller answer is
	// sent when it is complete, without a goroutine.
	aheadStart = 64 << 10
)

// ahead is a writer of an answer that never waits for the client. Many clients send
// the whole request before they read any of the answer; if writing the answer waited
// for them, and reading the request for the answer, neither would ever end. What the
// client has not yet received is kept in memory and, beyond a limit, in a temporary
// file.
type ahead struct {
	to   io.Writer
	keep *spools

	mu      sync.Mutex
	changed sync.Cond
	memory  []byte
	file    *spool // nil while memory suffices
	from    int64  // the offset in file of the next byte to send
	end     int64  // the end of file
	over    bool
	failed  error
	done    chan struct{} // nil until sending begins
}

// newAhead returns a writer to a client. Close must be called.
func newAhead(to io.Writer, keep *spools) *ahead {
	a := &ahead{to: to, keep: keep}
	a.changed.L = &a.mu
	return a
}

// Write keeps p for the client. It returns the error of an earlier write to the client
// or to the temporary file.
func (a *ahead) Write(p []byte) (int, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.failed != nil {
		return 0, a.failed
	}
	defer a.changed.Signal()
	if a.done == nil && len(a.memory)+len(p) > aheadStart {
		a.done = make(chan struct{})
		go a.send()
	}
	if a.file == nil && len(a.memory)+len(p) <= aheadMemory {
		a.memory = append(a.memory, p...)
		return len(p), nil
	}
	if a.file == nil {
		if a.file, a.failed = a.keep.spool(); a.failed != nil {
			return 0, a.failed
		}
	}
	n, err := a.file.WriteAt(p, a.end)
	a.end += int64(n)
	if err != nil {
		a.failed = err
	}
	return n, err
}

// Close waits until everything is sent. If err, the error of the answer, is not nil,
// nothing more is sent.
func (a *ahead) Close(err error) error {
	a.mu.Lock()
	a.over = true
	if a.failed == nil {
		a.failed = err
	}
	a.changed.Signal()
	begun := a.done != nil
	if !begun {
		a.done = make(chan struct{})
	}
	a.mu.Unlock()
	if !begun {
		a.send()
	}
	<-a.done
	return a.failed
}

// send sends what is kept to the client, in order.
func (a *ahead) send() {
	defer close(a.done)
	var part []byte
	for {
		var err error
		if part, err = a.next(part[:0]); err == nil && len(part) > 0 {
			err = exit.Guard(func() error {
				_, err := a.to.Write(part)
				return err
			})
		}
		if err != nil || len(part) == 0 {
			a.mu.Lock()
			a.failed = errors.Join(a.failed, err)
			a.mu.Unlock()
			return
		}
	}
}

// next waits for data and returns some, using the memory of part, which is empty. It
// returns nothing once everything is sent.
func (a *ahead) next(part []byte) ([]byte, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for len(a.memory) == 0 && a.from == a.end && !a.over && a.failed == nil {
		a.changed.Wait()
	}
	switch {
	case a.failed != nil:
		return nil, nil
	case len(a.memory) > 0:
		part, a.memory = a.memory, part // they exchange buffers
		return part, nil
	case a.from == a.end: // and so over
		return nil, nil
	}
	part = slices.Grow(part, int(min(aheadMemory, a.end-a.from)))
	n, err := a.file.ReadAt(part[:min(int64(cap(part)), a.end-a.from)], a.from)
	if a.from += int64(n); a.from == a.end {
		a.from, a.end = 0, 0 // everything is sent: reuse the file from its start
	}
	if err == io.EOF {
		err = nil
	}
	return part[:n], err
}

// room limits the size of the temporary files of all requests together.
type room struct {
	most int64
	used atomic.Int64
}

// errNoRoom is the error of a request for which there is not enough room.
var errNoRoom = errors.New("the temporary files of all requests have reached their limit: try again later, read the answer while you send the request, or give the service a larger limit")

// spool is a temporary file that counts against the room.
type spool struct {
	io.ReadSeeker
	io.ReaderAt
	file *devices.Spool
	room *room
	size int64
}

// Write appends to the file.
func (s *spool) Write(p []byte) (int, error) { return s.WriteAt(p, s.size) }

// WriteAt writes to the file if there is room.
func (s *spool) WriteAt(p []byte, at int64) (int, error) {
	if more := at + int64(len(p)) - s.size; more > 0 {
		if s.room.used.Add(more) > s.room.most {
			s.room.used.Add(-more)
			return 0, errNoRoom
		}
		s.size += more
	}
	return s.file.WriteAt(p, at)
}

// spools are the temporary files of one request.
type spools struct {
	room  *room
	files []*spool
}

func (s *spools) spool() (*spool, error) {
	file, err := devices.NewSpool()
	if err != nil {
		return nil, &devices.WriteError{Err: err}
	}
	made := &spool{ReadSeeker: file, ReaderAt: file, file: file, room: s.room}
	s.files = append(s.files, made)
	return made, nil
}

// close removes the files and releases their room.
func (s *spools) close() {
	for _, made := range s.files {
		made.file.Close()
		s.room.used.Add(-made.size)
	}
}
