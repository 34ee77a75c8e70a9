package devices

import (
	"bytes"
	"fmt"
	"regexp"
)

// damagedID is a number as a spreadsheet writes one that is too long for it.
var damagedID = regexp.MustCompile(`^\d(?:\.\d+)?[Ee]\+\d\d\d?$`)

// isDamagedID reports whether a spreadsheet has damaged a device's id. Only an
// id with a plus sign, which none has of itself, is looked at closely.
func isDamagedID(id []byte) bool {
	return bytes.IndexByte(id, '+') >= 0 && damagedID.Match(bytes.TrimSpace(id))
}

func (s *Summary) addDamaged(input string, line int, id string) {
	s.DamagedIDs++
	if len(s.FirstDamaged) < FaultsKept {
		s.FirstDamaged = append(s.FirstDamaged, FaultNote{line, placed(input, line, fmt.Errorf("%q", id)).Error()})
	}
}
