package report

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mp196/ivp/ivp"
)

// startBrowser starts a headless Chromium for the length of a test.
func startBrowser(t *testing.T) context.Context {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("chromium is not installed; CI must have it")
		}
		t.Skip("chromium is not installed: the page is not tried in a browser")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.UserDataDir(t.TempDir()),
		chromedp.NoSandbox, chromedp.DisableGPU, chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true))
	allocator, stop := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(stop)
	ctx, closeTab := chromedp.NewContext(allocator)
	t.Cleanup(closeTab)
	t.Cleanup(func() { assert.NoError(t, chromedp.Cancel(ctx)) }) // waits for the browser, which writes to its directory
	return ctx
}

// heard is what a page asks of the network, and what it complains of.
type heard struct {
	sync.Mutex
	requests, complaints []string
}

func (h *heard) hear(event any) {
	h.Lock()
	defer h.Unlock()
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		h.requests = append(h.requests, e.Request.URL)
	case *log.EventEntryAdded:
		h.complaints = append(h.complaints, e.Entry.Text)
	case *runtime.EventConsoleAPICalled:
		h.complaints = append(h.complaints, "console."+string(e.Type))
	case *runtime.EventExceptionThrown:
		h.complaints = append(h.complaints, e.ExceptionDetails.Text)
	}
}

// openPage loads a page from a file, and returns what was heard of it.
func openPage(t *testing.T, ctx context.Context, page []byte) (h *heard, url string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "page.html")
	require.NoError(t, os.WriteFile(path, page, 0o600))
	h, url = &heard{}, "file://"+path
	require.NoError(t, chromedp.Listen(ctx, h.hear))
	require.NoError(t, chromedp.Do(ctx, chromedp.EmulateViewport(1366, 900), chromedp.Navigate(url), chromedp.Sleep(200*time.Millisecond)))
	return h, url
}

func evaluate[T any](t *testing.T, ctx context.Context, script string) T {
	t.Helper()
	value, err := chromedp.Run(ctx, chromedp.Evaluate[T](script))
	require.NoError(t, err)
	return value
}

// TestBrowserHears shows that a page at fault would be heard.
func TestBrowserHears(t *testing.T) {
	ctx := startBrowser(t)
	h, url := openPage(t, ctx, []byte(`<!doctype html><img src="missing.png"><script>console.warn("careful")</script>`))
	h.Lock()
	defer h.Unlock()
	assert.Len(t, h.requests, 2)
	assert.Contains(t, h.requests, url)
	assert.Contains(t, h.complaints, "console.warning")
	assert.Greater(t, len(h.complaints), 1, "the missing picture should be complained of too")
}

func TestPageInABrowser(t *testing.T) {
	ctx := startBrowser(t)
	h, url := openPage(t, ctx, pageOf(t, pageOptions(), readFile(t, "../../../testdata/inventory.csv")))
	h.Lock()
	assert.Equal(t, []string{url}, h.requests, "the page must need nothing but itself")
	assert.Empty(t, h.complaints)
	h.Unlock()
	t.Run("bars stand at their days", func(t *testing.T) { barsStandAtTheirDays(t, ctx) })
	t.Run("tables can be read aloud", func(t *testing.T) { tablesCanBeReadAloud(t, ctx) })
	t.Run("ids are unique", func(t *testing.T) {
		assert.Empty(t, evaluate[[]string](t, ctx, `(() => { const seen = new Set(), twice = [];
			for (const e of document.querySelectorAll('[id]')) { if (seen.has(e.id)) twice.push(e.id); seen.add(e.id) } return twice })()`))
	})
	t.Run("fits a phone", func(t *testing.T) {
		require.NoError(t, chromedp.Do(ctx, chromedp.EmulateViewport(390, 844, chromedp.EmulateMobile)))
		assert.LessOrEqual(t, evaluate[float64](t, ctx, "document.documentElement.scrollWidth"), 390.0, "the page itself must not scroll sideways")
	})
}

// drawnBar is a bar as the browser lays it out.
type drawnBar struct {
	Spec, From, To, Outcome string
	Left, Right             float64
}

// barsStandAtTheirDays takes the scale from two year ticks alone.
func barsStandAtTheirDays(t *testing.T, ctx context.Context) {
	type tick struct {
		Year int
		X    float64
	}
	ticks := evaluate[[]tick](t, ctx, `[...document.querySelectorAll('.ivp-timeline [data-year]')].map(e => {
		const box = e.getBoundingClientRect(); return {Year: +e.dataset.year, X: box.left + box.width / 2} })`)
	require.Greater(t, len(ticks), 5)
	first, last := ticks[0], ticks[len(ticks)-1]
	zero, end := yearDay(t, first.Year), yearDay(t, last.Year)
	perDay := (last.X - first.X) / float64(zero.DaysUntil(end))
	x := func(day ivp.Date) float64 { return first.X + perDay*float64(zero.DaysUntil(day)) }

	bars := evaluate[[]drawnBar](t, ctx, `[...document.querySelectorAll('.ivp-timeline rect[data-from]')].map(e => {
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

func tablesCanBeReadAloud(t *testing.T, ctx context.Context) {
	type table struct {
		Caption                string
		Headings, WithoutScope int
	}
	tables := evaluate[[]table](t, ctx, `[...document.querySelectorAll('table')].map(e => ({
		Caption: e.caption ? e.caption.textContent : '', Headings: e.querySelectorAll('th').length,
		WithoutScope: e.querySelectorAll('th:not([scope])').length }))`)
	require.Greater(t, len(tables), 4)
	for _, table := range tables {
		assert.NotEmpty(t, table.Caption)
		assert.NotZero(t, table.Headings, table.Caption)
		assert.Zero(t, table.WithoutScope, table.Caption)
	}
}

func yearDay(t *testing.T, year int) ivp.Date {
	t.Helper()
	d, err := ivp.NewDate(year, time.January, 1)
	require.NoError(t, err)
	return d
}

func dayOf(t *testing.T, text string) ivp.Date {
	t.Helper()
	d, err := ivp.ParseDate(text)
	require.NoError(t, err)
	return d
}
