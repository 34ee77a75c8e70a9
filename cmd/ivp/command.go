package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/mp196/ivp/cmd/internal/exit"
	"github.com/mp196/ivp/cmd/internal/output"
	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/ivp"
)

// Command is the program, with everything that it uses of its environment, so that
// tests can replace it.
type Command struct {
	Stdin  io.Reader
	Stdout io.Writer
	Stderr io.Writer
	Getenv func(string) string
	Now    func() time.Time
	// IsTerminal reports whether a stream that is a file is a terminal.
	IsTerminal func(*os.File) bool

	args    []string // as given, for the evidence
	outputs output.Outputs
	// finishes is set by a command that, once its context is done, ends by itself and
	// may take its time.
	finishes atomic.Bool
}

// grace is how long an interrupted command may take to end by itself.
const grace = 200 * time.Millisecond

var errInterrupted = exit.With(exit.Interrupted, errors.New("interrupted: the output is incomplete"))

// Main runs the program and returns its exit code. It prints errors on Stderr.
//
// When ctx is done, Main returns soon, even if the command waits for a file or a pipe:
// the command is then abandoned, and the process must end. However the command ends,
// even with a panic, no temporary file is left beside an output.
func (c *Command) Main(ctx context.Context, args []string) int {
	c.args = args
	c.guardStreams()
	root := c.root()
	root.SetArgs(c.meant(root, args))
	ended := make(chan error, 1)
	go func() { ended <- exit.Guard(func() error { return root.ExecuteContext(ctx) }) }()
	var err error
	select {
	case err = <-ended:
	case <-ctx.Done():
		var patience <-chan time.Time
		if !c.finishes.Load() {
			patience = time.After(grace)
		}
		select {
		case err = <-ended:
		case <-patience:
			err = errInterrupted
		}
	}
	c.outputs.AbortAll()
	if ctx.Err() != nil && err != nil && err.Error() != "" && !exit.IsPanic(err) {
		err = errInterrupted // whatever failed first
		if names := c.outputs.Aborted(); len(names) > 0 {
			err = exit.With(exit.Interrupted, fmt.Errorf("interrupted: %s", notWritten(names)))
		}
	}
	return c.fail(err)
}

// notWritten says which files were not written.
func notWritten(names []string) string {
	was := " was not written"
	if len(names) > 1 {
		was = " were not written"
	}
	return strings.Join(names, ", ") + was
}

// fail prints an error, if it has a message, and returns its exit code.
func (c *Command) fail(err error) int {
	code := exit.CodeOf(err)
	switch {
	case code == exit.Internal:
		fmt.Fprintf(c.Stderr, `ivp: a fault of the program, not of your input or your command: %s
Please send all of this text, the command and, if you may share it, the smallest
input that shows the fault, to whoever supplied this program.
ivp %s (%s, %s/%s)
`, err, buildVersion(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
	case err != nil && err.Error() != "":
		fmt.Fprintf(c.Stderr, "ivp: %s\n", err)
	}
	return int(code)
}

func (c *Command) root() *cobra.Command {
	var version bool
	root := &cobra.Command{
		Use:   "ivp",
		Short: "ivp checks whether smart metering devices may be installed on a given day.",
		Long: `ivp checks whether a device built to a given version of a technical specification
may be installed on a given day, by the Installation Validity Periods of the
Smart Energy Code, and names the authority for the answer. The Code prevails.`,
		Example: `  ivp stock.xlsx
  ivp check stock.xlsx -o checked.xlsx -o report.html
  ivp explain "SMETS2 v3.1" 28/04/2023`,
		SilenceErrors: true,
		SilenceUsage:  true,
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error {
			c.warnOfClosedStdout(cmd)
			return noEmptyFlags(cmd)
		},
		Args: commandsOnly,
		RunE: func(cmd *cobra.Command, args []string) error {
			if version {
				return c.writeVersion()
			}
			return c.showHelp(cmd, args)
		},
	}
	root.Flags().BoolVar(&version, "version", false, "show the version, as ivp version does")
	root.SetIn(c.Stdin)
	root.SetOut(c.Stdout)
	root.SetErr(c.Stderr)
	root.AddCommand(c.check(), c.columns(), c.explain(), c.impact(), c.audit(), c.rundown(), c.rules(), c.cpl(), c.sample(), c.serve(), c.version(), c.man())
	root.AddCommand(c.topics()...)
	root.InitDefaultHelpCmd()
	root.InitDefaultCompletionCmd()
	for _, cmd := range root.Commands() {
		if cmd.Name() == "completion" {
			cmd.Short = "Write the script with which a shell completes commands and flags"
		}
	}
	c.codeMisuse(root)
	completeValues(root)
	root.SetFlagErrorFunc(wrongFlag)
	root.SetHelpFunc(c.help)
	return root
}

// warnOfClosedStdout warns if results go to a stream that is probably closed. That
// cannot be known for certain, so the run continues.
func (c *Command) warnOfClosedStdout(cmd *cobra.Command) {
	for _, elsewhere := range []string{"addr", "output", "split", "save", "dir"} {
		if flag := cmd.Flags().Lookup(elsewhere); flag != nil && (flag.Changed || elsewhere == "addr") {
			return
		}
	}
	if f := fileOf(c.Stdout); f != nil && mayBeClosed(f) {
		fmt.Fprintln(c.Stderr, "warning: standard output is closed, or a null device: the results are lost. Write them to a file, or to /dev/null if you do not want them")
	}
}

// misuse returns an error of wrong use that names the command's help.
func misuse(cmd *cobra.Command, err error) error {
	return exit.Usagef("%w; see %s --help", err, cmd.CommandPath())
}

// codeMisuse gives the errors of the argument checks of a command and its subcommands,
// cobra's own included, the exit code of wrong use.
func (c *Command) codeMisuse(cmd *cobra.Command) {
	check, run := cmd.Args, cmd.RunE
	switch {
	case cmd.Name() == "help":
		check = func(help *cobra.Command, args []string) error {
			found, rest, err := help.Root().Find(args)
			if err != nil {
				return err
			}
			return commandsOnly(found, rest)
		}
	case !cmd.Runnable() && cmd.HasSubCommands():
		check, cmd.RunE = commandsOnly, c.showHelp
	case cmd.HasParent() && cmd.Parent().Name() == "completion":
		cmd.RunE = func(cmd *cobra.Command, args []string) error { return exit.With(exit.IO, run(cmd, args)) }
	}
	if check != nil {
		cmd.Args = func(cmd *cobra.Command, args []string) error {
			err := check(cmd, args)
			if coded := (*exit.Error)(nil); err != nil && !errors.As(err, &coded) {
				err = misuse(cmd, err)
			}
			return err
		}
	}
	for _, sub := range cmd.Commands() {
		c.codeMisuse(sub)
	}
}

// mayBeEmpty are the flags for which an empty value has a meaning: the general scope,
// or a blank cell.
var mayBeEmpty = []string{"scope", "gbcs", "type"}

// noEmptyFlags refuses flags with an empty value, which a shell makes of a variable
// that is not set: otherwise the flag would count as not given.
func noEmptyFlags(cmd *cobra.Command) error {
	var errs []error
	cmd.Flags().Visit(func(flag *pflag.Flag) {
		values := []string{flag.Value.String()}
		if several, ok := flag.Value.(pflag.SliceValue); ok {
			values = several.GetSlice()
		}
		if slices.Contains(values, "") && !slices.Contains(mayBeEmpty, flag.Name) {
			errs = append(errs, fmt.Errorf("--%s is given without a value: want one, or leave the flag out", flag.Name))
		}
	})
	if len(errs) == 0 {
		return nil
	}
	return misuse(cmd, errors.Join(errs...))
}

// noArgs refuses arguments.
func noArgs(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	return misuse(cmd, fmt.Errorf("%q is not expected: %s takes only flags, and a value with spaces must be quoted", args[0], cmd.CommandPath()))
}

// today returns the current day in Great Britain, or no date if the clock is wrong. If
// an answer depends on the day, use [Command.clockDay].
func (c *Command) today() ivp.Date {
	day, _ := c.clockDay()
	return day
}

// The years that a clock may show. A clock that is not set shows 1970 or 1980.
const firstClockYear, lastClockYear = 2000, 2100

// clockDay returns the current day, or an error if the clock is certainly wrong.
func (c *Command) clockDay() (ivp.Date, error) {
	now := c.Now()
	if year := now.Year(); year < firstClockYear || year > lastClockYear {
		return ivp.Date{}, exit.Usagef("the clock of this machine shows the year %d, so today's date is not known: set the clock, or give the day as YYYY-MM-DD", year)
	}
	return devices.DayInBritain(now), nil
}
