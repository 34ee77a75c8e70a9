package main

import (
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	cdpbrowser "github.com/chromedp/cdproto/browser"
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

// savedAmendment presses the button, and returns the file that the browser saves.
func (p *tab) savedAmendment(name string) string {
	p.Helper()
	folder, reports := p.TempDir(), true
	progress := chromedp.Events(p.ctx, cdpbrowser.DownloadProgress)
	_, err := chromedp.Call(p.ctx, cdpbrowser.SetDownloadBehavior, cdpbrowser.SetDownloadBehaviorParams{
		Behavior: cdpbrowser.SetDownloadBehaviorBehaviorAllow, DownloadPath: folder, EventsEnabled: &reports,
	})
	require.NoError(p, err)
	p.do(chromedp.Click(chromedp.CSS("#tablessave")))
	for event, err := range progress {
		require.NoError(p, err)
		if event.State == cdpbrowser.DownloadProgressStateCompleted {
			break
		}
		require.NotEqual(p, cdpbrowser.DownloadProgressStateCanceled, event.State)
	}
	text, err := os.ReadFile(filepath.Join(folder, name))
	require.NoError(p, err)
	return string(text)
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

// TestTablesAreTyped types the invented tables by hand, saves their amendment file,
// uses it in answers at once, and continues it from the file.
func TestTablesAreTyped(t *testing.T) {
	data, err := os.ReadFile("../../../testdata/trials/tables-invented.csv")
	require.NoError(t, err)
	records, err := csv.NewReader(strings.NewReader(string(data))).ReadAll()
	require.NoError(t, err)
	eachEngine(t, func(t *testing.T, engine string) {
		p := open(t, engine)
		p.do(chromedp.Click(chromedp.CSS("#tablestab")))
		p.until(`/Nothing is typed yet/.test(document.getElementById('tablesstatus').textContent)`)
		p.shot(engine + "-empty")
		rulesBefore := p.text("#rules")

		p.enter("SMETS2 v4.2, last day", "31/04/2027")
		p.until(fmt.Sprintf(`document.querySelector(%q).getAttribute('aria-invalid') === 'true'`, p.named("SMETS2 v4.2, last day")))
		assert.Contains(t, p.besideField("SMETS2 v4.2, last day"), "This is neither a date nor an accepted word.")
		assert.Contains(t, p.text("#tablesstatus"), "1 field to correct.")
		assert.Contains(t, p.text("#tablesstatus"), "Still to fill in: name of the amendment, in force from, source.")
		p.enter("SMETS2 v5.0, last day", "-")
		p.until(fmt.Sprintf(`document.querySelector(%q).getAttribute('aria-invalid') === 'true'`, p.named("SMETS2 v5.0, last day")))
		assert.Contains(t, p.besideField("SMETS2 v5.0, last day"), "This does not say whether the Tables set no end")
		p.shot(engine + "-faults")

		var form amendtable.Form
		for _, r := range records[1:] {
			row := amendtable.FormRow{Family: r[0], Version: r[1], Start: r[2], End: r[3], GBCS: r[6]}
			name := r[0] + " v" + r[1]
			if r[0] == "SMETS" {
				name = "SMETS2 v" + r[1]
			}
			if r[1] == "5.2" {
				name, row.Types = "SMETS 5.2", "ESME, HCALCS"
				p.do(chromedp.SendKeys(chromedp.CSS("#newversion"), "5.2"+kb.Enter))
			}
			p.enter(name+", first day", row.Start)
			if row.End == "-" || row.End == "No end date" {
				p.enter(name+", last day", "")
				p.do(chromedp.Focus(chromedp.CSS(p.named(name+", no end"))), chromedp.KeyEvent(" "))
				row.End = "open"
			} else {
				p.enter(name+", last day", row.End)
			}
			if row.GBCS != "" {
				p.enter(name+", gbcs versions", row.GBCS)
			}
			if row.Types != "" {
				p.enter(name+", device types", row.Types)
			}
			form.Rows = append(form.Rows, row)
		}
		for label, text := range map[string]string{"Name of the amendment": "EXAMPLE-1", "In force from": "1 November 2026", "Source": "an invented table"} {
			p.enter(label, text)
		}
		p.leave()
		form.ID, form.InForce, form.Document = "EXAMPLE-1", "01/11/2026", "an invented table"
		p.until(`/^EXAMPLE-1: /.test(document.querySelector('#tablesstatus p').textContent)`)
		p.shot(engine + "-typed")
		want := form.Check(ivp.Published(), ivp.Date{}).File
		require.NotEmpty(t, want)
		file := filepath.Join(t.TempDir(), "example-1.json")
		require.NoError(t, os.WriteFile(file, []byte(p.savedAmendment("example-1.json")), 0o600))
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		assert.Equal(t, want, string(text))
		assert.Contains(t, string(byProgram(t, "rules", "lint", file)), "no fault")

		if engine == "worker" {
			assert.Contains(t, p.text("#tablesstatus"), "The answers of this page use it.")
			assert.NotEqual(t, rulesBefore, p.text("#rules"))
			assert.Contains(t, p.text("#askedsays"), "with example-1.json")
			p.do(chromedp.Click(chromedp.CSS("#onetab")))
			for on, says := range map[string]string{"2027-03-31": "eligible", "2027-04-01": "not eligible"} {
				p.do(chromedp.SetValue(chromedp.CSS("#device [name=spec]"), "SMETS2 v4.2"), chromedp.SetValue(chromedp.CSS("#device [name=install_date]"), on), chromedp.Click(chromedp.CSS("#device button")))
				p.until(fmt.Sprintf(`document.querySelector('#answer .verdict')?.textContent === %q`, says))
			}
			p.do(chromedp.Click(chromedp.CSS("#tablestab")))
			p.enter("In force from", "")
			p.leave()
			p.until(fmt.Sprintf(`document.getElementById('rules').textContent === %q`, rulesBefore))
			p.enter("In force from", "01/11/2026")
			p.leave()
			p.until(fmt.Sprintf(`document.getElementById('rules').textContent !== %q`, rulesBefore))
			p.savedAmendment("example-1.json")
		}

		p.do(chromedp.Reload())
		p.until(`document.documentElement.dataset.ready === 'true'`)
		p.do(chromedp.Click(chromedp.CSS("#tablestab")), chromedp.SetUploadFiles(chromedp.CSS("#tablesopen"), []string{file}))
		p.until(`/^EXAMPLE-1: |is open/.test(document.querySelector('#tablesstatus p').textContent)`)
		value := func(label string) string {
			return testkit.Evaluate[string](t, p.ctx, fmt.Sprintf(`document.querySelector(%q).value`, p.named(label)))
		}
		assert.Equal(t, "31/03/2027", value("SMETS2 v4.2, last day"))
		assert.Equal(t, "open", value("SMETS2 v5.0, last day"))
		assert.True(t, testkit.Evaluate[bool](t, p.ctx, fmt.Sprintf(`document.querySelector(%q).checked`, p.named("SMETS2 v5.0, no end"))))
		assert.Equal(t, "an invented table", value("Source"))
		assert.Equal(t, want, p.savedAmendment("example-1.json"), "a file that is continued says the same")
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
