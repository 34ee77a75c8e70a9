//go:build js

package main

import "syscall/js"

// main hands its functions to ivp.mjs, which takes them from where they are put,
// and stays to answer.
func main() {
	functions := map[string]any{"checkCSV": js.FuncOf(func(_ js.Value, args []js.Value) any {
		return string(call(inventoryOf(args[1]).check, []byte(args[0].String())))
	})}
	for name, handle := range map[string]func(question) (any, error){"check": check, "rules": rules, "timeline": drawTimeline} {
		functions[name] = js.FuncOf(func(_ js.Value, args []js.Value) any { return string(call(handle, []byte(args[0].String()))) })
	}
	js.Global().Set("ivpStarted", functions)
	select {}
}
