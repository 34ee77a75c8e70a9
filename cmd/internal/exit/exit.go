// Package exit defines the exit codes of the command line, and errors that carry
// them.
package exit

import (
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
)

// Code is an exit code.
type Code int

// The exit codes. The help topic exit-codes explains them.
const (
	OK          Code = 0   // every row is eligible
	NotEligible Code = 1   // some row is not; a lint or a comparison found something
	Usage       Code = 2   // wrong use; nothing was written
	IO          Code = 3   // an input could not be read, or an output not written
	Empty       Code = 4   // no input has a data row
	Internal    Code = 70  // a fault of the program
	Interrupted Code = 130 // interrupted
)

// Error is an error that ends the program with a code. If Err is nil, no message is
// printed.
type Error struct {
	Code Code
	Err  error
}

// Error returns the message of Err, or "".
func (e *Error) Error() string {
	if e.Err == nil {
		return ""
	}
	return e.Err.Error()
}

// Unwrap returns Err.
func (e *Error) Unwrap() error { return e.Err }

// With adds a code to an error. It returns nil if err is nil.
func With(code Code, err error) error {
	if err == nil {
		return nil
	}
	return &Error{code, err}
}

// Silent returns an error with a code and no message, or nil if the code is OK.
func Silent(code Code) error {
	if code == OK {
		return nil
	}
	return &Error{Code: code}
}

// Usagef returns an error with the code Usage, formatted as by [fmt.Errorf].
func Usagef(format string, args ...any) error { return With(Usage, fmt.Errorf(format, args...)) }

// CodeOf returns the code of an error, or Internal if it carries none: such an error
// is a fault of the program, not of its user.
func CodeOf(err error) Code {
	var coded *Error
	switch {
	case err == nil:
		return OK
	case errors.As(err, &coded):
		return coded.Code
	}
	return Internal
}

// PleaseReport follows the words "a fault of the program" in a message.
const PleaseReport = "please report it to whoever supplied it"

// Panic is a panic that [Guard] has caught.
type Panic struct {
	Value any
	Stack []byte
}

// Error returns the panic as the Go runtime would print it.
func (p *Panic) Error() string { return fmt.Sprintf("%v\n%s", p.Value, p.Stack) }

// Guard calls f and returns its error. A panic of f becomes an error with the code
// Internal. Every goroutine of the program needs a guard, because no other
// goroutine can catch its panic: it would end the whole program.
func Guard(f func() error) (err error) {
	defer func() {
		if value := recover(); value != nil {
			err = With(Internal, &Panic{value, debug.Stack()})
		}
	}()
	return f()
}

// IsPanic reports whether an error is a panic that [Guard] has caught.
func IsPanic(err error) bool { return errors.As(err, new(*Panic)) }

// Join combines several errors into one with the gravest code: Internal, then Usage,
// IO, Empty, then any other.
func Join(errs []error) error {
	joined := errors.Join(errs...)
	if joined == nil {
		return nil
	}
	for _, code := range []Code{Internal, Usage, IO, Empty} {
		if slices.ContainsFunc(errs, func(err error) bool { return CodeOf(err) == code }) {
			return &Error{code, joined}
		}
	}
	return joined
}
