package estate

import (
	"fmt"
	"os"

	"github.com/mp196/ivp/ivp"
)

// AmendFile returns a record with the amendments of a file added, and what was
// read of the file.
func AmendFile(h ivp.History, name string) (amended ivp.History, data []byte, err error) {
	data, err = os.ReadFile(name)
	if err != nil {
		return h, nil, fmt.Errorf("could not read the amendments: %w", err)
	}
	if amended, err = h.AmendFile(data); err != nil {
		return h, data, fmt.Errorf("%s cannot be added to the record:\n%w", name, err)
	}
	return amended, data, nil
}
