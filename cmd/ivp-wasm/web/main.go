// Command web builds the folder that any static host can serve: the page, the
// module ivp.mjs for other pages and for Node.js, and the WebAssembly of both.
package main

import (
	"fmt"
	"os"

	"github.com/spf13/pflag"
)

func main() {
	folder := pflag.StringP("output", "o", "dist/web", "put the files into this `FOLDER`")
	pflag.Parse()
	built, err := build(*folder)
	if err != nil {
		fmt.Fprintln(os.Stderr, "web:", err)
		os.Exit(1)
	}
	report(os.Stdout, *folder, built)
}
