package source

import (
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"io"
	"sync/atomic"
)

// fileBytes reads a file's own bytes: it counts them for someone else to ask,
// keeps the error that ended them, and works out their digest where it is
// wanted.
type fileBytes struct {
	r    io.Reader
	n    atomic.Int64
	err  error
	hash hash.Hash // nil where no digest is wanted
}

func (f *fileBytes) Read(p []byte) (int, error) {
	n, err := f.r.Read(p)
	f.n.Add(int64(n))
	if f.hash != nil {
		f.hash.Write(p[:n])
	}
	if err != nil && err != io.EOF {
		f.err = err
	}
	return n, err
}

// begin reads from r from now on, counting from nothing.
func (f *fileBytes) begin(r io.Reader, digest bool) {
	f.r, f.err, f.hash = r, nil, nil
	f.n.Store(0)
	if digest {
		f.hash = sha256.New()
	}
}

// digest reads what is left and returns the digest of all; empty where none was
// wanted.
func (f *fileBytes) digest() (string, error) {
	if f.hash == nil {
		return "", nil
	}
	if _, err := io.Copy(io.Discard, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(f.hash.Sum(nil)), nil
}

// kept keeps the error that ends a stream, to tell it from a fault of what the
// stream holds.
type kept struct {
	r   io.Reader
	err error
}

func (k *kept) Read(p []byte) (int, error) {
	n, err := k.r.Read(p)
	if err != nil && err != io.EOF {
		k.err = err
	}
	return n, err
}
