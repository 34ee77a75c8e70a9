package query

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mp196/ivp/cmd/internal/testkit"
	"github.com/mp196/ivp/devices"
)

func judge() devices.Judge { return devices.Judge{Checker: published()} }

// ways are the two ways to read a text: twice from its start, or once.
var ways = map[string]func(t *testing.T, text string) Inventory{
	"again": func(_ *testing.T, text string) Inventory {
		return Inventory{Text: func() io.Reader { return strings.NewReader(text) }, Workers: 1}
	},
	"once": func(t *testing.T, text string) Inventory {
		once := strings.NewReader(text)
		return Inventory{Text: func() io.Reader { return once }, Workers: 2, Spool: func() (io.ReadWriteSeeker, error) {
			f, err := os.Create(filepath.Join(t.TempDir(), "spool"))
			t.Cleanup(func() { f.Close() })
			return f, err
		}}
	},
}

func checkText(t *testing.T, way, text, query string) (*Checked, string, error) {
	terms, err := ParseInventoryTerms(queryOf(t, query), published())
	require.NoError(t, err)
	var out bytes.Buffer
	in := ways[way](t, text)
	in.Out = &out
	in.Rows = 2
	checked, err := in.Check(context.Background(), terms)
	return checked, out.String(), err
}

func TestInventoryOnBytes(t *testing.T) {
	for way := range ways {
		for _, p := range testkit.BytePairs(t) {
			_, out, err := checkText(t, way, string(p.Input), "")
			require.NoError(t, err, p.Name)
			assert.Equal(t, string(p.Checked), out, "%s, %s", p.Name, way)
		}
	}
}

// TestZonesAreCountedAndNamed reads times with zones. Two of them fall on another day
// in Great Britain than the day written.
func TestZonesAreCountedAndNamed(t *testing.T) {
	text, err := os.ReadFile("../../../testdata/trials/zones.csv")
	require.NoError(t, err)
	for way := range ways {
		checked, _, err := checkText(t, way, string(text), "")
		require.NoError(t, err)
		assert.Equal(t, map[string]int{"eligible": 9, "not_eligible": 2, "undetermined": 1}, checked.Summary.Outcomes)
		assert.Equal(t, 8, checked.Summary.LastDay)
		assert.Equal(t, 2, checked.Summary.Moved)
		assert.Equal(t, []string{`line 2: "2023-04-27T23:00:00Z" is 2023-04-28 in Great Britain`, `line 5: "2023-04-28T00:30:00+02:00" is 2023-04-27 in Great Britain`}, checked.Summary.FirstMoved)
		notes := strings.Join(checked.Notes, "\n")
		assert.Contains(t, notes, "8 devices dated on the last day of a period")
		assert.Contains(t, notes, checked.Summary.FirstMoved[0]+"; "+checked.Summary.FirstMoved[1])
	}
}

// TestDateOrderIsDecidedFromTheWholeColumn has the only date that shows the order
// beyond the first rows.
func TestDateOrderIsDecidedFromTheWholeColumn(t *testing.T) {
	var text strings.Builder
	text.WriteString("id,SMETS Version,Installation Date\n")
	for n := range 50_000 {
		fmt.Fprintf(&text, "%07d,SMETS2 v3.1,04/05/2022\n", n)
	}
	require.Greater(t, text.Len(), 1<<20)
	for last, want := range map[string]string{"27/04/2023": "04/05/2022,eligible,within-period,SMETS2 v3.1,2023-04-27,358,MP196", "04/27/2023": "04/05/2022,eligible,within-period,SMETS2 v3.1,2023-04-27,387,MP196"} {
		for way := range ways {
			checked, out, err := checkText(t, way, text.String()+"x,SMETS2 v3.1,"+last+"\n", "")
			require.NoError(t, err)
			assert.Equal(t, 50_001, checked.Summary.Outcomes["eligible"], way)
			assert.Contains(t, out, want)
			assert.Contains(t, checked.Notes[0], last)
			assert.Equal(t, 50_002, strings.Count(out, "\n"))
		}
	}
}

// TestNoFlagIsShown checks that no message names a flag of the command line.
func TestNoFlagIsShown(t *testing.T) {
	for text, query := range map[string]string{
		"Title\n\nSerial,Asset Class,SMETS Ver,Fitted On,Cost (£)\na,b,c,d,e\n": "", "spec,install_date\n\n": "header_row=2", "SMETS Version,Installation Date,ivp_to\n": "",
		"SMETS Version,Installation Date,GBCS Ver,scope\nSMETS2 v4.2,2026-01-05,\xe9,unheard\nSMETS2 v4.2,2026-01-05T23:30:00-04:00,x,y,,\n5,01/02/2026,\"x\n": "",
		"spec,install_date\nx,27/04/2023\ny,04/27/2023\n": "", "SMETS Version,Installation Date\n": "map=gbcs=Gone",
	} {
		checked, _, err := checkText(t, "again", text, query)
		if err != nil {
			assert.NotContains(t, err.Error(), "--", text)
			continue
		}
		checked.Timeline.SVG = "" // its style has names such as --tl-ink
		says, err := json.Marshal(checked)
		require.NoError(t, err)
		assert.Contains(t, string(says), "not known after 21 September 2022")
		assert.NotContains(t, string(says), "--", text)
	}
}

func TestWhatIsToldBesideTheInventory(t *testing.T) {
	text := "Device ID,SMETS Version,Installation Date\n" +
		"a,SMETS2 v3.1,2023-04-27\nb,SMETS2 v3.1,2023-04-28\n" + strings.Repeat("c", 100) + ",,2023-04-28\nd,4,2023-04-28\nshort\n"
	for way := range ways {
		checked, _, err := checkText(t, way, text, "")
		require.NoError(t, err)
		assert.Equal(t, map[string]int{"eligible": 1, "not_eligible": 1, "undetermined": 3}, checked.Summary.Outcomes)
		require.Len(t, checked.Rows, 4, "the first two, and those of further causes")
		for _, row := range checked.Rows {
			assert.Equal(t, row.Reason, checked.Answer.AllCauses()[row.Cause-1].Reason, "the row has its own cause")
		}
		assert.Equal(t, "3 b not_eligible after-end MP196", fmt.Sprint(checked.Rows[0].Line, " ", checked.Rows[0].Device, " ", checked.Rows[0].Outcome, " ", checked.Rows[0].Reason, " ", checked.Rows[0].Amendment))
		assert.Equal(t, "SMETS2 v3.1 may not be installed after 2023-04-27.", checked.Rows[0].Explanation, "without the sources, which are given once")
		require.Len(t, checked.Authorities, 1)
		assert.Equal(t, "MP196", checked.Authorities[0].ID)
		assert.NotEmpty(t, checked.Authorities[0].Citations)
		assert.Equal(t, strings.Repeat("c", 63)+"…", checked.Rows[1].Device)
		assert.Len(t, checked.Faults, 2)
		var reasons []string
		for _, r := range checked.Reasons {
			reasons = append(reasons, fmt.Sprint(r.Reason, " ", r.Devices))
		}
		assert.Equal(t, []string{"within-period 1", "after-end 1", "no-version 1", "bad-version 1", "bad-row 1"}, reasons)
		assert.Contains(t, strings.Join(checked.Warnings, "\n"), "the answers for 2 devices dated later may have changed since")
		assert.Equal(t, "Of 5 devices 1 may be installed on its date; 1 may not; 3 cannot be judged, for several reasons.", checked.Answer.Sentence)
		says, err := json.Marshal(checked.Answer.Causes[2])
		require.NoError(t, err)
		assert.JSONEq(t, `{"devices": 1, "outcome": "undetermined", "reason": "bad-version", "what": "version \"4\" is not a version",
			"do": "correct the cells (4.0? a spreadsheet may have dropped the .0): want a version such as SMETS2 v4.2", "first": ["line 5"]}`, string(says))
	}
}

func TestEncodings(t *testing.T) {
	utf16 := "\xff\xfe"
	for _, r := range "SMETS Version,Installation Date,Note\nSMETS2 v3.1,2023-04-27,é\n" {
		utf16 += string([]byte{byte(r), byte(r >> 8)})
	}
	for way := range ways {
		checked, out, err := checkText(t, way, utf16, "")
		require.NoError(t, err)
		assert.Contains(t, out, "SMETS2 v3.1,2023-04-27,é,eligible")
		assert.Equal(t, "read as UTF-16LE; the output is UTF-8", checked.Notes[0])
		_, _, err = checkText(t, way, utf16[:len(utf16)-1], "")
		assert.ErrorContains(t, err, "it is UTF-16, and ends in the middle of a character")
		_, out, err = checkText(t, way, "SMETS Version,Installation Date,Note\nSMETS2 v3.1,2023-04-27,\xe9\n", "encoding=windows-1252")
		require.NoError(t, err)
		assert.Contains(t, out, "SMETS2 v3.1,2023-04-27,é,eligible")
		checked, out, err = checkText(t, way, "SMETS Version,Installation Date,Note\nSMETS2 v3.1,2023-04-27,\xe9\n", "")
		require.NoError(t, err)
		assert.Contains(t, out, "SMETS2 v3.1,2023-04-27,\xe9,eligible", "what is no UTF-8 passes as it is")
		assert.Contains(t, strings.Join(checked.Notes, "\n"), "1 row with bytes that are not UTF-8: line 2")
	}
}

// TestWorkbooksWait has a workbook wait for its place until the request ends; text does not
// wait.
func TestWorkbooksWait(t *testing.T) {
	workbook, err := os.ReadFile("../../../testdata/stock.xlsx")
	require.NoError(t, err)
	limit := NewWorkbooks(1, 1<<20)
	leave, err := limit.enter(context.Background())
	require.NoError(t, err)
	terms, err := ParseInventoryTerms(nil, published())
	require.NoError(t, err)
	check := func(text string, ctx context.Context) error {
		_, err := Inventory{Text: func() io.Reader { return strings.NewReader(text) }, Out: io.Discard, Workers: 1, Workbooks: limit}.Check(ctx, terms)
		return err
	}
	ended, end := context.WithCancel(context.Background())
	end()
	assert.ErrorIs(t, check(string(workbook), ended), context.Canceled)
	assert.NoError(t, check("spec,install_date\nSMETS2 v3.1,2023-04-27\n", context.Background()))
	leave()
	assert.NoError(t, check(string(workbook), context.Background()))
	assert.ErrorContains(t, check("PK\x03\x04"+strings.Repeat(" ", 1<<20), context.Background()), "more than 1 MiB")
	assert.NoError(t, check(string(workbook), context.Background()), "its place was given back")
}

func TestInventoriesThatCannotBeRead(t *testing.T) {
	for way := range ways {
		for text, says := range map[string]string{
			"": "the input is empty", "PK\x03\x04...": "it begins like a workbook and has no end", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": "this is a workbook in the old Excel format",
			"\x1f\x8b\x08": "this is packed as gzip, where CSV or a workbook (.xlsx) was expected: unpack it first, or give it to ivp check, which reads .gz", "\x28\xb5\x2f\xfd": "zstd", "BZh9": "bzip2", "\xfd7zXZ\x00": "xz",
			"PAR1": "a Parquet file", "%PDF-1.7": "a PDF document", `[{"a": 1}]`: "a JSON file", "<?xml version": "an XML file", "\n<HTML>": "an HTML page", "MIME-Version: 1.0": "a web page in one file",
			"D\x00e\x00v\x00i\x00c\x00": "this is text in UTF-16 without a byte order mark: set the encoding to utf-16le", "\x00D\x00e\x00v\x00i\x00c": "utf-16be",
			"spec,install_date\nx,27/04/2023\ny,04/27/2023\n": "contradict each other",
			"\"spec\n": "line 1",
		} {
			_, out, err := checkText(t, way, text, "")
			assert.ErrorContains(t, err, says, text)
			assert.Empty(t, out, "nothing was written")
		}
		for query, says := range map[string]string{"header_row=2": "line 2 is blank, where the heading was expected: name the right line with header_row", "header_row=9": "the input ends before it: name the right line with header_row"} {
			_, _, err := checkText(t, way, "spec,install_date\n\nx,y\n", query)
			assert.ErrorContains(t, err, says)
		}
		_, _, err := checkText(t, way, "Serial,SMETS Ver,Spec,SMETS Version,ivp_to\n", "map=gbcs=Gone")
		var columns *ColumnsError
		require.ErrorAs(t, err, &columns)
		var atFault []string
		for _, c := range columns.Choose {
			if c.Problem != "" {
				atFault = append(atFault, c.Field)
			}
		}
		assert.Equal(t, []string{"install_date", "gbcs", "spec"}, atFault)
		assert.Len(t, columns.Choose, 13, "and every other field that is read, after those at fault")
		assert.Equal(t, []string{"Spec", "SMETS Version"}, columns.Choose[2].Near)
		assert.Equal(t, []string{"ivp_to"}, columns.Added)
		assert.ErrorContains(t, err, "use map=spec=Spec")
		assert.ErrorContains(t, err, "recheck=true")
	}
}

// choiceOf returns the choice for a field.
func choiceOf(t *testing.T, c Columns, field string) ColumnChoice {
	at := slices.IndexFunc(c.Choose, func(choice ColumnChoice) bool { return choice.Field == field })
	require.GreaterOrEqual(t, at, 0, field)
	choice := c.Choose[at]
	choice.name = ""
	return choice
}

// TestColumnsOfJudgedFields has a type and a GBCS version under unknown headings:
// they are proposed, used only if chosen, and reported as not judged.
func TestColumnsOfJudgedFields(t *testing.T) {
	const text = "MSN,SMETS Version,Installation Date,Meter Type,Companion Spec\n" +
		"a,SMETS2 v3.1,2022-06-01,ESME,2.1\nb,SMETS2 v3.1,2022-06-01,ESME,1.0\nc,SMETS2 v3.1,2022-06-01,IHD,2.1\n"
	for way := range ways {
		checked, _, err := checkText(t, way, text, "")
		require.NoError(t, err)
		assert.Equal(t, 3, checked.Summary.Outcomes["eligible"])
		assert.Equal(t, []string{"device_type", "gbcs", "scope"}, checked.NotJudged)
		assert.Equal(t, ColumnChoice{Field: "spec", Column: 2, Judged: true, Needed: true}, choiceOf(t, checked.Columns, "spec"))
		assert.Equal(t, ColumnChoice{Field: "device_type", Judged: true, Near: []string{"Meter Type"}}, choiceOf(t, checked.Columns, "device_type"))
		assert.Equal(t, ColumnChoice{Field: "gbcs", Judged: true, Near: []string{"Companion Spec"}}, choiceOf(t, checked.Columns, "gbcs"))
		assert.Equal(t, ColumnChoice{Field: "device_id", Column: 1}, choiceOf(t, checked.Columns, "device_id"))

		checked, _, err = checkText(t, way, text, "map=device_type=Meter+Type&map=gbcs=%235")
		require.NoError(t, err)
		assert.Equal(t, 1, checked.Summary.Outcomes["eligible"])
		assert.Equal(t, []string{"scope"}, checked.NotJudged)
		assert.Equal(t, 5, choiceOf(t, checked.Columns, "gbcs").Column)

		checked, _, err = checkText(t, way, text, "map=device_type=Meter+Type&map=gbcs=%230&scope=")
		require.NoError(t, err)
		assert.Equal(t, []string{"gbcs"}, checked.NotJudged)
		assert.Equal(t, ColumnChoice{Field: "gbcs", Judged: true}, choiceOf(t, checked.Columns, "gbcs"), "what was left out is not proposed again")
	}
}

// TestAllColumnsAreProposedAtOnce has only unknown headings: the optional fields are
// proposed together with the needed ones.
func TestAllColumnsAreProposedAtOnce(t *testing.T) {
	_, _, err := checkText(t, "again", "Serial,SMETS Ver,Date Fitted,Meter Type,GBCS Ver,GBCS Ver\n", "")
	var columns *ColumnsError
	require.ErrorAs(t, err, &columns)
	assert.Equal(t, []string{"spec", "install_date"}, []string{columns.Choose[0].Field, columns.Choose[1].Field})
	for field, want := range map[string]string{"spec": "SMETS Ver", "install_date": "Date Fitted", "device_type": "Meter Type", "gbcs": "GBCS Ver", "device_id": "Serial"} {
		assert.Equal(t, want, choiceOf(t, columns.Columns, field).Near[0], field)
	}
	_, _, err = checkText(t, "again", "spec,install_date,GBCS,GBCS\n", "")
	assert.ErrorContains(t, err, "use map=gbcs=#3", "a number tells them apart")
}

type failing struct{}

func (failing) Read([]byte) (int, error)  { return 0, errors.New("the line is dead") }
func (failing) Write([]byte) (int, error) { return 0, errors.New("the line is dead") }

func TestFailuresOfReadingAndWriting(t *testing.T) {
	terms, err := ParseInventoryTerms(nil, published())
	require.NoError(t, err)
	_, err = Inventory{Text: func() io.Reader { return failing{} }, Out: io.Discard}.Check(context.Background(), terms)
	assert.ErrorContains(t, err, "the line is dead")
	in := ways["again"](t, "spec,install_date\nSMETS2 v3.1,2023-04-27\n")
	in.Out = failing{}
	_, err = in.Check(context.Background(), terms)
	var writing *devices.WriteError
	assert.ErrorAs(t, err, &writing)
}

// TestRowsOfEachCause checks which rows are returned: the first, and some of each further
// cause, also of one that occurs late. It does not depend on the number of workers.
func TestRowsOfEachCause(t *testing.T) {
	text := "device_id,device_type,spec,gbcs,install_date\n" +
		strings.Repeat("early,ESME,SMETS2 v2.0,1.0,2016-01-01\n", 30_000) +
		strings.Repeat("late,ESME,SMETS2 v2.0,1.1,2016-01-01\nunread,ESME,SMETS2 v2.0,1.1,soon\n", 15)
	want := append(slices.Repeat([]string{"early"}, rowsOfCause), slices.Repeat([]string{"late", "unread"}, rowsOfCause)...)
	for way := range ways {
		for range 3 {
			checked, _, err := checkText(t, way, text, "")
			require.NoError(t, err)
			var got []string
			for _, row := range checked.Rows {
				got = append(got, row.Device)
			}
			require.Equal(t, want, got, way)
		}
	}
}
