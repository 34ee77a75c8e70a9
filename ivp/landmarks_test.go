package ivp

import (
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// landmark is a row of testdata/landmarks: a fact that was transcribed from the
// sources by hand, not generated from tables.json.
type landmark struct {
	place   string
	terms   func(History) Checker
	device  Installation
	outcome string
	reason  string
	to      string
	by      string
}

const landmarksDir = "../testdata/landmarks"

func loadLandmarks(t testing.TB) []landmark {
	files, err := filepath.Glob(filepath.Join(landmarksDir, "*.csv"))
	require.NoError(t, err)
	require.NotEmpty(t, files, "no landmarks under %s", landmarksDir)
	var all []landmark
	for _, file := range files {
		all = append(all, loadLandmarkFile(t, file)...)
	}
	return all
}

func loadLandmarkFile(t testing.TB, file string) []landmark {
	f, err := os.Open(file)
	require.NoError(t, err)
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	require.NoError(t, err, file)
	require.Greater(t, len(rows), 1, "%s has no landmark", file)
	terms := termsOf(t, strings.TrimSuffix(filepath.Base(file), ".csv"))
	var all []landmark
	for n, row := range rows[1:] {
		cell := map[string]string{}
		for i, heading := range rows[0] {
			cell[heading] = row[i]
		}
		all = append(all, landmark{
			place:   fmt.Sprintf("%s:%d %s", filepath.Base(file), n+2, cell["device_id"]),
			terms:   terms,
			device:  installationOf(cell),
			outcome: cell["want_outcome"],
			reason:  cell["want_reason"],
			to:      cell["want_to"],
			by:      cell["want_amendment"],
		})
	}
	return all
}

// termsOf returns the terms in the name of a landmark file.
func termsOf(t testing.TB, name string) func(History) Checker {
	var terms Checker
	latest := false
	for _, term := range strings.Split(name, ".") {
		day, asAt := strings.CutPrefix(term, "as-at-")
		switch {
		case term == "law-of-the-day":
		case term == "as-at-latest":
			latest = true
		case term == "assume-open":
			terms.AssumeOpen = true
		case term == "last-day-excluded":
			terms.LastDayExcluded = true
		case asAt:
			parsed, err := ParseDate(day)
			require.NoError(t, err, name)
			terms.AsAt = parsed
		default:
			require.Fail(t, "unknown term", "%q in %s", term, name)
		}
	}
	return func(h History) Checker {
		c := terms
		c.History = h
		if latest {
			c.AsAt = h.Latest()
		}
		return c
	}
}

func installationOf(cell map[string]string) Installation {
	kind, _ := ParseDeviceType(cell["device_type"])
	i := Installation{Type: kind, Scope: cell["scope"]}
	i.Spec = specOf(cell["spec"], kind.BareFamily())
	i.GBCS = specOf(cell["gbcs"], GBCS)
	if text := cell["install_date"]; text != "" {
		if len(text) > 10 && (text[10] == 'T' || text[10] == ' ') {
			text = text[:10] // package devices reads the time of day
		}
		day, err := ParseDate(text)
		if err != nil {
			day = UnreadableDate()
		}
		i.On = day
	}
	return i
}

func specOf(text string, bare Family) Spec {
	if strings.TrimSpace(text) == "" {
		return Spec{}
	}
	spec, err := ParseSpec(text, bare)
	if err != nil {
		return UnreadableSpec()
	}
	return spec
}

// fault says how the answer of a history differs from the landmark. It returns ""
// if it does not.
func (l landmark) fault(h History) string {
	v := l.terms(h).Check(l.device)
	to := ""
	if day, ok := v.To(); ok {
		to = day.String()
	}
	got := fmt.Sprintf("%s %s to %q by %q", v.Outcome(), v.Reason, to, v.Amendment())
	want := fmt.Sprintf("%s %s to %q by %q", l.outcome, l.reason, l.to, l.by)
	if got == want {
		return ""
	}
	return fmt.Sprintf("%s: got %s, want %s", l.place, got, want)
}

func TestLandmarks(t *testing.T) {
	for _, l := range loadLandmarks(t) {
		assert.Empty(t, l.fault(Published()))
	}
}

// findingLandmarks are facts that no verdict shows, because another finding
// always decides: the last days for which a source vouches for the GBCS versions
// that go with SMETS2 v2.0 and v3.1.
var findingLandmarks = []struct {
	spec, asAt, on string
	reason         Reason
	by             string
}{
	{"GBCS v1.1", "2022-02-23", "2022-09-21", WithinPeriod, "GBCS-1.1"},
	{"GBCS v1.1", "2022-02-23", "2022-09-22", GBCSBeyondRecord, "GBCS-1.1"},
	{"GBCS v2.0", "2022-02-23", "2022-09-21", WithinPeriod, "SOS-2018-10"},
	{"GBCS v2.0", "2022-02-23", "2022-09-22", GBCSBeyondRecord, "SOS-2018-10"},
	{"GBCS v2.1", "2022-02-23", "2022-09-21", WithinPeriod, "SOS-2018-10"},
	{"GBCS v2.1", "2022-02-23", "2022-09-22", GBCSBeyondRecord, "SOS-2018-10"},
	{"GBCS v1.1", "2022-02-24", "2023-04-27", WithinPeriod, "MP196"},
	{"GBCS v1.1", "2022-02-24", "2023-04-28", GBCSBeyondRecord, "MP196"},
	{"GBCS v2.0", "2022-02-24", "2023-04-27", WithinPeriod, "MP196"},
	{"GBCS v2.0", "2022-02-24", "2023-04-28", GBCSBeyondRecord, "MP196"},
	{"GBCS v2.1", "2022-02-24", "2023-04-27", WithinPeriod, "MP196"},
	{"GBCS v2.1", "2022-02-24", "2023-04-28", GBCSBeyondRecord, "MP196"},
}

// findingFault says how the findings of a history differ from the landmarks.
func findingFault(h History) string {
	for _, l := range findingLandmarks {
		c := Checker{History: h}
		c.AsAt, _ = ParseDate(l.asAt)
		on, _ := ParseDate(l.on)
		f := c.judge(specOf(l.spec, 0), "", on)
		if f.Reason != l.reason || f.Window.Amendment != l.by {
			return fmt.Sprintf("%s as at %s on %s: got %s by %s, want %s by %s", l.spec, l.asAt, l.on, f.Reason, f.Window.Amendment, l.reason, l.by)
		}
	}
	return ""
}

func TestFindingLandmarks(t *testing.T) {
	assert.Empty(t, findingFault(Published()))
}
