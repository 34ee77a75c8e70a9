//go:build !wasm

package main

import (
	"fmt"
	"os"
)

func main() {
	fmt.Fprintln(os.Stderr, "ivp-wasm runs in a browser and in Node.js, not by itself: make web builds it for them; ivp is the command line")
	os.Exit(2)
}
