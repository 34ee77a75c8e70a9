package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	cdpbrowser "github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mp196/ivp/cmd/internal/sample"
	"github.com/mp196/ivp/cmd/internal/testkit"
	"github.com/mp196/ivp/ivp"
)

// tab is the page in a browser.
type tab struct {
	*testing.T
	ctx    context.Context
	site   *site
	events *testkit.Events
}

func open(t *testing.T, engine string) *tab {
	testkit.Program(t, "chromium") // before anything is built
	s := serve(t, engines[engine](t))
	ctx := testkit.Browser(t)
	p := &tab{t, ctx, s, &testkit.Events{}}
	require.NoError(t, chromedp.Listen(ctx, p.events.Record))
	p.prefer("prefers-reduced-motion", "reduce") // scrolling would move the buttons to press
	p.do(chromedp.EmulateViewport(1366, 900), chromedp.Navigate(s.URL))
	p.until(`document.documentElement.dataset.ready === 'true'`)
	return p
}

// prefer sets a media feature of the browser.
func (p *tab) prefer(feature, value string) {
	p.Helper()
	_, err := chromedp.Call(p.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: feature, Value: value}}})
	require.NoError(p, err)
}

func (p *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	p.Helper()
	require.NoError(p, chromedp.Do(p.ctx, steps...))
}

// until waits until a condition is true in the page.
func (p *tab) until(condition string) {
	p.Helper()
	_, err := chromedp.Run(p.ctx, chromedp.Poll[bool](condition, chromedp.WithPollingTimeout(time.Minute)))
	require.NoError(p, err, "%s: %s", condition, p.text("#fault"))
}

func (p *tab) text(selector string) string {
	return testkit.Evaluate[string](p.T, p.ctx, fmt.Sprintf(`document.querySelector(%q)?.textContent ?? ''`, selector))
}

// drop drags files from outside and drops them on the page.
func (p *tab) drop(paths ...string) {
	p.Helper()
	for i, path := range paths {
		var err error
		paths[i], err = filepath.Abs(path)
		require.NoError(p, err)
	}
	type point struct{ X, Y float64 }
	at := testkit.Evaluate[point](p.T, p.ctx, `(() => { scrollTo(0, 0); const b = document.getElementById('drop').getBoundingClientRect(); return {X: b.left + b.width / 2, Y: b.top + b.height / 2} })()`)
	data := &input.DragData{Items: []*input.DragDataItem{}, Files: paths, DragOperationsMask: 1}
	for _, kind := range []input.DispatchDragEventType{input.DispatchDragEventTypeDragEnter, input.DispatchDragEventTypeDragOver, input.DispatchDragEventTypeDrop} {
		p.do(chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
			_, err := chromedp.Call(ctx, input.DispatchDragEvent, input.DispatchDragEventParams{Type: kind, X: at.X, Y: at.Y, Data: data})
			return err
		}))
	}
}

// result waits for the result of a file, and returns it as one line.
func (p *tab) result(file string) string {
	p.Helper()
	p.until(fmt.Sprintf(`!document.getElementById('result').hidden && document.getElementById('working').hidden && document.getElementById('resulttitle').textContent === %q`, filepath.Base(file)))
	return p.text("#result .answer")
}

// downloaded returns the checked file that the browser saves.
func (p *tab) downloaded(name string) string { return p.saved("#download", name) }

// saved presses a link or a button, and returns the file that the browser saves.
func (p *tab) saved(press, name string) string {
	p.Helper()
	folder, reports := p.TempDir(), true
	progress := chromedp.Events(p.ctx, cdpbrowser.DownloadProgress)
	_, err := chromedp.Call(p.ctx, cdpbrowser.SetDownloadBehavior, cdpbrowser.SetDownloadBehaviorParams{
		Behavior: cdpbrowser.SetDownloadBehaviorBehaviorAllow, DownloadPath: folder, EventsEnabled: &reports,
	})
	require.NoError(p, err)
	p.do(chromedp.Click(chromedp.CSS(press)))
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

// requestsOfWorkers returns the network requests of the given number of workers.
func (p *tab) requestsOfWorkers(workers int) []string {
	p.Helper()
	asked, err := chromedp.Run(p.ctx, chromedp.Evaluate[[]string](fmt.Sprintf(`new Promise((resolve) => {
		const channel = new BroadcastChannel('asked'), all = [];
		let left = %d;
		channel.onmessage = ({ data }) => { all.push(...data); if (--left === 0) resolve(all) };
		channel.postMessage('?') })`, workers), chromedp.EvalAwaitPromise))
	require.NoError(p, err)
	return asked
}

// onlyToTheSite checks that every request is to the site or for data of the page.
func (p *tab) onlyToTheSite(requests []string) {
	p.Helper()
	assert.NotEmpty(p, requests)
	for _, url := range requests {
		within := strings.HasPrefix(url, p.site.URL+"/") || strings.HasPrefix(url, "blob:"+p.site.URL+"/") || strings.HasPrefix(url, "data:")
		assert.True(p, within, "a request to somewhere else: %s", url)
	}
}

// checkedByProgram returns what the program writes for an inventory.
func checkedByProgram(t *testing.T, inventory string, more ...string) string {
	t.Helper()
	return string(byProgram(t, append([]string{"check", "--quiet", "--fail-on", "none", inventory}, more...)...))
}

const inventory = "../../../testdata/inventory.csv"

// wholeAnswer is the answer for the inventory.
const wholeAnswer = "Of 40 devices 20 may be installed on their dates; 6 may not; 14 cannot be judged, for several reasons."

func eachEngine(t *testing.T, test func(t *testing.T, engine string)) {
	for engine := range engines {
		t.Run(engine, func(t *testing.T) { test(t, engine) })
	}
}

// TestDropReadDownload drops a file, reads the counts, downloads the checked file and
// compares its bytes with those of the program.
func TestDropReadDownload(t *testing.T) {
	eachEngine(t, func(t *testing.T, engine string) {
		p := open(t, engine)
		if engine == "worker" {
			require.Eventually(t, func() bool { return strings.Count(strings.Join(p.requestsOfWorkers(2), "\n"), "/ivp.wasm") == 2 }, time.Minute, 50*time.Millisecond)
		}
		loaded := p.site.requests()
		p.drop(inventory)
		assert.Equal(t, wholeAnswer, p.result(inventory))
		assert.Equal(t, []string{"20", "6", "14"}, testkit.Evaluate[[]string](t, p.ctx, `[...document.querySelectorAll('#result .tile .count')].map((e) => e.textContent)`))
		assert.Equal(t, 20.0, testkit.Evaluate[float64](t, p.ctx, `document.querySelectorAll('#result .list tbody tr').length`), "the rows that are not eligible, or undetermined")
		assert.Contains(t, p.text("#result .authorities"), "by 12 months from its previous date of 27 April 2022 to 27 April 2023")
		assert.Equal(t, 36, testkit.Evaluate[int](t, p.ctx, `[...document.querySelectorAll('#result .tl-stock')].reduce((n, e) => n + parseInt(e.textContent), 0)`), "the devices on the bars of the timeline; 4 have no version on record")
		assert.Equal(t, checkedByProgram(t, inventory), p.downloaded("inventory.checked.csv"))

		after := p.site.requests()[len(loaded):]
		if engine == "worker" {
			assert.Empty(t, after, "nothing may leave the machine")
			assert.Contains(t, p.text("#promise"), "Nothing leaves this machine")
			asked := p.requestsOfWorkers(2)
			assert.Contains(t, asked, p.site.URL+"/ivp.wasm")
			p.onlyToTheSite(asked)
		} else {
			assert.Equal(t, []string{"POST /v1/check.csv"}, after)
			assert.Contains(t, p.text("#promise"), p.site.Listener.Addr().String())
		}
		p.onlyToTheSite(p.events.Requests())
		assert.Empty(t, p.events.Complaints())
	})
}

// TestQuestionAndOneDevice changes the terms in the form, and checks one device.
func TestQuestionAndOneDevice(t *testing.T) {
	eachEngine(t, func(t *testing.T, engine string) {
		p := open(t, engine)
		p.drop(inventory)
		p.result(inventory)
		choose := func(name, value string) {
			testkit.Evaluate[bool](t, p.ctx, fmt.Sprintf(`(() => { const e = document.forms.question.elements[%q]; e.value = %q; e.dispatchEvent(new Event('change', {bubbles: true})); return true })()`, name, value))
		}
		choose("last_day", "excluded")
		p.until(`/^Of 40 devices 16 may be installed/.test(document.querySelector('#result .answer')?.textContent ?? '')`)
		choose("last_day", "")
		choose("as_at", "latest")
		p.until(`/by the latest Tables on record/.test(document.getElementById('askedsays').textContent) && /tables of 24 Feb 2022/.test(document.querySelector('#timeline details svg').textContent)`)
		p.result(inventory) // when the result comes back the button below it moves
		p.do(chromedp.Click(chromedp.CSS("#onetab")))
		p.do(chromedp.SetValue(chromedp.CSS("#device [name=spec]"), "SMETS2 v3.1"), chromedp.SetValue(chromedp.CSS("#device [name=install_date]"), "2023-04-28"), chromedp.Click(chromedp.CSS("#device [type=submit]")))
		p.until(`/not eligible/.test(document.getElementById('answer').textContent)`)
		assert.Contains(t, p.text("#answer"), "1 day too late")
		assert.Contains(t, p.text("#answer"), "MP196, in force 24 February 2022")
		p.do(chromedp.SetValue(chromedp.CSS("#device [name=spec]"), "4"), chromedp.Click(chromedp.CSS("#device [type=submit]")))
		p.until(`/undetermined/.test(document.getElementById('answer').textContent)`)
		assert.Empty(t, p.events.Complaints())
	})
}

// TestNoFileIsPassedOver drops two files at once, and files that are not inventories.
func TestNoFileIsPassedOver(t *testing.T) {
	workbook := "../../../testdata/stock.xlsx"
	eachEngine(t, func(t *testing.T, engine string) {
		p := open(t, engine)
		p.drop(inventory, workbook)
		p.until(`/^2 files were dropped/.test(document.getElementById('fault').textContent) && !document.getElementById('fault').hidden`)
		p.drop(workbook)
		p.result(workbook)
		p.drop(inventory)
		p.result(inventory)
		assert.True(t, testkit.Evaluate[bool](t, p.ctx, `document.getElementById('fault').hidden`))
	})
}

// TestNothingInAFileTurnsThePageRound drops files with direction marks and control
// characters in their names, headings and cells.
func TestNothingInAFileTurnsThePageRound(t *testing.T) {
	const hostile = "\u202etxt\u2066\u061c\u200f\u2028\u0085\x1b[31m<b>"
	folder := t.TempDir()
	for name, text := range map[string]string{
		"read \u202e.csv":    "Device ID,SMETS Version,Installation Date," + hostile + "\n" + hostile + ",SMETS2 v3.1,2023-04-28,x\n" + hostile + "," + hostile + ",2023-04-28,x\n",
		"refused \u202e.csv": hostile + " SMETS Ver," + hostile + "\nx,y\n",
	} {
		require.NoError(t, os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600))
	}
	eachEngine(t, func(t *testing.T, engine string) {
		p := open(t, engine)
		for name, until := range map[string]string{"read \u202e.csv": "#result", "refused \u202e.csv": "#fault"} {
			p.drop(filepath.Join(folder, name))
			p.until(fmt.Sprintf(`document.querySelector(%q).textContent.includes('\\u202etxt')`, until))
			assert.False(t, testkit.Evaluate[bool](t, p.ctx, `/[\x1b\x80-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/.test(document.body.textContent)`), name)
		}
	})
}

// TestAmendmentsAreAdded adds an amendment file in the page, and removes it.
func TestAmendmentsAreAdded(t *testing.T) {
	example, err := filepath.Abs("../../../testdata/derogation-example.json")
	require.NoError(t, err)
	inventory := written(t, "derogation.csv", "spec,install_date,scope\nSMETS1 v1.1,2019-06-30,derogation-EXAMPLE\nSMETS1 v1.1,2019-07-01,derogation-EXAMPLE\n")
	eachEngine(t, func(t *testing.T, engine string) {
		p := open(t, engine)
		before := p.text("#rules")
		p.drop(inventory)
		assert.NotContains(t, p.result(inventory), "1 may be installed")
		p.do(chromedp.Click(chromedp.CSS("#asked summary")), chromedp.SetUploadFiles(chromedp.CSS("#amend"), []string{example}))
		p.until(`/with derogation-example.json/.test(document.getElementById('askedsays').textContent)`)
		p.until(fmt.Sprintf(`document.getElementById('rules').textContent !== %q`, before))
		p.until(`/^Of 2 devices 1 may be installed on its date; 1 may not/.test(document.querySelector('#result .answer')?.textContent ?? '')`)
		p.do(chromedp.Click(chromedp.CSS("#amended button")))
		p.until(fmt.Sprintf(`document.getElementById('rules').textContent === %q`, before))
		p.do(chromedp.SetValue(chromedp.CSS("#question [name=expect]"), strings.Repeat("0", 64)))
		testkit.Evaluate[bool](t, p.ctx, `document.querySelector('#question [name=expect]').dispatchEvent(new Event('change', {bubbles: true}))`)
		p.until(`/1bd20276d75cc01bf2e5eee1/.test(document.getElementById('termsfault').textContent) && !document.getElementById('termsfault').hidden`)
		p.until(`/could not be checked/.test(document.getElementById('fault').textContent) && document.getElementById('result').hidden`)
		broken := filepath.Join(t.TempDir(), "broken.json")
		require.NoError(t, os.WriteFile(broken, []byte("{"), 0o600))
		p.do(chromedp.SetUploadFiles(chromedp.CSS("#amend"), []string{broken}))
		p.until(`/this is not JSON/.test(document.getElementById('termsfault').textContent) && !document.getElementById('termsfault').hidden`)
	})
}

// TestList loads a Central Products List: models are looked up in it, of an inventory
// and of one device; an answer does not outlast the fields that it was for.
func TestList(t *testing.T) {
	list, err := filepath.Abs("../../../testdata/cpl/clean-list.csv")
	require.NoError(t, err)
	damaged, err := filepath.Abs("../../../testdata/cpl/list-saved-by-spreadsheet.csv")
	require.NoError(t, err)
	models := written(t, "models.csv", "Device ID,Manufacturer,Model,Hardware Version,Firmware Version,Installation Date\na,E001,4331,00AC,1000000A,2020-06-01\nb,E001,4331,00AC,FFFFFFFF,2020-06-01\n")
	eachEngine(t, func(t *testing.T, engine string) {
		p := open(t, engine)
		p.do(chromedp.SetUploadFiles(chromedp.CSS("#list"), []string{damaged}))
		p.until(`/cannot be used/.test(document.getElementById('listfault').textContent) && !document.getElementById('listfault').hidden`)
		assert.NotContains(t, p.text("#listfault"), "--")
		p.do(chromedp.SetUploadFiles(chromedp.CSS("#list"), []string{list}))
		p.until(`/clean-list.csv/.test(document.getElementById('listsays').textContent) && document.querySelector('#listsays button') && document.getElementById('listfault').hidden`)
		p.drop(models)
		assert.Equal(t, "Of 2 devices 1 may be installed on its date; 1 cannot be judged", p.result(models)[:63])
		assert.Equal(t, checkedByProgram(t, models, "--cpl", list), p.downloaded("models.checked.csv"))
		p.do(chromedp.Click(chromedp.CSS("#onetab")))
		for name, value := range map[string]string{"manufacturer": "E001", "model": "4331", "hardware_version": "00AC", "firmware": "1000000A", "install_date": "2020-06-01"} {
			p.do(chromedp.SetValue(chromedp.CSS("#device [name="+name+"]"), value))
		}
		p.do(chromedp.Click(chromedp.CSS("#device [type=submit]")))
		p.until(`/CHTS v1.1/.test(document.getElementById('answer').textContent)`)
		testkit.Evaluate[bool](t, p.ctx, `(() => { const e = document.querySelector('#device [name=firmware]'); e.value = ''; return e.dispatchEvent(new Event('input', {bubbles: true})) })()`)
		assert.Empty(t, p.text("#answer"), "a field that is emptied leaves no answer")
		p.do(chromedp.Click(chromedp.CSS("#device [type=submit]")))
		p.until(`/undetermined|eligible/.test(document.getElementById('answer').textContent)`)
		p.do(chromedp.Click(chromedp.CSS("#listsays button")))
		p.until(`document.getElementById('models').hidden && document.getElementById('answer').textContent === ''`)
		if engine == "worker" { // the service refused the damaged list, and the file without a list
			assert.Empty(t, p.events.Complaints())
		}
	})
}

// TestLayoutIsRemembered chooses columns, has them remembered, and gives the page
// another file with the same headings, and the same file once they are forgotten.
func TestLayoutIsRemembered(t *testing.T) {
	first := written(t, "first.csv", "SMETS Ver,Fitted\nSMETS2 v3.1,27/04/2023\n")
	second := written(t, "second.csv", "SMETS Ver,Fitted\nSMETS2 v3.1,28/04/2023\n")
	p := open(t, "worker")
	p.drop(first)
	p.until(`!document.getElementById('columns').hidden`)
	p.choose("install_date", 2)
	p.do(chromedp.Click(chromedp.CSS("#columns [name=remember]")))
	p.checkWithTheseColumns()
	p.result(first)
	p.do(chromedp.Navigate(p.site.URL))
	p.until(`document.documentElement.dataset.ready === 'true'`)
	p.drop(second)
	assert.Equal(t, "The one device may not be installed on its date. Judged by version alone.", p.result(second))
	p.do(chromedp.Click(chromedp.CSS("#recalled button")))
	p.until(`!document.getElementById('fault').hidden && document.getElementById('result').hidden`)
	assert.Contains(t, p.text("#fault"), "Installation date: choose its column")
}

// TestALargeFileDoesNotFreezeThePage stops a check while it runs, which is impossible
// if the page is frozen.
func TestALargeFileDoesNotFreezeThePage(t *testing.T) {
	p := open(t, "worker")
	large := filepath.Join(t.TempDir(), "large.csv")
	file, err := os.Create(large)
	require.NoError(t, err)
	h := ivp.Published()
	require.NoError(t, sample.Write(file, sample.Options{Rows: 600_000, Seed: 1, Pairs: h.Pairs(), First: h.VouchedTo(ivp.Date{}).AddDays(-3650), Last: h.VouchedTo(ivp.Date{})}))
	require.NoError(t, file.Close())
	p.drop(large)
	p.until(`/\d rows/.test(document.getElementById('progresslabel').textContent)`)
	p.do(chromedp.Click(chromedp.CSS("#cancel")))
	p.until(`document.getElementById('working').hidden && document.getElementById('status').textContent === 'Stopped.'`)
	assert.True(t, testkit.Evaluate[bool](t, p.ctx, `document.getElementById('result').hidden && document.getElementById('fault').hidden`))
	p.drop(inventory)
	p.result(inventory)
	p.drop(large)
	assert.Contains(t, p.result(large), "Of 600,000 devices ")
	assert.Empty(t, p.events.Complaints())
}

// TestPageIsUsable checks that the page with a result is accessible, also by keyboard
// and in dark mode.
func TestPageIsUsable(t *testing.T) {
	eachEngine(t, func(t *testing.T, engine string) {
		p := open(t, engine)
		focused := func() string {
			return testkit.Evaluate[string](t, p.ctx, `document.activeElement.id || document.activeElement.name || document.activeElement.localName`)
		}
		p.do(chromedp.KeyEvent(kb.Tab))
		assert.Equal(t, "inventorytab", focused(), "the first stop is the tab shown")
		p.do(chromedp.KeyEvent(kb.ArrowRight))
		assert.Equal(t, "onetab", focused(), "arrows go to the other tabs")
		assert.False(t, testkit.Evaluate[bool](t, p.ctx, `document.getElementById('one').hidden || !document.getElementById('inventory').hidden`), "and show them")
		p.do(chromedp.KeyEvent(kb.Home), chromedp.KeyEvent(kb.Tab), chromedp.KeyEvent(kb.Tab))
		assert.Equal(t, "file", focused(), "then the question, and the file")
		assert.NotEqual(t, "none", testkit.Evaluate[string](t, p.ctx, `getComputedStyle(document.getElementById('drop')).outlineStyle`), "and it is seen")
		p.do(chromedp.Focus(chromedp.CSS("#asked summary")), chromedp.KeyEvent(kb.Enter), chromedp.KeyEvent(kb.Tab))
		assert.Equal(t, "on", focused(), "the question opens, and its first field follows")
		p.drop(inventory)
		p.result(inventory)
		assert.Equal(t, "result", testkit.Evaluate[string](t, p.ctx, `document.activeElement.id`), "whoever hears the page is taken to the result")
		assert.Equal(t, wholeAnswer, p.text("#status"), "and is announced")
		light := testkit.Evaluate[string](t, p.ctx, `getComputedStyle(document.body).backgroundColor`)
		p.prefer("prefers-color-scheme", "dark")
		assert.NotEqual(t, light, testkit.Evaluate[string](t, p.ctx, `getComputedStyle(document.body).backgroundColor`))
		testkit.RequireUsable(t, p.ctx, 5)
	})
}

// TestModuleInTheBrowserOnConformanceVectors checks every vector with the module in a
// browser.
func TestModuleInTheBrowserOnConformanceVectors(t *testing.T) {
	p := open(t, "worker")
	for _, f := range testkit.VectorFiles(t) {
		q := questionOf(f)
		terms, err := json.Marshal(q.Terms)
		require.NoError(t, err)
		text, err := json.Marshal(string(f.Text))
		require.NoError(t, err)
		checked, err := chromedp.Run(p.ctx, chromedp.Evaluate[string](fmt.Sprintf(`import('./ivp.mjs').then(({ checkCSV }) => checkCSV(%s, %s)).then(({ csv }) => csv.text())`, text, terms), chromedp.EvalAwaitPromise))
		require.NoError(t, err)
		f.CompareCSV(t, []byte(checked))
	}
}
