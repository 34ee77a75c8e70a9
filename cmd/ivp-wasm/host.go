//go:build !wasm

// Command ivp-wasm is the library and the inventory checker as WebAssembly, for the
// module ivp.mjs in browsers and Node.js. Questions and replies are JSON, with the
// same names as in the query of the service.
package main

import (
	"fmt"
	"os"
)

func main() {
	fmt.Fprintln(os.Stderr, "ivp-wasm runs only in a browser or Node.js: make web builds it for them; the command line is ivp")
	os.Exit(2)
}
