// Package compress reads and writes files compressed with gzip or zstd, recognised
// by their extension.
package compress

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// Kind is a compression format. The zero value is no compression.
type Kind uint8

// The kinds.
const (
	None Kind = iota
	Gzip
	Zstd
)

// Of returns the compression format of a file name's extension, and the name without
// the extension.
func Of(name string) (kind Kind, plain string) {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".gz":
		return Gzip, name[:len(name)-3]
	case ".zst":
		return Zstd, name[:len(name)-4]
	}
	return None, name
}

// zstdWindow bounds the memory that a compressed input can require.
const zstdWindow = 32 << 20

// ErrCutOff is the error for compressed data that end too early.
var ErrCutOff = errors.New("the compressed file is cut off: it ends before its data do; copy or export it again")

// NewReader returns a reader that decompresses r. Its Close does not close r.
// Reading fails with [ErrCutOff] if the data end too early.
func NewReader(kind Kind, r io.Reader) (io.ReadCloser, error) {
	switch kind {
	case Gzip:
		z := &members{in: bufio.NewReaderSize(r, 64<<10)}
		if err := z.next(); err != nil && err != io.EOF && err != ErrCutOff { // an empty file is valid
			return nil, fmt.Errorf("this is not gzip: %w", err)
		}
		return io.NopCloser(z), nil
	case Zstd:
		z, err := zstd.NewReader(r, zstd.WithDecoderMaxWindow(zstdWindow), zstd.WithDecoderConcurrency(1))
		if err != nil {
			return nil, fmt.Errorf("this is not zstd: %w", err)
		}
		return frames{z.IOReadCloser()}, nil
	}
	return io.NopCloser(r), nil
}

var gzipMagic = []byte{0x1f, 0x8b}

// members reads gzip members one after another. A [gzip.Reader] can do so too, but
// takes a member that is cut off in its header for the end of the file.
type members struct {
	in  *bufio.Reader
	z   gzip.Reader
	err error
}

// next begins the next member. It returns io.EOF if there is none.
func (m *members) next() error {
	head, err := m.in.Peek(len(gzipMagic))
	if m.err = err; err != nil && (len(head) == 0 || err != io.EOF) {
		return m.err
	}
	if !bytes.HasPrefix(gzipMagic, head) {
		m.err = gzip.ErrHeader
		return m.err
	}
	if m.err = m.z.Reset(m.in); m.err == io.EOF {
		m.err = ErrCutOff
	}
	m.z.Multistream(false)
	m.err = cutOff(m.err)
	return m.err
}

func (m *members) Read(p []byte) (int, error) {
	for m.err == nil {
		n, err := m.z.Read(p)
		if err == io.EOF {
			err = m.next()
		}
		if m.err = cutOff(err); n > 0 {
			return n, nil
		}
	}
	return 0, m.err
}

// frames reads zstd frames, and fails with ErrCutOff if the last is incomplete.
type frames struct{ io.ReadCloser }

func (f frames) Read(p []byte) (int, error) {
	n, err := f.ReadCloser.Read(p)
	return n, cutOff(err)
}

func cutOff(err error) error {
	if err == io.ErrUnexpectedEOF {
		return ErrCutOff
	}
	return err
}

// NewWriter returns a writer that compresses to w. Close writes what is buffered,
// and does not close w.
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

// NewPacker returns a function that makes a packer, which appends a part to dst as a
// complete gzip member or zstd frame: the packed parts one after another are a valid
// file. NewPacker returns nil if kind is None.
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
