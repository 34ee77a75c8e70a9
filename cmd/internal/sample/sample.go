// Package sample is being written.
package sample

import (
	"io"

	"github.com/mp196/ivp/ivp"
)

// Options of a sample.
type Options struct {
	Rows        int
	Seed        uint64
	Pairs       []ivp.Pair
	First, Last ivp.Date
}

// Write writes nothing yet.
func Write(w io.Writer, options Options) error { return nil }
