package server

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/mp196/ivp/ivp"
)

// meters count requests and answers. They contain no data of devices. The zero value
// has counted nothing.
type meters struct {
	mu       sync.Mutex
	requests map[requestKind]int
	seconds  map[string]*histogram // by route
	outcomes map[string]int
}

// requestKind is a route and the status of its answer.
type requestKind struct {
	route  string
	status int
}

// buckets are the upper bounds of the histogram's buckets, in seconds: the default
// ones of Prometheus' own clients.
var buckets = [...]float64{.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10}

// histogram counts durations by bucket; the last bucket has no bound.
type histogram struct {
	counts [len(buckets) + 1]int
	sum    float64
}

// request counts a request.
func (m *meters) request(route string, status int, took time.Duration) {
	seconds := took.Seconds()
	bucket, _ := slices.BinarySearch(buckets[:], seconds)
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.requests == nil {
		m.requests, m.seconds = map[requestKind]int{}, map[string]*histogram{}
	}
	m.requests[requestKind{route, status}]++
	if m.seconds[route] == nil {
		m.seconds[route] = &histogram{}
	}
	m.seconds[route].counts[bucket]++
	m.seconds[route].sum += seconds
}

// devices adds the counts of devices by outcome.
func (m *meters) devices(counts map[string]int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.outcomes == nil {
		m.outcomes = map[string]int{}
	}
	for outcome, n := range counts {
		m.outcomes[outcome] += n
	}
}

// write writes the counts in the text format of Prometheus, version 0.0.4.
func (m *meters) write(w io.Writer) {
	m.mu.Lock()
	defer m.mu.Unlock()
	family(w, "ivp_devices_total", "counter", "Devices judged, by outcome.")
	for _, o := range ivp.Outcomes() {
		fmt.Fprintf(w, "ivp_devices_total{outcome=%q} %d\n", o, m.outcomes[o.String()])
	}
	family(w, "ivp_requests_total", "counter", "Requests, by route and status.")
	for _, a := range slices.SortedFunc(maps.Keys(m.requests), func(a, b requestKind) int {
		return cmp.Or(strings.Compare(a.route, b.route), cmp.Compare(a.status, b.status))
	}) {
		fmt.Fprintf(w, "ivp_requests_total{route=%q,status=\"%d\"} %d\n", a.route, a.status, m.requests[a])
	}
	family(w, "ivp_request_seconds", "histogram", "Time from the head of a request to the end of its answer, by route.")
	for _, route := range slices.Sorted(maps.Keys(m.seconds)) {
		h, all := m.seconds[route], 0
		for i, n := range h.counts {
			all += n
			bound := "+Inf"
			if i < len(buckets) {
				bound = fmt.Sprint(buckets[i])
			}
			fmt.Fprintf(w, "ivp_request_seconds_bucket{route=%q,le=%q} %d\n", route, bound, all)
		}
		fmt.Fprintf(w, "ivp_request_seconds_sum{route=%q} %g\nivp_request_seconds_count{route=%q} %d\n", route, h.sum, route, all)
	}
}

// family begins the samples of a metric.
func family(w io.Writer, name, kind, help string) {
	fmt.Fprintf(w, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, kind)
}

// meters answers with the counts.
func (s *Server) meters(w http.ResponseWriter, _ *http.Request) error {
	w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
	h := s.config.Checker.History
	family(w, "ivp_info", "gauge", "The version of the program, and the edition and digest of its rules; the value is 1.")
	fmt.Fprintf(w, "ivp_info{version=%q,edition=%q,sha256=%q} 1\n", s.config.Version, h.Edition(), h.Digest())
	family(w, "ivp_requests_in_progress", "gauge", "Requests in progress that use the rules.")
	fmt.Fprintf(w, "ivp_requests_in_progress %d\n", len(s.places))
	family(w, "ivp_spool_bytes", "gauge", "Bytes in temporary files, of all requests together.")
	fmt.Fprintf(w, "ivp_spool_bytes %d\n", s.room.used.Load())
	s.metrics.write(w)
	return nil
}
