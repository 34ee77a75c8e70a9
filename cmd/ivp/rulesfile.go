package main

import (
	"fmt"
	"io"
	"os"

	"github.com/mp196/ivp/cmd/internal/source"
	"github.com/mp196/ivp/ivp"
)

func readRules(stdin io.Reader, name string) ([]byte, error) {
	if name == source.Stdin {
		return io.ReadAll(stdin)
	}
	return os.ReadFile(name)
}

// writeFaults writes every fault with the file and line that it stands in.
func writeFaults(w io.Writer, name string, faults ivp.Faults) error {
	for _, fault := range faults {
		if _, err := fmt.Fprintf(w, "%s: %s\n", name, fault); err != nil {
			return err
		}
	}
	return nil
}
