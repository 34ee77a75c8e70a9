package server

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/mp196/ivp/ivp"
)

// TestMetricsText compares the whole text of the metrics, with durations on both sides
// of bounds of buckets.
func TestMetricsText(t *testing.T) {
	var m meters
	m.request("POST /v1/check", 200, 5*time.Millisecond) // a bound belongs to its bucket
	m.request("POST /v1/check", 200, 5*time.Millisecond+1)
	m.request("POST /v1/check", 408, time.Minute)
	m.request("GET /healthz", 200, 250*time.Millisecond)
	m.devices(map[string]int{"eligible": 2, "undetermined": 1})
	m.devices(map[string]int{"eligible": 3})
	var b strings.Builder
	m.write(&b)
	assert.Equal(t, `# HELP ivp_devices_total Devices judged, by outcome.
# TYPE ivp_devices_total counter
ivp_devices_total{outcome="eligible"} 5
ivp_devices_total{outcome="not_eligible"} 0
ivp_devices_total{outcome="undetermined"} 1
# HELP ivp_requests_total Requests, by route and status.
# TYPE ivp_requests_total counter
ivp_requests_total{route="GET /healthz",status="200"} 1
ivp_requests_total{route="POST /v1/check",status="200"} 2
ivp_requests_total{route="POST /v1/check",status="408"} 1
# HELP ivp_request_seconds Time from the head of a request to the end of its answer, by route.
# TYPE ivp_request_seconds histogram
ivp_request_seconds_bucket{route="GET /healthz",le="0.005"} 0
ivp_request_seconds_bucket{route="GET /healthz",le="0.01"} 0
ivp_request_seconds_bucket{route="GET /healthz",le="0.025"} 0
ivp_request_seconds_bucket{route="GET /healthz",le="0.05"} 0
ivp_request_seconds_bucket{route="GET /healthz",le="0.1"} 0
ivp_request_seconds_bucket{route="GET /healthz",le="0.25"} 1
ivp_request_seconds_bucket{route="GET /healthz",le="0.5"} 1
ivp_request_seconds_bucket{route="GET /healthz",le="1"} 1
ivp_request_seconds_bucket{route="GET /healthz",le="2.5"} 1
ivp_request_seconds_bucket{route="GET /healthz",le="5"} 1
ivp_request_seconds_bucket{route="GET /healthz",le="10"} 1
ivp_request_seconds_bucket{route="GET /healthz",le="+Inf"} 1
ivp_request_seconds_sum{route="GET /healthz"} 0.25
ivp_request_seconds_count{route="GET /healthz"} 1
ivp_request_seconds_bucket{route="POST /v1/check",le="0.005"} 1
ivp_request_seconds_bucket{route="POST /v1/check",le="0.01"} 2
ivp_request_seconds_bucket{route="POST /v1/check",le="0.025"} 2
ivp_request_seconds_bucket{route="POST /v1/check",le="0.05"} 2
ivp_request_seconds_bucket{route="POST /v1/check",le="0.1"} 2
ivp_request_seconds_bucket{route="POST /v1/check",le="0.25"} 2
ivp_request_seconds_bucket{route="POST /v1/check",le="0.5"} 2
ivp_request_seconds_bucket{route="POST /v1/check",le="1"} 2
ivp_request_seconds_bucket{route="POST /v1/check",le="2.5"} 2
ivp_request_seconds_bucket{route="POST /v1/check",le="5"} 2
ivp_request_seconds_bucket{route="POST /v1/check",le="10"} 2
ivp_request_seconds_bucket{route="POST /v1/check",le="+Inf"} 3
ivp_request_seconds_sum{route="POST /v1/check"} 60.010000001
ivp_request_seconds_count{route="POST /v1/check"} 3
`, b.String())
}

func TestMetrics(t *testing.T) {
	s, _ := started(t, nil)
	send(t, "POST", s.URL+"/v1/check", `{"spec": "SMETS2 v3.1", "install_date": "2022-06-01"}`)
	send(t, "POST", s.URL+"/v1/check.csv", twoRows)
	_, header, text := send(t, "GET", s.URL+"/metrics", "")
	assert.Equal(t, "text/plain; version=0.0.4; charset=utf-8", header.Get("Content-Type"))
	h := ivp.Published()
	for _, line := range []string{
		`ivp_info{version="test",edition="` + h.Edition() + `",sha256="` + h.Digest() + `"} 1`, "ivp_requests_in_progress 0", "ivp_spool_bytes 0",
		`ivp_devices_total{outcome="eligible"} 2`, `ivp_devices_total{outcome="not_eligible"} 1`, `ivp_requests_total{route="POST /v1/check.csv",status="200"} 1`,
	} {
		assert.Contains(t, text, "\n"+line+"\n")
	}
}
