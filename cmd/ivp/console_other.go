//go:build !windows

package main

import "os"

// takesColour reports whether a terminal understands colours.
func takesColour(*os.File) bool { return true }
