package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mp196/ivp/cmd/internal/amendtable"
	"github.com/mp196/ivp/cmd/internal/testkit"
	"github.com/mp196/ivp/ivp"
)

// named returns a selector of the field with a label for screen readers, or with a
// title.
func (p *tab) named(label string) string {
	p.Helper()
	id := testkit.Evaluate[string](p.T, p.ctx, fmt.Sprintf(`(() => { const name = %q;
		const field = [...document.querySelectorAll('#tables [aria-label]')].find((e) => e.getAttribute('aria-label') === name)
			?? [...document.querySelectorAll('#tables label')].find((e) => e.textContent === name)?.control;
		for (let e = field; e; e = e.parentElement) if (e.tagName === 'DETAILS') e.open = true;
		if (field && !field.id) field.id = 'named' + Math.random().toString(36).slice(2);
		return field?.id ?? '' })()`, label))
	require.NotEmpty(p, id, "no field has the name %q", label)
	return "#" + id
}

// enter types a text into a field, in the place of what it holds.
func (p *tab) enter(label, text string) {
	p.Helper()
	testkit.Evaluate[bool](p.T, p.ctx, fmt.Sprintf(`(() => { const e = document.querySelector(%q); e.focus(); e.select(); return true })()`, p.named(label)))
	if text == "" {
		p.do(chromedp.KeyEvent(kb.Backspace))
		return
	}
	_, err := chromedp.Call(p.ctx, input.InsertText, input.InsertTextParams{Text: text}) // a key for each letter takes too long
	require.NoError(p, err)
}

// leave leaves the field that is typed in.
func (p *tab) leave() { p.do(chromedp.KeyEvent(kb.Tab)) }

// besideField returns what is said beside a field.
func (p *tab) besideField(label string) string {
	p.Helper()
	return testkit.Evaluate[string](p.T, p.ctx, fmt.Sprintf(`document.querySelector(%q).closest('.field').querySelector('.cellfault').textContent`, p.named(label)))
}

// shot writes a picture of the page to the folder of the environment variable
// IVP_SHOTS, to look at.
func (p *tab) shot(name string) {
	folder := os.Getenv("IVP_SHOTS")
	if folder == "" {
		return
	}
	picture, err := chromedp.Run(p.ctx, chromedp.FullScreenshot(100))
	require.NoError(p, err)
	require.NoError(p, os.WriteFile(filepath.Join(folder, name+".png"), picture, 0o666))
}

// typedTables returns the invented tables as a person types them, and the amendment
// file that they make.
func typedTables(t *testing.T) (form amendtable.Form, file string) {
	data, err := os.ReadFile("../../../testdata/trials/tables-invented.csv")
	require.NoError(t, err)
	records, err := csv.NewReader(strings.NewReader(string(data))).ReadAll()
	require.NoError(t, err)
	form = amendtable.Form{ID: "EXAMPLE-1", InForce: "01/11/2026", Document: "an invented table"}
	for _, r := range records[1:] {
		row := amendtable.FormRow{Family: r[0], Version: r[1], Start: r[2], End: r[3], GBCS: r[6]}
		if row.End == "-" || row.End == "No end date" {
			row.End = "open"
		}
		if row.Version == "5.2" {
			row.Types = "ESME, HCALCS"
		}
		form.Rows = append(form.Rows, row)
	}
	file = form.Check(ivp.Published(), ivp.Date{}).File
	require.NotEmpty(t, file)
	return form, file
}

// TestTablesAreTyped types the invented tables into ivp.html in each browser, opened
// from a folder, and saves their amendment file, which its answers use at once.
func TestTablesAreTyped(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes a minute")
	}
	form, want := typedTables(t)
	text, err := json.Marshal(form)
	require.NoError(t, err)
	text = bytes.Replace(text, []byte(`"version":"5.2"`), []byte(`"version":"5.2","added":true`), 1)
	for browser, program := range browsers {
		testkit.Program(t, program) // before anything is built
		t.Run(browser, func(t *testing.T) {
			d := drive[struct {
				File    []byte
				Status  string
				Answers []string
				Seconds float64
			}](t, browser, "tables.mjs", "file://"+filepath.Join(builtFolder(t), singleName), string(text), "example-1.json")
			assert.Equal(t, want, string(d.Result.File))
			file := filepath.Join(t.TempDir(), "example-1.json")
			require.NoError(t, os.WriteFile(file, d.Result.File, 0o600))
			assert.Contains(t, string(byProgram(t, "rules", "lint", file)), "no fault")
			assert.Contains(t, d.Result.Status, "The answers of this page use it.")
			assert.Equal(t, []string{"eligible", "not eligible"}, d.Result.Answers, "on the last day, and on the day after")
			assert.Empty(t, d.Complaints)
			t.Logf("typed in %.0f seconds", d.Result.Seconds)
		})
	}
}

// TestTablesAreContinued types rows with faults, corrects them, saves the amendment
// file, empties a field, and continues the file.
func TestTablesAreContinued(t *testing.T) {
	eachEngine(t, func(t *testing.T, engine string) {
		p := open(t, engine)
		p.do(chromedp.Click(chromedp.CSS("#tablestab")))
		p.until(`/Nothing is typed yet/.test(document.getElementById('tablesstatus').textContent)`)
		p.shot(engine + "-empty")
		bar := func() string {
			return testkit.Evaluate[string](t, p.ctx, `[...document.querySelectorAll('#tables .tablebar')].map((e) => e.getAttribute('aria-label')).find((says) => says.startsWith('SMETS2 v4.2: '))`)
		}
		assert.Equal(t, "SMETS2 v4.2: from 29 November 2019; last day unknown, seen to 21 September 2022", bar())
		known := testkit.Evaluate[[]string](t, p.ctx, fmt.Sprintf(`[...document.querySelector(%q).closest('tr').querySelectorAll('td > .field .known')].map((e) => e.textContent)`, p.named("SMETS2 v4.2, last day")))
		assert.Equal(t, []string{"29/11/2019", "not on record", "21/09/2022", "3.2"}, known)
		rulesBefore := p.text("#rules")
		const end, other = "SMETS2 v4.2, last day", "SMETS2 v5.0, last day"
		for field, fault := range map[string][2]string{end: {"31/04/2027", "This is neither a date nor an accepted word."}, other: {"-", "This does not say whether the Tables set no end"}} {
			p.enter(field, fault[0])
			p.until(fmt.Sprintf(`document.querySelector(%q).getAttribute('aria-invalid') === 'true'`, p.named(field)))
			assert.Contains(t, p.besideField(field), fault[1])
		}
		assert.Contains(t, p.text("#tablesstatus"), "2 fields to correct.")
		assert.Contains(t, p.text("#tablesstatus"), "Still to fill in: name of the amendment, in force from, source.")
		p.shot(engine + "-faults")

		p.enter(end, "31/03/2027")
		p.enter(other, "")
		p.do(chromedp.Focus(chromedp.CSS(p.named("SMETS2 v5.0, no end"))), chromedp.KeyEvent(" "))
		p.enter("SMETS2 v5.1, seen standing on", "1 November 2026")
		p.do(chromedp.SendKeys(chromedp.CSS("#newversion"), "5.2"+kb.Enter))
		p.enter("SMETS 5.2, gbcs versions", "4.1")
		p.enter("SMETS 5.2, device types", "ESME, HCALCS")
		for label, text := range map[string]string{"Name of the amendment": "EXAMPLE-1", "In force from": "1 November 2026", "Source": "an invented table"} {
			p.enter(label, text)
		}
		p.leave()
		p.until(`/^EXAMPLE-1: /.test(document.querySelector('#tablesstatus p').textContent)`)
		assert.Equal(t, "SMETS2 v4.2: from 29 November 2019; to 31 March 2027", bar())
		p.shot(engine + "-typed")
		want := amendtable.Form{ID: "EXAMPLE-1", InForce: "01/11/2026", Document: "an invented table", Rows: []amendtable.FormRow{
			{Family: "SMETS", Version: "4.2", End: "31/03/2027"}, {Family: "SMETS", Version: "5.0", End: "open"}, {Family: "SMETS", Version: "5.1", Seen: "01/11/2026"},
			{Family: "SMETS", Version: "5.2", GBCS: "4.1", Types: "ESME, HCALCS"},
		}}.Check(ivp.Published(), ivp.Date{}).File
		require.NotEmpty(t, want)
		saved := p.saved("#tablessave", "example-1.json")
		assert.Equal(t, want, saved)
		file := filepath.Join(t.TempDir(), "example-1.json")
		require.NoError(t, os.WriteFile(file, []byte(saved), 0o600))

		assert.Contains(t, p.text("#askedsays"), "with example-1.json")
		p.until(fmt.Sprintf(`document.getElementById('rules').textContent !== %q`, rulesBefore))
		p.enter("In force from", "")
		p.leave()
		p.until(fmt.Sprintf(`document.getElementById('rules').textContent === %q`, rulesBefore))
		p.enter("In force from", "01/11/2026")
		p.leave()
		p.until(fmt.Sprintf(`document.getElementById('rules').textContent !== %q`, rulesBefore))
		assert.Equal(t, want, p.saved("#tablessave", "example-1.json"))

		p.do(chromedp.Reload())
		p.until(`document.documentElement.dataset.ready === 'true'`)
		p.do(chromedp.Click(chromedp.CSS("#tablestab")), chromedp.SetUploadFiles(chromedp.CSS("#tablesopen"), []string{file}))
		p.until(`/is open/.test(document.querySelector('#tablesstatus p').textContent)`)
		value := func(label string) string {
			return testkit.Evaluate[string](t, p.ctx, fmt.Sprintf(`document.querySelector(%q).value`, p.named(label)))
		}
		assert.Equal(t, []string{"31/03/2027", "open", "01/11/2026", "4.1", "an invented table"},
			[]string{value(end), value(other), value("SMETS2 v5.1, seen standing on"), value("SMETS 5.2, gbcs versions"), value("Source")})
		assert.True(t, testkit.Evaluate[bool](t, p.ctx, fmt.Sprintf(`document.querySelector(%q).checked`, p.named("SMETS2 v5.0, no end"))))
		assert.Equal(t, want, p.saved("#tablessave", "example-1.json"), "a file that is continued says the same")
		assert.Empty(t, p.events.Complaints())
	})
}

// TestTablesTabIsUsable checks that the tab is accessible, also when it is narrow and
// dark.
func TestTablesTabIsUsable(t *testing.T) {
	p := open(t, "service")
	p.do(chromedp.Click(chromedp.CSS("#tablestab")))
	p.until(`/Nothing is typed yet/.test(document.getElementById('tablesstatus').textContent)`)
	p.enter("SMETS2 v4.2, last day", "31/03/2027")
	p.enter("SMETS2 v5.0, last day", "soon")
	p.do(chromedp.Click(chromedp.CSS("#tablessave")))
	p.until(`document.querySelectorAll('#tables [aria-invalid=true]').length === 4`)
	assert.Equal(t, "true", testkit.Evaluate[string](t, p.ctx, `document.activeElement.getAttribute('aria-invalid') ?? ''`), "a save with faults goes to the first")
	for _, width := range []int{1366, 700, 390} {
		for _, scheme := range []string{"light", "dark"} {
			p.prefer("prefers-color-scheme", scheme)
			p.do(chromedp.EmulateViewport(int64(width), 900))
			p.shot(fmt.Sprintf("%d-%s", width, scheme))
			assert.LessOrEqual(t, testkit.Evaluate[int](t, p.ctx, `document.documentElement.scrollWidth`), width)
			testkit.RequireUsable(t, p.ctx, 1)
		}
	}
}
