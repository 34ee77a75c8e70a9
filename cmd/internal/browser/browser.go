// Package browser has a real browser try pages, for tests.
package browser

import (
	"context"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/mp196/ivp/cmd/internal/needs"
)

// Start starts a headless Chromium for the length of a test.
func Start(t *testing.T) context.Context {
	t.Helper()
	path := needs.Program(t, "chromium")
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

// Evaluate returns what a script in the page gives.
func Evaluate[T any](t *testing.T, ctx context.Context, script string) T {
	t.Helper()
	value, err := chromedp.Run(ctx, chromedp.Evaluate[T](script))
	if err != nil {
		t.Fatalf("%s: %v", script, err)
	}
	return value
}
