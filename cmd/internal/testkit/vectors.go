// Package testkit is what the tests of the commands share: the conformance vectors,
// by which every way to ask is tested; the examples of the documents; a real
// browser; and what else a test needs beyond Go.
package testkit

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mp196/ivp/ivp"
)

// VectorFile is one file of conformance vectors.
type VectorFile struct {
	// Name is the file's, without its extension.
	Name  string
	Terms Terms
	// Text is the file itself, an inventory.
	Text    []byte
	Devices []Vector
}

// Vector is one vector: the cells of a device as they are written, and what must
// come of them.
type Vector struct {
	ID, DeviceType, Spec, GBCS, InstallDate, Scope string
	Want                                           Answer
}

// JSON returns the device as the doors that take JSON are asked it.
func (d Vector) JSON() map[string]string {
	return map[string]string{
		"device_id": d.ID, "device_type": d.DeviceType, "spec": d.Spec, "gbcs": d.GBCS, "install_date": d.InstallDate, "scope": d.Scope,
	}
}

// Answer is what is held of an answer, as the columns of a checked inventory
// write it. An answer in JSON can be decoded into it.
type Answer struct {
	Outcome, Reason, To, Amendment string
}

// withList is the file that is asked with a Central Products List: its rows are
// of other columns, and few doors take a list.
const withList = "with-cpl"

// VectorFiles reads every file of vectors that is asked without a Central Products
// List, in the order of their names.
func VectorFiles(t testing.TB) (files []VectorFile) {
	t.Helper()
	for _, path := range glob(t, "*.csv") {
		name := strings.TrimSuffix(filepath.Base(path), ".csv")
		if name == withList {
			continue
		}
		terms, err := parseTerms(name)
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		f := VectorFile{Name: name, Terms: terms, Text: readFile(t, path)}
		for _, row := range rows(t, path, f.Text, "device_id", "device_type", "spec", "gbcs", "install_date", "scope", "want_outcome", "want_reason", "want_to", "want_amendment") {
			f.Devices = append(f.Devices, Vector{row[0], row[1], row[2], row[3], row[4], row[5], Answer{row[6], row[7], row[8], row[9]}})
		}
		files = append(files, f)
	}
	return files
}

// glob returns the files that a pattern fits, and fails where there is none: a
// test that holds nothing must not pass.
func glob(t testing.TB, pattern string) []string {
	t.Helper()
	place := filepath.Join(root(t), "testdata", "conformance", pattern)
	paths, err := filepath.Glob(place)
	if err != nil || len(paths) == 0 {
		t.Fatalf("%s: no file of conformance vectors (%v): go test ./devices ./devices/cpl -run Conformance -update writes them", place, err)
	}
	return paths
}

// root finds the folder of the module, from the folder of whatever test runs.
func root(t testing.TB) string {
	t.Helper()
	folder, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for start := folder; ; folder = filepath.Dir(folder) {
		if _, err := os.Stat(filepath.Join(folder, "go.mod")); err == nil {
			return folder
		}
		if folder == filepath.Dir(folder) {
			t.Fatalf("no go.mod in %s or above it: the vectors are read from the module's own testdata", start)
		}
	}
}

func readFile(t testing.TB, path string) []byte {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// rows reads the named columns of every row, and fails where there is no row.
func rows(t testing.TB, name string, text []byte, columns ...string) (all [][]string) {
	t.Helper()
	records, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	if len(records) < 2 {
		t.Fatalf("%s: no row, where a heading and vectors were expected", name)
	}
	at := map[string]int{}
	for i, heading := range records[0] {
		at[heading] = i
	}
	for _, record := range records[1:] {
		row := make([]string, len(columns))
		for i, column := range columns {
			place, found := at[column]
			if !found {
				t.Fatalf("%s: no column %s; its columns are %s", name, column, strings.Join(records[0], ", "))
			}
			row[i] = record[place]
		}
		all = append(all, row)
	}
	return all
}

// Terms are those on which a file is asked, in the words of a query.
type Terms struct {
	// AsAt is empty for the law of each row's own day, "latest", or a day.
	AsAt string
	// LastDay is "excluded" where the end date is the first day too late, and else
	// empty.
	LastDay string
	// AssumeOpen takes an end that is not on record to be open.
	AssumeOpen bool
}

// parseTerms reads the terms from the name of a file.
func parseTerms(name string) (terms Terms, err error) {
	for term := range strings.SplitSeq(name, ".") {
		asAt, dated := strings.CutPrefix(term, "as-at-")
		switch {
		case term == "law-of-the-day":
		case term == "assume-open":
			terms.AssumeOpen = true
		case term == "last-day-excluded":
			terms.LastDay = "excluded"
		case dated:
			terms.AsAt = asAt
			if _, err := ivp.ParseDate(asAt); err != nil && asAt != "latest" {
				return Terms{}, fmt.Errorf("%q: want as-at-latest or as-at-YYYY-MM-DD", term)
			}
		default:
			return Terms{}, fmt.Errorf("the name says the terms, and %q is none: want law-of-the-day, assume-open, last-day-excluded, as-at-latest or as-at-YYYY-MM-DD, with dots between them", term)
		}
	}
	return terms, nil
}

// Query returns the terms as the service takes them.
func (f VectorFile) Query() url.Values {
	query := url.Values{}
	if f.Terms.AsAt != "" {
		query.Set("as_at", f.Terms.AsAt)
	}
	if f.Terms.LastDay != "" {
		query.Set("last_day", f.Terms.LastDay)
	}
	if f.Terms.AssumeOpen {
		query.Set("assume_open", "true")
	}
	return query
}

// Checker returns the rules, asked on the file's terms.
func (f VectorFile) Checker(h ivp.History) ivp.Checker {
	c := ivp.Checker{History: h, LastDayExcluded: f.Terms.LastDay == "excluded", AssumeOpen: f.Terms.AssumeOpen}
	switch f.Terms.AsAt {
	case "":
	case "latest":
		c.AsAt = h.Latest()
	default:
		c.AsAt, _ = ivp.ParseDate(f.Terms.AsAt) // Files has read it before
	}
	return c
}

// told is how many of the answers that differ are told one by one.
const told = 12

// Compare holds the answers to the file's devices, in their order, against those
// that are wanted.
func (f VectorFile) Compare(t testing.TB, got []Answer) {
	t.Helper()
	if len(got) != len(f.Devices) {
		t.Fatalf("%s: %d answers to %d devices: want one for each, in their order", f.Name, len(got), len(f.Devices))
	}
	wrong := 0
	for i, d := range f.Devices {
		if got[i] == d.Want {
			continue
		}
		if wrong++; wrong <= told {
			t.Errorf("%s: %s (type %q, spec %q, gbcs %q, day %q, scope %q): got %+v, want %+v", f.Name, d.ID, d.DeviceType, d.Spec, d.GBCS, d.InstallDate, d.Scope, got[i], d.Want)
		}
	}
	if wrong > told {
		t.Errorf("%s: %d answers of %d differ; the first %d are above", f.Name, wrong, len(got), told)
	}
}

// CompareCSV holds the file as a door gives it back, with the columns of the
// answers added, against the answers that are wanted.
func (f VectorFile) CompareCSV(t testing.TB, checked []byte) {
	t.Helper()
	var got []Answer
	for i, row := range rows(t, f.Name+", checked", checked, "device_id", "ivp_outcome", "ivp_reason", "ivp_to", "ivp_amendment") {
		if i < len(f.Devices) && row[0] != f.Devices[i].ID {
			t.Fatalf("%s, checked: row %d is of device %q, where %q was expected: the rows must keep their order", f.Name, i+1, row[0], f.Devices[i].ID)
		}
		got = append(got, Answer{row[1], row[2], row[3], row[4]})
	}
	f.Compare(t, got)
}

// BytePair is an inventory whose bytes are the question, and what every door that
// takes CSV must give back, byte for byte, by the law of the day.
type BytePair struct {
	// Name is the inventory's, without its extension.
	Name           string
	Input, Checked []byte
}

// BytePairs reads every pair, in the order of their names.
func BytePairs(t testing.TB) (pairs []BytePair) {
	t.Helper()
	for _, path := range glob(t, filepath.Join("bytes", "*.csv")) {
		name := strings.TrimSuffix(filepath.Base(path), ".csv")
		if strings.HasSuffix(name, ".checked") {
			continue
		}
		checked := strings.TrimSuffix(path, ".csv") + ".checked.csv"
		pairs = append(pairs, BytePair{name, readFile(t, path), readFile(t, checked)})
	}
	return pairs
}

// LastDays are devices on the last days that matter most, with the answers that
// every way to the rules must give, by the law of each device's day. They are
// written by hand from the record: SMETS2 v2.0 and v3.1 may be installed up to
// and including 27 April 2023 (MP196), with a GBCS version and without, with a
// type and without; of SMETS2 v4.2 with GBCS v3.2 the last day for which a source
// vouches is 21 September 2022.
func LastDays() VectorFile {
	f := VectorFile{Name: "last-days"}
	add := func(kind, spec, gbcs, day string, want Answer) {
		f.Devices = append(f.Devices, Vector{fmt.Sprintf("L%03d", len(f.Devices)+1), kind, spec, gbcs, day, "", want})
	}
	within := Answer{"eligible", "within-period", "2023-04-27", "MP196"}
	after := Answer{"not_eligible", "after-end", "2023-04-27", "MP196"}
	vouched := Answer{"eligible", "within-period", "", "SEC-6.21"}
	beyond := Answer{"undetermined", "beyond-record", "", "SEC-6.21"}
	for _, kind := range []string{"ESME", "GSME", ""} {
		for _, version := range []struct{ spec, gbcs string }{{"SMETS2 v2.0", "1.1"}, {"SMETS2 v2.0", ""}, {"SMETS2 v3.1", "2.0"}, {"SMETS2 v3.1", "2.1"}, {"SMETS2 v3.1", ""}} {
			add(kind, version.spec, version.gbcs, "2023-04-26", within)
			add(kind, version.spec, version.gbcs, "2023-04-27", within)
			add(kind, version.spec, version.gbcs, "2023-04-28", after)
		}
		for _, gbcs := range []string{"3.2", ""} {
			add(kind, "SMETS2 v4.2", gbcs, "2022-09-20", vouched)
			add(kind, "SMETS2 v4.2", gbcs, "2022-09-21", vouched)
			add(kind, "SMETS2 v4.2", gbcs, "2022-09-22", beyond)
		}
	}
	f.Text = f.inventory()
	return f
}

// inventory writes the devices in the canonical columns.
func (f VectorFile) inventory() []byte {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	_ = w.Write([]string{"device_id", "device_type", "spec", "gbcs", "install_date", "scope"}) // writing to memory does not fail
	for _, d := range f.Devices {
		_ = w.Write([]string{d.ID, d.DeviceType, d.Spec, d.GBCS, d.InstallDate, d.Scope})
	}
	w.Flush()
	return b.Bytes()
}
