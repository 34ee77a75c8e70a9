package main

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

func TestProgressLine(t *testing.T) {
	assert.Equal(t, "Checking big.csv  64 %  1,940,628 rows  35 MB/s  2 s left", progressLine("big.csv", 105_000_000, 163_000_000, 1_940_628, 3*time.Second))
	assert.Equal(t, "Checking standard input  1 row  0 MB/s", progressLine("standard input", 10, 0, 1, time.Second))
	assert.Equal(t, "Checking a.csv  0 %  100 rows  1 MB/s  17 min left", progressLine("a.csv", 1_000_000, 1_000_000_000, 100, time.Second))
	assert.Equal(t, "Checking a.csv  100 %  100 rows  1 MB/s  0 s left", progressLine("a.csv", 1_000_001, 1_000_000, 100, time.Second), "a file that has grown")
}

func TestInterruptedNamesTheFiles(t *testing.T) {
	assert.Equal(t, "out.csv was not written", notWritten([]string{"out.csv"}))
	assert.Equal(t, "a.csv, b.csv were not written", notWritten([]string{"a.csv", "b.csv"}))
}
