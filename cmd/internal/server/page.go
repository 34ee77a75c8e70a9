package server

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
	"time"

	"github.com/mp196/ivp/cmd/internal/chart"
)

// The page checks inventories in a browser: plain HTML, CSS and JavaScript. Its
// engine, the module that answers, is one of two: one uses the service which sent the
// page, the other the WebAssembly in the browser. An engine exports promise, a
// sentence on what happens to a file; formats, those in which it writes a checked
// inventory; and the functions rules, timeline, tables, check and checkCSV as in
// ivp.mjs, where checkCSV also takes an AbortSignal.
//
//go:embed page
var page embed.FS

// The modules of the engines, among the files of the page.
const (
	serviceEngine = "engine-service.mjs"
	workerEngine  = "engine-worker.mjs"
)

// WorkerPage returns the files of the page, by their names, with the WebAssembly as
// its engine. They require worker.mjs in the same folder.
func WorkerPage() map[string][]byte { return pageFiles(workerEngine) }

// pageFiles returns the files of the page, by their names, with the given engine.
func pageFiles(engine string) map[string][]byte {
	all := map[string][]byte{"style.css": []byte(chart.StyleSheet)}
	entries, err := fs.ReadDir(page, "page")
	if err != nil {
		panic(err) // it is embedded
	}
	for _, entry := range entries {
		switch name := entry.Name(); name {
		case engine:
			all["engine.mjs"] = pageFile(name)
		case serviceEngine, workerEngine:
		default:
			all[name] = pageFile(name)
		}
	}
	return all
}

func pageFile(name string) []byte {
	text, err := fs.ReadFile(page, "page/"+name)
	if err != nil {
		panic(err) // it is embedded
	}
	return text
}

// Notices returns the licences of third-party code in the program and in the
// WebAssembly. The page has them too.
func Notices() string { return string(pageFile("NOTICES.txt")) }

// pagePolicy returns the page's Content-Security-Policy. It is in its HTML, because
// files from a static host have no headers.
func pagePolicy() string {
	_, rest, _ := strings.Cut(string(pageFile("index.html")), `http-equiv="Content-Security-Policy" content="`)
	policy, _, found := strings.Cut(rest, `"`)
	if !found {
		panic("the page has no Content-Security-Policy")
	}
	return policy
}

// pageTypes are media types for which a system's own table may be missing or wrong: a
// browser runs a module only if its type is right.
var pageTypes = map[string]string{".mjs": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".html": "text/html; charset=utf-8", ".txt": "text/plain; charset=utf-8"}

// addPage serves the page, with this service as its engine.
func (s *Server) addPage() {
	for name, text := range pageFiles(serviceEngine) {
		pattern := "GET /" + name
		if name == "index.html" {
			pattern = "GET /{$}"
		}
		kind := pageTypes[path.Ext(name)]
		if kind == "" {
			kind = mime.TypeByExtension(path.Ext(name))
		}
		tag := fmt.Sprintf(`"%x"`, sha256.Sum256(text))
		s.mux.Handle(pattern, &route{s, pattern, s.light, withoutQuery(func(w http.ResponseWriter, r *http.Request) error {
			w.Header().Set("Content-Type", kind)
			w.Header().Set("ETag", tag)
			w.Header().Set("Cache-Control", "no-cache")
			http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(text))
			return nil
		})})
	}
}
