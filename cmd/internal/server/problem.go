package server

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"time"

	"github.com/mp196/ivp/cmd/internal/exit"
	"github.com/mp196/ivp/cmd/internal/query"
	"github.com/mp196/ivp/devices"
)

// problem is the error of a request: what is wrong, and what to do.
type problem struct {
	Status  int    `json:"status"`
	Message string `json:"error"`
	// Columns lists the columns to choose from, if columns could not be mapped.
	Columns *query.ColumnsError `json:"columns,omitempty"`
}

// Error returns the message.
func (p *problem) Error() string { return p.Message }

func newProblem(status int, message string) *problem {
	return &problem{Status: status, Message: message}
}

func badRequest(message string) error { return newProblem(http.StatusBadRequest, message) }

// statusGone is the status in the log of a request whose client closed the connection
// before it had the whole answer. It is not sent.
const statusGone = 499

// forLog returns the message for the log. The message of a bad request is left out,
// because it may contain cells and headings of an inventory.
func (p *problem) forLog() string {
	if p.Status == http.StatusBadRequest {
		return "the answer says what is wrong with the request"
	}
	return p.Message
}

// problemOf returns the problem that an error is reported as.
func problemOf(err error) *problem {
	var known *problem
	var tooLarge *http.MaxBytesError
	var tooMany *query.TooMany
	var columns *query.ColumnsError
	var writing *devices.WriteError
	switch {
	case exit.IsPanic(err):
		return newProblem(http.StatusInternalServerError, "a fault of the program, not of the request: its log has the details; "+exit.PleaseReport)
	case errors.As(err, &known):
		return known
	case errors.As(err, &tooLarge):
		return newProblem(http.StatusRequestEntityTooLarge, "the request is too large: send it in parts, or give the service a larger limit")
	case errors.As(err, &tooMany):
		return newProblem(http.StatusRequestEntityTooLarge, err.Error())
	case errors.As(err, &columns):
		return &problem{http.StatusBadRequest, err.Error(), columns}
	case errors.Is(err, os.ErrDeadlineExceeded), errors.Is(err, context.DeadlineExceeded):
		return newProblem(http.StatusRequestTimeout, "the time limit for one request is exceeded: send it in parts, or give the service a longer time")
	case errors.Is(err, context.Canceled):
		return newProblem(statusGone, "the client closed the connection")
	case errors.Is(err, errNoRoom):
		return newProblem(http.StatusServiceUnavailable, err.Error())
	case errors.As(err, &writing):
		return newProblem(http.StatusInternalServerError, "could not keep part of the inventory or of the answer in a temporary file: "+err.Error()+"; make room in the folder for temporary files, and try again")
	}
	return newProblem(http.StatusBadRequest, err.Error())
}

// requestBody records how much of a request was read, and the error of reading.
type requestBody struct {
	io.ReadCloser
	read   int64
	failed error
}

func (b *requestBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	b.read += int64(n)
	if err != nil && err != io.EOF {
		b.failed = err
	}
	return n, err
}

// recorder records the status and size of an answer, and the error of writing it.
type recorder struct {
	http.ResponseWriter
	body    *requestBody
	code    int
	written int64
	failed  error
}

// WriteHeader records the status.
func (r *recorder) WriteHeader(code int) {
	if r.code == 0 {
		r.code = code
	}
	r.ResponseWriter.WriteHeader(code)
}

func (r *recorder) Write(b []byte) (int, error) {
	if r.code == 0 {
		r.code = http.StatusOK
	}
	n, err := r.ResponseWriter.Write(b)
	r.written += int64(n)
	if err != nil {
		r.failed = err
	}
	return n, err
}

// Unwrap is used by [http.ResponseController] to set deadlines.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }

func (r *recorder) status() int {
	if r.code == 0 {
		return http.StatusOK
	}
	return r.code
}

// connection returns the problem of the connection, or nil if it has none, so that the
// request or the server is at fault.
func (r *recorder) connection() *problem {
	var network *net.OpError
	switch {
	case errors.Is(r.failed, os.ErrDeadlineExceeded):
		return newProblem(http.StatusRequestTimeout, "the time limit for one request is exceeded, and the client has not read the answer")
	case r.failed != nil:
		return newProblem(statusGone, "the client closed the connection before it had the whole answer: "+r.failed.Error())
	case errors.Is(r.body.failed, os.ErrDeadlineExceeded):
		return problemOf(r.body.failed)
	case errors.Is(r.body.failed, io.ErrUnexpectedEOF), errors.As(r.body.failed, &network):
		return newProblem(statusGone, "the client closed the connection before it had sent the whole request: "+r.body.failed.Error())
	}
	return nil
}

// fail answers with a problem, and returns it. If part of an answer has been sent, or
// the client is gone, complete is false: then the connection must be closed, so that
// the client does not take that part for the whole.
func (r *recorder) fail(err error) (p *problem, complete bool) {
	p = problemOf(err)
	switch p.Status {
	case http.StatusBadRequest, http.StatusRequestTimeout, statusGone, http.StatusInternalServerError: // the connection may be the cause
		if broken := r.connection(); broken != nil {
			p = broken
		}
	}
	if r.code != 0 || r.failed != nil || p.Status == statusGone {
		return p, false
	}
	r.Header().Set("Content-Type", "application/json; charset=utf-8")
	r.Header().Set("Connection", "close")
	for _, name := range []string{"Trailer", "Ivp-Rules", notJudgedHeader} { // they belong to a successful answer
		r.Header().Del(name)
	}
	if p.Status == http.StatusTooManyRequests || p.Status == http.StatusServiceUnavailable {
		r.Header().Set("Retry-After", "1")
	}
	http.NewResponseController(r).SetReadDeadline(time.Now().Add(linger))
	r.WriteHeader(p.Status)
	encode(r, p)
	return p, true
}

// unknown answers requests for which there is no route: with the mux's answer, as a
// problem.
func unknown(plain http.Handler) handler {
	return func(w http.ResponseWriter, r *http.Request, _ url.Values) error {
		answer := &plainAnswer{w, http.StatusNotFound}
		plain.ServeHTTP(answer, r)
		switch header := w.Header(); {
		case answer.code == http.StatusMethodNotAllowed:
			return newProblem(answer.code, fmt.Sprintf("the method %s is not supported here: want %s", r.Method, header.Get("Allow")))
		case header.Get("Location") != "":
			return newProblem(answer.code, "this has moved: use "+header.Get("Location"))
		}
		return newProblem(http.StatusNotFound, "there is nothing at this path: GET /openapi.json describes the service")
	}
}

// plainAnswer keeps the status and header of an answer, and drops its text.
type plainAnswer struct {
	http.ResponseWriter
	code int
}

// WriteHeader records the status.
func (a *plainAnswer) WriteHeader(code int) { a.code = code }

func (a *plainAnswer) Write(b []byte) (int, error) { return len(b), nil }
