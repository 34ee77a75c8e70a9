package ivp

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var datedKey = regexp.MustCompile(`"(in_force|perhaps_from|from|to|confirmed)": "(\d{4}-\d\d-\d\d)"`)

// unseen are shifts that change no answer. SMETS1 was listed on the PerhapsFrom of
// S1-END-JUL, so the day before there was nothing to end.
var unseen = map[string]bool{`"perhaps_from": "2012-12-31" to 2012-12-30`: true}

// TestEveryDateIsHeld shifts each date of the shipped rules by a day in each
// direction. At least one landmark must fail.
func TestEveryDateIsHeld(t *testing.T) {
	landmarks := loadLandmarks(t)
	require.False(t, noticed(t, landmarks, tablesJSON), "the landmarks agree with the record as it is")
	places := datedKey.FindAllSubmatchIndex(tablesJSON, -1)
	require.Greater(t, len(places), 40)
	for _, place := range places {
		for _, days := range []int{-1, +1} {
			day, err := ParseDate(string(tablesJSON[place[4]:place[5]]))
			require.NoError(t, err)
			shifted := day.AddDays(days).String()
			mutant := slices.Concat(tablesJSON[:place[4]], []byte(shifted), tablesJSON[place[5]:])
			shift := string(tablesJSON[place[0]:place[1]]) + " to " + shifted
			assert.Equal(t, !unseen[shift], noticed(t, landmarks, mutant), "line %d: whether a landmark notices %s",
				1+strings.Count(string(tablesJSON[:place[4]]), "\n"), shift)
		}
	}
}

// noticed reports whether a landmark fails. The history is built without lint,
// which would refuse most shifted dates because no quotation contains them.
func noticed(t *testing.T, landmarks []landmark, data []byte) bool {
	parsed, faults := parseFile(data)
	require.Empty(t, faults)
	h := History{newRecord(record{edition: parsed.edition, amendments: plain(parsed.amendments)})}
	return findingFault(h) != "" || slices.ContainsFunc(landmarks, func(l landmark) bool { return l.fault(h) != "" })
}
