package server

import (
	"fmt"
	"net/http"
	"time"

	"github.com/VictoriaMetrics/metrics"
)

// meters count what the server does. They know no device.
type meters struct{ set *metrics.Set }

func newMeters() *meters { return &meters{metrics.NewSet()} }

func (m *meters) request(route string, status int, took time.Duration) {
	m.set.GetOrCreateCounter(fmt.Sprintf("ivp_requests_total{route=%q, status=\"%d\"}", route, status)).Inc()
	m.set.GetOrCreateHistogram(fmt.Sprintf("ivp_request_seconds{route=%q}", route)).Update(took.Seconds())
}

func (m *meters) devices(counts map[string]int) {
	for o, n := range counts {
		m.set.GetOrCreateCounter(fmt.Sprintf("ivp_devices_total{outcome=%q}", o)).Add(n)
	}
}

func (s *Server) meters(w http.ResponseWriter, _ *http.Request) error {
	w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
	fmt.Fprintf(w, "ivp_requests_at_work %d\nivp_spool_bytes %d\n", len(s.places), s.room.used.Load())
	s.metrics.set.WritePrometheus(w)
	return nil
}
