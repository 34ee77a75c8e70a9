package server

import (
	"io"
	"log/slog"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/mp196/ivp/ivp"
)

// BenchmarkCheckOne answers one device a request, without the network.
func BenchmarkCheckOne(b *testing.B) {
	s := New(Config{Checker: ivp.Checker{History: ivp.Published()}, Limits: DefaultLimits(), Log: slog.New(slog.NewJSONHandler(io.Discard, nil))})
	const body = `{"device_id":"x","device_type":"ESME","spec":"SMETS2 v3.1","gbcs":"2.1","install_date":"2023-04-27"}`
	b.ReportAllocs()
	for b.Loop() {
		w := httptest.NewRecorder()
		s.ServeHTTP(w, httptest.NewRequest("POST", "/v1/check", strings.NewReader(body)))
		if w.Code != 200 {
			b.Fatal(w.Code)
		}
	}
}
