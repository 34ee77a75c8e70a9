package devices

import (
	"fmt"
	"regexp"
)

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
