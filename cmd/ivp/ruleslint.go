package main

import (
	"errors"
	"fmt"
	"io"

	"github.com/mp196/ivp/cmd/internal/amendtable"
	"github.com/mp196/ivp/cmd/internal/estate"
	"github.com/mp196/ivp/cmd/internal/exit"
	"github.com/mp196/ivp/cmd/internal/source"
	"github.com/mp196/ivp/ivp"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

func (c *Command) rulesLint() *cobra.Command {
	var rules rulesFlags
	var format string
	output := pflag.NewFlagSet("output", pflag.ContinueOnError)
	output.StringVar(&format, "format", "text", "text or json")
	cmd := &cobra.Command{
		Use:   "lint FILE…",
		Short: "Check rules files and name every fault",
		Long: `lint reads rules files as strictly as the loader does, and names every fault with
its line, amendment and value, what was wanted, and what to do. A file that
names an edition is a whole record and is read by itself; a file that names
none holds amendments, and is read on top of the record. It exits 0 when all
files are clean, and 1 when it finds anything.`,
		Example: `  ivp rules lint my-tables.json`,
		Args:    cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if format != "text" && format != "json" {
				return exit.Usagef("--format: %q: want text or json", format)
			}
			h, err := rules.history()
			if err != nil {
				return err
			}
			return c.lint(h, args, format)
		},
	}
	addGroups(cmd, flagGroup{"Rules", rules.flags()}, flagGroup{"Output", output})
	return cmd
}

// lintedFile is a rules file, what is wrong with it, and if nothing is what
// deserves a look.
type lintedFile struct {
	name     string
	faults   ivp.Faults
	warnings ivp.Faults
}

func (c *Command) lint(h ivp.History, names []string, format string) error {
	today := c.today()
	var files []lintedFile
	found := false
	for _, name := range names {
		data, err := readRules(c.Stdin, name)
		if err != nil {
			return exit.With(exit.IO, fmt.Errorf("could not read the rules: %w", err))
		}
		file := lintedFile{name: name}
		linted, err := ivp.LintFile(h, data)
		if err != nil && !errors.As(err, &file.faults) {
			return err
		}
		if err == nil {
			file.warnings = amendtable.Warnings(h, linted, today)
		}
		found = found || len(file.faults) > 0
		files = append(files, file)
	}
	write, out := writeFaults, c.text()
	if format == "json" {
		write, out = writeFaultsJSON, c.Stdout
	}
	if err := write(out, files); err != nil {
		return exit.With(exit.IO, err)
	}
	if found {
		return exit.Silent(exit.NotEligible)
	}
	return nil
}

func readRules(stdin io.Reader, name string) ([]byte, error) {
	if name == source.Stdin {
		return estate.LimitRules(stdin)
	}
	return estate.ReadRules(name)
}
