//go:build js

package main

import (
	"syscall/js"

	"github.com/mp196/ivp/cmd/internal/query"
)

// main puts its functions into a global variable, from which ivp.mjs takes them, and
// does not return, so that they stay callable.
func main() {
	var host query.Host
	functions := map[string]any{"checkCSV": js.FuncOf(func(_ js.Value, args []js.Value) any {
		return string(query.Call(inventoryOf(&host, args[1]).check, []byte(args[0].String())))
	})}
	for name, handle := range map[string]func(query.Question) (any, error){"check": host.Check, "rules": host.Rules, "timeline": host.Timeline} {
		functions[name] = js.FuncOf(func(_ js.Value, args []js.Value) any { return string(query.Call(handle, []byte(args[0].String()))) })
	}
	js.Global().Set("ivpStarted", functions)
	select {}
}
