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
)

// What the rows of an output must have in common with ours.
const (
	inOrder  = "in-order"
	anyOrder = "any-order"
)

// agree holds a peer's output against ours: the same bytes, or else the same
// lines in any order.
func agree(order, ours, theirs string) error {
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
	hold := sameBytes
	if order == anyOrder {
		hold = sameLines
	}
	what, err := hold(lineReader{bufio.NewReaderSize(a, 1<<20)}, lineReader{bufio.NewReaderSize(b, 1<<20)})
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
	for n := 1; ; n++ {
		a, err := ours.next()
		if err != nil {
			return "", err
		}
		b, err := theirs.next()
		if err != nil {
			return "", err
		}
		if !bytes.Equal(a, b) {
			return "", fmt.Errorf("line %d is %q, and theirs %q", n, a, b)
		}
		if len(a) == 0 {
			return "the same bytes as ours", nil
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
