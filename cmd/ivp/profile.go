package main

import (
	"fmt"
	"maps"
	"os"
	"strings"

	"github.com/mp196/ivp/cmd/internal/config"
	"github.com/mp196/ivp/cmd/internal/exit"
	"github.com/mp196/ivp/cmd/internal/source"
	"github.com/mp196/ivp/devices"
)

// profile returns a profile by which the file is read as it was here: what was
// given, and what was found.
func (p *preview) profile(options source.Options) config.Profile {
	profile := config.Profile{
		Sheet: p.Sheet, HeaderRow: options.Reader.HeaderRow,
		Columns: p.profiledColumns(), Values: options.Reader.Columns.Values,
	}
	switch {
	case p.Table != "":
		profile.Sheet, profile.Table = "", p.Table
	case p.input.OfSeveral() != "":
		profile.Sheet = options.Sheet
	}
	if p.Delimiter != "" {
		profile.Delimiter, profile.NoQuotes = p.Delimiter[0], options.Reader.NoQuotes
	}
	profile.Encoding = strings.ToLower(p.Encoding)
	if p.HeaderRow > 1 && p.Table == "" { // in line 1, and in a table, it is found
		profile.HeaderRow = p.HeaderRow
	}
	switch {
	case options.Reader.Columns.Dates != nil:
		profile.DateFormat = options.Reader.Columns.Dates.Name()
	case p.datesSeen():
		if format, err := devices.ParseDateFormat(p.Dates); err == nil {
			profile.DateFormat = format.Name()
		}
	}
	return profile
}

// datesSeen reports whether the column of dates holds any: an empty one says
// nothing of how they are written.
func (p *preview) datesSeen() bool {
	for _, column := range p.Columns {
		if column.Field == devices.InstallDate.String() && len(column.Samples) > 0 {
			return true
		}
	}
	return false
}

// profiledColumns returns the column of each field that was found, by its heading
// or, where that names two, by its number.
func (p *preview) profiledColumns() map[devices.Field]string {
	columns := p.input.Heading().Columns()
	mapped := maps.Clone(p.options.Map)
	for _, f := range devices.Fields() {
		if i := columns.Index(f); i >= 0 {
			mapped[f] = columns.Name(i)
		}
	}
	return mapped
}

// saveProfile writes the profile of what was found.
func (c *Command) saveProfile(f *columnsFlags, p *preview, options source.Options) error {
	text, err := p.profile(options).Marshal()
	if err != nil {
		return fmt.Errorf("--save: %w", err)
	}
	if err := c.outputs.WriteFile(f.save, text); err != nil {
		return exit.With(exit.IO, fmt.Errorf("could not write the profile: %w", err))
	}
	fmt.Fprintf(c.Stderr, "%s was written: ivp check --profile %s reads files of this kind\n", f.save, f.save)
	return nil
}

// maySave holds that no file is lost: never the input, and no other without
// --force.
func (f *columnsFlags) maySave(names []string) error {
	if f.save == "" {
		return nil
	}
	if len(names) > 1 {
		return exit.Usagef("--save keeps how one kind of file is read: name one file")
	}
	there, err := os.Stat(f.save)
	if err != nil { // there is nothing to lose
		return nil
	}
	if input, err := os.Stat(names[0]); err == nil && os.SameFile(there, input) {
		return exit.Usagef("--save: %s is the input: write the profile to another file", f.save)
	}
	if !f.force {
		return exit.Usagef("--save: %s is there already: name another file, or replace it with --force", f.save)
	}
	return nil
}
