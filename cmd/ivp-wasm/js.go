//go:build js

package main

import (
	"syscall/js"

	"github.com/mp196/ivp/cmd/internal/hosted"
)

// main hands its functions to ivp.mjs, which takes them from where they are put,
// and stays to answer.
func main() {
	functions := map[string]any{"checkCSV": js.FuncOf(func(_ js.Value, args []js.Value) any {
		return string(hosted.Call(inventoryOf(args[1]).check, []byte(args[0].String())))
	})}
	for name, handle := range map[string]func(hosted.Question) (any, error){"check": hosted.Check, "rules": hosted.Rules, "timeline": hosted.Timeline} {
		functions[name] = js.FuncOf(func(_ js.Value, args []js.Value) any { return string(hosted.Call(handle, []byte(args[0].String()))) })
	}
	js.Global().Set("ivpStarted", functions)
	select {}
}
