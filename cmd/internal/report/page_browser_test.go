package report

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

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
