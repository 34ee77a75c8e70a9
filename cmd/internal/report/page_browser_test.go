package report

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mp196/ivp/cmd/internal/testkit"
	"github.com/mp196/ivp/ivp"
)

// openPage loads a page from a file, and returns what was heard of it.
func openPage(t *testing.T, ctx context.Context, page []byte) (h *testkit.Events, url string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "page.html")
	require.NoError(t, os.WriteFile(path, page, 0o600))
	h, url = &testkit.Events{}, "file://"+path
	require.NoError(t, chromedp.Listen(ctx, h.Record))
	require.NoError(t, chromedp.Do(ctx, chromedp.EmulateViewport(1366, 900), chromedp.Navigate(url), chromedp.Sleep(200*time.Millisecond)))
	return h, url
}

// TestBrowserHears shows that a page at fault would be heard.
func TestBrowserHears(t *testing.T) {
	ctx := testkit.Browser(t)
	h, url := openPage(t, ctx, []byte(`<!doctype html><img src="missing.png"><script>console.warn("careful")</script>`))
	assert.Len(t, h.Requests(), 2)
	assert.Contains(t, h.Requests(), url)
	assert.Contains(t, h.Complaints(), "console.warning")
	assert.Greater(t, len(h.Complaints()), 1, "the missing picture should be complained of too")
}

func TestPageInABrowser(t *testing.T) {
	ctx := testkit.Browser(t)
	h, url := openPage(t, ctx, pageOf(t, pageOptions(), readFile(t, "../../../testdata/inventory.csv")))
	assert.Equal(t, []string{url}, h.Requests(), "the page must need nothing but itself")
	assert.Empty(t, h.Complaints())
	t.Run("bars are at their days", func(t *testing.T) { barsStandAtTheirDays(t, ctx, "svg[aria-labelledby^=timeline]") })
	t.Run("and in the whole history", func(t *testing.T) {
		testkit.Evaluate[bool](t, ctx, `document.querySelector('svg[aria-labelledby^=history]').closest('details').open = true`)
		barsStandAtTheirDays(t, ctx, "svg[aria-labelledby^=history]")
	})
	testkit.RequireUsable(t, ctx, 5)
}

// drawnBar is a bar as the browser lays it out.
type drawnBar struct {
	Spec, From, To, Outcome string
	Left, Right             float64
}

// barsStandAtTheirDays takes the scale of a timeline from two ticks alone.
func barsStandAtTheirDays(t *testing.T, ctx context.Context, timeline string) {
	type tick struct {
		Day string
		X   float64
	}
	ticks := testkit.Evaluate[[]tick](t, ctx, `[...document.querySelectorAll('`+timeline+` [data-tick]')].map(e => {
		const box = e.getBoundingClientRect(); return {Day: e.dataset.tick, X: box.left + box.width / 2} })`)
	require.Greater(t, len(ticks), 5)
	first, last := ticks[0], ticks[len(ticks)-1]
	zero, end := dayOf(t, first.Day), dayOf(t, last.Day)
	perDay := (last.X - first.X) / float64(zero.DaysUntil(end))
	edges := testkit.Evaluate[[]float64](t, ctx, `[...document.querySelectorAll('`+timeline+` rect[data-from]')].flatMap(e => {
		const box = e.getBoundingClientRect(); return [box.left, box.right] })`)
	require.NotEmpty(t, edges)
	from, to := slices.Min(edges), slices.Max(edges)
	x := func(day ivp.Date) float64 { return min(max(first.X+perDay*float64(zero.DaysUntil(day)), from), to) }

	bars := testkit.Evaluate[[]drawnBar](t, ctx, `[...document.querySelectorAll('`+timeline+` rect[data-from]')].map(e => {
		const box = e.getBoundingClientRect(), d = e.dataset;
		return {Spec: d.spec, From: d.from, To: d.to, Outcome: d.outcome, Left: box.left, Right: box.right} })`)
	inside := 0
	for _, b := range bars {
		from, to := dayOf(t, b.From), dayOf(t, b.To)
		if from != ivp.MinDate() {
			assert.InDelta(t, x(from), b.Left, 1, "%s from %s", b.Spec, b.From)
			inside++
		}
		if to != ivp.MaxDate() {
			assert.InDelta(t, x(to.AddDays(1)), b.Right, 1, "%s to %s", b.Spec, b.To)
		}
	}
	assert.Greater(t, inside, 20, "hardly any bar was held against its days")
}

func dayOf(t *testing.T, text string) ivp.Date {
	t.Helper()
	d, err := ivp.ParseDate(text)
	require.NoError(t, err)
	return d
}

// TestPagePrints prints a report of 5,000 rows: at most six pages, which stop after
// the causes and say where the rows are.
func TestPagePrints(t *testing.T) {
	var text strings.Builder
	text.WriteString("Device ID,Device Type,SMETS Version,GBCS Version,Installation Date\n")
	for n := range 1000 {
		fmt.Fprintf(&text, "A%d,ESME,SMETS2 v4.2,3.2,2022-06-01\nB%d,ESME,SMETS2 v4.%d,3.2,2026-12-01\nC%d,ESME,SMETS2 v3.1,,2023-05-01\nD%d,ESME,SMETS2 v4.2,4,2022-06-01\nE%d,Kind %d,SMETS2 v4.2,3.2,2022-06-01\n", n, n, n%9, n, n, n, n%60)
	}
	ctx := testkit.Browser(t)
	openPage(t, ctx, pageOf(t, pageOptions(), input{text: text.String()}))
	printed, err := chromedp.Call(ctx, cdppage.PrintToPDF, cdppage.PrintToPDFParams{PreferCSSPageSize: new(true)})
	require.NoError(t, err)
	pages := len(regexp.MustCompile(`/Type\s*/Page\b[^s]`).FindAll(printed.Data, -1))
	assert.Positive(t, pages)
	assert.LessOrEqual(t, pages, 6)
	assert.Equal(t, []string{"true", "false"}, testkit.Evaluate[[]string](t, ctx, `(() => {
		const sheet = [...document.styleSheets[0].cssRules].find((r) => r.media?.mediaText === 'print');
		const hides = (selector) => String([...sheet.cssRules].some((r) => r.style?.display === 'none' && document.querySelector(selector).matches(r.selectorText)));
		return [hides('section.rows'), hides('section.causes')] })()`))
}

// TestPageRowsAreFilteredAndSorted uses the script of a page, which its policy permits.
func TestPageRowsAreFilteredAndSorted(t *testing.T) {
	ctx := testkit.Browser(t)
	events, _ := openPage(t, ctx, pageOf(t, pageOptions(), input{text: heading + "B10,SMETS2 v3.1,2023-05-01,\nB9,SMETS2 v3.1,2023-05-02,\nC1,SMETS2 v9.9,2022-06-01,\n"}))
	const shown = `[...document.querySelectorAll('section.rows tbody tr')].filter((r) => !r.hidden && !r.closest('details').hidden).map((r) => r.cells[1].textContent)`
	assert.Equal(t, []string{"B10", "B9", "C1"}, testkit.Evaluate[[]string](t, ctx, shown))
	sorted := testkit.Evaluate[[]string](t, ctx, `(() => { document.querySelectorAll('section.rows thead button')[1].click(); return `+shown+` })()`)
	assert.Equal(t, []string{"B9", "B10", "C1"}, sorted, "numbers by their value")
	filtered := testkit.Evaluate[[]string](t, ctx, `(() => { const box = document.querySelector('.filter input'); box.value = 'c1'; box.dispatchEvent(new Event('input')); return `+shown+` })()`)
	assert.Equal(t, []string{"C1"}, filtered)
	assert.Empty(t, events.Complaints())
}
