package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"hash/maphash"
	"io"
	"os"
	"path/filepath"

	"github.com/mp196/ivp/devices"
)

// agreement is what an output must have in common with the first peer's. The zero
// value requires nothing.
type agreement string

const (
	inOrder  agreement = "in-order"  // the same bytes
	anyOrder agreement = "any-order" // the same lines, in any order
	answers  agreement = "answers"   // the same cells in the added columns
	// sameCells is of workbooks: the same cells in the columns that the other has.
	sameCells agreement = "cells"
)

// agree compares a peer's output with ours.
func agree(as agreement, ours, theirs string) error {
	if as == sameCells {
		if err := agreeOnCells(ours, theirs); err != nil {
			return fmt.Errorf("%s and %s do not agree: %w", ours, theirs, err)
		}
		fmt.Fprintf(os.Stderr, "%s: the same cells as ours\n", filepath.Base(theirs))
		return nil
	}
	a, err := os.Open(ours)
	if err != nil {
		return err
	}
	defer a.Close()
	b, err := os.Open(theirs)
	if err != nil {
		return err
	}
	defer b.Close()
	compare := map[agreement]func(ours, theirs lineReader) (string, error){
		inOrder: sameBytes, anyOrder: sameLines, answers: sameAnswers,
	}[as]
	what, err := compare(lineReader{bufio.NewReaderSize(a, 1<<20)}, lineReader{bufio.NewReaderSize(b, 1<<20)})
	if err != nil {
		return fmt.Errorf("%s and %s do not agree: %w", ours, theirs, err)
	}
	fmt.Fprintf(os.Stderr, "%s: %s\n", filepath.Base(theirs), what)
	return nil
}

// lineReader reads lines; what it returns is valid until the next call.
type lineReader struct{ *bufio.Reader }

// next returns a line with its end, and nothing at the end of the file.
func (r lineReader) next() ([]byte, error) {
	line, err := r.ReadSlice('\n')
	if err == io.EOF {
		err = nil
	}
	return line, err
}

func sameBytes(ours, theirs lineReader) (string, error) {
	return "the same bytes as ours", sameParts(ours, theirs, func(line []byte) []byte { return line })
}

func sameAnswers(ours, theirs lineReader) (string, error) {
	return "the same answers as ours", sameParts(ours, theirs, lastCells)
}

// lastCells returns the cells that ivp check adds to a line. They contain no commas.
func lastCells(line []byte) []byte {
	n := len(line)
	for range len(devices.AddedColumns(false)) {
		n = max(0, bytes.LastIndexByte(line[:n], ','))
	}
	return line[n:]
}

// sameParts reports the first line whose part differs.
func sameParts(ours, theirs lineReader, part func([]byte) []byte) error {
	for n := 1; ; n++ {
		a, err := ours.next()
		if err != nil {
			return err
		}
		b, err := theirs.next()
		if err != nil {
			return err
		}
		if len(a) == 0 != (len(b) == 0) || !bytes.Equal(part(a), part(b)) {
			return fmt.Errorf("line %d is %q, and theirs %q", n, a, b)
		}
		if len(a) == 0 {
			return nil
		}
	}
}

// sums are of a file's lines, whatever their order: how many there are, and of
// two hashes of each.
type sums struct {
	lines      int
	one, other uint64
}

func sameLines(ours, theirs lineReader) (string, error) {
	seeds := [2]maphash.Seed{maphash.MakeSeed(), maphash.MakeSeed()}
	a, err := sumsOf(ours, seeds)
	if err != nil {
		return "", err
	}
	b, err := sumsOf(theirs, seeds)
	if err != nil {
		return "", err
	}
	if a.lines != b.lines {
		return "", fmt.Errorf("%d lines, and theirs has %d", a.lines, b.lines)
	}
	if a != b {
		return "", errors.New("some lines differ; sort both and compare them")
	}
	return "the same lines as ours, in another order", nil
}

func sumsOf(r lineReader, seeds [2]maphash.Seed) (s sums, err error) {
	for {
		line, err := r.next()
		if err != nil || len(line) == 0 {
			return s, err
		}
		s.lines++
		s.one += maphash.Bytes(seeds[0], line)
		s.other += maphash.Bytes(seeds[1], line)
	}
}
