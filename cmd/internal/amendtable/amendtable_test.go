package amendtable

import (
	"context"
	"encoding/csv"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"

	"github.com/mp196/ivp/cmd/internal/exit"
	"github.com/mp196/ivp/cmd/internal/input"
	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/ivp"
)

func inventedHead(t *testing.T) Head {
	day, err := ivp.ParseDate("2026-11-01")
	require.NoError(t, err)
	return Head{ID: "EXAMPLE-1", InForce: day, Document: "an invented table"}
}

func file(t *testing.T, text string) string {
	path := filepath.Join(t.TempDir(), "table.csv")
	require.NoError(t, os.WriteFile(path, []byte(text), 0o666))
	return path
}

func readText(t *testing.T, text string) (*Table, error) {
	return Read(context.Background(), file(t, text), nil, input.Options{}, nil)
}

func makeOf(t *testing.T, text string, head Head) *Made {
	table, err := readText(t, text)
	require.NoError(t, err)
	made, err := table.Amendment(ivp.Published(), head, nil, ivp.Date{})
	require.NoError(t, err)
	return made
}

// TestTheShippedTablesRestateThemselves checks that the shipped tables, typed as
// a table, change nothing.
func TestTheShippedTablesRestateThemselves(t *testing.T) {
	h := ivp.Published()
	var text strings.Builder
	out := csv.NewWriter(&text)
	require.NoError(t, out.Write([]string{"Version", "Scope", "From", "To", "Confirmed"}))
	rows := h.Table(h.Latest())
	for _, row := range rows {
		require.Len(t, row.Readings, 1)
		w := row.Readings[0].Window
		confirmed := ""
		if w.To.Kind == ivp.NotOnRecord {
			confirmed = w.To.Day.String()
		}
		require.NoError(t, out.Write([]string{row.Spec.String(), row.Scope, w.From.String(), w.To.String(), confirmed}))
	}
	out.Flush()
	made := makeOf(t, text.String(), inventedHead(t))
	assert.Empty(t, made.Changed)
	assert.Equal(t, len(rows), made.Restated)
	require.Len(t, made.Notes, 1)
	assert.Contains(t, made.Notes[0], `"SMETS1 v1.1": no permitted pair on record`)
	amended, err := h.AmendFile(made.Data)
	require.NoError(t, err)
	for _, spec := range h.Specs() {
		for _, day := range h.Breaks() {
			i := ivp.Installation{Spec: spec, On: day}
			assert.Equal(t, ivp.Checker{History: h, AsAt: h.Latest()}.Check(i).Reason, ivp.Checker{History: amended, AsAt: amended.Latest()}.Check(i).Reason, "%s on %s", spec, day)
		}
	}
}

func TestHeadings(t *testing.T) {
	for heading, want := range map[string]column{
		"\ufeffSpec": specColumn, "VERSION": specColumn, "Spec Version": specColumn, "SMETS_Version": specColumn, "Technical Specification": specColumn, "specification-version": specColumn,
		"Start": fromColumn, "ivp  start": fromColumn, "Installation\nStart Date": fromColumn,
		"End": toColumn, "Installation End Date": toColumn, "IVP End": toColumn, "valid.to": toColumn,
		"Scope": scopeColumn, "Confirmed": confirmedColumn, "GBCS Version": gbcsColumn, "Device Type": typeColumn, "type": typeColumn,
		"Maintenance End Date": columnEnd, "MVP End": columnEnd, "Maintenance Start": columnEnd, "Notes": columnEnd, "": columnEnd,
	} {
		found := columnEnd
		for c := range columnEnd {
			if c.matches(heading) {
				assert.Equal(t, columnEnd, found, "%q means two columns", heading)
				found = c
			}
		}
		assert.Equal(t, want, found, "%q", heading)
	}
}

func TestEveryColumn(t *testing.T) {
	made := makeOf(t, `spec,from,to,scope,confirmed,inferred,unquoted
SMETS2 v99.0,2026-12-01,2027-03-31,,,,page 4
SMETS V2.0,,not on record,,2023-05-01,an invented reason,
SMETS1 v1.2,,OPEN,prepayment,,,
GBCS Version 1.1,,Removed,,,,
`, inventedHead(t))
	assert.Equal(t, `        {"spec": "SMETS2 v99.0", "from": "2026-12-01", "to": "2027-03-31", "unquoted": "page 4"},
        {"spec": "SMETS2 v2.0", "to": "not-on-record", "confirmed": "2023-05-01", "inferred": "an invented reason"},
        {"spec": "SMETS1 v1.2", "scope": "prepayment", "to": "open"},
        {"spec": "GBCS v1.1", "remove": true}
`, linesOf(made.Data, `"spec"`))
	assert.Equal(t, []string{"SMETS2 v99.0", "SMETS2 v2.0", "SMETS1 v1.2, scope prepayment", "GBCS v1.1"}, made.Changed)
}

// linesOf returns the lines that contain a text.
func linesOf(data []byte, text string) string {
	var kept strings.Builder
	for line := range strings.Lines(string(data)) {
		if strings.Contains(line, text) {
			kept.WriteString(line)
		}
	}
	return kept.String()
}

// TestDatesInNoQuotation checks that "unquoted" is filled only for rows
// with a date, start or end, that no quotation contains.
func TestDatesInNoQuotation(t *testing.T) {
	head := inventedHead(t)
	head.Quotes = []string{"until 31 March 2027", "from 1 December 2026"}
	made := makeOf(t, "spec,from,to\nSMETS2 v4.2,,2027-03-31\nSMETS2 v99.0,2026-12-01,2027-03-31\nSMETS2 v98.0,2026-12-02,2027-03-31\n", head)
	var unquoted []string
	for _, e := range made.Amendment.Entries {
		unquoted = append(unquoted, e.Unquoted)
	}
	assert.Equal(t, []string{"", "", "read in line 4 of table.csv, typed from an invented table"}, unquoted)
	assert.Len(t, made.Amendment.Citations, 2)
}

func TestScopeOfTheHead(t *testing.T) {
	head := inventedHead(t)
	head.Scope = "Prepayment"
	made := makeOf(t, "spec,to,scope\nSMETS1 v1.1,2019-03-15,\nSMETS1 v1.2,2019-06-30,acme\n", head)
	assert.Equal(t, []string{"SMETS1 v1.2, scope acme"}, made.Changed, "the case of a scope does not count")
	assert.Equal(t, 1, made.Restated)
}

func TestDayFirstOfTheWholeTable(t *testing.T) {
	made := makeOf(t, "spec,from,to\nSMETS2 v99.0,01/02/2027,03/04/2027\nSMETS2 v98.0,13/02/2027,open\n", inventedHead(t))
	assert.Equal(t, "2027-02-01", made.Amendment.Entries[0].From.String())
	table, err := Read(context.Background(), file(t, "spec,to\nSMETS2 v4.2,03/04/2027\n"), nil, input.Options{}, new(devices.MonthFirst))
	require.NoError(t, err)
	assert.Equal(t, "2027-03-04", table.entries[0].To.String())
}

func TestWorkbook(t *testing.T) {
	f := excelize.NewFile()
	day := time.Date(2027, 3, 31, 0, 0, 0, 0, time.UTC)
	for row, cells := range [][]any{{"An invented table"}, {"Version", "Start", "End", "Maintenance End"}, {"SMETS V4.2", nil, day, day}, {}, {"SMETS V4.3 ", nil, "Open", "n/a"}} {
		cell, err := excelize.CoordinatesToCellName(1, row+1)
		require.NoError(t, err)
		require.NoError(t, f.SetSheetRow("Sheet1", cell, &cells))
	}
	path := filepath.Join(t.TempDir(), "table.xlsx")
	require.NoError(t, f.SaveAs(path))
	var options input.Options
	options.Reader.HeaderRow = 2
	table, err := Read(context.Background(), path, nil, options, nil)
	require.NoError(t, err)
	made, err := table.Amendment(ivp.Published(), inventedHead(t), nil, ivp.Date{})
	require.NoError(t, err)
	assert.Equal(t, `        {"spec": "SMETS2 v4.2", "to": "2027-03-31", "unquoted": "read in row 3 of table.xlsx, typed from an invented table"},
        {"spec": "SMETS2 v4.3", "to": "open"}
`, linesOf(made.Data, `"spec"`))
	assert.Equal(t, []string{path + ": 1 empty row between its rows: left out", path + `: not read: "Maintenance End"`}, table.Notes())
}

// TestSurplusBlankCells: a spreadsheet leaves delimiters at the end of a row.
func TestSurplusBlankCells(t *testing.T) {
	made := makeOf(t, "spec,to\nSMETS2 v4.2,open,, \n,\n,,,\nSMETS2 v4.3,open\n", inventedHead(t))
	assert.Len(t, made.Amendment.Entries, 2)
	_, err := readText(t, "spec,to\nSMETS2 v4.2,open,2027-01-01\n")
	assert.ErrorContains(t, err, "table.csv:2: 3 cells, the heading has 2")
	_, err = readText(t, "spec,from,to\nSMETS2 v4.2,open\n")
	assert.ErrorContains(t, err, "table.csv:2: 2 cells, the heading has 3", "a short row could mean another column")
}

func TestExitCodes(t *testing.T) {
	for text, want := range map[string]exit.Code{
		"":                              exit.Empty,
		"spec,to\n":                     exit.Empty,
		"spec\nSMETS2 v4.2\n":           exit.Usage,
		"spec,to\nSMETS2 v4.2,soon\n":   exit.Usage,
		"spec,to\n\"SMETS2 v4.2,soon\n": exit.Usage,
	} {
		_, err := readText(t, text)
		assert.Equal(t, want, exit.CodeOf(err), "%q: %v", text, err)
	}
	_, err := Read(context.Background(), filepath.Join(t.TempDir(), "absent.csv"), nil, input.Options{}, nil)
	assert.Equal(t, exit.IO, exit.CodeOf(err))
}

// TestFaultsOfPairsHaveTheirPlace checks that a fault of the amendment's file is
// reported where it was typed.
func TestFaultsOfPairsHaveTheirPlace(t *testing.T) {
	table, err := readText(t, "spec,to\nSMETS2 v4.2,open\n")
	require.NoError(t, err)
	pairs := &Pairs{sheet: &sheet{name: "pairs.csv", at: places{}, headings: []string{"spec"}}}
	added := []pair{
		{row{4, []string{"SMETS2 v4.2"}}, ivp.Pair{Type: ivp.GSME, Spec: ivp.Spec{Family: ivp.SMETS, Version: "4.2"}, GBCS: ivp.Spec{Family: ivp.GBCS, Version: "4.1"}}},
		{row{7, []string{"SMETS2 v4.2"}}, ivp.Pair{Type: ivp.GSME, Spec: ivp.Spec{Family: ivp.SMETS, Version: "4.2"}, GBCS: ivp.Spec{Family: ivp.GBCS, Version: "4.1"}}},
	}
	data := ivp.AppendAmendments(nil, table.amendment(inventedHead(t), added))
	_, err = ivp.Published().AmendFile(data)
	require.Error(t, err)
	var faults Faults
	require.ErrorAs(t, table.blame(err, data, pairs, added), &faults)
	require.Len(t, faults, 1)
	assert.Equal(t, "pairs.csv", faults[0].File)
	assert.Equal(t, 7, faults[0].Line)
	assert.NotEmpty(t, faults[0].Do)
}

// FuzzTable checks that a table gives either an amendment that the loader accepts
// or an error.
func FuzzTable(f *testing.F) {
	for _, text := range []string{
		"spec,from,to\nSMETS2 v4.2,2019-11-29,open\n", "Version;End\nSMETS V3.1 ;27/04/2023\n", "spec,to\nSMETS2 v3.1,removed\n",
		"spec,to,scope\nSMETS1 v1.2,30 June 2019,x\nGBCS v3.2,open,x\n", "spec,to\n,\n4.2,never\n", "spec\n", "",
	} {
		f.Add(text)
	}
	day, err := ivp.ParseDate("2026-11-01")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text string) {
		table, err := Read(context.Background(), input.Stdin, strings.NewReader(text), input.Options{}, nil)
		if err != nil {
			assert.NotEmpty(t, err.Error())
			return
		}
		made, err := table.Amendment(ivp.Published(), Head{ID: "FUZZ", InForce: day, Document: "an invented table"}, nil, ivp.Date{})
		if err != nil {
			assert.NotEmpty(t, err.Error())
			return
		}
		_, err = ivp.Published().AmendFile(made.Data)
		require.NoError(t, err, "what was made must stand on the record")
		assert.NotEmpty(t, made.Summary())
	})
}
