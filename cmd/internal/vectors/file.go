// Package vectors reads the conformance vectors for tests: every door through
// which the rules can be asked holds its answers against the same files.
package vectors

import (
	"bytes"
	"encoding/csv"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// File is one file of conformance vectors.
type File struct {
	// Name is the file's, without its extension.
	Name  string
	Terms Terms
	// Text is the file itself, an inventory.
	Text    []byte
	Devices []Device
}

// Device is one vector: the cells of a device as they are written, and what must
// come of them.
type Device struct {
	ID, DeviceType, Spec, GBCS, InstallDate, Scope string
	Want                                           Answer
}

// JSON returns the device as the doors that take JSON are asked it.
func (d Device) JSON() map[string]string {
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

// Files reads every file of vectors that is asked without a Central Products
// List, in the order of their names.
func Files(t testing.TB) (files []File) {
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
		f := File{Name: name, Terms: terms, Text: readFile(t, path)}
		for _, row := range rows(t, path, f.Text, "device_id", "device_type", "spec", "gbcs", "install_date", "scope", "want_outcome", "want_reason", "want_to", "want_amendment") {
			f.Devices = append(f.Devices, Device{row[0], row[1], row[2], row[3], row[4], row[5], Answer{row[6], row[7], row[8], row[9]}})
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
