package testkit

import (
	"context"
	"slices"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// Browser starts a headless Chromium, which ends with the test.
func Browser(t *testing.T) context.Context {
	t.Helper()
	path := Program(t, "chromium")
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.UserDataDir(t.TempDir()),
		chromedp.NoSandbox, chromedp.DisableGPU, chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true))
	allocator, stop := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(stop)
	ctx, closeTab := chromedp.NewContext(allocator)
	t.Cleanup(closeTab)
	t.Cleanup(func() { // waits for the browser, which writes to its directory
		if err := chromedp.Cancel(ctx); err != nil {
			t.Errorf("the browser did not end: %v", err)
		}
	})
	return ctx
}

// Evaluate returns the value of a script in the page.
func Evaluate[T any](t *testing.T, ctx context.Context, script string) T {
	t.Helper()
	value, err := chromedp.Run(ctx, chromedp.Evaluate[T](script))
	if err != nil {
		t.Fatalf("%s: %v", script, err)
	}
	return value
}

// Events records the network requests and the errors of a page: give its Record to
// chromedp.Listen.
type Events struct {
	mu                   sync.Mutex
	requests, complaints []string
}

// Record records an event.
func (h *Events) Record(event any) {
	h.mu.Lock()
	defer h.mu.Unlock()
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

// Requests returns the addresses requested so far.
func (h *Events) Requests() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.requests)
}

// Complaints returns the errors and console messages of the page so far.
func (h *Events) Complaints() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.complaints)
}

// RequireUsable checks that the page shown is accessible: screen readers can read its
// tables, ids are unique, every control has a name, and it fits the width of a phone.
// tables is the least number of tables that it must have.
func RequireUsable(t *testing.T, ctx context.Context, tables int) {
	t.Helper()
	t.Run("tables can be read aloud", func(t *testing.T) { tablesCanBeReadAloud(t, ctx, tables) })
	t.Run("ids are unique", func(t *testing.T) {
		none(t, ctx, `(() => { const seen = new Set(), twice = [];
			for (const e of document.querySelectorAll('[id]')) { if (seen.has(e.id)) twice.push(e.id); seen.add(e.id) } return twice })()`)
	})
	t.Run("controls have names", func(t *testing.T) {
		none(t, ctx, `[...document.querySelectorAll('input, select, button, a, summary, progress, [tabindex="0"]')].filter((e) =>
			!(e.labels?.length || e.textContent.trim() || e.ariaLabel)).map((e) => e.outerHTML.slice(0, 200))`)
	})
	t.Run("fits a phone", func(t *testing.T) {
		if err := chromedp.Do(ctx, chromedp.EmulateViewport(390, 844, chromedp.EmulateMobile)); err != nil {
			t.Fatal(err)
		}
		if width := Evaluate[float64](t, ctx, "document.documentElement.scrollWidth"); width > 390 {
			t.Errorf("the page itself scrolls sideways: it is %v wide", width)
		}
	})
}

// none checks that the result of a script is empty.
func none(t *testing.T, ctx context.Context, script string) {
	t.Helper()
	for _, found := range Evaluate[[]string](t, ctx, script) {
		t.Error(found)
	}
}

func tablesCanBeReadAloud(t *testing.T, ctx context.Context, fewest int) {
	type table struct {
		Caption                string
		Headings, WithoutScope int
	}
	tables := Evaluate[[]table](t, ctx, `[...document.querySelectorAll('table')].map(e => ({
		Caption: e.caption ? e.caption.textContent : '', Headings: e.querySelectorAll('th').length,
		WithoutScope: e.querySelectorAll('th:not([scope])').length }))`)
	if len(tables) < fewest {
		t.Fatalf("the page has %d tables, and at least %d were expected", len(tables), fewest)
	}
	for _, table := range tables {
		if table.Caption == "" || table.Headings == 0 || table.WithoutScope > 0 {
			t.Errorf("a table without a caption, headings or the scope of a heading: %+v", table)
		}
	}
}
