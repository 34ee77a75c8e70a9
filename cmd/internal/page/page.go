// Package page is the page on which a browser checks inventories: plain HTML,
// CSS and JavaScript. What answers it, its engine, is one module of two: the one
// that asks the service which sent the page, or the one that runs as WebAssembly
// in the browser. An engine exports promise, what it says becomes of a file;
// amendable, whether amendments can be added to its record; and rules, timeline,
// check and checkCSV, as ivp.mjs has them, checkCSV with an AbortSignal besides.
package page

import (
	"embed"
	"io/fs"
	"strings"

	"github.com/mp196/ivp/cmd/internal/chart"
)

//go:embed assets
var assets embed.FS

// The modules of the engines, among the assets.
const (
	serviceEngine = "engine-service.mjs"
	workerEngine  = "engine-worker.mjs"
)

// ForService returns the page's files, by their names, with the service as its
// engine.
func ForService() map[string][]byte { return files(serviceEngine) }

// ForWorker returns the page's files, by their names, with a worker as its
// engine: worker.mjs, which must be put beside them.
func ForWorker() map[string][]byte { return files(workerEngine) }

func files(engine string) map[string][]byte {
	all := map[string][]byte{"style.css": []byte(chart.StyleSheet)}
	entries, err := fs.ReadDir(assets, "assets")
	if err != nil {
		panic(err) // they are part of the program
	}
	for _, entry := range entries {
		switch name := entry.Name(); name {
		case engine:
			all["engine.mjs"] = asset(name)
		case serviceEngine, workerEngine:
		default:
			all[name] = asset(name)
		}
	}
	return all
}

func asset(name string) []byte {
	text, err := fs.ReadFile(assets, "assets/"+name)
	if err != nil {
		panic(err) // it is part of the program
	}
	return text
}

// Notices returns the licences of the code of others that is in the program and in
// the WebAssembly. They are among the page's files too.
func Notices() string { return string(asset("NOTICES.txt")) }

// Policy returns the page's Content-Security-Policy, which its HTML names too,
// because plain files come without headers.
func Policy() string {
	_, rest, _ := strings.Cut(string(asset("index.html")), `http-equiv="Content-Security-Policy" content="`)
	policy, _, found := strings.Cut(rest, `"`)
	if !found {
		panic("the page names no Content-Security-Policy")
	}
	return policy
}
