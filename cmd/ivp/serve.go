package main

import (
	"fmt"
	"io"
	"log/slog"
	"net"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/mp196/ivp/cmd/internal/exit"
	"github.com/mp196/ivp/cmd/internal/server"
	"github.com/mp196/ivp/ivp"
)

func (c *Command) serve() *cobra.Command {
	var rules rulesFlags
	var addr string
	limits := server.DefaultLimits()
	set := pflag.NewFlagSet("service", pflag.ContinueOnError)
	set.StringVar(&addr, "addr", "127.0.0.1:8080", "listen on this `ADDRESS`; without a host other machines may ask too")
	set.Int64Var(&limits.Body, "max-body", limits.Body, "refuse requests of more `BYTES`, but for inventories")
	set.Int64Var(&limits.Inventory, "max-inventory", limits.Inventory, "refuse inventories of more `BYTES`")
	set.IntVar(&limits.Devices, "max-devices", limits.Devices, "refuse more than `N` devices in one request that is no inventory")
	set.DurationVar(&limits.Time, "max-time", limits.Time, "break off a request that takes longer than this `TIME`")
	set.IntVar(&limits.Concurrent, "max-concurrent", limits.Concurrent, "work on at most `N` requests at one time")
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Answer over HTTP: a page, POST /v1/check, POST /v1/check.csv, GET /openapi.json",
		Long: `serve answers other programs over HTTP until it is interrupted; then it finishes
the requests at work. It keeps nothing of what it is asked, and its log holds no
device. A browser finds a page at /; GET /openapi.json says what can be asked. It
listens on this machine alone unless --addr says otherwise; it has no access
control of its own.`,
		Example: `  ivp serve
  curl -d '{"spec": "SMETS2 v3.1", "install_date": "2023-04-27"}' 127.0.0.1:8080/v1/check
  curl --data-binary @inventory.csv 127.0.0.1:8080/v1/check.csv`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			h, err := rules.history()
			if err != nil {
				return err
			}
			if limits.Body < 1 || limits.Inventory < 1 || limits.Devices < 1 || limits.Time <= 0 || limits.Concurrent < 1 {
				return exit.Usagef("a limit of the service is none: want each of --max-body, --max-inventory, --max-devices, --max-time and --max-concurrent above 0")
			}
			listener, err := net.Listen("tcp", addr)
			if err != nil {
				return exit.With(exit.Usage, fmt.Errorf("--addr: %w: want a free address such as 127.0.0.1:8080", err))
			}
			c.tellAddress(listener)
			service := server.New(server.Config{
				Checker: ivp.Checker{History: h}, Today: c.today, Limits: limits, Version: buildVersion(), Log: slog.New(slog.NewJSONHandler(c.Stderr, nil)),
				Explain: func(w io.Writer, e ivp.Explanation, checker ivp.Checker) error {
					return writeExplanationJSON(w, e, checker, c.today())
				},
			})
			c.finishes.Store(true) // the requests at work
			return exit.With(exit.IO, service.Serve(cmd.Context(), listener))
		},
	}
	addGroups(cmd, flagGroup{"Service", set}, flagGroup{"Rules", rules.flags()})
	return cmd
}

// tellAddress says where the service listens, and warns where others may ask.
func (c *Command) tellAddress(listener net.Listener) {
	at := listener.Addr().(*net.TCPAddr)
	fmt.Fprintf(c.Stderr, "listening on http://%s, where a browser finds a page; GET /openapi.json says what can be asked; interrupt to stop\n", at)
	if !at.IP.IsLoopback() {
		fmt.Fprintln(c.Stderr, "warning: other machines may ask too, and there is no access control: put a proxy with one in front, or listen on 127.0.0.1")
	}
}
