// Command ivp checks inventories of smart metering devices for whether each
// may be installed on its installation day.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	"time"

	"golang.org/x/term"

	"github.com/mp196/ivp/cmd/internal/exit"
)

func main() {
	// A reader of our output that goes away must be an error to report, not
	// the end of the program without a word.
	signal.Ignore(syscall.SIGPIPE)
	command := &Command{
		Stdin:      os.Stdin,
		Stdout:     os.Stdout,
		Stderr:     os.Stderr,
		Getenv:     os.Getenv,
		Now:        time.Now,
		IsTerminal: func(f *os.File) bool { return term.IsTerminal(int(f.Fd())) },
	}
	os.Exit(command.Main(command.untilSignal(), os.Args[1:]))
}

// untilSignal returns a context that a first signal to end ends. A second one ends
// the program, whatever it does.
func (c *Command) untilSignal() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	if !signal.Ignored(syscall.SIGHUP) { // as nohup has it
		signal.Notify(signals, syscall.SIGHUP)
	}
	go func() {
		<-signals
		cancel()
		<-signals
		// The temporary files go first, unless their disk hangs.
		time.AfterFunc(time.Second, func() { os.Exit(int(exit.Interrupted)) })
		c.outputs.AbortAll()
		os.Exit(int(exit.Interrupted))
	}()
	return ctx
}
