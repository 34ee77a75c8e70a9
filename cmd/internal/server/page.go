package server

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"mime"
	"net/http"
	"path"
	"time"

	"github.com/mp196/ivp/cmd/internal/page"
)

// pageTypes are the types of what a system's own table may not know, or may know
// otherwise: a browser runs no module of another type.
var pageTypes = map[string]string{".mjs": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".html": "text/html; charset=utf-8", ".txt": "text/plain; charset=utf-8"}

// addPage serves the page, with this service as its engine.
func (s *Server) addPage() {
	for name, text := range page.ForService() {
		pattern := "GET /" + name
		if name == "index.html" {
			pattern = "GET /{$}"
		}
		kind := pageTypes[path.Ext(name)]
		if kind == "" {
			kind = mime.TypeByExtension(path.Ext(name))
		}
		tag := fmt.Sprintf(`"%x"`, sha256.Sum256(text))
		s.mux.Handle(pattern, &route{s, pattern, s.light, unasked(func(w http.ResponseWriter, r *http.Request) error {
			w.Header().Set("Content-Type", kind)
			w.Header().Set("ETag", tag)
			w.Header().Set("Cache-Control", "no-cache")
			http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(text))
			return nil
		})})
	}
}
