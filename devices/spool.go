//go:build !js

package devices

import (
	"fmt"
	"os"
)

// Spool is a temporary file that is removed as soon as it is open, so that nothing is
// left of it. If the system does not permit that, Close removes it.
type Spool struct {
	*os.File
	named bool // not removed yet
}

// NewSpool creates a spool in the system's folder for temporary files.
func NewSpool() (*Spool, error) {
	f, err := os.CreateTemp("", "ivp-*.tmp")
	if err != nil {
		return nil, fmt.Errorf("no temporary file could be made: %w; the folder for them is %s, which TMPDIR (on Windows TMP) changes", err, os.TempDir())
	}
	return &Spool{f, os.Remove(f.Name()) != nil}, nil
}

// Close closes and removes the file. On a nil Spool it does nothing.
func (s *Spool) Close() error {
	if s == nil {
		return nil
	}
	err := s.File.Close()
	if s.named {
		os.Remove(s.Name())
	}
	return err
}
