package devices

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/mp196/ivp/ivp"
)

// Result is the answer for one device. The zero value is that of a row which
// holds no device.
type Result struct {
	ivp.Verdict
	// Installation is what was judged.
	Installation ivp.Installation
	// AsAt is the day whose tables were asked; no date where the law of an
	// unknown day would have been.
	AsAt ivp.Date

	// Entries are the numbers of the catalogue's entries on which the answer
	// rests; Remedy is that of one with later firmware which would be eligible
	// on that day, for a device that is not: a candidate, no promise.
	Entries []string
	Remedy  string
	// Differs says that the device claims another version than the catalogue
	// gives it, with the same answer.
	Differs bool

	// Waiver lets the row pass without failing the run; nil where none does. It
	// changes nothing of the answer.
	Waiver *Waiver

	checker ivp.Checker
	today   ivp.Date
	fault   error  // what could not be read, where the verdict rests on it
	joined  bool   // whether a catalogue was asked
	note    string // what the catalogue said
	moved   string // the installation date, if it is as [Device.Moved] says
	closing bool
	// waivable says that there are waivers, whether or not one fits.
	waivable bool
}

// Closing reports whether the device is eligible with at most so many days left
// as [Judge.Within] asks about.
func (r Result) Closing() bool { return r.closing }

// Judged reports whether the row held a device, or a fault in a device's
// place.
func (r Result) Judged() bool { return r.Reason != 0 }

// Spec returns the device's TS version; zero where none could be read.
func (r Result) Spec() ivp.Spec {
	if r.Installation.Spec.IsUnreadable() {
		return ivp.Spec{}
	}
	return r.Installation.Spec
}

// DaysLeft returns the whole days from the installation day to the last day of
// the window that decided: 0 on the last day, negative after it. ok is false
// where there is no such day.
func (r Result) DaysLeft() (days int, ok bool) {
	to, ok := r.To()
	if !ok || !r.Installation.On.Valid() {
		return 0, false
	}
	return r.Installation.On.DaysUntil(to), true
}

// End says what is known of the end of the window that decided; zero where no
// window did. A date on which the answer does not rest is not told.
func (r Result) End() ivp.BoundKind {
	kind := r.Window.To.Kind
	if _, dated := r.To(); kind == ivp.Dated && !dated {
		return 0
	}
	return kind
}

// Moved says on which day a device was judged whose installation date is a time
// that falls on another day in Great Britain than the one written; it is empty
// for any other.
func (r Result) Moved() string {
	if r.moved == "" {
		return ""
	}
	return movedText(r.moved, r.Installation.On)
}

func movedText(written string, on ivp.Date) string {
	return fmt.Sprintf("%q is %s in Great Britain", clipped(written), on)
}

// OnLastDay reports whether the device is dated on the last day of the window
// that decided, so that its answer depends on whether that day is inside it.
func (r Result) OnLastDay() bool {
	days, dated := r.DaysLeft()
	return dated && days == 0
}

// Explanation says the answer in plain words, with its authority.
func (r Result) Explanation() string {
	if !r.Judged() {
		return ""
	}
	s := r.checker.Sentence(r.Installation, r.Verdict)
	if r.note != "" {
		s += " " + r.note
	}
	if moved := r.Moved(); moved != "" {
		s += " " + moved + "."
	}
	if r.fault != nil {
		s += " " + faultText(r.fault)
	}
	return s
}

// AddedColumns returns the names of the columns that are added to an
// inventory, in their order; why adds those that explain.
func AddedColumns(why bool) []string {
	columns := []string{"ivp_outcome", "ivp_reason", "ivp_spec", "ivp_to", "ivp_days_left", "ivp_amendment"}
	if why {
		columns = append(columns, "ivp_on", "ivp_as_at", "ivp_from", "ivp_end", "ivp_explanation")
	}
	return columns
}

// Cells returns the cells of the columns that [Judge.Columns] names; nil, which
// stands for empty cells, for a row that holds no device.
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
