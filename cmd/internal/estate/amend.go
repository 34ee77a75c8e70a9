package estate

import (
	"fmt"
	"io"

	"github.com/mp196/ivp/cmd/internal/source"
	"github.com/mp196/ivp/ivp"
)

// AmendFile returns a record with the amendments of a file added, and what was
// read of the file.
func AmendFile(h ivp.History, name string) (amended ivp.History, data []byte, err error) {
	data, err = ReadRules(name)
	if err != nil {
		return h, nil, fmt.Errorf("could not read the amendments: %w", err)
	}
	if amended, err = h.AmendFile(data); err != nil {
		return h, data, fmt.Errorf("%s cannot be added to the record:\n%w", name, err)
	}
	return amended, data, nil
}

// ReadRules reads a rules file, and no more of it than shows that it is too long.
func ReadRules(name string) ([]byte, error) {
	return source.ReadFile(name, ivp.MostBytes+1)
}

// LimitRules reads rules, as [ReadRules] does.
func LimitRules(r io.Reader) ([]byte, error) { return io.ReadAll(io.LimitReader(r, ivp.MostBytes+1)) }
