// Command ivp checks whether the smart metering devices of an inventory may be installed
// on their installation days.
package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"

	"golang.org/x/term"

	"github.com/mp196/ivp/cmd/internal/exit"
)

func main() {
	// If the reader of an output closes it, the write must return an error instead of
	// ending the program.
	signal.Ignore(syscall.SIGPIPE)
	command := &Command{
		Stdin:      os.Stdin,
		Stdout:     os.Stdout,
		Stderr:     os.Stderr,
		Getenv:     os.Getenv,
		Now:        time.Now,
		IsTerminal: func(f *os.File) bool { return term.IsTerminal(int(f.Fd())) },
	}
	ctx := command.untilSignal()
	code := command.Main(ctx, os.Args[1:])
	if ctx.Err() == nil && ownsConsole() {
		command.keepConsole(os.Args[1:])
	}
	os.Exit(code)
}

// keepConsole keeps the console open until Enter is pressed.
func (c *Command) keepConsole(args []string) {
	if len(args) == 0 {
		fmt.Fprint(c.Stderr, "\nTo check a workbook or CSV file, drop it onto the program in Explorer. To get a report or a checked workbook too, open ivp.html.\n")
	}
	fmt.Fprint(c.Stderr, "\nPress Enter to close this window.")
	_, _ = bufio.NewReader(c.Stdin).ReadString('\n')
}

// untilSignal returns a context that the first signal to end cancels. The second ends
// the program.
func (c *Command) untilSignal() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	if !signal.Ignored(syscall.SIGHUP) { // it is under nohup
		signal.Notify(signals, syscall.SIGHUP)
	}
	go func() {
		<-signals
		cancel()
		<-signals
		// Temporary files are removed first, unless their disk does not respond.
		time.AfterFunc(time.Second, func() { os.Exit(int(exit.Interrupted)) })
		c.outputs.AbortAll()
		os.Exit(int(exit.Interrupted))
	}()
	return ctx
}
