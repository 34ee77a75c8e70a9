package server

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mp196/ivp/cmd/internal/testkit"
	"github.com/mp196/ivp/ivp"
)

// serving is a service that listens on a socket, like the program.
type serving struct {
	*Server
	t    *testing.T
	addr string
	log  *testkit.Buffer
}

func serve(t *testing.T, change func(*Config)) *serving {
	s := &serving{t: t, log: &testkit.Buffer{}}
	config := Config{Checker: ivp.Checker{History: ivp.Published()}, Limits: DefaultLimits(), Private: true, Log: slog.New(slog.NewJSONHandler(s.log, nil))}
	config.Limits.Time = 500 * time.Millisecond
	if change != nil {
		change(&config)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	s.Server, s.addr = New(config), listener.Addr().String()
	ctx, stop := context.WithCancel(context.Background())
	over := make(chan error, 1)
	go func() { over <- s.Serve(ctx, listener) }()
	t.Cleanup(func() {
		stop()
		assert.NoError(t, <-over)
		assert.Empty(t, s.places, "no request keeps its place")
		assert.Empty(t, s.light)
		assert.Zero(t, s.room.used.Load(), "no request keeps its temporary files")
	})
	return s
}

// begin sends the beginning of a request; the head is complete if there is a body.
func (s *serving) begin(head string, body ...string) net.Conn {
	conn, err := net.Dial("tcp", s.addr)
	require.NoError(s.t, err)
	s.t.Cleanup(func() { conn.Close() })
	require.NoError(s.t, conn.SetDeadline(time.Now().Add(20*time.Second)))
	_, err = io.WriteString(conn, head+strings.Join(body, ""))
	require.NoError(s.t, err)
	return conn
}

// status returns the status of the answer, or 0 if the connection ended without one.
func (s *serving) status(conn net.Conn) int {
	answer := bufio.NewReader(conn)
	response, err := http.ReadResponse(answer, nil)
	if err != nil {
		return 0
	}
	defer response.Body.Close()
	io.Copy(io.Discard, response.Body)
	_, err = answer.ReadByte()
	assert.Error(s.t, err, "the connection ends")
	assert.False(s.t, os.IsTimeout(err), "the connection ends in time")
	return response.StatusCode
}

// line is a line of the log.
type line struct {
	Route, Problem string
	Status         int
	BytesIn        int64 `json:"bytes_in"`
}

// logged waits for a route's line in the log.
func (s *serving) logged(route string) (found line) {
	require.Eventually(s.t, func() bool {
		for text := range strings.Lines(s.log.String()) {
			found = line{}
			if json.Unmarshal([]byte(text), &found) == nil && found.Route == route {
				return true
			}
		}
		return false
	}, 10*time.Second, 5*time.Millisecond, "%s is not logged", route)
	return found
}

// TestSlowRequests has clients that send one byte and then no more, to every route and
// to an unknown path. Each must be ended within the time limit, be logged and counted,
// and not prevent other requests from being answered.
func TestSlowRequests(t *testing.T) {
	type slow struct {
		request, route string
		status         int
	}
	all := []slow{
		{"POST /nothing", "other", 404}, {"GET /nothing", "other", 404}, {"GET /v1/check", "other", 405}, {"DELETE /v1/rules", "other", 405}, {"OPTIONS *", "other", 307}, {"OPTIONS /v1/check", "other", 405},
		{"HEAD /nothing", "other", 404}, {"PUT /", "other", 405}, {"BREW /v1/check", "other", 405}, {"GET //v1/rules", "other", 307}, {"GET /page.mjs", "GET /page.mjs", 200}, {"HEAD /", "GET /{$}", 200},
	}
	for _, route := range routes {
		status := 200
		switch route {
		case "POST /v1/check", "POST /v1/check.csv", "POST /v1/tables":
			status = 408
		case "GET /v1/explain":
			status = 400
		}
		all = append(all, slow{route, route, status})
	}
	s := serve(t, nil)
	began := time.Now()
	var conns []net.Conn
	counts := map[string]int{}
	for _, test := range all {
		for _, body := range []string{"Content-Length: 9000", "Transfer-Encoding: chunked", "Content-Length: 9000000000"} {
			conns = append(conns, s.begin(test.request+" HTTP/1.1\r\nHost: localhost\r\n"+body+"\r\n\r\n", "{"))
			counts[fmt.Sprintf("ivp_requests_total{route=%q,status=\"%d\"}", test.route, test.status)]++
		}
	}
	code, _, _ := send(t, "POST", "http://"+s.addr+"/v1/check", "{}")
	assert.Equal(t, 200, code, "others are answered")
	for i, conn := range conns {
		assert.Equal(t, all[i/3].status, s.status(conn), all[i/3].request)
	}
	assert.Less(t, time.Since(began), 10*time.Second)
	counts[`ivp_requests_total{route="POST /v1/check",status="200"}`]++
	_, _, counted := send(t, "GET", "http://"+s.addr+"/metrics", "")
	for name, n := range counts {
		assert.Contains(t, counted, fmt.Sprintf("%s %d\n", name, n))
	}
	assert.Equal(t, len(conns)+2, strings.Count(s.log.String(), `"msg":"request"`))
}

// TestSlowHeads has clients that never end the head of a request.
func TestSlowHeads(t *testing.T) {
	s := serve(t, nil)
	var conns []net.Conn
	for range 100 {
		conns = append(conns, s.begin("GET /v1/rules HTTP/1.1\r\nHost: localhost\r\nX-Slow: "))
	}
	code, _, _ := send(t, "POST", "http://"+s.addr+"/v1/check", "{}")
	assert.Equal(t, 200, code)
	for _, conn := range conns {
		assert.Zero(t, s.status(conn))
	}
}

// TestClientThatNeverReads sends inventories, and reads nothing of the answers.
func TestClientThatNeverReads(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	s := serve(t, func(c *Config) { c.Limits.Concurrent, c.Limits.Time = 2, 3*time.Second })
	body := "spec,install_date\n" + strings.Repeat("SMETS2 v3.1,2022-06-01\n", 500_000)
	conn := s.begin(fmt.Sprintf("POST /v1/check.csv HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n", len(body)))
	require.NoError(t, conn.(*net.TCPConn).SetReadBuffer(4096))
	go io.WriteString(conn, body)
	code, _, _ := send(t, "POST", "http://"+s.addr+"/v1/check", "{}")
	assert.Equal(t, 200, code)
	found := s.logged("POST /v1/check.csv")
	assert.Equal(t, 408, found.Status)
	assert.Contains(t, found.Problem, "the client has not read the answer")
	left, err := os.ReadDir(os.Getenv("TMPDIR"))
	require.NoError(t, err)
	assert.Empty(t, left)
}

// TestClientThatGoesAway ends requests at several places: the log says where.
func TestClientThatGoesAway(t *testing.T) {
	const long = 5 * time.Minute
	for name, test := range map[string]struct {
		request, body string
		read          int
		status        int
		says          string
	}{
		"one":       {"POST /v1/check HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n", `{"spec"`, 0, 499, "before it had sent the whole"},
		"inventory": {"POST /v1/check.csv HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n\r\n", "spec,install_date\n", 0, 499, "before it had sent the whole"},
		"answer":    {"POST /v1/check.csv HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n", chunked("spec,install_date\n" + strings.Repeat("SMETS2 v3.1,2022-06-01\n", 500_000)), 100, 499, "closed the connection"},
		"chunks":    {"POST /v1/check HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n", "no chunk\r\n", 12, 400, "the answer says"},
	} {
		t.Run(name, func(t *testing.T) {
			s := serve(t, func(c *Config) { c.Limits.Time = long })
			conn := s.begin(test.request)
			go io.WriteString(conn, test.body)
			_, err := io.ReadFull(conn, make([]byte, test.read))
			require.NoError(t, err)
			if test.read == 0 {
				require.Eventually(t, func() bool { return len(s.places) == 1 }, 5*time.Second, time.Millisecond)
				time.Sleep(20 * time.Millisecond)
			}
			conn.Close()
			method, path, _ := strings.Cut(test.request, " ")
			found := s.logged(method + " " + strings.Fields(path)[0])
			assert.Equal(t, test.status, found.Status)
			assert.Contains(t, found.Problem, test.says)
		})
	}
}

// TestBodyThatEndsEarly has clients that end a body before its declared length, and read
// the answer: what was sent is never taken for the whole.
func TestBodyThatEndsEarly(t *testing.T) {
	for _, path := range []string{"/v1/check", "/v1/check.csv"} {
		for _, kind := range []string{"text/csv", "application/x-www-form-urlencoded", "application/json", "multipart/form-data; boundary=x"} {
			for _, body := range []string{"", "{}", "[{}]", "spec,install_date", "spec,install_date\nSMETS2 v3.1,2022-06-01\n"} {
				s := serve(t, nil)
				conn := s.begin("POST "+path+" HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\nContent-Type: "+kind+"\r\n\r\n", body)
				require.NoError(t, conn.(*net.TCPConn).CloseWrite())
				if response, err := http.ReadResponse(bufio.NewReader(conn), nil); err == nil {
					assert.NotEqual(t, 200, response.StatusCode, "%s %s %q", path, kind, body)
					response.Body.Close()
				}
			}
		}
	}
}

func chunked(text string) string { return fmt.Sprintf("%x\r\n%s\r\n0\r\n\r\n", len(text), text) }

// TestHosts sends requests for the service's own names and for others.
func TestHosts(t *testing.T) {
	for host, answered := range map[string][3]bool{ // private, not private with a name permitted, not private
		"localhost": {true, true, true}, "LocalHost:8080": {true, true, true}, "127.0.0.1": {true, true, true}, "127.1.2.3:80": {true, true, true}, "[::1]": {true, true, true}, "[::1]:8080": {true, true, true}, "localhost.": {true, true, true},
		"": {true, true, true}, "ivp.example": {true, true, true}, "IVP.example:443": {true, true, true},
		"192.0.2.1": {false, true, true}, "192.0.2.1:8080": {false, true, true}, "[2001:db8::1]": {false, true, true},
		"evil.example": {false, false, true}, "evil.example:8080": {false, false, true}, "localhost.evil.example": {false, false, true}, "127.0.0.1.evil.example": {false, false, true}, "sub.ivp.example": {false, false, true}, "evil.localhost": {false, false, true},
	} {
		for i, config := range []Config{{Private: true, Hosts: []string{"ivp.example"}}, {Hosts: []string{"ivp.example"}}, {}} {
			assert.Equal(t, answered[i], (&Server{config: config}).permits(host), "%q, case %d", host, i)
		}
	}
	s := serve(t, nil)
	for _, path := range []string{"/", "/v1/rules", "/nothing", "/metrics"} {
		for host, status := range map[string]int{"evil.example": 403, "localhost": 0} {
			conn := s.begin("GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n")
			got := s.status(conn)
			assert.Equal(t, status == 403, got == 403, "%s of %s: %d", path, host, got)
		}
	}
	assert.Contains(t, s.log.String(), `evil.example`, "the log says which host")
}

// TestOtherSites sends requests as a browser does for a page of another site.
func TestOtherSites(t *testing.T) {
	s := serve(t, nil)
	for _, test := range []struct {
		method, header, value string
		code                  int
	}{
		{"POST", "Sec-Fetch-Site", "cross-site", 403}, {"POST", "Sec-Fetch-Site", "same-site", 403}, {"POST", "Origin", "https://evil.example", 403}, {"POST", "Origin", "null", 403},
		{"PUT", "Sec-Fetch-Site", "cross-site", 403}, {"OPTIONS", "Origin", "https://evil.example", 405},
		{"POST", "Sec-Fetch-Site", "same-origin", 200}, {"POST", "Sec-Fetch-Site", "none", 200}, {"POST", "Origin", "http://" + s.addr, 200}, {"POST", "X-None", "", 200},
	} {
		r, err := http.NewRequest(test.method, "http://"+s.addr+"/v1/check", strings.NewReader("{}"))
		require.NoError(t, err)
		r.Header.Set(test.header, test.value)
		response, err := http.DefaultClient.Do(r)
		require.NoError(t, err)
		response.Body.Close()
		assert.Equal(t, test.code, response.StatusCode, "%s %s: %s", test.method, test.header, test.value)
		assert.Empty(t, response.Header.Get("Access-Control-Allow-Origin"))
	}
	for _, path := range []string{"/v1/check", "/v1/check.csv", "/v1/rules", "/nothing", "/"} {
		for _, method := range []string{"GET", "POST", "PUT"} {
			r, err := http.NewRequest("OPTIONS", "http://"+s.addr+path, nil)
			require.NoError(t, err)
			r.Header.Set("Origin", "https://evil.example")
			r.Header.Set("Access-Control-Request-Method", method)
			r.Header.Set("Access-Control-Request-Headers", "content-type")
			response, err := http.DefaultClient.Do(r)
			require.NoError(t, err)
			text, err := io.ReadAll(response.Body)
			require.NoError(t, err)
			response.Body.Close()
			assert.Equal(t, 403, response.StatusCode, path)
			assert.Contains(t, string(text), "for a page of another site")
			for name := range response.Header {
				assert.NotContains(t, name, "Access-Control", path)
			}
		}
	}
}

// TestHeadersOfEveryAnswer requests answers of every kind.
func TestHeadersOfEveryAnswer(t *testing.T) {
	s := serve(t, func(c *Config) { c.Limits.Body = 100 })
	var codes []int
	for _, request := range []string{
		"GET /", "GET /page.mjs", "GET /v1/rules", "GET /v1/timeline", "GET /healthz", "GET /metrics", "GET /openapi.json", "HEAD /", "POST /v1/check", "POST /v1/check.csv", "POST /v1/tables", // answers
		"GET /nothing", "DELETE /", "GET //", "POST /v1/check?x=1", "GET /v1/explain",
	} {
		method, path, _ := strings.Cut(request, " ")
		for _, body := range []string{"", `{}`, strings.Repeat(" ", 1000)} {
			r, err := http.NewRequest(method, "http://"+s.addr+path, strings.NewReader(body))
			require.NoError(t, err)
			response, err := http.DefaultTransport.RoundTrip(r)
			require.NoError(t, err)
			response.Body.Close()
			codes = append(codes, response.StatusCode)
			for name, want := range map[string]string{"X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Content-Security-Policy": policy, "Referrer-Policy": "no-referrer"} {
				assert.Equal(t, want, response.Header.Get(name), "%s: %s", request, name)
			}
		}
	}
	for _, code := range []int{200, 307, 400, 404, 405, 413} {
		assert.Contains(t, codes, code)
	}
	assert.True(t, strings.HasPrefix(policy, "default-src 'none'; script-src 'self'"), policy)
	assert.True(t, strings.HasSuffix(policy, "; frame-ancestors 'none'"), policy)
}

// TestSpoolHasALimit has one request take all the room, and then another.
func TestSpoolHasALimit(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	s := serve(t, func(c *Config) { c.Limits.Time, c.Limits.Spool = 30*time.Second, 3<<20 })
	// If dates fit both orders, the whole column is kept before the first row is written.
	body := "spec,install_date\n" + strings.Repeat("SMETS2 v3.1,04/05/2022\n", 100_000)
	require.Less(t, len(body), 3<<20)
	const path = "/v1/check.csv?only=undetermined"
	url := "http://" + s.addr + path
	code, header, _ := send(t, "POST", url, body)
	assert.Equal(t, 200, code)
	assert.Equal(t, "100000", header.Get("Ivp-Eligible"))

	waiting := s.begin(fmt.Sprintf("POST "+path+" HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n", len(body)), body[:len(body)-100])
	require.Eventually(t, func() bool { return s.room.used.Load() > 2<<20 }, 10*time.Second, time.Millisecond)
	r, err := http.Post(url, "text/csv", strings.NewReader(body))
	require.NoError(t, err)
	defer r.Body.Close()
	assert.Equal(t, 503, r.StatusCode)
	assert.NotEmpty(t, r.Header.Get("Retry-After"))
	problem, err := io.ReadAll(r.Body)
	require.NoError(t, err)
	assert.Contains(t, string(problem), "temporary files")
	assert.Contains(t, s.log.String(), `"route":"POST /v1/check.csv","status":503`)

	_, err = io.WriteString(waiting, body[len(body)-100:])
	require.NoError(t, err)
	response, err := http.ReadResponse(bufio.NewReader(waiting), nil)
	require.NoError(t, err)
	_, err = io.ReadAll(response.Body)
	require.NoError(t, err)
	assert.Equal(t, "100000", response.Trailer.Get("Ivp-Eligible"), "the request that has the room is answered")
	require.Eventually(t, func() bool { return s.room.used.Load() == 0 }, 5*time.Second, time.Millisecond)
	code, _, _ = send(t, "POST", url, body)
	assert.Equal(t, 200, code, "room that was given back can be taken")
	left, err := os.ReadDir(os.Getenv("TMPDIR"))
	require.NoError(t, err)
	assert.Empty(t, left)
}
