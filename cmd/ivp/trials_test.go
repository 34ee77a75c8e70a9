package main

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const (
	withoutGBCS   = "../../testdata/trials/overlay-without-gbcs.json"
	gbcsEndsFirst = "../../testdata/trials/overlay-gbcs-ends-first.json"
	listsPair     = "../../testdata/trials/lists-a-version-and-its-pair.json"
	listsGBCS     = "../../testdata/trials/lists-the-gbcs-a-year-later.json"
	pairAlone     = "../../testdata/trials/pair-alone.json"
)

// v42 has two devices that differ only in their GBCS cell.
const v42 = "device_id,device_type,spec,gbcs,install_date\nB,ESME,SMETS2 v4.2,,2026-11-23\nG,ESME,SMETS2 v4.2,3.2,2026-11-23\n"

// TestGBCSOfAnOverlay runs every command that shows a last day, for a device with a GBCS
// version and one without, with rules that end SMETS2 v4.2.
func TestGBCSOfAnOverlay(t *testing.T) {
	stock := writeFile(t, "stock.csv", v42)
	run := func(args ...string) string {
		var p program
		p.run(args...)
		require.NotEmpty(t, p.stdout.String(), p.stderr.String())
		return p.stdout.String()
	}
	const heading = "device_id,device_type,spec,gbcs,install_date,ivp_outcome,ivp_reason,ivp_spec,ivp_to,ivp_days_left,ivp_amendment\n"
	const blank, given = "B,ESME,SMETS2 v4.2,,2026-11-23,", "G,ESME,SMETS2 v4.2,3.2,2026-11-23,"

	const beyond = "undetermined,gbcs-beyond-record,SMETS2 v4.2,,,SEC-6.21\n"
	assert.Equal(t, heading+blank+beyond+given+beyond, run("check", "-q", "--amend", withoutGBCS, stock))
	for _, gbcs := range []string{"", "3.2"} {
		explained := run("explain", "--type", "ESME", "--spec", "SMETS2 v4.2", "--gbcs", gbcs, "--on", "2026-11-23", "--amend", withoutGBCS)
		assert.Contains(t, explained, "undetermined (gbcs-beyond-record: rules of the GBCS version not known for this date), which decides.")
		assert.Contains(t, explained, "GBCS v3.2")
	}

	const closes = "eligible,within-period,SMETS2 v4.2,2026-12-31,38,TRIAL-GBCS-FIRST\n"
	assert.Equal(t, heading+blank+closes+given+closes, run("check", "-q", "--amend", gbcsEndsFirst, stock))
	closing := []string{"check", "-q", "--only", "closing", "--amend", gbcsEndsFirst, stock, "--within"}
	assert.Equal(t, heading+blank+closes+given+closes, run(append(closing, "38d")...))
	assert.Equal(t, heading, run(append(closing, "37d")...))
	for _, gbcs := range []string{"", "3.2"} {
		explained := run("explain", "--type", "ESME", "--spec", "SMETS2 v4.2", "--gbcs", gbcs, "--on", "2026-11-23", "--amend", gbcsEndsFirst)
		assert.Contains(t, explained, "Eligible: GBCS v3.2 applies up to and including 31 December 2026.")
		assert.Contains(t, explained, "it has 38 days left.")
	}
	rundown := run("rundown", "--on", "2026-11-23", "--format", "json", "--amend", gbcsEndsFirst, stock)
	assert.Contains(t, rundown, `"closes": "2026-12-31",
      "end": "date",
      "days_left": 38,
      "devices": 2,`)
}

// TestVersionListedBeforeItsGBCS checks that an answer given before the GBCS version is
// listed does not become eligible or not eligible unless the Tables say so.
func TestVersionListedBeforeItsGBCS(t *testing.T) {
	for _, c := range []struct {
		on    string
		files []string
		want  []string
	}{
		{"2026-06-01", []string{listsPair}, []string{"undetermined (not-listed: version in no table of this date), which decides.", "No table on record lists GBCS v5.0 on that day."}},
		{"2027-06-01", []string{listsPair}, []string{"undetermined (not-listed: version in no table of this date), which decides.", "No table on record lists GBCS v5.0 on that day."}},
		{"2026-06-01", []string{listsPair, listsGBCS}, []string{"Not eligible: GBCS v5.0 does not apply before 1 June 2027. 1 June 2026 is 365 days too early.", "TRIAL-2027  in force 1 June 2027"}},
		{"2027-05-31", []string{listsPair, listsGBCS}, []string{"31 May 2027 is 1 day too early."}},
		{"2027-06-01", []string{listsPair, listsGBCS}, []string{"\nSMETS2 v6.0, installed on 1 June 2027\n", "Eligible: "}},
	} {
		args := []string{"explain", "--spec", "SMETS2 v6.0", "--on", c.on}
		for _, file := range c.files {
			args = append(args, "--amend", file)
		}
		var p program
		p.run(args...)
		for _, want := range c.want {
			assert.Contains(t, p.stdout.String(), want, "%s with %d files", c.on, len(c.files))
		}
	}
}

// TestPairThatIsPermittedLater checks that a pair permitted later changes no answer by
// the Tables of an earlier day.
func TestPairThatIsPermittedLater(t *testing.T) {
	stock := writeFile(t, "stock.csv", "device_type,spec,gbcs,install_date\nESME,SMETS2 v3.0,2.0,2018-11-01\nGSME,SMETS2 v3.0,,2018-11-01\n")
	var without, with, diff, later program
	without.run("check", "-q", "--why", stock)
	with.run("check", "-q", "--why", "--amend", pairAlone, stock)
	assert.Contains(t, without.stdout.String(), "within-period")
	assert.Equal(t, without.stdout.String(), with.stdout.String())

	assert.Equal(t, 1, diff.run("rules", "diff", "2027-10-31", "2027-11-01", "--amend", pairAlone))
	assert.Contains(t, diff.stdout.String(), "SMETS2 v3.0         GSME  GBCS v1.0  not permitted  permitted (TRIAL-PAIR)")

	for _, c := range []struct{ asAt, pair string }{
		{"2027-10-31", "The tables as at 31 October 2027 contain no permitted pair for SMETS2 v3.0"},
		{"2027-11-01", ": The permitted pairs on record allow SMETS2 v3.0 with GBCS v1.0 on GSME. By TRIAL-PAIR."},
	} {
		later = program{}
		later.run("explain", "--type", "GSME", "--spec", "SMETS2 v3.0", "--gbcs", "1.0", "--on", "2018-11-01", "--as-at", c.asAt, "--amend", pairAlone)
		assert.Contains(t, later.stdout.String(), "not eligible (gbcs-ended: GBCS version no longer applies), which decides.", c.asAt)
		assert.Contains(t, later.stdout.String(), c.pair, c.asAt)
	}
}

// TestRundownOfAStockExport checks that the line to paste from the single refusal gives
// the value of the stock to the penny.
func TestRundownOfAStockExport(t *testing.T) {
	const stock = "../../testdata/trials/stock-export.csv"
	var refused, right, costless program
	assert.Equal(t, 2, refused.run("rundown", stock))
	paste := `--header-row 5 --map spec='SMETS Ver' --map device_id='Serial No.' --map device_type='Asset Class' --map gbcs='GBCS Ver.' --map unit_cost='Cost (£)'`
	assert.Contains(t, refused.stderr.String(), paste+"\n")

	args := []string{"rundown", "--on", "2022-06-01", "--format", "json", stock}
	for flag := range strings.SplitSeq(strings.ReplaceAll(" "+paste, "'", ""), " --") {
		if name, value, ok := strings.Cut(flag, " "); ok {
			args = append(args, "--"+name+"="+value)
		}
	}
	assert.Equal(t, 0, right.run(args...), right.stderr.String())
	assert.Contains(t, right.stdout.String(), `"value_pence": 26675,`)
	assert.Contains(t, right.stdout.String(), `"devices": 5,`)
	assert.NotContains(t, right.stderr.String(), "did you mean")

	assert.Equal(t, 0, costless.run(args[:len(args)-1]...))
	assert.NotContains(t, costless.stdout.String(), "value_pence")
	assert.Contains(t, costless.stderr.String(), `did you mean "Cost (£)" for unit_cost? say --map unit_cost='Cost (£)'`)
}

// TestTablesOfSchedule11 checks that a table copied by a person requires one command
// after one refusal, whose line to paste has a flag for every open question.
func TestTablesOfSchedule11(t *testing.T) {
	const table = "../../testdata/trials/tables-invented.csv"
	amendment := filepath.Join(t.TempDir(), "tables.json")
	args := []string{"rules", "new", "--from-csv", table, "-o", amendment}
	var refused, unedited, made program
	assert.Equal(t, 2, refused.run(args...))
	assert.NoFileExists(t, amendment)
	const paste = `--id 'YOUR ID' --in-force 'YOUR DATE' --document 'YOUR DOCUMENT' --no-end 'open OR not-on-record' --types 'SMETS2 v5.2=YOUR TYPES'`
	require.Contains(t, refused.stderr.String(), "\n  "+paste+"\n")
	assert.Contains(t, refused.stderr.String(), `5 cells hold "-": SMETS2 v5.0 in line 6, SMETS2 v5.1 in line 7, SMETS2 v5.2 in line 8, GBCS v4.0 in line 12, GBCS v4.1 in line 13`)
	flags := func(line string) (words []string) {
		for flag := range strings.SplitSeq(strings.ReplaceAll(" "+line, "'", ""), " --") {
			if name, value, ok := strings.Cut(flag, " "); ok {
				words = append(words, "--"+name, value)
			}
		}
		return words
	}
	assert.Equal(t, 2, unedited.run(append(args, flags(paste)...)...), "placeholders are refused")
	answers := strings.NewReplacer("YOUR ID", "TRIAL-TABLES", "YOUR DATE", "1 November 2026", "YOUR DOCUMENT", "an invented table", "open OR not-on-record", "open", "YOUR TYPES", "HCALCS").Replace(paste)
	require.Equal(t, 0, made.run(append(args, flags(answers)...)...), made.stderr.String())
	const rows = `ESME,SMETS2 v4.2,3.2,2026-10-31,undetermined,beyond-record
ESME,SMETS2 v4.2,3.2,2026-11-01,eligible,within-period
ESME,SMETS2 v4.2,3.2,2027-03-31,eligible,within-period
ESME,SMETS2 v4.2,3.2,2027-04-01,not_eligible,after-end
ESME,SMETS2 v4.3,,2026-11-23,undetermined,unlisted-pair
GSME,SMETS2 v4.3,4.1,2028-03-31,eligible,within-period
PPMID,SMETS2 v4.3,4.1,2026-11-23,undetermined,unlisted-pair
HCALCS,SMETS2 v5.2,4.1,2026-11-23,eligible,within-period
ESME,SMETS2 v5.2,4.1,2026-11-23,undetermined,unlisted-pair
Communications Hub,CHTS v1.3,3.2,2026-11-23,not_eligible,after-end
Communications Hub,CHTS v1.4,4.0,2030-01-01,eligible,within-period
ESME,SMETS2 v3.1,2.1,2026-11-23,not_eligible,after-end
PPMID,SMETS2 v4.4,4.1,2026-11-23,undetermined,beyond-record
`
	var stock, want, got strings.Builder
	stock.WriteString("device_type,spec,gbcs,install_date\n")
	for line := range strings.Lines(rows) {
		cells := strings.Split(strings.TrimSpace(line), ",")
		stock.WriteString(strings.Join(cells[:4], ",") + "\n")
		want.WriteString(line)
	}
	var check program
	check.run("check", "-q", "--amend", amendment, writeFile(t, "stock.csv", stock.String()))
	for line := range strings.Lines(check.stdout.String()) {
		if cells := strings.Split(line, ","); cells[0] != "device_type" {
			got.WriteString(strings.Join(cells[:6], ",") + "\n")
		}
	}
	assert.Equal(t, want.String(), got.String())
	for _, c := range []struct{ spec, says string }{{"SMETS2 v4.2", "TRIAL-TABLES"}, {"SMETS2 v4.3", "No permitted pair on record fits SMETS2 v4.3 on ESME"}} {
		var explained program
		explained.run("explain", "--amend", amendment, "--type", "ESME", "--spec", c.spec, "--on", "2026-11-23")
		assert.Contains(t, explained.stdout.String(), c.says)
	}
}
