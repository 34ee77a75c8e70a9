package main

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"

	"github.com/mp196/ivp/cmd/internal/evidence"
	"github.com/mp196/ivp/cmd/internal/report"
	"github.com/mp196/ivp/cmd/internal/testkit"
	"github.com/mp196/ivp/ivp"
)

const evidenceRows = "Device ID,SMETS Version,Fitted\nA1,SMETS2 v3.1,27/04/2023\nA2,SMETS2 v3.1,28/04/2023\n"

func TestEvidenceBesideCSV(t *testing.T) {
	t.Chdir(t.TempDir())
	require.NoError(t, os.WriteFile("stock.csv", []byte(evidenceRows), 0o666))
	require.NoError(t, os.WriteFile("ivp.toml", []byte("last-day = \"excluded\"\n"), 0o666))
	var p program
	args := []string{"check", "stock.csv", "--map", "install_date=Fitted", "--config", "ivp.toml", "--evidence", "-o", "checked.csv.gz", "--split", "out"}
	require.Equal(t, 1, p.run(args...), p.stderr.String())
	text, err := os.ReadFile("checked.run.json")
	require.NoError(t, err)
	beside, err := os.ReadFile(filepath.Join("out", "stock.run.json"))
	require.NoError(t, err)
	assert.Equal(t, string(text), string(beside))

	var run evidence.Run
	require.NoError(t, json.Unmarshal(text, &run))
	digest := sha256.Sum256([]byte(evidenceRows))
	require.Len(t, run.Inputs, 1)
	assert.Equal(t, evidence.Input{
		File:     evidence.File{Name: "stock.csv", Bytes: int64(len(evidenceRows)), SHA256: hex.EncodeToString(digest[:])},
		Encoding: "UTF-8", Delimiter: ",", HeaderRow: 1, Dates: "DD/MM/YYYY",
		Columns: []evidence.Column{{Field: "device_id", Heading: "Device ID"}, {Field: "spec", Heading: "SMETS Version"}, {Field: "install_date", Heading: "Fitted"}},
		Notes: []string{"stock.csv: no column for device_type, gbcs, scope: judged by version alone, in the general scope",
			`stock.csv: dates read day-first (DD/MM/YYYY), as "27/04/2023" in line 2 shows`},
	}, run.Inputs[0])
	assert.Equal(t, args, run.Flags)
	assert.Equal(t, []evidence.Setting{{Flag: "last-day", Value: "excluded"}}, run.Settings)
	assert.Equal(t, "excluded", run.Question.LastDay)
	assert.Equal(t, ivp.Published().Digest(), run.Rules.SHA256)
	assert.Equal(t, 2, run.Counts.Devices)
	assert.Equal(t, 2, run.Counts.Outcomes["not_eligible"])
	assert.Equal(t, "2026-11-23 12:00:00 +0000 UTC", run.Started.String())
	named := 0
	for _, o := range run.Outputs {
		if o.Format == "evidence" {
			assert.Empty(t, o.SHA256, "it would have to hold its own")
			continue
		}
		named++
		requireDigest(t, o)
	}
	assert.Equal(t, 4, named)
}

// requireDigest compares the digest of an output with its file.
func requireDigest(t *testing.T, o evidence.Output) {
	written, err := os.ReadFile(o.Name)
	require.NoError(t, err)
	digest := sha256.Sum256(written)
	assert.Equal(t, hex.EncodeToString(digest[:]), o.SHA256, o.Name)
	assert.Equal(t, int64(len(written)), o.Bytes, o.Name)
}

// TestEvidenceOfEveryOutput checks that the evidence beside an output has the digests of
// all outputs, standard output included, and that in a page or workbook the digests of
// the outputs that contain no evidence.
func TestEvidenceOfEveryOutput(t *testing.T) {
	t.Chdir(t.TempDir())
	require.NoError(t, os.WriteFile("stock.csv", []byte(evidenceRows), 0o666))
	var p program
	args := []string{"check", "stock.csv", "--map", "install_date=Fitted", "--evidence"}
	for _, name := range []string{"a.html", "b.csv", "c.xlsx", "d.jsonl.gz", "e.json", "f.md", "g.txt", "-"} {
		args = append(args, "-o", name)
	}
	require.Equal(t, 1, p.run(args...), p.stderr.String())
	text, err := os.ReadFile("b.run.json")
	require.NoError(t, err)
	page, err := os.ReadFile("a.html")
	require.NoError(t, err)
	var run evidence.Run
	require.NoError(t, json.Unmarshal(text, &run))
	require.Len(t, run.Outputs, 10)
	for _, o := range run.Outputs {
		switch {
		case o.Format == "evidence":
			continue
		case o.Name == "standard output":
			require.NoError(t, os.WriteFile(o.Name, p.stdout.Bytes(), 0o666))
		}
		requireDigest(t, o)
		if holdsEvidence(report.Format(o.Format)) {
			assert.NotContains(t, string(page), o.SHA256, o.Name)
		} else {
			assert.Contains(t, string(page), o.SHA256, o.Name)
		}
	}
}

// TestEvidenceOfARundown checks the digest of the table beside the page.
func TestEvidenceOfARundown(t *testing.T) {
	t.Chdir(t.TempDir())
	require.NoError(t, os.WriteFile("stock.csv", []byte(evidenceRows), 0o666))
	var p program
	require.Zero(t, p.run("rundown", "stock.csv", "--on", "2022-06-01", "-o", "a.html", "-o", "b.csv"), p.stderr.String())
	page, err := os.ReadFile("a.html")
	require.NoError(t, err)
	table, err := os.ReadFile("b.csv")
	require.NoError(t, err)
	digest := sha256.Sum256(table)
	assert.Contains(t, string(page), hex.EncodeToString(digest[:]))
}

func TestFailedRunLeavesNoEvidence(t *testing.T) {
	t.Chdir(t.TempDir())
	require.NoError(t, os.WriteFile("stock.csv", []byte(evidenceRows), 0o666))
	var p program
	require.Equal(t, 2, p.run("check", "stock.csv", "--evidence", "-o", "checked.csv"), "no date column is mapped")
	left, err := os.ReadDir(".")
	require.NoError(t, err)
	assert.Len(t, left, 1)
}

// TestWorkbookThereAndBack checks that a workbook output has the same answers as CSV,
// and can be read again.
func TestWorkbookThereAndBack(t *testing.T) {
	inventory, err := os.ReadFile(testdata(t, "inventory.csv"))
	require.NoError(t, err)
	t.Chdir(t.TempDir())
	require.NoError(t, os.WriteFile("inventory.csv", inventory, 0o666))
	var p program
	require.Equal(t, 1, p.run("check", "-q", "inventory.csv", "-o", "checked.csv", "-o", "checked.xlsx", "-o", "report.html"), p.stderr.String())
	var again program
	require.Equal(t, 1, again.run("check", "-q", "--recheck", "checked.xlsx", "-o", "again.csv"), again.stderr.String())
	first, second := outcomes(t, "checked.csv"), outcomes(t, "again.csv")
	assert.Equal(t, first, second)

	f, err := excelize.OpenFile("checked.xlsx")
	require.NoError(t, err)
	defer f.Close()
	assert.Equal(t, []string{"Rows", "Summary", "Evidence"}, f.GetSheetList())
	page, err := os.ReadFile("report.html")
	require.NoError(t, err)
	assert.Contains(t, string(page), "Of 40 devices 20 may be installed on their dates; 6 may not; 14 cannot be judged, for several reasons.")
	assert.NotRegexp(t, `(?i)\bsrc\s*=\s*["']?https?:|@import|url\(\s*["']?https?:|<script\s`, string(page), "nothing is loaded from elsewhere")
}

// testdata returns the path of a file in testdata.
func testdata(t *testing.T, name string) string {
	path, err := filepath.Abs(filepath.Join(casesDir, "..", name))
	require.NoError(t, err)
	return path
}

// outcomes returns each device's id and outcome. Rows without a device's id and
// malformed ones are left out: a workbook has no malformed rows.
func outcomes(t *testing.T, name string) map[string]string {
	text, err := os.ReadFile(name)
	require.NoError(t, err)
	all := map[string]string{}
	for _, line := range strings.Split(string(text), "\n") {
		for _, o := range ivp.Outcomes() {
			if id, _, _ := strings.Cut(line, ","); id != "" && strings.Contains(line, ","+o.String()+",") && !strings.Contains(line, "bad-row") && !strings.Contains(line, "no-date") {
				all[id] = o.String()
			}
		}
	}
	require.Greater(t, len(all), 30)
	return all
}

// TestWorkbookOfAnotherProgram reads a workbook that LibreOffice made from CSV: 4.0 is a
// number in it, shown as 4, which is not a version.
func TestWorkbookOfAnotherProgram(t *testing.T) {
	office := testkit.Program(t, "soffice")
	inventory := testdata(t, "inventory.csv")
	folder := t.TempDir()
	t.Chdir(folder)
	said, err := exec.Command(office, "-env:UserInstallation=file://"+filepath.ToSlash(folder)+"/profile", "--headless", "--convert-to", "xlsx", "--outdir", folder, inventory).CombinedOutput()
	require.NoError(t, err, string(said))
	var text, book program
	require.Equal(t, 1, text.run("check", "-q", inventory, "-o", "text.csv"), text.stderr.String())
	require.Equal(t, 1, book.run("check", "-q", "inventory.xlsx", "-o", "book.csv"), book.stderr.String())
	want, got := outcomes(t, "text.csv"), outcomes(t, "book.csv")
	lines, err := os.ReadFile("text.csv")
	require.NoError(t, err)
	eaten := regexp.MustCompile(`(?m)^([^,]+),.*,\d\.0,`).FindAllStringSubmatch(string(lines), -1)
	require.NotEmpty(t, eaten)
	for _, line := range eaten {
		assert.NotEqual(t, ivp.Eligible.String(), got[line[1]], line[0])
		delete(want, line[1])
		delete(got, line[1])
	}
	assert.Equal(t, want, got)
}

// TestDaysAreCountedInEveryReport checks that each report counts the devices dated on
// the last day of their period, and counts and names the times that fall on another day
// in Great Britain than the day written.
func TestDaysAreCountedInEveryReport(t *testing.T) {
	zones, err := os.ReadFile("../../testdata/trials/zones.csv")
	require.NoError(t, err)
	t.Chdir(t.TempDir())
	require.NoError(t, os.WriteFile("zones.csv", zones, 0o666))
	var p program
	require.Equal(t, 1, p.run("check", "zones.csv", "-o", "report.html", "-o", "report.xlsx", "-o", "report.json", "-o", "rows.csv", "--evidence"), p.stderr.String())
	require.Equal(t, 0, p.run("impact", "--before", "latest", "--after", "latest", "zones.csv", "-o", "impact.html", "-o", "impact.json"), p.stderr.String())

	last, moved := "8 devices dated on the last day of a period", `zones.csv:5: "2023-04-28T00:30:00+02:00" is 2023-04-27 in Great Britain`
	assert.Equal(t, 2, strings.Count(p.stderr.String(), last))
	assert.Equal(t, 2, strings.Count(p.stderr.String(), moved))
	for _, page := range []string{"report.html", "impact.html"} {
		text, err := os.ReadFile(page)
		require.NoError(t, err)
		assert.Contains(t, string(text), last, page)
		assert.Contains(t, html.UnescapeString(string(text)), moved, page)
	}
	for _, name := range []string{"report.json", "impact.json", "rows.run.json"} {
		text, err := os.ReadFile(name)
		require.NoError(t, err)
		var got struct{ Summary, Counts evidence.DayCounts }
		require.NoError(t, json.Unmarshal(text, &got), name)
		if name == "rows.run.json" {
			got.Summary = got.Counts
		}
		assert.Equal(t, 8, got.Summary.LastDay, name)
		assert.Equal(t, 2, got.Summary.Moved, name)
		assert.Contains(t, got.Summary.FirstMoved, moved, name)
	}
	book, err := excelize.OpenFile("report.xlsx")
	require.NoError(t, err)
	defer book.Close()
	rows, err := book.GetRows("Summary")
	require.NoError(t, err)
	notes := fmt.Sprint(rows)
	assert.Contains(t, notes, last)
	assert.Contains(t, notes, moved)
}
