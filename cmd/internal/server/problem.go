package server

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"strings"

	"github.com/mp196/ivp/cmd/internal/query"
	"github.com/mp196/ivp/devices"
)

// problem is what is wrong with a request, and what to do about it.
type problem struct {
	Status  int    `json:"status"`
	Message string `json:"error"`
	// Columns say which columns are to be chosen, where that is the problem.
	Columns *query.ColumnsError `json:"columns,omitempty"`
}

// Error says what is wrong.
func (p *problem) Error() string { return p.Message }

func newProblem(status int, message string) *problem {
	return &problem{Status: status, Message: message}
}

func badRequest(message string) error { return newProblem(http.StatusBadRequest, message) }

// problemOf finds out which answer an error asks for.
func problemOf(err error) *problem {
	var known *problem
	var tooLarge *http.MaxBytesError
	var tooMany *query.TooMany
	var columns *query.ColumnsError
	var writing *devices.WriteError
	switch {
	case errors.As(err, &known):
		return known
	case errors.As(err, &tooLarge):
		return newProblem(http.StatusRequestEntityTooLarge, "the request is too large: send it in parts, or give the server a larger limit")
	case errors.As(err, &tooMany):
		return newProblem(http.StatusRequestEntityTooLarge, err.Error())
	case errors.As(err, &columns):
		return &problem{http.StatusBadRequest, err.Error(), columns}
	case errors.Is(err, os.ErrDeadlineExceeded), errors.Is(err, context.DeadlineExceeded):
		return newProblem(http.StatusRequestTimeout, "the time for one request is over: send it in parts, or give the server a longer time")
	case errors.As(err, &writing):
		return newProblem(http.StatusInternalServerError, "what has to wait of the inventory or of the answer could not be kept: "+err.Error()+"; make room in the folder for temporary files, and ask again")
	}
	return newProblem(http.StatusBadRequest, err.Error())
}

// recorder remembers what was answered.
type recorder struct {
	http.ResponseWriter
	code    int
	written int64
}

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
	return n, err
}

// Unwrap lets deadlines through.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }

func (r *recorder) status() int {
	if r.code == 0 {
		return http.StatusOK
	}
	return r.code
}

// fail answers with a problem, and returns what the log may say of it: what is
// wrong with a request names cells and headings, which may be those of a device.
// Where some of the answer is out already, the connection is broken off: nobody
// shall take it for the whole.
func (r *recorder) fail(err error) string {
	p := problemOf(err)
	if r.written > 0 {
		panic(http.ErrAbortHandler)
	}
	r.Header().Set("Content-Type", "application/json; charset=utf-8")
	r.Header().Set("Connection", "close")
	r.WriteHeader(p.Status)
	encode(r, p)
	if p.Status == http.StatusBadRequest {
		return "the client was told what is wrong with the request"
	}
	return p.Message
}

// unknown turns the plain answers to an unknown path or method into problems.
type unknown struct{ *recorder }

func (u *unknown) WriteHeader(code int) {
	u.recorder.code = code
}

func (u *unknown) Write(b []byte) (int, error) {
	message := strings.TrimSpace(string(b))
	if u.code == http.StatusNotFound {
		message = "there is nothing here: GET /openapi.json says what there is"
	}
	u.Header().Set("Content-Type", "application/json; charset=utf-8")
	u.ResponseWriter.WriteHeader(u.code)
	return len(b), json.NewEncoder(u.ResponseWriter).Encode(newProblem(u.code, message))
}
