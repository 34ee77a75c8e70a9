package main

import (
	"github.com/mp196/ivp/cmd/internal/exit"
	"github.com/mp196/ivp/ivp"
	"github.com/spf13/cobra"
)

func (c *Command) rulesExport() *cobra.Command {
	var rules rulesFlags
	var schema bool
	set := rules.flags()
	set.BoolVar(&schema, "schema", false, "write the JSON Schema of rules files instead")
	cmd := &cobra.Command{
		Use:   "export",
		Short: "Write the record in its one canonical form",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			h, err := rules.history()
			if err != nil {
				return err
			}
			data := h.AppendCanonical(nil)
			if schema {
				data = ivp.Schema()
			}
			_, err = c.Stdout.Write(data)
			return exit.With(exit.IO, err)
		},
	}
	addGroups(cmd, flagGroup{"Rules", set})
	return cmd
}
