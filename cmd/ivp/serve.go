package main

import (
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/mp196/ivp/cmd/internal/exit"
	"github.com/mp196/ivp/cmd/internal/server"
	"github.com/mp196/ivp/ivp"
)

// gcPercent makes the service collect garbage less often than the default, because its
// live memory is small. Near its memory limit it collects more often.
const gcPercent = 400

// memoryLimit returns the limit of the runtime's memory while so many requests are in
// progress that are not small. With the program itself, of some 16 MiB, it is 64 MiB and
// 8 MiB for each of them.
func memoryLimit(requests int) int64 { return int64(48+8*requests) << 20 }

func (c *Command) serve() *cobra.Command {
	var rules rulesFlags
	var addr string
	var hosts []string
	limits := server.DefaultLimits()
	set := pflag.NewFlagSet("service", pflag.ContinueOnError)
	set.StringVar(&addr, "addr", "127.0.0.1:8080", "listen on this `ADDRESS`, HOST:PORT; without a host, other machines can send requests too")
	set.StringArrayVar(&hosts, "allow-host", nil, "answer requests for this `NAME` too, such as that of a proxy in front; may be repeated (see ivp help service)")
	set.Int64Var(&limits.Body, "max-body", limits.Body, "refuse requests of more than `BYTES`, except inventories")
	set.Int64Var(&limits.Inventory, "max-inventory", limits.Inventory, "refuse inventories of more than `BYTES`")
	set.IntVar(&limits.Devices, "max-devices", limits.Devices, "refuse more than `N` devices in a request that is not an inventory")
	set.DurationVar(&limits.Time, "max-time", limits.Time, "abort requests that take longer than `TIME`")
	set.IntVar(&limits.Concurrent, "max-concurrent", limits.Concurrent, "answer at most `N` requests at the same time")
	set.Int64Var(&limits.Spool, "max-spool", limits.Spool, "keep at most `BYTES` in temporary files, for all requests together")
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Answer over HTTP, with a page for browsers",
		Long: `serve answers HTTP requests until it is interrupted; then it finishes the requests
in progress. It stores nothing of a request, and its log contains no device. The
path / is a page for browsers; GET /openapi.json describes the service. Without
--addr, only this machine can send requests. The service has no access control.`,
		Example: `  ivp serve
  curl -d '{"spec": "SMETS2 v3.1", "install_date": "2023-04-27"}' \
    127.0.0.1:8080/v1/check
  curl --data-binary @inventory.csv 127.0.0.1:8080/v1/check.csv`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			h, err := rules.history()
			if err != nil {
				return err
			}
			if limits.Body < 1 || limits.Inventory < 1 || limits.Devices < 1 || limits.Time <= 0 || limits.Concurrent < 1 || limits.Spool < 1 {
				return exit.Usagef("a limit of the service is 0 or less: want --max-body, --max-inventory, --max-devices, --max-time, --max-concurrent and --max-spool above 0")
			}
			for _, name := range hosts {
				if net.ParseIP(name) == nil && (name == "" || strings.ContainsAny(name, "/:[]@ ")) {
					return exit.Usagef("--allow-host %q: want only the name, such as ivp.example, without https:// and without a port", name)
				}
			}
			listener, err := net.Listen("tcp", addr)
			if err != nil {
				return exit.With(exit.Usage, fmt.Errorf("--addr: %w: want a free address such as 127.0.0.1:8080", err))
			}
			c.reportAddress(listener)
			private := isLoopback(listener)
			if name, _, err := net.SplitHostPort(addr); private && err == nil {
				hosts = append(hosts, name)
			}
			config := server.Config{
				Private: private, Hosts: hosts,
				Checker: ivp.Checker{History: h}, Today: c.today, Limits: limits, Version: buildVersion(), Log: slog.New(slog.NewJSONHandler(c.Stderr, nil)),
				Explain: func(w io.Writer, e ivp.Explanation, checker ivp.Checker) error {
					today := c.today()
					return writeJSON(w, newExplanationWire(e, judgeAlone(e.Installation, checker, today).Wire(true), checker, today))
				},
			}
			c.finishes.Store(true) // requests in progress are finished after an interrupt
			if os.Getenv("GOGC") == "" {
				defer debug.SetGCPercent(debug.SetGCPercent(gcPercent))
			}
			if os.Getenv("GOMEMLIMIT") == "" {
				defer debug.SetMemoryLimit(debug.SetMemoryLimit(memoryLimit(0)))
				config.Large = func(requests int) { debug.SetMemoryLimit(memoryLimit(requests)) }
			}
			return exit.With(exit.IO, server.New(config).Serve(cmd.Context(), listener))
		},
	}
	addGroups(cmd, flagGroup{"Service", set}, flagGroup{"Rules", rules.flags()})
	return cmd
}

// reportAddress prints the address, with a warning if other machines can reach it.
func (c *Command) reportAddress(listener net.Listener) {
	at := listener.Addr()
	fmt.Fprintf(c.Stderr, "listening on http://%s, which is a page for browsers; GET /openapi.json describes the service; interrupt to stop\n", at)
	if !isLoopback(listener) {
		fmt.Fprintln(c.Stderr, "warning: other machines can send requests too, and there is no access control: put a proxy with access control in front, or listen on 127.0.0.1")
	}
}

// isLoopback reports whether only this machine can reach a listener.
func isLoopback(listener net.Listener) bool { return listener.Addr().(*net.TCPAddr).IP.IsLoopback() }
