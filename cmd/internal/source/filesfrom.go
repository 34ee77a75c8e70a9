package source

import (
	"bufio"
	"fmt"
	"io"
	"os"

	"github.com/mp196/ivp/cmd/internal/exit"
)

// FilesFrom reads the names of inputs, a name a line, from a file or from
// standard input. Blank lines are passed over.
func FilesFrom(name string, stdin io.Reader) ([]string, error) {
	r := stdin
	if name != Stdin {
		f, err := os.Open(name)
		if err != nil {
			return nil, exit.With(exit.IO, fmt.Errorf("could not read the names of the inputs: %w", err))
		}
		defer f.Close()
		r = f
	}
	var names []string
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		if lines.Text() != "" {
			names = append(names, lines.Text())
		}
	}
	if err := lines.Err(); err != nil {
		return nil, exit.With(exit.IO, fmt.Errorf("could not read the names of the inputs: %s: %w", name, err))
	}
	return names, nil
}
