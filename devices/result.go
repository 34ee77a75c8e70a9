package devices

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/mp196/ivp/ivp"
)

// Result is the answer for one device. The zero value is that of a row that is not a
// device.
type Result struct {
	ivp.Verdict
	// Installation is what was judged.
	Installation ivp.Installation
	// AsAt is the day of the Tables that were used. It is no date if that would be an
	// installation day that is not known.
	AsAt ivp.Date

	// Entries are the numbers of the catalogue entries on which the answer rests.
	Entries []string
	// Remedy, for a device that is not eligible, is the number of an entry with later
	// firmware that would be eligible on that day, or "". The upgrade may not exist.
	Remedy string
	// Differs says that the device claims another version than the catalogue has, with
	// the same answer.
	Differs bool

	// Waiver is the waiver that lets the row pass without failing the run, or nil. It
	// does not change the answer.
	Waiver *Waiver

	checker  ivp.Checker
	today    ivp.Date
	fault    error  // of the cell or row that caused the verdict
	joined   bool   // the judge has a catalogue
	note     string // what the catalogue said
	moved    string // as Device.Moved
	closing  bool
	waivable bool // the judge has waivers
	// since says that before is the answer of an earlier check, and changed that this one
	// differs from it.
	since, changed bool
	before         earlierAnswer
	source         *string // the name of the input, if it is written
}

// earlierAnswer is the cells that an earlier check added to a row.
type earlierAnswer struct {
	outcome, reason, to string
	hasTo               bool // there is a column for to
}

// changed reports whether a result differs from an earlier answer in its outcome, its
// reason or its last day.
func (e earlierAnswer) changed(r Result) bool {
	if e.outcome != r.Outcome().String() || e.reason != r.Reason.String() {
		return true
	}
	if !e.hasTo || e.to == r.toCell() {
		return false
	}
	to, _ := r.To()
	before, err := ReadDate(e.to, DayFirst) // a spreadsheet may have written it in another form
	return err != nil || before != to
}

// Changed reports whether the answer differs from that of an earlier check: see
// [Judge.Since].
func (r Result) Changed() bool { return r.changed }

// Closing reports whether the device is eligible with at most [Judge.Within] days left.
func (r Result) Closing() bool { return r.closing }

// Judged reports whether the result is that of a device or of a row that could not be
// read.
func (r Result) Judged() bool { return r.Reason != 0 }

// Spec returns the device's TS version, or the zero value if none could be read.
func (r Result) Spec() ivp.Spec {
	if r.Installation.Spec.IsUnreadable() {
		return ivp.Spec{}
	}
	return r.Installation.Spec
}

// DaysLeft returns the whole days from the installation day to the last day of the
// window that decided: 0 on the last day, negative after it. ok is false if there is no
// such day.
func (r Result) DaysLeft() (days int, ok bool) {
	to, ok := r.To()
	if !ok || !r.Installation.On.Valid() {
		return 0, false
	}
	return r.Installation.On.DaysUntil(to), true
}

// End returns what is known of the end of the window that decided. It is 0 if no window
// decided, or if the answer does not depend on a dated end.
func (r Result) End() ivp.BoundKind {
	kind := r.Window.To.Kind
	if _, dated := r.To(); kind == ivp.Dated && !dated {
		return 0
	}
	return kind
}

// movedNote returns a text with the day in Great Britain, if the installation date is a time
// with a zone that falls on another day than the one written, and else "".
func (r Result) movedNote() string {
	if r.moved == "" {
		return ""
	}
	return movedText(r.moved, r.Installation.On)
}

func movedText(written string, on ivp.Date) string {
	return fmt.Sprintf("%q is %s in Great Britain", ClippedCell(written), on)
}

// onLastDay reports whether the installation day is the last day of the window that
// decided.
func (r Result) onLastDay() bool {
	days, dated := r.DaysLeft()
	return dated && days == 0
}

// Explanation returns the answer in words, with its authority.
func (r Result) Explanation() string {
	if !r.Judged() {
		return ""
	}
	s := r.checker.Sentence(r.Installation, r.Verdict)
	if r.note != "" {
		s += " " + r.note
	}
	if moved := r.movedNote(); moved != "" {
		s += " " + moved + "."
	}
	if r.fault != nil {
		s += " " + faultText(r.fault)
	}
	return s
}

// AddedColumns returns the names of the columns that are added to an inventory, in their
// order. why adds the columns that explain the answer.
func AddedColumns(why bool) []string {
	columns := []string{"ivp_outcome", "ivp_reason", "ivp_spec", "ivp_to", "ivp_days_left", "ivp_amendment"}
	if why {
		columns = append(columns, "ivp_on", "ivp_as_at", "ivp_from", "ivp_end", "ivp_explanation")
	}
	return columns
}

// Cells returns the cells of the columns of [Judge.Columns], or nil for a row that is
// not a device, whose cells are empty.
func (r Result) Cells(why bool) []string {
	if !r.Judged() {
		return nil
	}
	cells := []string{r.Outcome().String(), r.Reason.String(), r.Spec().String(), r.toCell(), r.daysCell(), r.Amendment()}
	if why {
		from, _ := r.Window.From.Date()
		cells = append(cells, r.onCell(), r.AsAt.String(), from.String(), r.End().String(), r.Explanation())
	}
	if r.joined {
		cells = append(cells, strings.Join(r.Entries, ";"), r.Remedy)
	}
	if r.waivable {
		cells = append(cells, waiverCell(r.Waiver))
	}
	if r.since {
		cells = append(cells, r.before.outcome, r.before.reason, r.before.to)
	}
	if r.source != nil {
		cells = append(cells, *r.source)
	}
	return cells
}

func (r Result) toCell() string {
	to, _ := r.To()
	return to.String()
}

func (r Result) daysCell() string {
	days, ok := r.DaysLeft()
	if !ok {
		return ""
	}
	return strconv.Itoa(days)
}

func (r Result) onCell() string {
	if !r.Installation.On.Valid() {
		return ""
	}
	return r.Installation.On.String()
}

// Wire is the JSON form of a result. Absent values are left out. In input that is not
// UTF-8, invalid bytes are replaced by U+FFFD.
type Wire struct {
	File  string      `json:"file,omitempty"`
	Line  int         `json:"line,omitempty"`
	Input [][2]string `json:"input,omitempty"`
	// Raw is a row that could not be split into cells. Of a row of more than 2 MiB, in
	// Raw and in Input, only the beginning is given, with " […]" at the end.
	Raw string `json:"raw,omitempty"`
	// Note is the day in Great Britain of a date that is a time with a zone, if it is another
	// day than the one written.
	Note      string `json:"note,omitempty"`
	Outcome   string `json:"outcome,omitempty"`
	Reason    string `json:"reason,omitempty"`
	Spec      string `json:"spec,omitempty"`
	To        string `json:"to,omitempty"`
	End       string `json:"end,omitempty"`
	DaysLeft  *int   `json:"days_left,omitempty"`
	Amendment string `json:"amendment,omitempty"`

	On          string `json:"on,omitempty"`
	AsAt        string `json:"as_at,omitempty"`
	From        string `json:"from,omitempty"`
	Explanation string `json:"explanation,omitempty"`

	CPLEntries []string `json:"cpl_entries,omitempty"`
	CPLRemedy  string   `json:"cpl_remedy,omitempty"`

	Waiver string `json:"waiver,omitempty"`
}

// sinceWire is the JSON form of a result with the answer of an earlier check.
type sinceWire struct {
	Wire
	Before struct {
		Outcome string `json:"outcome,omitempty"`
		Reason  string `json:"reason,omitempty"`
		To      string `json:"to,omitempty"`
	} `json:"before"`
}

// MarshalJSON returns the JSON form of the result, with its explanation.
func (r Result) MarshalJSON() ([]byte, error) { return json.Marshal(r.Wire(true)) }

// mostOfWire is the number of bytes that the cells of a row take as JSON, in which one
// byte can become six. Longer ones are cut, and end with cutMark.
const (
	mostOfWire = 2 << 20
	cutMark    = " […]"
)

// NewWire returns the JSON form of a row and its result. why adds the explanation.
func NewWire(columns Columns, row Row, r Result, why bool) Wire {
	w := r.Wire(why)
	w.Line = row.Line
	if row.Cells == nil {
		raw := row.Text()
		text, _ := cutForWire(string(raw[:min(len(raw), mostOfWire)]), mostOfWire)
		if w.Raw = text; len(text) < len(raw) || row.Open {
			w.Raw += cutMark
		}
	}
	headings := columns.kept
	left, length := mostOfWire, 0
	for _, cell := range row.Cells {
		length += len(cell)
	}
	short := length <= mostOfWire/len(`\u0000`) // then nothing is cut
	w.Input = make([][2]string, 0, len(row.Cells))
	for i, cell := range row.Cells {
		if row.Kind != BadRow && slices.Contains(columns.dropped, i) {
			continue
		}
		heading := ""
		if n := len(w.Input); n < len(headings) {
			heading = headings[n]
		}
		if !short {
			text, size := cutForWire(cell, left)
			if left -= size; len(text) < len(cell) {
				cell = text + cutMark
			}
		}
		w.Input = append(w.Input, [2]string{heading, cell})
	}
	return w
}

// cutForWire returns as much of a text as takes at most room bytes as JSON, and the
// bytes that it takes.
func cutForWire(text string, room int) (part string, size int) {
	for i, r := range text {
		n := utf8.RuneLen(r)
		switch {
		case r < ' ', r == utf8.RuneError, r == '\u2028', r == '\u2029':
			n = len(`\u0000`)
		case r == '"', r == '\\':
			n = 2
		}
		if size += n; size > room {
			return text[:i], size - n
		}
	}
	return text, size
}

// Wire returns the JSON form of the result without a row. why adds the explanation.
func (r Result) Wire(why bool) Wire {
	if !r.Judged() {
		return Wire{}
	}
	w := Wire{
		Note:      r.movedNote(),
		Outcome:   r.Outcome().String(),
		Reason:    r.Reason.String(),
		Spec:      r.Spec().String(),
		To:        r.toCell(),
		End:       r.End().String(),
		Amendment: r.Amendment(),

		CPLEntries: r.Entries,
		CPLRemedy:  r.Remedy,
		Waiver:     waiverCell(r.Waiver),
	}
	if r.source != nil {
		w.File = *r.source
	}
	if days, ok := r.DaysLeft(); ok {
		w.DaysLeft = &days
	}
	if why {
		w.On, w.AsAt = r.onCell(), r.AsAt.String()
		w.From = fromText(r.Window)
		w.Explanation = r.Explanation()
	}
	return w
}

func fromText(w ivp.Window) string {
	from, _ := w.From.Date()
	return from.String()
}
