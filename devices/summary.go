package devices

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/mp196/ivp/ivp"
)

// Summary counts results. The zero value has counted none.
type Summary struct {
	// Devices are the rows judged, bad rows among them.
	Devices int
	// Reasons counts them by reason, Specs by TS version and outcome.
	Reasons map[ivp.Reason]int
	Specs   map[ivp.Spec]*SpecCount
	// VersionAlone are those judged by their TS version alone: neither device
	// type nor GBCS version was there to be asked.
	VersionAlone int
	// Assumed are those eligible only because an end that is not on record was
	// taken to be open.
	Assumed int
	// Blank are the rows of empty cells, which are not judged; Malformed those
	// that could not be read as a row.
	Blank     int
	Malformed int
	// Removed are the rows that a Central Products List, read as an inventory,
	// marks Removed. The mark is not judged.
	Removed int
	// PastRecord are the devices dated after the last day that the record
	// vouches for.
	PastRecord int
	// UnnamedScope are the devices whose scope no rule names.
	UnnamedScope int
	// Scopes are scopes that no rule names, as far as ScopesKept of them.
	Scopes []string
	// Faults counts the rows in which something could not be read; the first
	// FaultsKept of them are in FirstFaults, in the order of the input.
	Faults      int
	FirstFaults []FaultNote
}

// FaultNote says what could not be read, and where.
type FaultNote struct {
	Line int
	Text string // begins with the input's name and the line
}

// FaultsKept is the number of faults that a summary names.
const FaultsKept = 10

// SpecCount counts the devices of one version by outcome.
type SpecCount [3]int

// ScopesKept is the number of unknown scopes that a summary names.
const ScopesKept = 5

// Add counts one row and its result.
func (s *Summary) Add(row Row, r Result) {
	switch row.Kind {
	case BlankLine:
		return
	case EmptyRow:
		s.Blank++
		return
	case BadRow:
		s.Malformed++
	}
	s.Devices++
	if s.Reasons == nil {
		s.Reasons, s.Specs = map[ivp.Reason]int{}, map[ivp.Spec]*SpecCount{}
	}
	s.Reasons[r.Reason]++
	count := s.Specs[r.Spec()]
	if count == nil {
		count = &SpecCount{}
		s.Specs[r.Spec()] = count
	}
	count[r.Outcome()]++
	s.addNotes(row, r)
	s.addFault(row)
}

func (s *Summary) addFault(row Row) {
	err := row.Fault
	if err == nil && len(row.Device.Faults) > 0 {
		err = named(fmt.Sprintf("%s:%d", row.Input, row.Line), row.Device.Faults[0])
	}
	if err == nil {
		return
	}
	s.Faults++
	if len(s.FirstFaults) < FaultsKept {
		s.FirstFaults = append(s.FirstFaults, FaultNote{row.Line, err.Error()})
	}
}

func (s *Summary) addNotes(row Row, r Result) {
	if r.ByVersionAlone() {
		s.VersionAlone++
	}
	if r.Assumed() {
		s.Assumed++
	}
	if strings.EqualFold(strings.TrimSpace(row.Device.EntryStatus), "Removed") {
		s.Removed++
	}
	history := r.checker.History
	if r.Installation.On.After(history.VouchedTo()) {
		s.PastRecord++
	}
	if scope := strings.TrimSpace(r.Installation.Scope); !history.NamesScope(scope) {
		s.UnnamedScope++
		if len(s.Scopes) < ScopesKept && !slices.Contains(s.Scopes, scope) {
			s.Scopes = append(s.Scopes, scope)
		}
	}
}

// Count returns how many devices have the outcome.
func (s *Summary) Count(o ivp.Outcome) int {
	n := 0
	for r, count := range s.Reasons {
		if r.Outcome() == o {
			n += count
		}
	}
	return n
}

// Any reports whether some device has a reason that the selection holds.
func (s *Summary) Any(selected Selection) bool {
	for r := range s.Reasons {
		if selected.Has(r) {
			return true
		}
	}
	return false
}

// SortedSpecs returns the versions counted: those without a version last, the
// rest by name.
func (s *Summary) SortedSpecs() []ivp.Spec {
	return slices.SortedFunc(maps.Keys(s.Specs), func(a, b ivp.Spec) int {
		if a.IsZero() != b.IsZero() {
			if a.IsZero() {
				return 1
			}
			return -1
		}
		return ivp.CompareSpecs(a, b)
	})
}
