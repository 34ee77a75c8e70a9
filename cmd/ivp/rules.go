package main

import "github.com/spf13/cobra"

func (c *Command) rules() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "rules",
		Short: "Show, compare and check the rules",
	}
	cmd.AddCommand(c.rulesList(), c.rulesHistory(), c.rulesDiff(), c.rulesLint(), c.rulesNew(), c.rulesExport(), c.rulesStatus())
	return cmd
}
