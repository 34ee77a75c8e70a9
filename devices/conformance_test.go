package devices

import (
	"bytes"
	"encoding/csv"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mp196/ivp/ivp"
)

var updateConformance = flag.Bool("update", false, "write the conformance vectors anew")

const conformanceDir = "../testdata/conformance"

// conformanceTerms are the sets of terms that have vectors, by the names of
// their files: the law of the day and that of the latest, each with every other
// term and without, and the tables of two earlier days.
var conformanceTerms = []string{
	"law-of-the-day", "assume-open", "last-day-excluded", "assume-open.last-day-excluded",
	"as-at-latest", "assume-open.as-at-latest", "last-day-excluded.as-at-latest", "assume-open.last-day-excluded.as-at-latest",
	"as-at-2019-07-01", "as-at-2022-02-23",
}

// TestConformanceVectorsAreCurrent makes every file from the periods of the
// record and holds it against the one that is checked in.
func TestConformanceVectorsAreCurrent(t *testing.T) {
	for _, terms := range conformanceTerms {
		path := filepath.Join(conformanceDir, terms+".csv")
		want := conformanceFile(t, termsOf(t, terms+".csv"))
		if *updateConformance {
			require.NoError(t, os.WriteFile(path, want, 0o666))
		}
		got, err := os.ReadFile(path)
		require.NoError(t, err)
		require.True(t, bytes.Equal(want, got), "%s is not what the record gives; go test ./devices -run Conformance -update writes it anew, and the change needs a look", path)
	}
}

// TestConformanceBytesAreCurrent holds what the engine and the typed path make of
// inventories whose bytes are the question against what is checked in.
func TestConformanceBytesAreCurrent(t *testing.T) {
	for _, path := range conformanceBytes(t) {
		input, err := os.ReadFile(path)
		require.NoError(t, err)
		var want bytes.Buffer
		_, err = CheckCSV(t.Context(), &want, bytes.NewReader(input), CheckOptions{Judge: bulkJudge})
		require.NoError(t, err, path)
		checked := strings.TrimSuffix(path, ".csv") + checkedEnding
		if *updateConformance {
			require.NoError(t, os.WriteFile(checked, want.Bytes(), 0o666))
		}
		got, err := os.ReadFile(checked)
		require.NoError(t, err)
		require.Equal(t, want.String(), string(got), "%s is not what the engine gives; go test ./devices -run Conformance -update writes it anew, and the change needs a look", checked)
		for _, block := range []int{1, 7, 100} {
			requireSame(t, input, bulkJudge, datesSettled(t, input), nil, false, 2, block)
		}
	}
}

// checkedEnding ends the name of what must come of an inventory.
const checkedEnding = ".checked.csv"

// conformanceBytes returns the inventories whose bytes are the question.
func conformanceBytes(t *testing.T) (paths []string) {
	all, err := filepath.Glob(filepath.Join(conformanceDir, "bytes", "*.csv"))
	require.NoError(t, err)
	for _, path := range all {
		if !strings.HasSuffix(path, checkedEnding) {
			paths = append(paths, path)
		}
	}
	require.Greater(t, len(paths), 15)
	return paths
}

// datesSettled decides from the column how an inventory's dates are written, as
// the program does.
func datesSettled(t *testing.T, input []byte) (opts ReaderOptions) {
	reader, err := NewReader(bytes.NewReader(input), opts)
	require.NoError(t, err)
	format, _, err := reader.DecideDates(nil)
	require.NoError(t, err)
	opts.Columns.Dates = &format
	return opts
}

// TestConformanceVectorsHaveEveryReason walks the reasons that an inventory can
// have without a Central Products List; those with one are held where it is read.
// A row that cannot be split into cells holds no wants, and is held by its bytes.
func TestConformanceVectorsHaveEveryReason(t *testing.T) {
	seen := map[string]bool{}
	for _, terms := range conformanceTerms {
		text, err := os.ReadFile(filepath.Join(conformanceDir, terms+".csv"))
		require.NoError(t, err)
		rows, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
		require.NoError(t, err)
		for _, row := range rows[1:] {
			seen[row[slices.Index(rows[0], "want_reason")]] = true
		}
	}
	for _, path := range conformanceBytes(t) {
		text, err := os.ReadFile(strings.TrimSuffix(path, ".csv") + checkedEnding)
		require.NoError(t, err)
		if bytes.Contains(text, []byte(",bad-row,")) {
			seen[ivp.BadRow.String()] = true
		}
	}
	for _, r := range ivp.Reasons() {
		assert.True(t, seen[r.String()] || r.NeedsCPL(), "no vector has the reason %s", r)
	}
}

// conformanceFile returns the vectors of one set of terms: for each profile the
// day before each period, its first day, its last, and the day after.
func conformanceFile(t *testing.T, checker ivp.Checker) []byte {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	require.NoError(t, w.Write([]string{"device_id", "device_type", "spec", "gbcs", "install_date", "scope", "want_outcome", "want_reason", "want_to", "want_amendment"}))
	n := 0
	vector := func(p conformanceProfile, date string) {
		n++
		row := []string{p.kind, p.spec, p.gbcs, date, p.scope}
		r := Judge{Checker: checker}.Device(record{DeviceType: p.kind, Spec: p.spec, GBCS: p.gbcs, InstallDate: date, Scope: p.scope}.read())
		row = append(append([]string{fmt.Sprintf("V%05d", n)}, row...), r.Outcome().String(), r.Reason.String(), r.toCell(), r.Amendment())
		require.NoError(t, w.Write(row))
	}
	for _, p := range conformanceProfiles(checker.History) {
		for _, day := range conformanceDays(checker, p) {
			vector(p, day.String())
		}
	}
	for _, p := range faultyProfiles {
		for _, date := range []string{"2022-06-01", "", "2022-02-30", "not a date"} {
			vector(p, date)
		}
	}
	w.Flush()
	require.NoError(t, w.Error())
	return b.Bytes()
}

// read reads the cells as an inventory in the canonical columns has them.
func (r record) read() Device { return r.device(&cellOptions{}) }

// conformanceProfile is all of a device but its day, as it is written.
type conformanceProfile struct{ kind, spec, gbcs, scope string }

// faultyProfiles are written badly or otherwise than the record writes them.
var faultyProfiles = []conformanceProfile{
	{}, {kind: "ESME", gbcs: "3.2"}, {spec: "4"}, {spec: "4.2"}, {kind: "ESME", spec: "4.2"}, {kind: "CHF", spec: "1.3"}, {kind: "IHD", spec: "4.2"},
	{spec: "SMETS V4.2 "}, {spec: "smets2 v3.1"}, {spec: "SMETS V1.2"}, {spec: "SMETS V1.58"}, {spec: "SMETS2 v1.2"}, {spec: "GBCS v3.2"},
	{spec: "SMETS2 v4.2", gbcs: "three"}, {spec: "SMETS2 v4.2", gbcs: "0.0"}, {kind: "Toaster", spec: "SMETS2 v4.2"}, {spec: "SMETS2 v9.9"},
	{kind: "SAPC", spec: "SMETS2 v4.2", gbcs: "GBCS Version 3.2  "}, {spec: "SMETS2 v3.1", scope: "no such scope"},
	{kind: "ESME", spec: "CHTS v9.9"}, {kind: "CHF", spec: "SMETS2 v9.9", gbcs: "3.2"}, {kind: "IHD", spec: "SMETS2 v9.9"}, {kind: "Toaster", spec: "SMETS2 v4.2", gbcs: "3.2"},
}

// conformanceProfiles returns, for every version of a technical specification on
// record, the version alone, each pair on record, and pairs that are not.
func conformanceProfiles(h ivp.History) (all []conformanceProfile) {
	for _, spec := range h.Specs() {
		if spec.Family == ivp.GBCS {
			continue
		}
		alone := conformanceProfile{spec: spec.String()}
		all = append(all, alone)
		if spec.IsSMETS1() {
			all = append(all, conformanceProfile{spec: alone.spec, scope: "prepayment"}, conformanceProfile{spec: alone.spec, scope: "PPM"})
		}
		var kinds []ivp.DeviceType
		for _, p := range h.Pairs() {
			if p.Spec != spec {
				continue
			}
			if kinds = append(kinds, p.Type); p.Type != kinds[0] && slices.Contains(kinds[:len(kinds)-1], p.Type) {
				continue // the other versions of GBCS are held with the first type
			}
			all = append(all, conformanceProfile{kind: p.Type.String(), spec: alone.spec, gbcs: strings.TrimPrefix(p.GBCS.String(), "GBCS v")})
		}
		if len(kinds) > 0 {
			all = append(all, conformanceProfile{kind: kinds[0].String(), spec: alone.spec})
		}
		all = append(all, conformanceProfile{kind: "IHD", spec: alone.spec}, conformanceProfile{spec: alone.spec, gbcs: "9.9"},
			conformanceProfile{spec: alone.spec, gbcs: "4.1"})
	}
	return all
}

// conformanceDays returns the days of a profile's vectors, in order.
func conformanceDays(checker ivp.Checker, p conformanceProfile) (days []ivp.Date) {
	d := record{DeviceType: p.kind, Spec: p.spec, GBCS: p.gbcs, Scope: p.scope}.read()
	for _, period := range checker.Periods(d.Installation) {
		for _, day := range []ivp.Date{period.First.AddDays(-1), period.First, period.Last, period.Last.AddDays(1)} {
			if day.Valid() {
				days = append(days, day)
			}
		}
	}
	slices.SortFunc(days, ivp.Date.Compare)
	return slices.Compact(days)
}
