//go:build !wasm

package main

import (
	"fmt"
	"os"
)

func main() {
	fmt.Fprintln(os.Stderr, "ivp-wasm runs only in a browser or Node.js: make web builds it for them; the command line is ivp")
	os.Exit(2)
}
