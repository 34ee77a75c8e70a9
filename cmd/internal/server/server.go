// Package server answers over HTTP: one device or many, whole inventories, and
// what the rules are. It keeps nothing of what it is asked.
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
	"runtime/debug"
	"time"

	"github.com/mp196/ivp/cmd/internal/exit"
	"github.com/mp196/ivp/cmd/internal/query"
	"github.com/mp196/ivp/ivp"
)

// Config is what a server is made of.
type Config struct {
	// Checker is the rules, and the terms on which they are asked where a request
	// names no others.
	Checker ivp.Checker
	// Today returns the day on which a request comes, in Great Britain; nil lets
	// every day on record vouch for the rules.
	Today func() ivp.Date
	// Explain writes an explanation as JSON.
	Explain func(io.Writer, ivp.Explanation, ivp.Checker) error
	Limits  Limits
	// Log is told of each request, and nothing of the devices in it.
	Log *slog.Logger
	// Version is that of the program.
	Version string
}

// Limits bound what one request may take.
type Limits struct {
	Body       int64         // bytes of a request that is no inventory
	Inventory  int64         // bytes of an inventory
	Devices    int           // devices in one request that is no inventory
	Time       time.Duration // from the first byte read to the last written
	Concurrent int           // requests at work at one time
}

// DefaultLimits are for a service that installers ask.
func DefaultLimits() Limits {
	return Limits{Body: 8 << 20, Inventory: 1 << 30, Devices: 10_000, Time: time.Minute, Concurrent: 32}
}

// Server is the service.
type Server struct {
	config  Config
	mux     *http.ServeMux
	places  chan struct{}
	metrics *meters
}

// routes are every method and path that is answered, but for the page.
var routes = []string{
	"POST /v1/check", "POST /v1/check.csv", "GET /v1/rules", "GET /v1/explain", "GET /v1/timeline", "GET /openapi.json", "GET /healthz", "GET /metrics",
}

// New returns the service.
func New(config Config) *Server {
	s := &Server{config: config, mux: http.NewServeMux(), places: make(chan struct{}, config.Limits.Concurrent), metrics: newMeters()}
	handlers := map[string]handler{
		"POST /v1/check": s.check, "POST /v1/check.csv": s.checkCSV, "GET /v1/rules": s.rules, "GET /v1/explain": s.explain, "GET /v1/timeline": s.timeline,
		"GET /openapi.json": unasked(s.openAPI), "GET /healthz": unasked(s.health), "GET /metrics": unasked(s.meters),
	}
	for _, route := range routes {
		s.mux.Handle(route, s.answer(route, route == "GET /healthz" || route == "GET /metrics", handlers[route]))
	}
	s.addPage()
	return s
}

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if _, pattern := s.mux.Handler(r); pattern == "" {
		told := &recorder{ResponseWriter: w}
		s.mux.ServeHTTP(&unknown{told}, r)
		return
	}
	s.mux.ServeHTTP(w, r)
}

// handler answers a request whose query is read.
type handler func(w http.ResponseWriter, r *http.Request, values url.Values) error

// unasked answers requests that have no query.
func unasked(handle func(http.ResponseWriter, *http.Request) error) handler {
	return func(w http.ResponseWriter, r *http.Request, values url.Values) error {
		if err := query.CheckNames(values, nil); err != nil {
			return err
		}
		return handle(w, r)
	}
}

// answer gives a handler its limits, and tells the log and the meters. A free
// route is answered however busy the server is.
func (s *Server) answer(route string, free bool, handle handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := time.Now()
		told := &recorder{ResponseWriter: w}
		defer func() {
			fault := recover()
			if fault == nil {
				return
			}
			problem, begun := "aborted", true
			if fault != http.ErrAbortHandler {
				problem, begun = "a fault of the program", told.code != 0
				s.config.Log.Error(problem+", please report it at "+exit.Issues, "route", route, "panic", fmt.Sprint(fault), "stack", string(debug.Stack()))
			}
			if !begun {
				told.fail(newProblem(http.StatusInternalServerError, "a fault of the program, not of the request: its log says more, and "+exit.Issues+" is where to report it"))
			}
			s.told(route, r, told, began, problem)
			if begun {
				panic(http.ErrAbortHandler) // nobody must take what is out for the whole answer
			}
		}()
		err := s.limited(free, told, r, handle)
		if exit.IsPanic(err) {
			panic(err)
		}
		problem := ""
		if err != nil {
			problem = told.fail(err)
		}
		s.told(route, r, told, began, problem)
	})
}

func (s *Server) limited(free bool, w http.ResponseWriter, r *http.Request, handle handler) error {
	if !free {
		select {
		case s.places <- struct{}{}:
			defer func() { <-s.places }()
		default:
			w.Header().Set("Retry-After", "1")
			return newProblem(http.StatusTooManyRequests, fmt.Sprintf("%d requests are at work, as many as may be: ask again in a second", cap(s.places)))
		}
	}
	control := http.NewResponseController(w)
	deadline := time.Now().Add(s.config.Limits.Time)
	control.SetReadDeadline(deadline)
	control.SetWriteDeadline(deadline.Add(time.Second)) // room to say that the time is over
	ctx, cancel := context.WithDeadline(r.Context(), deadline)
	defer cancel()
	values, err := query.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return err
	}
	return handle(w, r.WithContext(ctx), values)
}

func (s *Server) told(route string, r *http.Request, w *recorder, began time.Time, problem string) {
	took := time.Since(began)
	s.metrics.request(route, w.status(), took)
	s.config.Log.Info("request", "route", route, "status", w.status(), "ms", took.Milliseconds(), "bytes_in", r.ContentLength, "bytes_out", w.written, "problem", problem)
}

// Serve answers on a listener until the context ends; then it takes no more
// requests and finishes those at work.
func (s *Server) Serve(ctx context.Context, listener net.Listener) error {
	server := &http.Server{
		Handler: s, ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute,
		ErrorLog: slog.NewLogLogger(s.config.Log.Handler(), slog.LevelWarn),
	}
	h := s.config.Checker.History
	s.config.Log.Info("serving", "version", s.config.Version, "edition", h.Edition(), "sha256", h.Digest())
	stopped := make(chan error, 1)
	go func() {
		<-ctx.Done()
		s.config.Log.Info("stopping: requests at work are finished first")
		last, cancel := context.WithTimeout(context.Background(), s.config.Limits.Time)
		defer cancel()
		stopped <- exit.Guard(func() error { return server.Shutdown(last) })
	}()
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return <-stopped
}
