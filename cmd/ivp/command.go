package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/mp196/ivp/cmd/internal/exit"
	"github.com/mp196/ivp/ivp"
)

// Command is the program with everything that it takes from its surroundings,
// so that a test can drive all of it.
type Command struct {
	Stdin  io.Reader
	Stdout io.Writer
	Stderr io.Writer
	Getenv func(string) string
	Now    func() time.Time
	// IsTerminal reports whether a stream that is a file is a terminal.
	IsTerminal func(*os.File) bool

	args []string // as they were given, for the evidence
}

// Main runs the program and returns its exit code. It reports what went wrong
// on Stderr.
func (c *Command) Main(ctx context.Context, args []string) (code int) {
	defer func() {
		if fault := recover(); fault != nil {
			fmt.Fprintf(c.Stderr, "ivp: a fault of ours: %v\n%s", fault, debug.Stack())
			code = int(exit.Internal)
		}
	}()
	c.args = args
	root := c.root()
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	if err != nil && err.Error() != "" {
		fmt.Fprintf(c.Stderr, "ivp: %s\n", err)
	}
	return int(exit.CodeOf(err))
}

func (c *Command) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "ivp",
		Short: "Check smart metering devices for install eligibility",
		Long: `ivp tells whether a device built to a given version of a technical specification
may be installed on a given day, by the Installation Validity Periods of the
Smart Energy Code, and by what authority. The Code prevails.`,
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          cobra.ArbitraryArgs,
		RunE:          group,
	}
	root.SetIn(c.Stdin)
	root.SetOut(c.Stdout)
	root.SetErr(c.Stderr)
	root.AddCommand(c.check(), c.columns(), c.explain(), c.rules(), c.cpl(), c.impact(), c.audit(), c.rundown(), c.serve(), c.sample(), c.version())
	root.AddCommand(topics()...)
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return fmt.Errorf("%w; see %s --help", err, cmd.CommandPath())
	})
	return root
}

// group is what a command does that only holds others: it shows its help, and
// refuses a word that is none of them.
func group(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return cmd.Help()
	}
	message := fmt.Sprintf("%q is no command of %s", args[0], cmd.CommandPath())
	if cmd.SuggestionsMinimumDistance <= 0 {
		cmd.SuggestionsMinimumDistance = 2
	}
	if near := cmd.SuggestionsFor(args[0]); len(near) > 0 {
		message += "; did you mean " + strings.Join(near, " or ") + "?"
	}
	return fmt.Errorf("%s see %s --help", strings.TrimSuffix(message, ";"), cmd.CommandPath())
}

// today is the day it is in Great Britain.
func (c *Command) today() (ivp.Date, error) {
	london, err := time.LoadLocation("Europe/London")
	if err != nil {
		return ivp.Date{}, exit.With(exit.Internal, err)
	}
	return ivp.DateOf(c.Now().In(london)), nil
}

// stdoutIsTerminal reports whether a person reads the results as they come.
func (c *Command) stdoutIsTerminal() bool { return c.isTerminal(c.Stdout) }

func (c *Command) isTerminal(stream any) bool {
	f, ok := stream.(*os.File)
	return ok && c.IsTerminal != nil && c.IsTerminal(f)
}
