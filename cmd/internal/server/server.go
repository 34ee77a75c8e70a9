// Package server is the HTTP service: it answers for devices and for whole
// inventories, and returns the rules. It stores nothing of a request.
package server

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/mp196/ivp/cmd/internal/exit"
	"github.com/mp196/ivp/cmd/internal/query"
	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/ivp"
)

// Config configures a server.
type Config struct {
	// Checker has the rules, and the terms that apply unless a request sets others.
	Checker ivp.Checker
	// Today returns the current day in Great Britain. If it is nil, days on record in
	// the future vouch for the rules too.
	Today func() ivp.Date
	// Explain writes an explanation as JSON.
	Explain func(io.Writer, ivp.Explanation, ivp.Checker) error
	Limits  Limits
	// Log gets a line for each request, without any data of devices.
	Log *slog.Logger
	// Private means that only this machine may send requests: a request whose Host is
	// neither a loopback address nor localhost nor one of Hosts is refused, because
	// the page of another site could make its own name resolve to this machine.
	Private bool
	// Hosts are the names of the service. If it is not private, only these names,
	// addresses and localhost are accepted; if Hosts is empty, every name is.
	Hosts []string
	// Version is the version of the program.
	Version string
	// Large, if not nil, is called with the number of requests in progress that are not
	// small, when it changes; the service's memory depends on it. Calls do not overlap.
	Large func(requests int)
}

// Limits bound the resources of requests.
type Limits struct {
	Body       int64         // bytes of a request that is not an inventory
	Inventory  int64         // bytes of an inventory
	Devices    int           // devices in a request that is not an inventory
	Time       time.Duration // from the head of a request to the last byte of its answer
	Concurrent int           // concurrent requests; eight times as many of those that do not use the rules
	Spool      int64         // bytes in temporary files, of all requests together
}

// DefaultLimits returns limits for a service that installers use.
func DefaultLimits() Limits {
	return Limits{Body: 8 << 20, Inventory: 1 << 30, Devices: 10_000, Time: time.Minute, Concurrent: 32, Spool: 16 << 30}
}

// Server is the service.
type Server struct {
	config Config
	mux    *http.ServeMux
	// places limits concurrent requests, light those that cost little, so that a busy
	// service can still report its state.
	places, light chan struct{}
	workbooks     *query.Workbooks
	room          room
	cache         devices.Cache
	mu            sync.Mutex
	large         int // requests in progress that are not small; guarded by mu
	metrics       meters
}

// routes are the methods and paths of the service, except those of the page.
var routes = []string{
	"POST /v1/check", "POST /v1/check.csv", "GET /v1/rules", "POST /v1/rules", "GET /v1/explain", "GET /v1/timeline", "POST /v1/timeline", "POST /v1/tables",
	"GET /openapi.json", "GET /healthz", "GET /metrics",
}

// New returns the service.
func New(config Config) *Server {
	most := config.Limits.Concurrent
	s := &Server{config: config, mux: http.NewServeMux(), places: make(chan struct{}, most), light: make(chan struct{}, 8*most), workbooks: query.NewWorkbooks(workbooksAtOnce, mostWorkbook)}
	s.room.most = config.Limits.Spool
	handlers := map[string]handler{
		"POST /v1/check": s.check, "POST /v1/check.csv": s.checkCSV, "GET /v1/rules": s.rules, "POST /v1/rules": s.rules, "GET /v1/explain": s.explain, "GET /v1/timeline": s.timeline, "POST /v1/timeline": s.timeline, "POST /v1/tables": s.tables,
		"GET /openapi.json": withoutQuery(s.openAPI), "GET /healthz": withoutQuery(s.health), "GET /metrics": withoutQuery(s.meters),
	}
	for _, pattern := range routes {
		places := s.places
		if pattern == "GET /healthz" || pattern == "GET /metrics" {
			places = s.light
		}
		s.mux.Handle(pattern, &route{s, pattern, places, handlers[pattern]})
	}
	s.addPage()
	return s
}

// ServeHTTP answers one request. Unknown paths have the limits of requests that cost
// little.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	found, _ := s.mux.Handler(r)
	if _, known := found.(*route); !known {
		found = &route{s, "other", s.light, unknown(found)}
	}
	found.ServeHTTP(w, r)
}

// handler answers a request; values is its query.
type handler func(w http.ResponseWriter, r *http.Request, values url.Values) error

// withoutQuery returns a handler that refuses requests with a query.
func withoutQuery(handle func(http.ResponseWriter, *http.Request) error) handler {
	return func(w http.ResponseWriter, r *http.Request, values url.Values) error {
		if err := query.CheckNames(values, nil); err != nil {
			return err
		}
		return handle(w, r)
	}
}

// route is a method and a path with their handler.
type route struct {
	server *Server
	name   string
	places chan struct{}
	handle handler
}

// policy allows the page to run only its own code, and no other page to show it in a
// frame.
var policy = pagePolicy() + "; frame-ancestors 'none'"

// crossOrigin refuses requests that a browser sends for the page of another site.
var crossOrigin = http.NewCrossOriginProtection()

const otherSite = "a browser sent this for a page of another site: only the service's own page may send requests; let a server of that site send them, or put that page and the service behind one address"

// ServeHTTP answers a request within the limits, and logs and counts it.
func (rt *route) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	began := time.Now()
	body := &requestBody{ReadCloser: r.Body}
	recorded := &recorder{ResponseWriter: w, body: body}
	err := exit.Guard(func() error { return rt.limited(recorded, r, body) })
	if err == nil {
		err = recorded.failed
	}
	if err == nil {
		rt.log(recorded, began, recorded.status(), "")
		return
	}
	if exit.IsPanic(err) {
		rt.server.config.Log.Error("a fault of the program, "+exit.PleaseReport, "route", rt.name, "panic", err.Error())
	}
	p, complete := recorded.fail(err)
	rt.log(recorded, began, p.Status, p.forLog())
	if !complete {
		panic(http.ErrAbortHandler)
	}
}

// linger is how long a client may go on sending a request that is already answered,
// so that it gets to read the answer.
const linger = time.Second

func (rt *route) limited(w *recorder, r *http.Request, body *requestBody) error {
	s := rt.server
	header := w.Header()
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("X-Frame-Options", "DENY")
	header.Set("Content-Security-Policy", policy)
	header.Set("Referrer-Policy", "no-referrer")
	control := http.NewResponseController(w)
	deadline := time.Now().Add(s.config.Limits.Time)
	control.SetReadDeadline(deadline)
	control.SetWriteDeadline(deadline.Add(linger)) // time to report that the time is over
	if !s.permits(r.Host) {
		return newProblem(http.StatusForbidden, fmt.Sprintf("the service does not answer requests for the host %.100q: use the address on which it listens, or ask its operator to permit that name", r.Host))
	}
	if err := crossOrigin.Check(r); err != nil {
		return newProblem(http.StatusForbidden, otherSite)
	}
	if r.Method == http.MethodOptions && r.Header.Get("Access-Control-Request-Method") != "" {
		return newProblem(http.StatusForbidden, otherSite) // a browser asks before it sends a request of another site
	}
	select {
	case rt.places <- struct{}{}:
		defer func() { <-rt.places }()
	default:
		return newProblem(http.StatusTooManyRequests, fmt.Sprintf("%d requests are in progress, which is the limit: try again in a second", cap(rt.places)))
	}
	values, err := query.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return err
	}
	if !isSmall(r) {
		s.addLarge(1)
		defer s.addLarge(-1)
	}
	ctx, cancel := context.WithDeadline(r.Context(), deadline)
	defer cancel()
	r = r.WithContext(ctx)
	most := s.config.Limits.Body
	switch rt.name {
	case "POST /v1/check.csv":
		most = s.config.Limits.Inventory
	case "POST /v1/check", "POST /v1/rules", "POST /v1/timeline":
	case "POST /v1/tables":
		most = min(most, tablesBytes)
	default:
		most = 0
		if r.ContentLength != 0 { // a body that is not read
			header.Set("Connection", "close")
			control.SetReadDeadline(time.Now().Add(linger))
		}
	}
	r.Body = http.MaxBytesReader(w.ResponseWriter, body, most)
	return rt.handle(w, r, values)
}

// addLarge changes the number of requests in progress that are not small.
func (s *Server) addLarge(n int) {
	if s.config.Large == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.large += n
	s.config.Large(s.large)
}

// permits reports whether the service answers requests for a host.
func (s *Server) permits(host string) bool {
	if len(s.config.Hosts) == 0 && !s.config.Private || host == "" { // browsers always send it
		return true
	}
	name := host
	if withoutPort, _, err := net.SplitHostPort(host); err == nil {
		name = withoutPort
	}
	name = strings.ToLower(strings.Trim(strings.TrimSuffix(name, "."), "[]"))
	if ip := net.ParseIP(name); ip != nil && (ip.IsLoopback() || !s.config.Private) {
		return true // an address, unlike a name, cannot be made to mean another machine
	}
	return name == "localhost" || slices.ContainsFunc(s.config.Hosts, func(known string) bool { return strings.EqualFold(known, name) })
}

func (rt *route) log(w *recorder, began time.Time, status int, problem string) {
	took := time.Since(began)
	rt.server.metrics.request(rt.name, status, took)
	rt.server.config.Log.Info("request", "route", rt.name, "status", status, "ms", took.Milliseconds(), "bytes_in", w.body.read, "bytes_out", w.written, "problem", problem)
}

// headTime is the time limit for the head of a request, idleTime that for a connection
// to wait for the next request.
const (
	headTime = 10 * time.Second
	idleTime = 2 * time.Minute
)

// Serve answers requests on a listener until the context is done; then it accepts no
// more requests and finishes those in progress.
func (s *Server) Serve(ctx context.Context, listener net.Listener) error {
	server := &http.Server{
		Handler: s, ReadHeaderTimeout: min(headTime, s.config.Limits.Time), IdleTimeout: idleTime, MaxHeaderBytes: 256 << 10,
		DisableGeneralOptionsHandler: true, // OPTIONS * is answered as any other request
		ErrorLog:                     slog.NewLogLogger(s.config.Log.Handler(), slog.LevelWarn),
	}
	h := s.config.Checker.History
	s.config.Log.Info("serving", "version", s.config.Version, "edition", h.Edition(), "sha256", h.Digest())
	stopped := make(chan error, 1)
	go func() {
		<-ctx.Done()
		s.config.Log.Info("stopping: requests in progress are finished first")
		last, cancel := context.WithTimeout(context.Background(), s.config.Limits.Time+3*linger)
		defer cancel()
		stopped <- exit.Guard(func() error { return server.Shutdown(last) })
	}()
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return <-stopped
}
