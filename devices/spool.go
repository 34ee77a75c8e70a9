package devices

import (
	"fmt"
	"os"
)

// Spool is a temporary file without a name, so that nothing is left of it
// whatever happens. Where the system does not let an open file lose its name,
// Close removes it.
type Spool struct {
	*os.File
	named bool
}

// NewSpool makes a spool in the system's folder for temporary files.
func NewSpool() (*Spool, error) {
	f, err := os.CreateTemp("", "ivp-*.tmp")
	if err != nil {
		return nil, fmt.Errorf("no temporary file could be made: %w; the folder for them is %s, which TMPDIR (on Windows TMP) changes", err, os.TempDir())
	}
	return &Spool{f, os.Remove(f.Name()) != nil}, nil
}

// Close gives the spool's room back. Of a nil Spool it does nothing.
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
