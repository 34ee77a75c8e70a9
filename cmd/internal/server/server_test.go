package server

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mp196/ivp/cmd/internal/query"
	"github.com/mp196/ivp/cmd/internal/testkit"
	"github.com/mp196/ivp/ivp"
)

// started returns a running service, and its log.
func started(t *testing.T, change func(*Limits)) (*httptest.Server, *testkit.Buffer) {
	limits := DefaultLimits()
	if change != nil {
		change(&limits)
	}
	log := &testkit.Buffer{}
	s := httptest.NewServer(New(Config{
		Checker: ivp.Checker{History: ivp.Published()}, Limits: limits, Log: slog.New(slog.NewJSONHandler(log, nil)), Version: "test",
		Explain: func(w io.Writer, e ivp.Explanation, _ ivp.Checker) error {
			return json.NewEncoder(w).Encode(map[string]any{"outcome": e.Verdict.Outcome().String(), "reason": e.Verdict.Reason.String(), "rules": "x"})
		},
	}))
	t.Cleanup(s.Close)
	return s, log
}

func send(t *testing.T, method, url, body string) (int, http.Header, string) {
	r, err := http.NewRequest(method, url, strings.NewReader(body))
	require.NoError(t, err)
	response, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	for name, values := range response.Trailer {
		response.Header[name] = values
	}
	return response.StatusCode, response.Header, string(text)
}

// requireUnchanged sends a request again with the ETag of its answer, and checks that
// the content is not sent twice.
func requireUnchanged(t *testing.T, url string, came http.Header) {
	r, err := http.NewRequest("GET", url, nil)
	require.NoError(t, err)
	r.Header.Set("If-None-Match", came.Get("ETag"))
	response, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	response.Body.Close()
	assert.Equal(t, 304, response.StatusCode)
}

func TestCheckOneAndMany(t *testing.T) {
	s, log := started(t, nil)
	code, header, body := send(t, "POST", s.URL+"/v1/check", `{"device_id": "secret-1", "spec": "SMETS2 v3.1", "install_date": "2023-04-28"}`)
	assert.Equal(t, 200, code)
	assert.Equal(t, ivp.Published().Edition()+"; sha256="+ivp.Published().Digest(), header.Get("Ivp-Rules"))
	assert.JSONEq(t, `{"device_id":"secret-1","outcome":"not_eligible","reason":"after-end","spec":"SMETS2 v3.1","to":"2023-04-27","end":"date","days_left":-1,"amendment":"MP196"}`, body)
	code, _, body = send(t, "POST", s.URL+"/v1/check?as_at=2022-02-23&on=2022-06-01", `[{"spec": "SMETS2 v3.1"}, {}, {"spec": "4", "gbcs": null}]`)
	assert.Equal(t, 200, code)
	var answers []query.Answer
	require.NoError(t, json.Unmarshal([]byte(body), &answers))
	require.Len(t, answers, 3)
	assert.Equal(t, "after-end", answers[0].Reason)
	assert.Equal(t, "no-version", answers[1].Reason)
	assert.Equal(t, "bad-version", answers[2].Reason)
	for path, body := range map[string]string{
		"/v1/check": `{"device_id": {"secret": "secret"}}`, "/v1/check?": `{"secret-2": {}}`, "/v1/check.csv": "secret-3,SMETS2 v3.1,2023-04-27\n", "/v1/check.csv?only=secret": "", "/v1/check?secret=1": "{}",
	} {
		code, _, text := send(t, "POST", s.URL+path, body)
		assert.Equal(t, 400, code, path)
		assert.Contains(t, text, "secret", "the client gets the message")
	}
	assert.Equal(t, 5, strings.Count(log.String(), `"status":400`))
	assert.NotContains(t, log.String(), "secret", "the log holds no device")
	assert.Contains(t, log.String(), `"route":"POST /v1/check","status":200`)
}

func TestProblemsSayWhatToDo(t *testing.T) {
	s, _ := started(t, func(l *Limits) { l.Body, l.Inventory, l.Devices = 2000, 3000, 3 })
	for _, test := range []struct {
		method, path, body string
		code               int
		says               string
	}{
		{"POST", "/v1/check", `{"spec": `, 400, "is incomplete"},
		{"POST", "/v1/check", `{"spec": }`, 400, "at byte"},
		{"POST", "/v1/check", `{} {}`, 400, "text after the JSON"},
		{"POST", "/v1/check", `[{"spec": "x"}, {"spec": 4.2}]`, 400, "device 1: spec: want a string"},
		{"POST", "/v1/check", `{"smets": "x"}`, 400, "not a field of a device"},
		{"POST", "/v1/check", `[null]`, 400, "device 0: a device is an object"},
		{"POST", "/v1/check", `[{},{},{},{}]`, 413, "more than 3"},
		{"POST", "/v1/check", `{"spec": "` + strings.Repeat("x", 3000) + `"}`, 413, "too large"},
		{"POST", "/v1/check?as_at=never", `{}`, 400, "as_at"},
		{"POST", "/v1/check?asat=latest", `{}`, 400, "asat: not allowed here: want"},
		{"POST", "/v1/check?last_day=out", `{}`, 400, "included or excluded"},
		{"POST", "/v1/check.csv", "a,b\n1,2\n", 400, "spec"},
		{"POST", "/v1/check.csv", "", 400, "empty"},
		{"POST", "/v1/check.csv", "PK\x03\x04", 400, "it begins like a workbook and has no end"},
		{"POST", "/v1/check.csv?map=spec", "spec,install_date\n", 400, "map:"},
		{"GET", "/v1/timeline?today=never", "", 400, "today:"},
		{"POST", "/v1/check.csv?only=good", "spec,install_date\n", 400, "only"},
		{"GET", "/v1/explain?spec=SMETS2+v3.1", "", 400, "on: no day is given"},
		{"GET", "/v1/explain?on=2022-06-01", "", 400, "spec: no version is given"},
		{"GET", "/v1/explain?spec=SMETS2+v3.1&on=31/04/2022", "", 400, `on: "31/04/2022": want a day`},
		{"GET", "/v1/explain?spec=4&on=2022-06-01", "", 400, "4.0?"},
		{"GET", "/v1/check", "", 405, "want POST"},
		{"GET", "/nothing", "", 404, "/openapi.json"},
	} {
		code, header, body := send(t, test.method, s.URL+test.path, test.body)
		assert.Equal(t, test.code, code, "%s %s", test.path, body)
		assert.Contains(t, header.Get("Content-Type"), "application/json", test.path)
		var p problem
		require.NoError(t, json.Unmarshal([]byte(body), &p), body)
		assert.Contains(t, p.Message, test.says)
		assert.Equal(t, test.code, p.Status)
	}
}

// TestNoPartOfAQueryIsDropped sends to every route, the page's included, queries of
// which net/url would read only a part, and unknown names.
func TestNoPartOfAQueryIsDropped(t *testing.T) {
	s, _ := started(t, nil)
	all := append(slices.Clone(routes), "GET /", "GET /page.mjs", "GET /style.css")
	for _, route := range all {
		method, path, _ := strings.Cut(route, " ")
		for query, says := range map[string]string{
			"last_day=excluded;": "cannot be read", "last_day=excluded&%zz": "cannot be read", "last_day=%zz": "cannot be read", strings.Repeat("last_day=excluded&", 10_001): "cannot be read",
			"last_day=excluded&last_day=included": "last_day", "Last_Day=excluded": "Last_Day", "lastday=excluded": "lastday", "last_day": "last_day", "=": "",
		} {
			body := `{"spec": "SMETS2 v3.1", "install_date": "2023-04-27"}`
			if path == "/v1/check.csv" {
				body = twoRows
			}
			if method == "GET" {
				body = ""
			}
			code, header, text := send(t, method, s.URL+path+"?"+query, body)
			assert.Equal(t, 400, code, "%s?%.40s", path, query)
			assert.Contains(t, header.Get("Content-Type"), "application/json")
			schemaOf(t, s.URL, "Problem", text)
			assert.Contains(t, text, says)
		}
	}
	for path, says := range map[string]string{
		"/v1/rules?as_at=latest": "as_at: not allowed here: want each of expect_rules", "/v1/timeline?scope=prepayment": "scope: not allowed here: want each of", "/v1/explain?spec=SMETS2+v3.1&on=2022-06-01&why=true": "why: not allowed here: want each of",
		"/openapi.json?as_at=latest": "no query is allowed here", "/?as_at=latest": "no query is allowed here",
	} {
		code, _, text := send(t, "GET", s.URL+path, "")
		assert.Equal(t, 400, code, path)
		assert.Contains(t, text, says, path)
	}
}

// TestExpectedRules sends to every route that uses rules the right and a wrong digest,
// and to two services whose rules have the same edition.
func TestExpectedRules(t *testing.T) {
	h := ivp.Published()
	title := h.Amendments()[0].Title
	other, err := ivp.Parse([]byte(strings.Replace(string(h.AppendCanonical(nil)), title, title+" (not as shipped)", 1)))
	require.NoError(t, err)
	require.Equal(t, h.Edition(), other.Edition())
	s, _ := started(t, nil)
	for route, body := range map[string]string{
		"POST /v1/check?": `{}`, "POST /v1/check.csv?": twoRows, "GET /v1/rules?": "", "GET /v1/timeline?": "", "GET /v1/explain?spec=SMETS2+v3.1&on=2022-06-01&": "",
	} {
		method, path, _ := strings.Cut(route, " ")
		code, header, _ := send(t, method, s.URL+path+"expect_rules="+h.Digest(), body)
		assert.Equal(t, 200, code, route)
		assert.Contains(t, header.Get("Ivp-Rules"), h.Digest(), route)
		code, header, text := send(t, method, s.URL+path+"expect_rules="+other.Digest(), body)
		assert.Equal(t, 400, code, route)
		assert.Contains(t, text, h.Digest())
		assert.Contains(t, text, other.Digest())
		assert.Empty(t, header.Get("Ivp-Rules"))
	}
	_, _, text := send(t, "GET", s.URL+"/healthz", "")
	assert.Contains(t, text, h.Digest())
}

// TestAnInventoryCutShortIsNoWholeAnswer exceeds the limit of a request after the
// answer has begun.
func TestAnInventoryCutShortIsNoWholeAnswer(t *testing.T) {
	s, _ := started(t, func(l *Limits) { l.Inventory = 3 << 20 })
	body := "spec,install_date\n" + strings.Repeat("SMETS2 v3.1,2022-06-01\n", 200_000)
	response, err := http.Post(s.URL+"/v1/check.csv", "text/csv", strings.NewReader(body))
	if err != nil {
		return // ended before the head of the answer was sent
	}
	defer response.Body.Close()
	_, err = io.Copy(io.Discard, response.Body)
	if response.StatusCode == http.StatusOK {
		assert.Error(t, err, "the client must see that the answer is not whole")
	}
}

func TestSlowAndManyRequests(t *testing.T) {
	s, _ := started(t, func(l *Limits) { l.Concurrent, l.Time = 1, 400*time.Millisecond })
	reader, writer := io.Pipe()
	slow := make(chan int, 1)
	go func() {
		response, err := http.Post(s.URL+"/v1/check", "application/json", reader)
		if err != nil {
			slow <- 0
			return
		}
		response.Body.Close()
		slow <- response.StatusCode
	}()
	_, err := writer.Write([]byte(`{"spec"`))
	require.NoError(t, err)
	require.Eventually(t, func() bool {
		code, header, _ := send(t, "POST", s.URL+"/v1/check", `{}`)
		return code == http.StatusTooManyRequests && header.Get("Retry-After") != ""
	}, 5*time.Second, 10*time.Millisecond)
	code, _, _ := send(t, "GET", s.URL+"/healthz", "")
	assert.Equal(t, 200, code, "a busy server is up all the same")
	assert.Equal(t, http.StatusRequestTimeout, <-slow)
	writer.Close()
}

func TestRules(t *testing.T) {
	s, _ := started(t, nil)
	code, header, body := send(t, "GET", s.URL+"/v1/rules", "")
	assert.Equal(t, 200, code)
	assert.Equal(t, string(ivp.Published().AppendCanonical(nil)), body)
	requireUnchanged(t, s.URL+"/v1/rules", header)
}

// TestStopFinishesWhatIsAtWork stops the service in the middle of a request.
func TestStopFinishesWhatIsAtWork(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	log := &testkit.Buffer{}
	service := New(Config{Checker: ivp.Checker{History: ivp.Published()}, Limits: DefaultLimits(), Log: slog.New(slog.NewJSONHandler(log, nil))})
	ctx, stop := context.WithCancel(context.Background())
	over := make(chan error, 1)
	go func() { over <- service.Serve(ctx, listener) }()
	reader, writer := io.Pipe()
	answered := make(chan string, 1)
	go func() {
		response, err := http.Post("http://"+listener.Addr().String()+"/v1/check", "application/json", reader)
		if err != nil {
			answered <- err.Error()
			return
		}
		defer response.Body.Close()
		text, _ := io.ReadAll(response.Body)
		answered <- string(text)
	}()
	_, err = writer.Write([]byte(`{"spec": "SMETS2 v3.1", `))
	require.NoError(t, err)
	require.Eventually(t, func() bool { return len(service.places) == 1 }, 5*time.Second, 5*time.Millisecond)
	stop()
	_, err = writer.Write([]byte(`"install_date": "2022-06-01"}`))
	require.NoError(t, err)
	writer.Close()
	assert.Contains(t, <-answered, `"outcome":"eligible"`)
	require.NoError(t, <-over)
	assert.Contains(t, log.String(), `"edition":"`+ivp.Published().Edition()+`","sha256":"`+ivp.Published().Digest()+`"`)
}

// TestPanic makes the service panic in the goroutine of a request, in a worker of a
// pass and in the goroutine that sends an answer. Only that request may fail.
func TestPanic(t *testing.T) {
	log := &testkit.Buffer{}
	service := New(Config{
		Checker: ivp.Checker{History: ivp.Published()}, Limits: DefaultLimits(), Log: slog.New(slog.NewJSONHandler(log, nil)),
		Explain: func(io.Writer, ivp.Explanation, ivp.Checker) error { panic("a fault made for this test") },
	})
	rows := "spec,install_date\n" + strings.Repeat("SMETS2 v3.1,2022-06-01\n", 200_000)
	reading := httptest.NewRequest("POST", "/v1/check.csv", io.MultiReader(strings.NewReader(rows[:1<<16]), panicking{}))
	for _, r := range []*http.Request{httptest.NewRequest("GET", "/v1/explain?spec=SMETS2+v3.1&on=2022-06-01", nil), reading} {
		w := httptest.NewRecorder()
		func() {
			defer func() {
				if fault := recover(); fault != nil {
					assert.Equal(t, http.ErrAbortHandler, fault)
					assert.NotZero(t, w.Body.Len(), "only an answer that has begun is broken off")
				}
			}()
			service.ServeHTTP(w, r)
			assert.Equal(t, http.StatusInternalServerError, w.Code, w.Body.String())
			assert.Contains(t, w.Body.String(), "a fault of the program")
			assert.NotContains(t, w.Body.String(), "a fault made")
		}()
		assert.Contains(t, log.String(), "a fault made for this test")
		log.Reset()
	}
	sending := panicking{ResponseWriter: httptest.NewRecorder()}
	assert.PanicsWithValue(t, http.ErrAbortHandler, func() {
		service.ServeHTTP(sending, httptest.NewRequest("POST", "/v1/check.csv", strings.NewReader(rows)))
	})
	assert.Contains(t, log.String(), "a fault made for this test")
	w := httptest.NewRecorder()
	service.ServeHTTP(w, httptest.NewRequest("POST", "/v1/check.csv", strings.NewReader(rows)))
	assert.Equal(t, http.StatusOK, w.Code, "the service lives on")
	assert.Empty(t, service.places, "no request keeps its place")
}

// panicking panics when it is read or written.
type panicking struct{ http.ResponseWriter }

func (panicking) Read([]byte) (int, error)  { panic("a fault made for this test") }
func (panicking) Write([]byte) (int, error) { panic("a fault made for this test") }
