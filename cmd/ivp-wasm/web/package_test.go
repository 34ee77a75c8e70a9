package main

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mp196/ivp/cmd/internal/testkit"
	"github.com/mp196/ivp/ivp"
)

const bundlers = "../../../testdata/bundlers"

// application returns a folder with the application of testdata/app, in which npm has
// installed the built folder as a package, and the folder of the bundlers' packages.
func application(t *testing.T) (app, modules string) {
	t.Helper()
	if testing.Short() {
		t.Skip("the bundlers take long, and run outside of this program")
	}
	npm, modules := testkit.Program(t, "npm"), testkit.Modules(t, bundlers, "webpack")
	app = t.TempDir()
	require.NoError(t, os.CopyFS(app, os.DirFS("testdata/app")))
	require.NoError(t, os.WriteFile(filepath.Join(app, "package.json"), []byte(`{"private": true, "type": "module"}`), 0o600))
	runs(t, app, npm, "install", "--offline", "--no-audit", "--no-fund", "--install-links", builtFolder(t))
	return app, modules
}

// runs runs a program that must succeed, and returns what it prints.
func runs(t *testing.T, folder, program string, args ...string) string {
	t.Helper()
	cmd := exec.Command(program, args...)
	cmd.Dir = folder
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s %s\n%s", program, strings.Join(args, " "), out)
	return string(out)
}

// TestPackageInBundles builds the application with every bundler, and runs it in
// Node.js and in a browser.
func TestPackageInBundles(t *testing.T) {
	app, modules := application(t)
	build, err := filepath.Abs(bundlers + "/build.mjs")
	require.NoError(t, err)
	runs(t, filepath.Dir(modules), node(t), build, app)
	digest := ivp.Published().Digest()
	answer := "not_eligible after-end 1 " + digest
	assert.Equal(t, answer+"\n", runs(t, app, node(t), "app.mjs"), "not bundled")
	require.NoError(t, os.Rename(filepath.Join(app, "node_modules"), filepath.Join(app, "installed"))) // a bundle needs none of it

	wasm := filepath.Join(app, "installed/@mp196/ivp/ivp.wasm")
	assert.Equal(t, "not_eligible after-end eligible within-period "+digest+"\n", runs(t, app, node(t), "out/esbuild-node/bytes.cjs", wasm))
	p := &tab{t, testkit.Browser(t), serve(t, http.FileServer(http.Dir(filepath.Join(app, "out")))), &testkit.Events{}}
	require.NoError(t, chromedp.Listen(p.ctx, p.events.Record))
	for _, bundler := range []string{"vite", "webpack", "esbuild", "rollup"} {
		assert.Equal(t, answer+"\n", runs(t, app, node(t), "out/"+bundler+"-node/app.js"), bundler)
		place := filepath.Join(app, "out", bundler+"-browser")
		if page, err := os.ReadFile(filepath.Join(app, "index.html")); bundler != "vite" { // which makes its own
			require.NoError(t, err)
			require.NoError(t, os.WriteFile(filepath.Join(place, "index.html"), []byte(strings.Replace(string(page), "app.mjs", "app.js", 1)), 0o600))
		}
		p.do(chromedp.Navigate(p.site.URL + "/" + bundler + "-browser/"))
		p.until(`document.body.textContent.trim() !== ''`)
		assert.Equal(t, answer, strings.TrimSpace(p.text("body")), bundler)
		assert.Empty(t, p.events.Complaints(), bundler)
	}
}

// TestPackageInJSDOM runs tests of pages, which run in Node.js with the globals of a
// browser.
func TestPackageInJSDOM(t *testing.T) {
	app, modules := application(t)
	runs(t, filepath.Dir(modules), node(t), filepath.Join(modules, "vitest/vitest.mjs"), "run", "--root", app, "--testTimeout=60000")
}

// TestPackageInServiceWorker answers a page's request in a service worker.
func TestPackageInServiceWorker(t *testing.T) {
	app, _ := application(t)
	require.NoError(t, os.WriteFile(filepath.Join(app, "index.html"), []byte("<!doctype html>\n"), 0o600))
	p := &tab{t, testkit.Browser(t), serve(t, http.FileServer(http.Dir(app))), &testkit.Events{}}
	const script = `(async () => {
  const changed = new Promise((resolve) => { navigator.serviceWorker.oncontrollerchange = resolve; });
  await navigator.serviceWorker.register('service.mjs', { type: 'module' });
  await changed;
  const { outcome, reason } = await (await fetch('/check?spec=SMETS2+v3.1&install_date=2023-04-28')).json();
  globalThis.answer = outcome + ' ' + reason;
})().catch((fault) => { globalThis.answer = String(fault); })`
	p.do(chromedp.Navigate(p.site.URL))
	testkit.Evaluate[any](t, p.ctx, script+`, 0`)
	p.until(`globalThis.answer !== undefined`)
	assert.Equal(t, "not_eligible after-end", testkit.Evaluate[string](t, p.ctx, `globalThis.answer`))
}

// TestPackageOnEdgeHost runs a handler on workerd, which gives it a module.
func TestPackageOnEdgeHost(t *testing.T) {
	app, modules := application(t)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	socket, err := l.(*net.TCPListener).File()
	require.NoError(t, err)
	cmd := exec.Command(filepath.Join(modules, ".bin/workerd"), "serve", "--socket-fd=http=3", "edge.capnp")
	cmd.Dir, cmd.ExtraFiles = app, []*os.File{socket}
	var said testkit.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	require.NoError(t, cmd.Start())
	t.Cleanup(func() {
		cmd.Process.Kill() // fails only if it has ended
		cmd.Wait()
	})
	require.NoError(t, l.Close())
	require.NoError(t, socket.Close())
	for day, want := range map[string]string{"2023-04-27": `"eligible"`, "2023-04-28": `"not_eligible"`} {
		reply, err := http.Post("http://"+l.Addr().String(), "application/json", strings.NewReader(fmt.Sprintf(`{"spec": "SMETS2 v3.1", "install_date": %q}`, day)))
		require.NoError(t, err, said.String())
		text, err := io.ReadAll(reply.Body)
		require.NoError(t, err)
		require.NoError(t, reply.Body.Close())
		assert.Contains(t, string(text), `"outcome":`+want, said.String())
	}
}
