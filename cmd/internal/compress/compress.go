// Package compress reads and writes compressed files, known by their
// extension.
package compress

import (
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// Kind is a way to compress. The zero value is none.
type Kind uint8

// The kinds.
const (
	None Kind = iota
	Gzip
	Zstd
)

// Of returns the kind that a file's extension tells, and the name without it.
func Of(name string) (kind Kind, plain string) {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".gz":
		return Gzip, name[:len(name)-3]
	case ".zst":
		return Zstd, name[:len(name)-4]
	}
	return None, name
}

// zstdWindow bounds the memory that a compressed input may ask for.
const zstdWindow = 32 << 20

// NewReader returns what r holds, uncompressed. Close ends it, not r.
func NewReader(kind Kind, r io.Reader) (io.ReadCloser, error) {
	switch kind {
	case Gzip:
		z, err := gzip.NewReader(r)
		if err == io.EOF { // a file of no bytes holds nothing
			return io.NopCloser(strings.NewReader("")), nil
		}
		if err != nil {
			return nil, fmt.Errorf("this is not gzip: %w", err)
		}
		return z, nil
	case Zstd:
		z, err := zstd.NewReader(r, zstd.WithDecoderMaxWindow(zstdWindow), zstd.WithDecoderConcurrency(1))
		if err != nil {
			return nil, fmt.Errorf("this is not zstd: %w", err)
		}
		return z.IOReadCloser(), nil
	}
	return io.NopCloser(r), nil
}

// NewWriter returns a writer that compresses to w. Close writes what remains,
// and leaves w open.
func NewWriter(kind Kind, w io.Writer) (io.WriteCloser, error) {
	switch kind {
	case Gzip:
		return gzip.NewWriter(w), nil
	case Zstd:
		return zstd.NewWriter(w, zstd.WithEncoderConcurrency(1))
	}
	return nopCloser{w}, nil
}

type nopCloser struct{ io.Writer }

func (nopCloser) Close() error { return nil }

// NewPacker returns a function that compresses parts, each to a whole member
// or frame: one after another they are what the whole would be. It is nil for
// no compression.
func NewPacker(kind Kind) func() func(dst, part []byte) ([]byte, error) {
	switch kind {
	case Gzip:
		return packGzip
	case Zstd:
		return packZstd
	}
	return nil
}

func packGzip() func(dst, part []byte) ([]byte, error) {
	var z *gzip.Writer
	return func(dst, part []byte) ([]byte, error) {
		out := appender{dst}
		if z == nil {
			z = gzip.NewWriter(&out)
		} else {
			z.Reset(&out)
		}
		if _, err := z.Write(part); err != nil {
			return nil, err
		}
		err := z.Close()
		return out.b, err
	}
}

type appender struct{ b []byte }

func (a *appender) Write(p []byte) (int, error) {
	a.b = append(a.b, p...)
	return len(p), nil
}

func packZstd() func(dst, part []byte) ([]byte, error) {
	var z *zstd.Encoder
	return func(dst, part []byte) ([]byte, error) {
		if z == nil {
			var err error
			if z, err = zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1)); err != nil {
				return nil, err
			}
		}
		return z.EncodeAll(part, dst), nil
	}
}
