package main

import (
	"errors"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/mp196/ivp/cmd/internal/exit"
	"github.com/mp196/ivp/cmd/internal/sample"
	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/ivp"
)

// sampleDays is the number of days over which the dates of a sample are spread.
const sampleDays = 10 * 365

func (c *Command) sample() *cobra.Command {
	options := sample.Options{}
	var rules rulesFlags
	var list string
	set := pflag.NewFlagSet("sample", pflag.ContinueOnError)
	set.IntVar(&options.Rows, "rows", 100, "write `N` devices")
	set.StringVar(&list, "cpl", "", "take the models from the Central Products List in `FILE`; some devices then have no version, or firmware that is not listed")
	set.Uint64Var(&options.Seed, "seed", 1, "the `SEED` of the random numbers; the same seed gives the same bytes")
	cmd := &cobra.Command{
		Use:   "sample",
		Short: "Write a realistic inventory of invented devices",
		Long: `sample writes an inventory of invented devices: all device types and versions on
record, dates in and around their periods, a few quoted commas and a few cells that
cannot be read. The same seed gives the same bytes.`,
		Example: `  ivp sample --rows 1000 --seed 7 | ivp check -`,
		Args:    noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if options.Rows < 0 {
				return exit.Usagef("--rows: %d: want 0 or more", options.Rows)
			}
			h, err := rules.history()
			if err != nil {
				return err
			}
			if options.Entries, err = listedModels(list); err != nil {
				return err
			}
			options.Pairs = h.Pairs()
			options.First, options.Last = sampleRange(h)
			err = sample.Write(endOnceClosed{c.Stdout.(*stream)}, options)
			if errors.Is(err, errClosed) {
				return nil
			}
			return exit.With(exit.IO, err)
		},
	}
	addGroups(cmd, flagGroup{"Sample", set}, flagGroup{"Rules", rules.flags()})
	return cmd
}

// listedModels returns the entries of a list, or none if path is empty.
func listedModels(path string) ([]devices.CatalogueEntry, error) {
	if path == "" {
		return nil, nil
	}
	list, err := soundList(path)
	if err != nil {
		return nil, err
	}
	var all []devices.CatalogueEntry
	for _, e := range list.Entries() {
		all = append(all, e.CatalogueEntry)
	}
	return all, nil
}

// sampleRange returns the range of a sample's dates, which ends a year after the last
// day for which the rules are vouched.
func sampleRange(h ivp.History) (first, last ivp.Date) {
	last = h.VouchedTo(ivp.Date{}).AddDays(365)
	return last.AddDays(-sampleDays), last
}
