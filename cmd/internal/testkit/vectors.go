// Package testkit has what the tests of the commands share: the conformance vectors,
// with which every interface is tested; the examples of the documents; a browser; and
// checks for other programs that tests need.
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
	// Name is the file name without its extension.
	Name  string
	Terms Terms
	// Text is the content of the file, an inventory.
	Text    []byte
	Devices []Vector
}

// Vector is one vector: the cells of a device and the answer that they must get.
type Vector struct {
	ID, DeviceType, Spec, GBCS, InstallDate, Scope string
	Want                                           Answer
}

// JSON returns the device in the form that the interfaces with JSON read.
func (d Vector) JSON() map[string]string {
	return map[string]string{
		"device_id": d.ID, "device_type": d.DeviceType, "spec": d.Spec, "gbcs": d.GBCS, "install_date": d.InstallDate, "scope": d.Scope,
	}
}

// Answer is the part of an answer that vectors fix, as in the columns of a checked
// inventory. An answer in JSON can be decoded into it.
type Answer struct {
	Outcome, Reason, To, Amendment string
}

// withList is the file of vectors for a Central Products List. It has other columns,
// and few interfaces use a list.
const withList = "with-cpl"

// VectorFiles reads every file of vectors except that for a Central Products List, in
// the order of their names.
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

// glob returns the files that match a pattern. It fails if there is none: a test
// without vectors must not pass.
func glob(t testing.TB, pattern string) []string {
	t.Helper()
	place := filepath.Join(root(t), "testdata", "conformance", pattern)
	paths, err := filepath.Glob(place)
	if err != nil || len(paths) == 0 {
		t.Fatalf("%s: no file of conformance vectors (%v): go test ./devices ./devices/cpl -run Conformance -update writes them", place, err)
	}
	return paths
}

// root returns the folder of the module.
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

// rows reads the named columns of every row. It fails if there is no row.
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

// Terms are the terms of a file, in the words of the service's query.
type Terms struct {
	// AsAt is a day, "latest", or "" for the Tables of each row's own day.
	AsAt string
	// LastDay is "excluded" if the end date is the first day too late, else "".
	LastDay string
	// AssumeOpen is true if an end that is not on record is taken to be open.
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
			return Terms{}, fmt.Errorf("the file name consists of terms, and %q is not one: want law-of-the-day, assume-open, last-day-excluded, as-at-latest or as-at-YYYY-MM-DD, separated by dots", term)
		}
	}
	return terms, nil
}

// Query returns the terms as a query of the service.
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

// Checker returns a checker on the file's terms.
func (f VectorFile) Checker(h ivp.History) ivp.Checker {
	c := ivp.Checker{History: h, LastDayExcluded: f.Terms.LastDay == "excluded", AssumeOpen: f.Terms.AssumeOpen}
	switch f.Terms.AsAt {
	case "":
	case "latest":
		c.AsAt = h.Latest()
	default:
		c.AsAt, _ = ivp.ParseDate(f.Terms.AsAt) // parseTerms has checked it
	}
	return c
}

// mostShown is how many of the answers that differ are reported one by one.
const mostShown = 12

// Compare compares the answers for the file's devices, in order, with those wanted.
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
		if wrong++; wrong <= mostShown {
			t.Errorf("%s: %s (type %q, spec %q, gbcs %q, day %q, scope %q): got %+v, want %+v", f.Name, d.ID, d.DeviceType, d.Spec, d.GBCS, d.InstallDate, d.Scope, got[i], d.Want)
		}
	}
	if wrong > mostShown {
		t.Errorf("%s: %d answers of %d differ; the first %d are above", f.Name, wrong, len(got), mostShown)
	}
}

// CompareCSV compares the file as checked by an interface, with the result columns,
// with the answers wanted.
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

// BytePair is an inventory that tests the handling of bytes, and the output that every
// interface with CSV must return for it, byte for byte, by the law of the day.
type BytePair struct {
	// Name is the inventory's file name without its extension.
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

// LastDays returns devices around the last days that matter most, with the answers
// that every interface must give by the law of each device's day. They are written by
// hand: SMETS2 v2.0 and v3.1 may be installed up to and including 27 April 2023
// (MP196), with or without a GBCS version and a type; for SMETS2 v4.2 with GBCS v3.2 a
// source vouches up to 21 September 2022.
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
