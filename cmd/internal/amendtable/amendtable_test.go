package amendtable

import (
	"context"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"slices"
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

func readText(t *testing.T, text string, given Given) *Table {
	table, err := Read(context.Background(), file(t, text), nil, input.Options{}, ParseAnswers(given))
	require.NoError(t, err)
	return table
}

func makeOf(t *testing.T, text string, head Head, given Given) *Made {
	made, err := readText(t, text, given).Amendment(ivp.Published(), head, nil, ivp.Date{})
	require.NoError(t, err)
	return made
}

// askedOf returns the faults of a table that is refused.
func askedOf(t *testing.T, text string, given Given) Faults {
	_, err := readText(t, text, given).Amendment(ivp.Published(), inventedHead(t), nil, ivp.Date{})
	var faults Faults
	require.ErrorAs(t, err, &faults)
	return faults
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
	made := makeOf(t, text.String(), inventedHead(t), Given{})
	assert.Empty(t, made.Changed)
	assert.Equal(t, len(rows), made.Restated)
	require.Len(t, made.Notes(), 1)
	assert.Contains(t, made.Notes()[0], `"SMETS1 v1.1": no permitted pair on record`)
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
		"\ufeffSpec": specColumn, "VERSION": specColumn, "Spec Version": specColumn, "SMETS_Version": specColumn, "SMETS / CHTS Version No.": specColumn, "specification-version": specColumn, "TS Version": specColumn,
		"Technical Specification": familyColumn, "Specification": familyColumn, "Family": familyColumn, "Technical Specification(s)": familyColumn, "TS": familyColumn, "Document": familyColumn,
		"Start": fromColumn, "ivp  start": fromColumn, "Installation\nStart Date": fromColumn, "IVP Start Date": fromColumn, "Installation Validity Period: from": fromColumn, "First day of installation": fromColumn, "Valid From": fromColumn,
		"End": toColumn, "Installation End Date": toColumn, "IVP End": toColumn, "valid.to": toColumn, "Installation Validity Period End": toColumn, "Last day of installation (inclusive)": toColumn, "IVP (up to and including)": toColumn, "Expiry date": toColumn,
		"Scope": scopeColumn, "Confirmed": confirmedColumn, "Device Type": typeColumn, "type": typeColumn, "Device type(s)": typeColumn, "Applicable devices": typeColumn,
		"GBCS Version": gbcsColumn, "GBCS Version(s)": gbcsColumn, "Relevant GBCS Versions": gbcsColumn, "GBCS": gbcsColumn, "Great Britain Companion Specification": gbcsColumn,
		"GBCS Applicability Period Start Date": gbcsFromColumn, "Applicability Period End Date": gbcsToColumn, "GBCS end": gbcsToColumn,
		"Maintenance End Date": columnEnd, "MVP End": columnEnd, "Maintenance Start": columnEnd, "Notes": columnEnd, "": columnEnd, "IVP End (exclusive)": columnEnd, "Status": columnEnd, "Last updated": columnEnd, "Tech. Spec.": familyColumn, "SMETS/CHTS/GBCS Version": specColumn, "IVP end (dd/mm/yyyy)": toColumn, "Effective Date": columnEnd, "Version(s) of GBCS": gbcsColumn, "Installation": columnEnd,
	} {
		found, _ := columnOf(heading)
		assert.Equal(t, want, found, "%q", heading)
	}
}

func TestEveryColumn(t *testing.T) {
	made := makeOf(t, `spec,from,to,scope,confirmed,inferred,unquoted
SMETS2 v99.0,2026-12-01,2027-03-31,,,,page 4
SMETS V2.0,,not on record,,2023-05-01,an invented reason,
SMETS1 v1.2,,OPEN,prepayment,,,
GBCS Version 1.1,,Removed,,,,
`, inventedHead(t), Given{})
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
	made := makeOf(t, "spec,from,to\nSMETS2 v4.2,,2027-03-31\nSMETS2 v99.0,2026-12-01,2027-03-31\nSMETS2 v98.0,2026-12-02,2027-03-31\n", head, Given{})
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
	made := makeOf(t, "spec,to,scope\nSMETS1 v1.1,2019-03-15,\nSMETS1 v1.2,2019-06-30,acme\n", head, Given{})
	assert.Equal(t, []string{"SMETS1 v1.2, scope acme"}, made.Changed, "the case of a scope does not count")
	assert.Equal(t, 1, made.Restated)
}

func TestDayFirstOfTheWholeTable(t *testing.T) {
	made := makeOf(t, "spec,from,to\nSMETS2 v99.0,01/02/2027,03/04/2027\nSMETS2 v98.0,13/02/2027,open\n", inventedHead(t), Given{})
	assert.Equal(t, "2027-02-01", made.Amendment.Entries[0].From.String())
	var options input.Options
	options.Reader.Columns.Dates = new(devices.MonthFirst)
	table, err := Read(context.Background(), file(t, "spec,to\nSMETS2 v4.2,03/04/2027\n"), nil, options, ParseAnswers(Given{}))
	require.NoError(t, err)
	assert.Equal(t, "2027-03-04", table.entries[0].end.String())
	asked := askedOf(t, "spec,to\nSMETS2 v4.2,31/03/2027\nSMETS2 v4.3,03/31/2027\n", Given{})
	assert.Contains(t, asked.Paste(), "--date-format 'day-first OR month-first'")
}

// TestWorkbook reads a workbook with merged cells, a heading of two rows, true dates
// and versions that are numbers.
func TestWorkbook(t *testing.T) {
	f := excelize.NewFile()
	day := time.Date(2027, 3, 31, 0, 0, 0, 0, time.UTC)
	for row, cells := range [][]any{
		{"An invented table"},
		{"Technical Specification", "Version", "Installation Validity Period", nil, "Maintenance Validity Period", nil, "GBCS Version(s)"},
		{nil, nil, "Start", "End", "Start", "End"},
		{"SMETS2", 4.2, nil, day, nil, day, 3.2},
		{nil, 5, nil, "Open", nil, "n/a", 4},
		{},
		{"Note: an invented table"},
	} {
		cell, err := excelize.CoordinatesToCellName(1, row+1)
		require.NoError(t, err)
		require.NoError(t, f.SetSheetRow("Sheet1", cell, &cells))
	}
	oneDecimal := "0.0"
	style, err := f.NewStyle(&excelize.Style{CustomNumFmt: &oneDecimal})
	require.NoError(t, err)
	for _, cells := range [][2]string{{"A2", "A3"}, {"B2", "B3"}, {"C2", "D2"}, {"E2", "F2"}, {"A4", "A5"}} {
		require.NoError(t, f.MergeCell("Sheet1", cells[0], cells[1]))
	}
	require.NoError(t, f.SetCellStyle("Sheet1", "B4", "B5", style))
	path := filepath.Join(t.TempDir(), "table.xlsx")
	require.NoError(t, f.SaveAs(path))
	read := func(given Given) (*Table, *Made, error) {
		table, err := Read(context.Background(), path, nil, input.Options{}, ParseAnswers(given))
		require.NoError(t, err)
		made, err := table.Amendment(ivp.Published(), inventedHead(t), nil, ivp.Date{})
		return table, made, err
	}
	_, _, err = read(Given{})
	assert.ErrorContains(t, err, `:5: GBCS Version(s): "4": this is not a version`, "4 is shown without a decimal point, 5 with one")
	table, made, err := read(Given{Read: []string{"4=4.0"}})
	require.NoError(t, err)
	assert.Equal(t, `        {"spec": "SMETS2 v4.2", "to": "2027-03-31", "unquoted": "read in row 4 of table.xlsx, typed from an invented table"},
        {"spec": "SMETS2 v5.0", "to": "open"}
`, linesOf(made.Data, `"spec"`))
	assert.Equal(t, []string{
		path + ": 1 empty row between its rows: left out",
		path + `: columns not read: "Maintenance Validity Period Start", "Maintenance Validity Period End"`,
		path + `: not read: 1 row above the heading: "An invented table"`,
		path + `: not read: 1 note among the rows or below them: "Note: an invented table"`,
		path + ": Technical Specification: 1 blank cell read as the row above",
	}, table.Notes())
}

// TestSurplusBlankCells: a spreadsheet leaves delimiters at the end of a row.
func TestSurplusBlankCells(t *testing.T) {
	made := makeOf(t, "spec,to\nSMETS2 v4.2,open,, \n,\n,,,\nSMETS2 v4.3,open\n", inventedHead(t), Given{})
	assert.Len(t, made.Amendment.Entries, 2)
	asked := askedOf(t, "spec,to\nSMETS2 v4.2,open,2027-01-01\nSMETS2 v4.3,open\n", Given{})
	assert.ErrorContains(t, asked, "table.csv:2: 3 cells, the heading has 2")
	assert.Equal(t, "--leave-out 2", asked.Paste())
	asked = askedOf(t, "spec,from,to\nSMETS2 v4.2,open\n", Given{})
	assert.ErrorContains(t, asked, "table.csv:2: 2 cells, the heading has 3", "a short row could mean another column")
}

func TestExitCodes(t *testing.T) {
	for text, want := range map[string]exit.Code{"": exit.Empty, "spec,to\n": exit.Empty, " \n\n": exit.Empty} {
		_, err := Read(context.Background(), file(t, text), nil, input.Options{}, ParseAnswers(Given{}))
		assert.Equal(t, want, exit.CodeOf(err), "%q: %v", text, err)
	}
	_, err := Read(context.Background(), filepath.Join(t.TempDir(), "absent.csv"), nil, input.Options{}, ParseAnswers(Given{}))
	assert.Equal(t, exit.IO, exit.CodeOf(err))
	for _, text := range []string{"spec\nSMETS2 v4.2\n", "spec,to\nSMETS2 v4.2,soon\n", "spec,to\n\"SMETS2 v4.2,soon\n", "to,from\n2027-01-01,2026-01-01\n"} {
		assert.NotEmpty(t, askedOf(t, text, Given{}), text)
	}
}

// TestFaultsHaveTheirPlace checks that a fault of the amendment's file is reported
// where it was typed.
func TestFaultsHaveTheirPlace(t *testing.T) {
	asked := askedOf(t, "Version,IVP start,IVP end\nSMETS2 v4.2,,2019-01-01\nCHTS v1.3,,2027-01-01\n", Given{})
	require.Len(t, asked, 1)
	assert.Equal(t, 2, asked[0].Line)
	assert.Equal(t, "IVP end", asked[0].Column)
	assert.Equal(t, "2019-01-01", asked[0].Value)
	assert.NotEmpty(t, asked[0].Do)
}

// TestCopiedTables reads tables as people copy them: each says the same of two
// versions.
func TestCopiedTables(t *testing.T) {
	const want = `SMETS2 v4.2 to 2027-03-31; CHTS v1.4 to open; GBCS v3.2 to 2028-03-31; GBCS v4.1 to open; GSME SMETS2 v4.2 GBCS v4.1; HCALCS SMETS2 v4.2 GBCS v4.1; Polyphase Electricity Metering Equipment SMETS2 v4.2 GBCS v4.1; PPMID SMETS2 v4.2 GBCS v4.1; Single Element Electricity Metering Equipment SMETS2 v4.2 GBCS v4.1; Twin Element Electricity Metering Equipment SMETS2 v4.2 GBCS v4.1`
	for name, c := range map[string]struct {
		text  string
		given Given
	}{
		"one column":                  {text: "Version,IVP End,GBCS\nSMETS2 v4.2,31/03/2027,3.2 / 4.1\nCHTS V1.4,open,4.0\nGBCS Version 3.2,31/03/2028,\nGBCS 4.1,No end date,\n"},
		"two columns":                 {text: "Technical Specification,Version,IVP start,IVP end,MVP end,GBCS Version(s)\nSMETS,4.2,29/11/2019,31/03/2027,-,\"3.2, 4.1\"\nCHTS,1.4,29/11/2020,No end date,-,4.0\nGBCS,3.2,29/11/2019,31/03/2028,,n/a\nGBCS,4.1,,No End Date,,-\n"},
		"another order, long names":   {text: "Relevant GBCS versions;End of Installation Validity Period;Version No.;Specification\nGBCS v3.2 & GBCS v4.1;31 March 2027;V4.2;Smart Metering Equipment Technical Specifications 2 (SMETS2)\nv4.0;open-ended;v1.4;Communications Hub Technical Specifications\n;31 Mar 2028;3.2;Great Britain Companion Specification (GBCS)\n;ongoing;4.1;GBCS\n"},
		"merged cells, notes, titles": {text: "Schedule 11, an invented copy,,,\n,,,\nFamily,Version,Installation End Date,GBCS\nSMETS 2,4.2,31/03/2027,3.2\n,,,4.1\nCHTS,1.4,Open,4.0\nGBCS,3.2,31/03/2028,\n,4.1,No end,\nNote 1: dates are inclusive,,,\n* invented,,,\n"},
		"sections":                    {text: "Version\tIVP to\tGBCS versions\nSMETS2\t\t\n4.2\t2027-03-31\tv3.2 and v4.1\nCHTS\t\t\n1.4\tindefinite\t4.0\nGBCS\t\t\nv3.2\t2028-03-31\tN/A\nv4.1\tOpen\tN/A\n"},
		"headings of two rows":        {text: "Technical Specification,Version,Installation Validity Period,,Maintenance Validity Period,,GBCS\n,,Start Date,End Date,Start Date,End Date,\nSMETS2,4.2,29/11/2019,31/03/2027,29/11/2019,-,3.2 / 4.1\nCHTS,1.4,29/11/2020,No end date,,,4.0\nGBCS,3.2,29/11/2019,31/03/2028,,,\nGBCS,4.1,04/11/2021,No end date,,,\n"},
		"a row for each GBCS version, with its period": {text: "TS,Version,Installation End Date,GBCS Version,GBCS Applicability Period Start Date,GBCS Applicability Period End Date\nSMETS2,4.2,31/03/2027,3.2,29/11/2019,31/03/2028\nSMETS2,4.2,31/03/2027,4.1,04/11/2021,No end date\nCHTS,1.4,No end date,4.0,,\n"},
		"both dates in one column":                     {text: "Version,Installation Validity Period,GBCS\nSMETS2 v4.2,29/11/2019 – 31/03/2027,3.2; 4.1\nCHTS v1.4,From 29 November 2020 to open,4.0\nGBCS v3.2,29/11/2019 to 31/03/2028,\nGBCS v4.1,04/11/2021 - No end date,\n"},
		"two numbers":                                  {text: "Technical Specification,Principal Version,Sub-Version,IVP End,GBCS\nSMETS,4,2,31/03/2027,3.2 / 4.1\nCHTS,1,4,open,4.0\nGBCS,3,2,31/03/2028,\n,4,1,open,\n"},
		"short rows, the family under another name":    {text: "Type,Version,IVP start,IVP End,MVP End,GBCS\nSMETS,4.2,29/11/2019,31/03/2027,-,3.2/4.1\nCHTS,1.4,,open\nGBCS,3.2,,31/03/2028,n/a\n,4.1,,open\n"},
		"families in every cell":                       {text: "| Technical Specification | Version | Last installation date | GBCS |\n|---|---|---|---|\n| Technical Specification: SMETS2 | | | |\n| SMETS2 v4.2 | 4.2 | 31/03/2027 | 3.2 |\n|  |  | 31/03/2027 | 4.1 |\n| CHTS v1.4 | | no end | 4.0 |\n| GBCS (Great Britain Companion Specification) | Version 3.2 | 31/03/2028 | |\n| GBCS | 4.1 | open | |\n"},
		"a family that is left out":                    {text: "Family,Version,End\nSMETS2,4.2,31/03/2027\nIHDTS,4.3,31/03/2029\n,4.4,31/03/2029\nCHTS,1.4,open\nGBCS,3.2,31/03/2028\n,4.1,open\n", given: Given{LeaveOut: []string{"3", "4"}}},
		"a heading again":                              {text: "Version,End,GBCS\nSMETS2 v4.2,31/03/2027,3.2|4.1\nVersion,End,GBCS\nCHTS v1.4,open,\nGBCS v3.2,31/03/2028,\nGBCS v4.1,open,\n"},
		"answers": {text: "Issue,Ceases on,GBCS\n4.2,31/03/27,3.2 to 4.1\nCHTS v1.4,-,4\nGBCS v3.2,31/03/2028,\nGBCS v4.1,TBC,\nSMETS3 v1.0,-,\n",
			given: Given{Map: []string{"to=Ceases on"}, Read: []string{"31/03/27=31/03/2027", "3.2 to 4.1=3.2, 4.1", "4=4.0"}, NoEnd: []string{"open", "tbc=open"}, LeaveOut: []string{"6"}, Family: "SMETS 2"}},
	} {
		t.Run(name, func(t *testing.T) {
			made := makeOf(t, c.text, inventedHead(t), c.given)
			var all []string
			for _, e := range made.Amendment.Entries {
				assert.Zero(t, e.From, "%s: the start is on record", e.Spec)
				all = append(all, e.Spec.String()+" to "+e.To.String())
			}
			if name == "a family that is left out" {
				assert.Equal(t, strings.Split(want, "; ")[:4], all)
				return
			}
			slices.SortFunc(all, func(a, b string) int { // a period of GBCS may come with another version
				return strings.Compare(strings.Replace(a, "SMETS", "A", 1), strings.Replace(b, "SMETS", "A", 1))
			})
			for _, p := range made.Amendment.Pairs {
				all = append(all, fmt.Sprintf("%s %s %s", p.Type, p.Spec, p.GBCS))
			}
			assert.Equal(t, want, strings.Join(all, "; "))
		})
	}
}

// TestAsked: what a table does not say is asked, all of it at once, and the line to
// paste has a flag for each question.
func TestAsked(t *testing.T) {
	for name, c := range map[string]struct {
		text  string
		given Given
		paste string // without the flags of other questions
		says  []string
	}{
		"dashes":                          {"Version,End\nSMETS2 v4.2,-\nSMETS2 v4.3,–\nSMETS2 v5.0,—\nSMETS2 v5.1,n/a\nCHTS v1.3,\n", Given{}, "--no-end 'open OR not-on-record'", []string{`table.csv:2: End: 5 cells hold "-" (1), "–" (1), "—" (1), "n/a" (1), nothing (1): SMETS2 v4.2 in line 2, SMETS2 v4.3 in line 3`}},
		"to be confirmed":                 {"Version,End\nSMETS2 v4.2,TBC\n", Given{NoEnd: []string{"open"}}, "--no-end 'TBC=not-on-record OR open'", nil},
		"an end on record":                {"Version,End\nSMETS2 v3.1,-\n", Given{NoEnd: []string{"open"}}, "--no-end 'SMETS2 v3.1=unchanged OR open'", []string{"whose end is on record"}},
		"no start of a new one":           {"Version,Start,End\nSMETS2 v9.0,-,open\n", Given{}, "--start 'SMETS2 v9.0=YOUR DATE'", nil},
		"types of another family":         {"Version,End\nCHTS v1.3,open\n", Given{Types: []string{"CHTS v1.3=GSME"}}, "", []string{"with types of that family"}},
		"a family in the title":           {"Communications Hub Technical Specifications (invented),\nVersion,IVP end\n1.3,31/03/2027\n1.9,-\n", Given{}, "--family CHTS --start 'CHTS v1.9=YOUR DATE' --no-end 'open OR not-on-record'", nil},
		"no family":                       {"Version,End\n4.2,31/03/2027\n", Given{}, "--family 'YOUR FAMILY'", nil},
		"an unknown family":               {"Technical Specification,Version,End\nIHDTS,1.0,open\n", Given{}, "--leave-out 2", []string{"say --read with the cell and the family"}},
		"a family that goes on":           {"Technical Specification,Version,End\nSMETS2,4.2,open\nIHDTS,1.0,open\n,1.1,-\nCHTS,1.4,open\n", Given{}, "--leave-out 3,4", []string{`table.csv:4: Technical Specification: the row continues "IHDTS", which is not a family of the rules`}},
		"the same, with one row left out": {"Technical Specification,Version,End\nSMETS2,4.2,open\nIHDTS,1.0,open\n,4.3,open\n", Given{LeaveOut: []string{"3"}}, "--leave-out 4", nil},
		"the encoding of Windows":         {"Version,End\nSMETS2 v4.2,\x96\n", Given{}, "--encoding windows-1252 --no-end 'open OR not-on-record'", []string{`1 cell holds "–"`}},
		"a row with a cell too few":       {"Version,IVP End,MVP End,GBCS\nSMETS2 v4.2,-,3.2\n", Given{}, "--leave-out 2", []string{"table.csv:2: 3 cells, the heading has 4"}},
		"a far end":                       {"Version,End\nSMETS2 v4.2,31/12/9999\n", Given{}, "--no-end 'open OR not-on-record'", []string{`1 cell holds "31/12/9999"`}},
		"a version that is a day":         {"Version,End\n02-Apr,31/03/2027\n", Given{}, "--read '02-Apr=YOUR VERSION'", []string{"a spreadsheet may have read it as a date"}},
		"a range":                         {"Version,End,GBCS\nSMETS2 v4.3,open,3.2 - 4.1\n", Given{}, "--read '3.2 - 4.1=YOUR VERSION'", []string{`table.csv:2: GBCS: "3.2 - 4.1"`, "name each version of a range"}},
		"a comma":                         {"Version;End;GBCS\nSMETS2 v4.3;open;3,2\n", Given{}, "--read '3,2=YOUR VERSION'", []string{"there is a comma where a point was expected"}},
		"or later":                        {"Version,End,GBCS\nSMETS2 v4.3,open,3.2+\n", Given{}, "--read '3.2+=YOUR VERSION'", nil},
		"whole numbers":                   {"Version,End,GBCS\nSMETS2 v5,open,4\n", Given{}, "--read '4=4.0' --read 'SMETS2 v5=SMETS2 v5.0'", nil},
		"a short year":                    {"Version,End\nSMETS2 v4.2,31/03/27\n", Given{}, "--read '31/03/27=YOUR DATE'", []string{"four digits"}},
		"a footnote":                      {"Version,End\nSMETS2 v4.2,31/03/2027*\n", Given{}, "--read '31/03/2027*=YOUR DATE'", nil},
		"a row that begins as a note":     {"Version,End\n* SMETS2 v4.2,31/03/2027\n", Given{}, "--read '* SMETS2 v4.2=YOUR VERSION'", nil},
		"a heading":                       {"Version,IVP Ceases\nSMETS2 v4.2,-\n", Given{}, "--map to='IVP Ceases' --no-end 'open OR not-on-record'", nil},
		"an end that is excluded":         {"Version,IVP End (exclusive)\nSMETS2 v4.2,01/04/2027\n", Given{}, "--map to='IVP End (exclusive)'", nil},
		"two headings":                    {"Version,End,IVP End\nSMETS2 v4.2,31/03/2027,31/03/2028\n", Given{}, "--map to='End OR IVP End'", nil},
		"headings alike":                  {"Version,Start,End,Start,End\nSMETS2 v4.2,1,2,3,4\n", Given{}, "--map from='#2 OR #4' --map to='#3 OR #5'", nil},
		"no heading":                      {"SMETS2 v4.2,31/03/2027\n", Given{}, "--map spec='YOUR HEADING' --map to='YOUR HEADING'", nil},
		"two rows that differ":            {"Version,End\nSMETS2 v4.2,31/03/2027\nSMETS2 v4.2,31/03/2028\n", Given{}, "--leave-out '2 OR 3'", []string{`line 2 has another for SMETS2 v4.2: "31/03/2027"`}},
		"no version":                      {"Version,End\n,31/03/2027\n", Given{}, "--leave-out 2", []string{"the row has no version"}},
		"two families":                    {"Family,Version,End\nCHTS,SMETS2 v4.2,31/03/2027\n", Given{}, "--read 'SMETS2 v4.2=YOUR VERSION'", nil},
		"the GBCS of a GBCS row":          {"Version,End,GBCS\nGBCS v3.2,open,4.0\n", Given{}, "", []string{"goes with no other version of GBCS"}},
		"a type":                          {"Version,End,GBCS,Device Type\nSMETS2 v4.3,open,4.0,Toaster\n", Given{}, "--read 'Toaster=YOUR TYPES'", nil},
		"wrong answers":                   {"Version,End\nSMETS2 v4.2,-\n", Given{NoEnd: []string{"never", "-=x"}, Start: []string{"x"}, Types: []string{"SMETS2 v4.2=Toaster"}, Map: []string{"x=y"}, Read: []string{"x"}, LeaveOut: []string{"9-2"}, Family: "x"}, "--no-end 'open OR not-on-record'", []string{"--no-end: \"never\"", "--no-end: \"-=x\"", "--start: \"x\"", "--types", "--map", "--read", "--leave-out", "--family"}},
		"placeholders":                    {"Version,End\nSMETS2 v4.2,-\n", Given{NoEnd: []string{"open OR not-on-record"}}, "--no-end 'open OR not-on-record'", nil},
		"an answer of no use":             {"Version,End\nSMETS2 v4.2,open\n", Given{Types: []string{"SMETS2 v9.0=ESME"}}, "", []string{"the table does not have it"}},
	} {
		t.Run(name, func(t *testing.T) {
			asked := askedOf(t, c.text, c.given)
			assert.Equal(t, c.paste, asked.Paste(), "%v", asked)
			for _, text := range c.says {
				assert.ErrorContains(t, asked, text)
			}
		})
	}
	standard, err := Read(context.Background(), input.Stdin, strings.NewReader("Version,End\nSMETS2 v4.2,\x96\n"), input.Options{}, ParseAnswers(Given{}))
	require.NoError(t, err)
	_, err = standard.Amendment(ivp.Published(), inventedHead(t), nil, ivp.Date{})
	assert.ErrorContains(t, err, "standard input:2: End: \"–\": 1 cell holds")
	// What concerns the amendment as a whole, with all else, and the title above.
	_, err = readText(t, "In force from 1 November 2026,\nVersion,End\nSMETS2 v4.2,-\n", Given{}).Amendment(ivp.Published(), Head{}, nil, ivp.Date{})
	var asked Faults
	require.ErrorAs(t, err, &asked)
	assert.Equal(t, "--id 'YOUR ID' --in-force 'YOUR DATE' --document 'YOUR DOCUMENT' --no-end 'open OR not-on-record'", asked.Paste())
	assert.ErrorContains(t, asked, `above the heading: "In force from 1 November 2026"`)
	_, err = readText(t, "Version,End\nSMETS2 v4.2,open\n", Given{}).Amendment(ivp.Published(), Head{ID: "T", InForce: inventedHead(t).InForce, Document: "YOUR DOCUMENT"}, nil, ivp.Date{})
	assert.ErrorContains(t, err, "this is a placeholder")
	made := makeOf(t, "Version,Start,End\nSMETS2 v9.0,TBC,open\n", inventedHead(t), Given{Start: []string{"SMETS2 v9.0=01/12/2026"}})
	assert.Equal(t, "the start was given by hand: line 2 of table.csv has none", made.Amendment.Entries[0].Unquoted)
}

// TestPairsOfATable: a combination on record is not extended to other types, a new
// one has the types on record, a new version those of the answer or of the table.
func TestPairsOfATable(t *testing.T) {
	const text = "Version,Start,End,GBCS\nSMETS2 v4.3,,open,3.2/4.1\nSMETS2 v9.0,2026-12-01,open,4.1\n"
	pairs := func(made *Made) (all []string) {
		for _, p := range made.Amendment.Pairs {
			all = append(all, fmt.Sprintf("%s %s %s", p.Type, p.Spec, p.GBCS))
		}
		return all
	}
	made := makeOf(t, text, inventedHead(t), Given{})
	assert.Empty(t, pairs(made), "SMETS2 v4.3 with GBCS v4.1 is on record for GSME, and for no other type")
	notes := strings.Join(made.Notes(), "\n")
	assert.Contains(t, notes, `SMETS2 v9.0 has no permitted pair on record, and the table gives no device types: no pair is written for 1 combination (GBCS v4.1)`)
	assert.Contains(t, notes, "SMETS2 v4.3 with GBCS v4.0; if the Tables permit them no more")
	made = makeOf(t, text, inventedHead(t), Given{Types: []string{"smets2 v9.0=Gas Meter, PPMID"}})
	assert.Equal(t, []string{"GSME SMETS2 v9.0 GBCS v4.1", "PPMID SMETS2 v9.0 GBCS v4.1"}, pairs(made))
	made = makeOf(t, "Version,End,GBCS\nSMETS2 v4.4,removed,3.2\n", inventedHead(t), Given{})
	assert.Empty(t, pairs(made), "a version that is removed has no pairs")
	made = makeOf(t, "Version,End,GBCS,Type\nSMETS2 v4.2,open,3.2,ESME\nCHTS v1.3,open,3.2,CHF\n", inventedHead(t), Given{})
	assert.Empty(t, pairs(made), "the types of an ESME and of a hub are on record")
	made = makeOf(t, "Version,End,GBCS\nSMETS2 v4.4,open,3.2\n", inventedHead(t), Given{})
	assert.Equal(t, []string{"PPMID SMETS2 v4.4 GBCS v3.2"}, pairs(made))
	made = makeOf(t, "Version,End,GBCS,Device types\nSMETS2 v4.4,open,3.2,GSME\n,,4.0,\n,,,HCALCS / PPMID\n", inventedHead(t), Given{})
	assert.Equal(t, []string{"GSME SMETS2 v4.4 GBCS v3.2", "GSME SMETS2 v4.4 GBCS v4.0", "HCALCS SMETS2 v4.4 GBCS v4.0", "PPMID SMETS2 v4.4 GBCS v4.0"}, pairs(made))
}

// TestNothingOnRecordIsLost: a start on record keeps its authority, and an end on
// record stays where a cell has none.
func TestNothingOnRecordIsLost(t *testing.T) {
	made := makeOf(t, "Version,Start,End\nSMETS2 v3.1,08/11/2018,-\nSMETS2 v4.2,28/11/2019,31/03/2027\n", inventedHead(t), Given{NoEnd: []string{"unchanged"}})
	require.Len(t, made.Amendment.Entries, 1)
	assert.Equal(t, "2019-11-28", made.Amendment.Entries[0].From.String(), "a start that differs is set, and named")
	table := readText(t, "Version,Start,End\nSMETS2 v4.2,28/11/2019,31/03/2027\n", Given{})
	_, err := table.Amendment(ivp.Published(), inventedHead(t), nil, ivp.Date{})
	require.NoError(t, err)
	assert.Contains(t, strings.Join(table.Notes(), "\n"), "SMETS2 v4.2 starts on 28 November 2019 in the table and on 29 November 2019 on record")
	// An end that is open on record stays so by the same answer, and is not taken away by another.
	open, err := ivp.Published().AmendFile(makeOf(t, "Version,End\nSMETS2 v4.2,open\n", inventedHead(t), Given{}).Data)
	require.NoError(t, err)
	head := inventedHead(t)
	head.ID = "EXAMPLE-2"
	for answer, fails := range map[string]bool{"open": false, "unchanged": false, "not-on-record": true, "SMETS2 v4.2=not-on-record": false} {
		_, err := readText(t, "Version,End\nSMETS2 v4.2,-\nCHTS v1.3,open\n", Given{NoEnd: []string{answer}}).Amendment(open, head, nil, ivp.Date{})
		assert.Equal(t, fails, err != nil, "%s: %v", answer, err)
	}
	asked := askedOf(t, "Version,Start,End\nSMETS2 v3.1,08/11/2018,-\n", Given{NoEnd: []string{"unchanged"}})
	assert.ErrorContains(t, asked, "no row says anything that is not on record")
}

// FuzzTable checks that a table gives either an amendment that the loader accepts
// or an error.
func FuzzTable(f *testing.F) {
	for _, text := range []string{
		"spec,from,to\nSMETS2 v4.2,2019-11-29,open\n", "Version;End\nSMETS V3.1 ;27/04/2023\n", "spec,to\nSMETS2 v3.1,removed\n",
		"spec,to,scope\nSMETS1 v1.2,30 June 2019,x\nGBCS v3.2,open,x\n", "spec,to\n,\n4.2,never\n", "spec\n", "",
		"TSAT,,,\n,,Installation,\nSpecification;Version;Start;End;GBCS\n", "Family\tVersion\tIVP start\tIVP end\tGBCS\nSMETS 2\tV4.2\t29/11/2019\t-\t3.2 & 4.0\n\t\t\t\t4.1\nNote: x\n",
		"Technical Specification,Version,GBCS,GBCS Applicability Start,GBCS Applicability End,End\nCHTS,1.4,4.0,,TBC,No end date\n",
	} {
		f.Add(text)
	}
	day, err := ivp.ParseDate("2026-11-01")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text string) {
		table, err := Read(context.Background(), input.Stdin, strings.NewReader(text), input.Options{}, ParseAnswers(Given{NoEnd: []string{"open"}}))
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
