package main

import (
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/mp196/ivp/cmd/internal/exit"
	"github.com/mp196/ivp/cmd/internal/source"
	"github.com/mp196/ivp/ivp"
	"github.com/spf13/cobra"
)

func (c *Command) rulesLint() *cobra.Command {
	var rules rulesFlags
	cmd := &cobra.Command{
		Use:   "lint FILE…",
		Short: "Check rules files and name every fault",
		Long: `lint reads rules files as strictly as the loader does, and names every fault with
its amendment, line and value, what was wanted, and what to do. A file that
names an edition is a whole record and is read by itself; a file that names
none holds amendments, and is read on top of the record. It exits 0 when all
files are clean, and 1 when it finds anything.`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			h, err := rules.history()
			if err != nil {
				return err
			}
			return c.lint(h, args)
		},
	}
	addGroups(cmd, flagGroup{"Rules", rules.flags()})
	return cmd
}

func (c *Command) lint(h ivp.History, names []string) error {
	found := false
	for _, name := range names {
		data, err := readRules(c.Stdin, name)
		if err != nil {
			return exit.With(exit.IO, err)
		}
		err = ivp.Lint(h, data)
		var faults ivp.Faults
		switch {
		case err == nil:
			_, err = fmt.Fprintf(c.Stdout, "%s: no fault\n", name)
		case errors.As(err, &faults):
			found = true
			err = writeFaults(c.Stdout, name, faults)
		}
		if err != nil {
			return exit.With(exit.IO, err)
		}
	}
	if found {
		return exit.Silent(exit.NotEligible)
	}
	return nil
}

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
