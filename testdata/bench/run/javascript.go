package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
)

// javascript compares ivp check with the package for JavaScript, in Node.js, and with the
// page, in Chromium.
func javascript(b *bench) error {
	rows := min(b.rows, 1_000_000)
	if _, err := exec.LookPath("node"); err != nil {
		fmt.Fprintln(os.Stderr, "Node.js is not here: the table javascript is left out")
		return nil
	}
	web := b.path("web")
	if err := command("go", "run", "./cmd/ivp-wasm/web", "--output", web); err != nil {
		return err
	}
	for file, rows := range map[string]int{"in.csv": rows, "few.csv": 3} {
		if err := b.sample(file, rows); err != nil {
			return err
		}
	}
	node := func(name, in string) *peer {
		out := b.path("node.csv")
		return &peer{name: name, output: out, args: []string{"node", "testdata/bench/javascript/check.mjs", b.path("web/ivp.mjs"), b.path(in), out}}
	}
	peers := []*peer{
		b.check("ivp check", "in.csv"),
		b.check("ivp check, one core", "in.csv").with("GOMAXPROCS=1").must(inOrder),
		node("Node.js", "in.csv").must(inOrder),
		node("Node.js, 3 rows", "few.csv"),
	}
	chromium, err := puppeteer()
	if err != nil {
		return err
	}
	if chromium != "" {
		server := httptest.NewServer(http.FileServer(http.Dir(web)))
		defer server.Close()
		page := func(name, in, saved string) *peer {
			return &peer{name: name, output: b.path(saved), args: []string{"node", "testdata/browsers/drive.mjs", "chrome", chromium, b.folder, "testdata/bench/javascript/page.mjs", server.URL, b.path(in), saved}}
		}
		peers = append(peers, page("page in Chromium", "in.csv", "in.checked.csv").must(inOrder), page("page in Chromium, 3 rows", "few.csv", "few.checked.csv"))
	}
	return b.compare(fmt.Sprintf("javascript: %d rows", rows), min(b.runs, 3), peers...)
}

// puppeteer installs what opens a page in Chromium, and returns the path of Chromium, or
// "" if that is not possible.
func puppeteer() (string, error) {
	chromium, err := exec.LookPath("chromium")
	if err == nil {
		_, err = exec.LookPath("npm")
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err, "- the page is left out")
		return "", nil
	}
	return chromium, npmInstall("testdata/browsers")
}
