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
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	// A reader of our output that goes away must be an error to report, not
	// the end of the program without a word.
	signal.Ignore(syscall.SIGPIPE)
	command := Command{
		Stdin:      os.Stdin,
		Stdout:     os.Stdout,
		Stderr:     os.Stderr,
		Getenv:     os.Getenv,
		Now:        time.Now,
		IsTerminal: func(f *os.File) bool { return term.IsTerminal(int(f.Fd())) },
	}
	code := command.Main(ctx, os.Args[1:])
	stop()
	os.Exit(code)
}
