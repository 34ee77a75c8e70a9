package main

import (
	"github.com/spf13/cobra"

	"github.com/mp196/ivp/cmd/internal/config"
	"github.com/mp196/ivp/cmd/internal/exit"
)

// configure sets the flags that the file of --config names and the command
// line does not.
func (c *Command) configure(cmd *cobra.Command, path string) ([]config.Setting, error) {
	if path == "" {
		return nil, nil
	}
	set, err := config.Apply(path, cmd.Flags())
	if err != nil {
		return set, exit.With(exit.Usage, err)
	}
	return set, noEmptyFlags(cmd)
}

// painter returns what colours outcomes; nil where nothing is to be coloured.
func (c *Command) painter(flag string) (func(string) string, error) {
	coloured, err := c.colour(flag)
	if err != nil || !coloured {
		return nil, err
	}
	return colourOutcome, nil
}
