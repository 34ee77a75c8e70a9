package main

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"

	"github.com/mp196/ivp/cmd/internal/server"
	"github.com/mp196/ivp/ivp"
)

// site serves a page, and records the requests.
type site struct {
	*httptest.Server
	mu    sync.Mutex
	asked []string
}

func serve(t *testing.T, pages http.Handler) *site {
	s := &site{}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		s.asked = append(s.asked, r.Method+" "+r.URL.Path)
		s.mu.Unlock()
		pages.ServeHTTP(w, r)
	}))
	t.Cleanup(s.Close)
	return s
}

// requests returns the requests so far.
func (s *site) requests() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.asked)
}

// engines are the two ways to serve the page.
var engines = map[string]func(t *testing.T) http.Handler{
	"worker": func(t *testing.T) http.Handler { return talkativeWorkers(http.FileServer(http.Dir(builtFolder(t)))) },
	"service": func(*testing.T) http.Handler {
		return server.New(server.Config{Checker: ivp.Checker{History: ivp.Published()}, Limits: server.DefaultLimits(), Log: slog.New(slog.DiscardHandler), Version: "test", Private: true})
	},
}

// reportRequests makes a worker report its network requests on demand: the browser
// shows tests only the page's own requests.
const reportRequests = `
const asked = new BroadcastChannel('asked');
asked.onmessage = () => asked.postMessage(performance.getEntriesByType('resource').map((entry) => entry.name));
`

func talkativeWorkers(pages http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/worker.mjs" {
			r.Header.Del("Range")
			defer io.WriteString(w, reportRequests)
			w = &withoutLength{w}
		}
		pages.ServeHTTP(w, r)
	})
}

// withoutLength omits the length of an answer, because text is appended to it.
type withoutLength struct{ http.ResponseWriter }

func (w *withoutLength) WriteHeader(code int) {
	w.Header().Del("Content-Length")
	w.ResponseWriter.WriteHeader(code)
}
