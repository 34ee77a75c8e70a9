package server

import (
	"io"
	"log/slog"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mp196/ivp/cmd/internal/sample"
	"github.com/mp196/ivp/ivp"
)

// small is a service without a network, and an inventory of 40 rows for it.
func small() (s *Server, inventory string) {
	s = New(Config{Checker: ivp.Checker{History: ivp.Published()}, Limits: DefaultLimits(), Log: slog.New(slog.NewJSONHandler(io.Discard, nil))})
	return s, "Device ID,Device Type,SMETS Version,GBCS Version,Installation Date\n" + strings.Repeat("AA-0001,ESME,SMETS2 v3.1,2.1,2022-06-01\n", 40)
}

func answered(t testing.TB, s *Server, path, body string) {
	w := httptest.NewRecorder()
	s.ServeHTTP(w, httptest.NewRequest("POST", path, strings.NewReader(body)))
	if w.Code != 200 {
		t.Fatal(w.Code)
	}
}

// BenchmarkCheckOne sends one device in each request.
func BenchmarkCheckOne(b *testing.B) {
	s, _ := small()
	b.ReportAllocs()
	for b.Loop() {
		answered(b, s, "/v1/check", `{"device_id":"x","device_type":"ESME","spec":"SMETS2 v3.1","gbcs":"2.1","install_date":"2023-04-27"}`)
	}
}

// BenchmarkCheckInventory sends a small inventory in each request: of equal rows, and of
// believable rows that differ.
func BenchmarkCheckInventory(b *testing.B) {
	s, same := small()
	var differing strings.Builder
	last := s.config.Checker.History.Latest()
	require.NoError(b, sample.Write(&differing, sample.Options{Rows: 40, Pairs: s.config.Checker.History.Pairs(), First: last.AddDays(-3650), Last: last}))
	for name, inventory := range map[string]string{"same": same, "differing": differing.String()} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				answered(b, s, "/v1/check.csv", inventory)
			}
		})
	}
}

// TestSmallInventoryTakesLittleMemory bounds what a small inventory costs: buffers
// and tables made for a large one took 6 MB of each request, and most of its time.
func TestSmallInventoryTakesLittleMemory(t *testing.T) {
	s, inventory := small()
	answered(t, s, "/v1/check.csv", inventory)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	const requests = 50
	for range requests {
		answered(t, s, "/v1/check.csv", inventory)
	}
	runtime.ReadMemStats(&after)
	assert.Less(t, (after.TotalAlloc-before.TotalAlloc)/requests, uint64(256<<10), "bytes of memory a request")
}

// TestLarge checks which requests count as large: those of unknown length, and those from
// smallRequest bytes on.
func TestLarge(t *testing.T) {
	s, _ := small()
	var counts []int
	s.config.Large = func(requests int) { counts = append(counts, requests) }
	heading := "spec,install_date\n"
	for _, test := range []struct {
		body io.Reader
		want []int
	}{
		{strings.NewReader(heading), nil},
		{strings.NewReader(heading + strings.Repeat("\n", smallRequest-1-len(heading))), nil},
		{strings.NewReader(heading + strings.Repeat("\n", smallRequest-len(heading))), []int{1, 0}},
		{io.MultiReader(strings.NewReader(heading)), []int{1, 0}},
	} {
		counts = nil
		w := httptest.NewRecorder()
		s.ServeHTTP(w, httptest.NewRequest("POST", "/v1/check.csv", test.body))
		assert.Equal(t, 200, w.Code)
		assert.Equal(t, test.want, counts)
	}
}
