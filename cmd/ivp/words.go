package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/bmatcuk/doublestar/v4"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/mp196/ivp/cmd/internal/exit"
	"github.com/mp196/ivp/cmd/internal/remarks"
	"github.com/mp196/ivp/cmd/internal/report"
	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/ivp"
)

// meant returns the arguments with check before them if their first word is a file in
// place of a command.
func (c *Command) meant(root *cobra.Command, args []string) []string {
	if found, _, err := root.Find(args); err != nil || found != root {
		return args
	}
	check := c.check() // its flags say which words are their values
	check.FParseErrWhitelist.UnknownFlags = true
	_ = check.ParseFlags(args) // check itself returns the error
	if words := check.Flags().Args(); len(words) > 0 && !isCommand(root, words[0]) && namesFile(words[0]) {
		return append([]string{"check"}, args...)
	}
	return args
}

func isCommand(of *cobra.Command, word string) bool { return slices.Contains(commandNames(of), word) }

func commandNames(of *cobra.Command) (names []string) {
	for _, sub := range of.Commands() {
		if !sub.Hidden {
			names = append(names, sub.Name())
		}
	}
	return names
}

// namesFile reports whether a word is standard input, a file, or a name that only a file
// can have.
func namesFile(word string) bool {
	if _, err := os.Stat(word); err == nil || word == "-" {
		return true
	}
	end := strings.ToLower(filepath.Ext(word))
	return strings.ContainsAny(word, `/\*?`) || len(end) > 1 && 'a' <= end[1] && end[1] <= 'z'
}

// matching returns the names of files, with the files that match in place of a pattern
// such as *.csv or stock/**/*.csv, which a shell may have left: those of Windows do. Files
// whose names begin with a dot, or with ~$ as Excel's own beside an open workbook do, are
// left out.
func matching(words []string) ([]string, error) {
	var names []string
	for _, word := range words {
		if _, err := os.Stat(word); err == nil || !strings.ContainsAny(word, "*?") {
			names = append(names, word)
			continue
		}
		found, err := doublestar.FilepathGlob(word, doublestar.WithNoFollow(), doublestar.WithNoHidden(), doublestar.WithCaseInsensitive(), doublestar.WithFailOnIOErrors())
		if err != nil {
			return nil, exit.With(exit.IO, fmt.Errorf("could not read the input: the files that match %s: %w", word, err))
		}
		found = slices.DeleteFunc(found, func(name string) bool {
			info, err := os.Stat(name)
			return strings.HasPrefix(filepath.Base(name), "~$") || err == nil && info.IsDir()
		})
		if len(found) == 0 {
			return nil, exit.With(exit.IO, fmt.Errorf("could not read the input: no file matches %s", word))
		}
		slices.Sort(found)
		names = append(names, found...)
	}
	return names, nil
}

// commandsOnly refuses a word that is not a subcommand of cmd.
func commandsOnly(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	err := fmt.Errorf("%q is not a command of %s", args[0], cmd.CommandPath())
	if !cmd.HasParent() {
		err = fmt.Errorf("%q is neither a command nor a file", args[0])
	}
	if near := near(args[0], commandNames(cmd)); near != "" {
		err = fmt.Errorf("%w (did you mean %s?)", err, near)
	}
	return misuse(cmd, err)
}

// near returns the known name that begins with a word, or that the word most likely
// means, or "".
func near(word string, known []string) string {
	var begin []string
	for _, name := range known {
		if word != "" && strings.HasPrefix(name, word) {
			begin = append(begin, name)
		}
	}
	if len(begin) == 1 {
		return begin[0]
	}
	return remarks.Nearest(word, known)
}

// wrongFlag returns an error of wrong use for a flag, with the flag that is nearest to an
// unknown one.
func wrongFlag(cmd *cobra.Command, err error) error {
	var unknown *pflag.NotExistError
	if errors.As(err, &unknown) && unknown.GetSpecifiedShortnames() == "" {
		var known []string
		cmd.Flags().VisitAll(func(flag *pflag.Flag) { known = append(known, flag.Name) })
		if flag := near(unknown.GetSpecifiedName(), known); flag != "" {
			err = fmt.Errorf("%w (did you mean --%s?)", err, flag)
		}
	}
	return misuse(cmd, err)
}

// flagValues are the values of flags that have only some, by the flag's name, or by the
// command and the flag.
var flagValues = map[string][]string{
	"color": {"auto", "always", "never"}, "date-format": {"iso", "day-first", "month-first"}, "delimiter": {",", ";", "|", "tab"},
	"dialect": {"duckdb", "postgres", "sqlite", "snowflake", "bigquery", "spark", "trino"}, "encoding": {"utf-8", "utf-16", "utf-16le", "utf-16be", "windows-1252"},
	"family": {"SMETS", "SMETS1", "SMETS2", "CHTS", "GBCS"}, "last-day": {"included", "excluded"}, "quote": {`"`, "none"},
	"format": {"table", "csv", "json"}, "columns format": {"table", "json"}, "explain format": {"text", "markdown", "html", "json"},
	"rules list format": {"table", "csv", "json", "html", "svg"}, "rules lint format": {"text", "json"}, "rules export format": {"json", "csv", "ics", "sql", "answers", "schema"},
	"check format": formats(), "impact format": formats(), "audit format": formats(), "rundown format": formats(),
	"impact fail-on": {"changed", "outcome", "none"}, "audit fail-on": nil, "rundown fail-on": {"stranded", "none"},
	"impact rows": {"changed", "outcome", "all"}, "audit rows": {"unlawful", "unjudged", "changed", "outcome", "all"},
	"type": deviceTypes(), "only": devices.SelectionWords(), "fail-on": append(devices.SelectionWords(), "none"),
	"on": {"today"}, "as-at": {"latest", "today"}, "spec": nil, "gbcs": nil,
}

// fileEnds are the extensions of the files that flags name.
var fileEnds = map[string][]string{
	"amend": {"json"}, "rules": {"json"}, "cpl": {"csv", "xlsx", "xlsm"}, "config": {"toml"}, "profile": {"toml"}, "waivers": {"toml"},
	"plan": {"csv"}, "from-csv": {"csv", "xlsx", "xlsm"}, "pairs": {"csv"},
}

func formats() (names []string) {
	for _, f := range report.Formats() {
		names = append(names, string(f))
	}
	return names
}

func deviceTypes() (names []string) {
	for _, t := range ivp.DeviceTypes() {
		names = append(names, t.String())
	}
	return names
}

// specs returns the versions on record, of GBCS or of the technical specifications.
func specs(gbcs bool) (names []string) {
	for _, s := range ivp.Published().Specs() {
		if (s.Family == ivp.GBCS) == gbcs {
			names = append(names, s.String())
		}
	}
	return names
}

// inForceDays returns the days from which the amendments of the rules apply.
func inForceDays() (days []string) {
	for _, a := range ivp.Published().Amendments() {
		days = append(days, cobra.CompletionWithDesc(a.InForce.String(), a.ID))
	}
	return days
}

// completeValues lets a shell complete the values of flags, and the words that are not
// files.
func completeValues(cmd *cobra.Command) {
	path := strings.TrimPrefix(cmd.CommandPath(), "ivp ")
	cmd.Flags().VisitAll(func(flag *pflag.Flag) {
		values, known := flagValues[path+" "+flag.Name]
		if !known {
			values, known = flagValues[flag.Name]
		}
		if ends := fileEnds[flag.Name]; ends != nil {
			_ = cmd.MarkFlagFilename(flag.Name, ends...)
			return
		}
		if !known {
			return
		}
		several := flag.Name == "only" || flag.Name == "fail-on"
		_ = cmd.RegisterFlagCompletionFunc(flag.Name, func(_ *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
			all := values
			switch flag.Name {
			case "as-at":
				all = append(slices.Clone(values), inForceDays()...)
			case "spec", "gbcs":
				all = specs(flag.Name == "gbcs")
			}
			before := ""
			if i := strings.LastIndex(typed, ","); several && i >= 0 {
				before = typed[:i+1]
			}
			var fit []string
			for _, value := range all {
				if value = before + value; strings.HasPrefix(strings.ToLower(value), strings.ToLower(typed)) {
					fit = append(fit, value)
				}
			}
			return fit, cobra.ShellCompDirectiveNoFileComp
		})
	})
	if words := wordsOf[path]; words != nil {
		cmd.ValidArgsFunction = func(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			return words(args), cobra.ShellCompDirectiveDefault
		}
	}
	for _, sub := range cmd.Commands() {
		completeValues(sub)
	}
}

// wordsOf returns the words that may follow those of a command.
var wordsOf = map[string]func(args []string) []string{
	"ivp": func([]string) []string { return nil }, // a file
	"explain": func(args []string) []string {
		if len(args) == 0 {
			return specs(false)
		}
		return []string{"today"}
	},
	"rules history": func([]string) []string { return append(specs(false), specs(true)...) },
	"rules show": func([]string) (ids []string) {
		for _, a := range ivp.Published().Amendments() {
			ids = append(ids, cobra.CompletionWithDesc(a.ID, a.Title))
		}
		return ids
	},
	"rules diff": func([]string) []string { return inForceDays() },
}
