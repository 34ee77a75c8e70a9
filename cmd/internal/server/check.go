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
	"github.com/mp196/ivp/devices"
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

const (
	// aheadMemory is how much of an answer waits in memory for its client.
	aheadMemory = 1 << 20
	// aheadStart is how much of it waits before the client gets the first of it. A
	// smaller answer is sent when it is whole, without a goroutine of its own.
	aheadStart = 64 << 10
)

// ahead writes an answer as fast as its client takes it, and never waits for it:
// many clients send the whole of a request before they read any of the answer,
// and if the answer waited for them, and so the reading of the request for the
// answer, neither would ever end. What is ahead of the client is kept in memory,
// and beyond that in a temporary file.
type ahead struct {
	to   io.Writer
	keep *spools

	mu      sync.Mutex
	changed sync.Cond
	memory  []byte
	file    *spool // nil while memory holds all
	from    int64  // of the file: what comes next
	end     int64  // of the file
	over    bool
	failed  error
	done    chan struct{} // nil before the first is sent
}

// newAhead returns what writes to a client. Close must be called.
func newAhead(to io.Writer, keep *spools) *ahead {
	a := &ahead{to: to, keep: keep}
	a.changed.L = &a.mu
	return a
}

// Write keeps p for the client. It fails with what writing to the client, or to
// the temporary file, has failed with.
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

// Close waits until the client has all. Where the answer has failed, the client gets
// nothing more; err is then the error.
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

// send writes to the client what is kept, in order.
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

// next waits for something to be kept and returns some of it, in the room of part,
// which is empty: nothing where all is over.
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
		part, a.memory = a.memory, part // each goes on in the room of the other
		return part, nil
	case a.from == a.end: // and so over
		return nil, nil
	}
	part = slices.Grow(part, int(min(aheadMemory, a.end-a.from)))
	n, err := a.file.ReadAt(part[:min(int64(cap(part)), a.end-a.from)], a.from)
	if a.from += int64(n); a.from == a.end {
		a.from, a.end = 0, 0 // the client has caught up: what follows takes the same room
	}
	if err == io.EOF {
		err = nil
	}
	return part[:n], err
}

// room is what the temporary files of all requests together may take.
type room struct {
	most int64
	used atomic.Int64
}

// errNoRoom is the error of a request that needs more room than is left.
var errNoRoom = errors.New("the requests at work keep as much in temporary files as all together may: ask again later, read the answer while you send the request, or give the server a larger limit")

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

// WriteAt writes to a place of the file, where there is room.
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

// close gives the room back.
func (s *spools) close() {
	for _, made := range s.files {
		made.file.Close()
		s.room.used.Add(-made.size)
	}
}
