package source

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/mp196/ivp/cmd/internal/exit"
	"github.com/mp196/ivp/cmd/internal/sniff"
)

// FilesFrom reads the names of inputs, a name a line, from a file or from
// standard input: text in UTF-8, or in UTF-16 with its byte order mark. Blank
// lines are passed over.
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
	head, text, err := sniff.Read(r)
	if err != nil {
		return nil, exit.With(exit.IO, fmt.Errorf("could not read the names of the inputs: %s: %w", name, err))
	}
	if head.UTF16() != "" {
		return nil, exit.Usagef("%s is text in UTF-16 without a byte order mark, where names of inputs were expected: save it as UTF-8", name)
	}
	var names []string
	lines := bufio.NewScanner(sniff.Encoding("").OfMark(head).Reader(text))
	for lines.Scan() {
		line := lines.Text()
		if names == nil {
			line = strings.TrimPrefix(line, "\ufeff")
		}
		if line != "" {
			names = append(names, line)
		}
	}
	if err := lines.Err(); err != nil {
		return nil, exit.With(exit.IO, fmt.Errorf("could not read the names of the inputs: %s: %w", name, err))
	}
	return names, nil
}
