package devices

import (
	"fmt"
	"maps"
	"regexp"
	"slices"

	"github.com/mp196/ivp/ivp"
)

// countOf returns the count of a key, which it makes where there is none yet.
func countOf[K comparable, C any](counts map[K]*C, key K) *C {
	if counts[key] == nil {
		counts[key] = new(C)
	}
	return counts[key]
}

// specCount returns the count of a version, or that of all others where so many
// versions are told apart that there is no room for it.
func specCount[C any](counts map[ivp.Spec]*C, spec ivp.Spec, others *C) *C {
	if counts[spec] == nil && len(counts) >= SpecsKept {
		return others
	}
	return countOf(counts, spec)
}

// sortedSpecs returns the versions counted: those without a version last, the
// rest by name.
func sortedSpecs[C any](counts map[ivp.Spec]C) []ivp.Spec {
	return slices.SortedFunc(maps.Keys(counts), func(a, b ivp.Spec) int {
		if a.IsZero() != b.IsZero() {
			if a.IsZero() {
				return 1
			}
			return -1
		}
		return ivp.CompareSpecs(a, b)
	})
}

// damagedID is a number as a spreadsheet writes one that is too long for it.
var damagedID = regexp.MustCompile(`^\d(?:\.\d+)?[Ee]\+\d\d\d?$`)

// isDamagedID reports whether a spreadsheet has damaged a device's id. Only one
// that ends as such a number does, in a plus sign and two or three digits, is
// looked at closely: the engine asks for every row.
func isDamagedID(id []byte) bool {
	n := len(id)
	return n >= 5 && (id[n-3] == '+' || id[n-4] == '+') && damagedID.Match(id)
}

func (s *Summary) addDamaged(input string, line int, id string) {
	s.DamagedIDs++
	if len(s.FirstDamaged) < FaultsKept {
		s.FirstDamaged = append(s.FirstDamaged, FaultNote{line, placed(input, line, fmt.Errorf("%q", id)).Error()})
	}
}

// Tallied is how many devices of one kind had one answer: devices whose cells
// are alike but for what names the single device, such as its id.
type Tallied struct {
	// Device is one of them; its ID and On mean nothing. A malformed row has
	// none.
	Device Device
	// Result is the answer. Its Installation.On is the day given for all by
	// [Judge.On]; without one it means nothing.
	Result Result
	// Devices counts them.
	Devices int
	// Pence is what they cost together, where their cost is read; Costless are
	// those whose cost is blank or cannot be read.
	Pence    int64
	Costless int
}

// costs is what the rows of each answer of a profile cost.
type costs struct {
	pence    int64
	costless int
}

// add counts the cost in a cell.
func (c *costs) add(cell string) {
	pence, err := ParsePence(cell)
	if err != nil {
		c.costless++
		return
	}
	c.pence += pence
}
