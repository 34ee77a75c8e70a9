package main

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mp196/ivp/cmd/internal/testkit"
	"github.com/mp196/ivp/ivp"
)

func written(t *testing.T, name, text string) string {
	path := filepath.Join(t.TempDir(), name)
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	return path
}

// choose chooses the column of a field by its number and moves to the next field, as a
// user does; 0 leaves the field out.
func (p *tab) choose(field string, column int) {
	p.Helper()
	testkit.Evaluate[bool](p.T, p.ctx, fmt.Sprintf(`(() => { const e = document.forms.columns.elements[%q]; e.value = '%d'; if (e.value !== '%[2]d') throw new Error('no such choice'); e.dispatchEvent(new Event('change', {bubbles: true})); return true })()`, field, column))
}

// chosen returns the heading selected for a field, and the hint beside it.
func (p *tab) chosen(field string) string {
	p.Helper()
	return testkit.Evaluate[string](p.T, p.ctx, fmt.Sprintf(`(() => { const e = document.forms.columns.elements[%q]; return e.selectedOptions[0].textContent + ' | ' + document.getElementById('hint-' + %[1]q).textContent })()`, field))
}

func (p *tab) checkWithTheseColumns() {
	p.Helper()
	p.do(chromedp.Click(chromedp.CSS("#columns button")))
}

// TestColumnsAreChosen drops a file with unknown headings: the columns of all judged
// fields can be chosen at once.
func TestColumnsAreChosen(t *testing.T) {
	odd := written(t, "odd.csv", "Serial;SMETS Ver;Fitted;Meter Type;GBCS Ver\n1;SMETS2 v3.1;27/04/2023;ESME;2.1\n2;SMETS2 v3.1;28/04/2023;ESME;2.1\n3;SMETS2 v3.1;27/04/2023;ESME;1.0\n")
	eachEngine(t, func(t *testing.T, engine string) {
		p := open(t, engine)
		p.drop(odd)
		p.until(`!document.getElementById('columns').hidden`)
		assert.Contains(t, p.text("#fault"), "Installation date: choose its column.")
		assert.NotContains(t, p.text("#fault"), "--map")
		assert.Equal(t, "spec", testkit.Evaluate[string](t, p.ctx, `document.activeElement.name`), "the first field at fault")
		assert.Equal(t, "SMETS Ver | Proposed, not used yet.", p.chosen("spec"), "what was likely meant is proposed")
		assert.Equal(t, "Meter Type | Proposed, not used yet.", p.chosen("device_type"))
		assert.Equal(t, "GBCS Ver | Proposed, not used yet.", p.chosen("gbcs"))
		assert.Equal(t, "choose a column | No column recognised: choose one.", p.chosen("install_date"))
		assert.Equal(t, "left out | No column recognised: choose one, or leave it out.", p.chosen("scope"))
		p.do(chromedp.SetValue(chromedp.CSS("#columns [name=install_date]"), "3"))
		p.checkWithTheseColumns()
		assert.Equal(t, "Of 3 devices 1 may be installed on its date; 2 may not.", p.result(odd))
		assert.Contains(t, p.text("#result"), "dates read day-first")
		assert.Equal(t, checkedByProgram(t, odd, "--map", "spec=SMETS Ver", "--map", "install_date=Fitted", "--map", "device_type=Meter Type", "--map", "gbcs=GBCS Ver"), p.downloaded("odd.checked.csv"))
	})
}

// TestWhatIsNotJudgedIsSaid drops a file whose version and date are recognised, and
// whose type and GBCS version are not: a warning above the counts says so, and the
// proposed columns are not used until confirmed.
func TestWhatIsNotJudgedIsSaid(t *testing.T) {
	long := "Meter Type " + strings.Repeat("Wide", 60) // must not make the page wider
	stock := written(t, "stock.csv", "MSN,SMETS Version,Installation Date,Meter Type,Companion Spec,"+long+"\na,SMETS2 v3.1,2022-06-01,ESME,2.1,\nb,SMETS2 v3.1,2022-06-01,ESME,1.0,\nc,SMETS2 v3.1,2022-06-01,IHD,2.1,\n")
	eachEngine(t, func(t *testing.T, engine string) {
		p := open(t, engine)
		p.drop(stock)
		assert.Equal(t, "All 3 devices may be installed on their dates. Judged by version alone.", p.result(stock))
		assert.Equal(t, p.text("#result .answer"), p.text("#status"), "screen readers announce it")
		said := p.text("#notjudged")
		assert.Contains(t, said, "Not judged: device type, GBCS version.")
		assert.Contains(t, said, "“Meter Type” or “"+long[:59]+"…” may be the device type; “Companion Spec” may be the GBCS version")
		assert.True(t, testkit.Evaluate[bool](t, p.ctx, `document.getElementById('notjudged').getBoundingClientRect().top >= 0 && document.getElementById('notjudged').getBoundingClientRect().bottom <= document.querySelector('#result .tiles').getBoundingClientRect().top`), "in sight, above the counts")
		assert.True(t, testkit.Evaluate[bool](t, p.ctx, `document.getElementById('columns').closest('details').open`), "the choice is open")
		assert.Contains(t, p.text("#result"), "Counts, by version alone")
		assert.Equal(t, "Meter Type | Proposed, not used yet.", p.chosen("device_type"))
		testkit.RequireUsable(t, p.ctx, 3)
		p.do(chromedp.EmulateViewport(1366, 900))
		assert.Equal(t, checkedByProgram(t, stock), p.downloaded("stock.checked.csv"))

		p.checkWithTheseColumns()
		assert.Equal(t, "Of 3 devices 1 may be installed on its date; 1 may not; 1 cannot be judged: IHD with SMETS2 v3.1 is no permitted pair; on record SMETS2 v3.1 goes with GSME, HCALCS, ESME, PPMID.", p.result(stock))
		assert.Empty(t, p.text("#notjudged"))
		assert.Contains(t, p.text("#result"), "There is no column for the scope")
		assert.Equal(t, "Meter Type | ", p.chosen("device_type"))
		assert.False(t, testkit.Evaluate[bool](t, p.ctx, `document.getElementById('columns').closest('details').open`))

		for _, left := range []struct {
			field, answer, hint string
		}{
			{"gbcs", "Of 3 devices 2 may be installed on their dates; 1 cannot be judged: IHD with SMETS2 v3.1 is no permitted pair; on record SMETS2 v3.1 goes with GSME, HCALCS, ESME, PPMID. Judged without the GBCS version.", "left out | Left out, as you chose."},
			{"device_type", "All 3 devices may be installed on their dates. Judged by version alone.", "left out | Left out, as you chose."},
		} {
			p.do(chromedp.Click(chromedp.CSS("#result > details > summary")))
			p.choose(left.field, 0)
			assert.Equal(t, "left out | Not used yet.", p.chosen(left.field))
			p.checkWithTheseColumns()
			assert.Equal(t, left.answer, p.result(stock))
			assert.Equal(t, left.hint, p.chosen(left.field))
			assert.Contains(t, p.text("#notjudged"), "Not judged: ")
		}
		p.drop(inventory)
		assert.Equal(t, wholeAnswer, p.result(inventory), "what was chosen was for the other file")
		assert.Empty(t, p.events.Complaints())
	})
}

// TestColumnsOfACheckedFile drops a file that was checked before, replaces its result
// columns, and then chooses its type.
func TestColumnsOfACheckedFile(t *testing.T) {
	before := written(t, "before.csv", "SMETS Version,Installation Date,Meter Type,ivp_outcome\nSMETS2 v3.1,2022-06-01,IHD,eligible\n")
	eachEngine(t, func(t *testing.T, engine string) {
		p := open(t, engine)
		p.drop(before)
		p.until(`!document.getElementById('fault').hidden`)
		assert.Contains(t, p.text("#fault"), "It has the columns of an earlier check.")
		assert.Equal(t, "recheck", testkit.Evaluate[string](t, p.ctx, `document.activeElement.name`))
		p.choose("device_type", 0)
		p.do(chromedp.Click(chromedp.CSS("#columns [name=recheck]")))
		p.checkWithTheseColumns()
		assert.Equal(t, "The one device may be installed on its date. Judged by version alone.", p.result(before))
		p.do(chromedp.Click(chromedp.CSS("#result > details > summary")))
		p.choose("device_type", 3)
		p.checkWithTheseColumns()
		assert.Equal(t, "The one device cannot be judged: IHD with SMETS2 v3.1 is no permitted pair; on record SMETS2 v3.1 goes with GSME, HCALCS, ESME, PPMID. Judged without the GBCS version.", p.result(before))
	})
}

// columnPlan is a random file and the columns to choose for it.
type columnPlan struct {
	text    string
	columns map[string]int // by field; 0 for none
}

// judgedHeadings are, for each judged field, two known headings, and headings that are
// similar or unrelated.
var judgedHeadings = []struct {
	field    string
	headings []string
}{
	{"spec", []string{"SMETS Version", "Spec", "Meter Spec", "SMETS Ver", "TS", ""}},
	{"install_date", []string{"Installation Date", "Install Date", "Date Fitted", "Planned Fit Dt", "When"}},
	{"device_type", []string{"Device Type", "device_type", "Meter Type", "Asset Class", "Kit", "Type"}},
	{"gbcs", []string{"GBCS Version", "GBCS", "GBCS Ver", "Companion Spec", "Protocol", "Version"}},
	{"scope", []string{"Scope", "SCOPE", "Scope of Install", "Way to pay"}},
}

// newColumnPlan makes a file of combinations, on record and not, with some columns
// missing, some twice, and unrelated columns between them.
func newColumnPlan(random *rand.Rand) columnPlan {
	one := func(of []string) string { return of[random.IntN(len(of))] }
	var fields, headings []string
	needed := map[string]bool{"spec": true, "install_date": true}
	for _, judged := range judgedHeadings {
		for range 1 + random.IntN(8)/7 {
			spellings := judged.headings
			if random.IntN(3) > 0 {
				spellings = spellings[:2]
			}
			if needed[judged.field] || random.IntN(4) > 0 {
				fields, headings = append(fields, judged.field), append(headings, one(spellings))
			}
		}
	}
	fields, headings = append(fields, "other", "device_id"), append(headings, one([]string{"Notes", "", "Payment Type"}), one([]string{"MSN", "Serial No."}))
	random.Shuffle(len(fields), func(i, j int) {
		fields[i], fields[j] = fields[j], fields[i]
		headings[i], headings[j] = headings[j], headings[i]
	})
	pairs := ivp.Published().Pairs()
	lines := []string{strings.Join(headings, ",")}
	for n := range 60 {
		pair := pairs[random.IntN(len(pairs))]
		var cells []string
		for _, field := range fields {
			cells = append(cells, map[string]string{
				"spec": one([]string{pair.Spec.String(), pair.Spec.String(), "SMETS2 v3.1", "4", ""}), "install_date": fmt.Sprintf("%d-%02d-27", 2016+random.IntN(8), 1+random.IntN(12)),
				"device_type": one([]string{pair.Type.String(), pair.Type.String(), "ESME", "IHD", "Meter", ""}), "gbcs": one([]string{strings.TrimPrefix(pair.GBCS.String(), "GBCS v"), "1.0", "2.1", ""}),
				"scope": one([]string{"", "prepayment", "PREPAYMENT "}), "other": one([]string{"", "a note", "Credit"}), "device_id": fmt.Sprint("D", n),
			}[field])
		}
		lines = append(lines, strings.Join(cells, ","))
	}
	p := columnPlan{strings.Join(lines, "\n") + "\n", map[string]int{}}
	for _, judged := range judgedHeadings {
		var at []int
		for i := range fields {
			if fields[i] == judged.field {
				at = append(at, i+1)
			}
		}
		if !needed[judged.field] {
			at = append(at, 0)
		}
		p.columns[judged.field] = at[random.IntN(len(at))]
	}
	return p
}

// counts are the counts of a run.
type counts struct{ Outcomes, Reasons map[string]int }

func (p *tab) counts() counts {
	p.Helper()
	shown := testkit.Evaluate[counts](p.T, p.ctx, `(() => {
		const n = (e) => Number(e.textContent.replaceAll(',', ''));
		const [eligible, not_eligible, undetermined] = [...document.querySelectorAll('#result .tile .count')].map(n);
		const Reasons = Object.fromEntries([...document.querySelectorAll('#result .reasons tbody tr')].map((row) => [row.cells[0].textContent, n(row.cells[2])]));
		return { Outcomes: { eligible, not_eligible, undetermined }, Reasons };
	})()`)
	reasons := map[string]int{}
	for _, r := range ivp.Reasons() {
		phrase := strings.ToUpper(r.Phrase()[:1]) + r.Phrase()[1:]
		if n := shown.Reasons[phrase]; n > 0 {
			reasons[r.String()] = n
		}
	}
	shown.Reasons = reasons
	return shown
}

func countsByProgram(t *testing.T, path string, flags ...string) counts {
	t.Helper()
	var written struct{ Summary counts }
	require.NoError(t, json.Unmarshal(byProgram(t, append([]string{"check", "--quiet", "--fail-on", "none", "--format", "json", path}, flags...)...), &written))
	return written.Summary
}

// TestPageCountsAsTheProgramDoes checks, for files with headings of all kinds, that the
// counts of the page equal those of the program with the same columns: first the
// recognised ones, if they suffice, then the chosen ones.
func TestPageCountsAsTheProgramDoes(t *testing.T) {
	eachEngine(t, func(t *testing.T, engine string) {
		p := open(t, engine)
		random := rand.New(rand.NewPCG(14, 8))
		recognised, differs := 0, 0
		for n := range 20 {
			plan := newColumnPlan(random)
			path := written(t, fmt.Sprintf("plan%d.csv", n), plan.text)
			p.drop(path)
			p.until(`document.getElementById('working').hidden && (!document.getElementById('fault').hidden || !document.getElementById('result').hidden)`)
			var first counts
			if testkit.Evaluate[bool](t, p.ctx, `!document.getElementById('result').hidden`) {
				recognised++
				p.result(path)
				first = p.counts()
				assert.Equal(t, countsByProgram(t, path), first, "by the headings alone:\n%s", plan.text)
				if details := `document.getElementById('columns').closest('details')`; !testkit.Evaluate[bool](t, p.ctx, details+`.open`) {
					p.do(chromedp.Click(chromedp.CSS("#result > details > summary")))
				}
			}
			var flags, left []string
			for field, column := range plan.columns {
				p.choose(field, column)
				flags = append(flags, "--map", fmt.Sprintf("%s=#%d", field, column))
				if column == 0 {
					left = append(left, field)
				}
			}
			p.checkWithTheseColumns()
			answer := p.result(path)
			now := p.counts()
			assert.Equal(t, countsByProgram(t, path, flags...), now, "%q:\n%s", flags, plan.text)
			assert.Equal(t, slices.Contains(left, "device_type") && slices.Contains(left, "gbcs"), strings.Contains(answer, "by version alone"), "%s %q", answer, left)
			if first.Reasons != nil && !assert.ObjectsAreEqual(first, now) {
				differs++
			}
		}
		assert.Greater(t, recognised, 4, "some files can be checked by their headings alone")
		assert.Greater(t, differs, 0, "and of some the columns that are chosen change the counts")
	})
}
