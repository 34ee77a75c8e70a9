// Package internal holds what the commands share. This file holds the house to
// its plan.
package internal

import (
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const module = "github.com/mp196/ivp/"

func depsOf(t *testing.T, pkg string, environment ...string) []string {
	cmd := exec.Command("go", "list", "-deps", module+pkg)
	cmd.Env = append(os.Environ(), environment...)
	out, err := cmd.Output()
	require.NoError(t, err, pkg)
	deps := strings.Fields(string(out))
	return slices.DeleteFunc(deps, func(dep string) bool { return dep == module+pkg })
}

// isStandard reports whether an import path is of the standard library: its
// first part has no point.
func isStandard(path string) bool {
	first, _, _ := strings.Cut(path, "/")
	return !strings.Contains(first, ".")
}

func TestTheLawImportsTheStandardLibraryAlone(t *testing.T) {
	for _, dep := range depsOf(t, "ivp") {
		assert.True(t, isStandard(dep), dep)
	}
}

func TestImportsRunOneWay(t *testing.T) {
	for pkg, barred := range map[string][]string{
		"devices/internal/scan": {module + "ivp", module + "devices"},
		"devices":               {module + "cmd", module + "devices/cpl", module + "devices/xlsx", "github.com/xuri", "github.com/klauspost", "github.com/spf13", "github.com/schollz"},
		"devices/cpl":           {module + "cmd", module + "devices/xlsx", "github.com/xuri", "github.com/klauspost", "github.com/spf13"},
		"devices/xlsx":          {module + "cmd", module + "ivp", module + "devices/cpl"},
	} {
		for _, dep := range depsOf(t, pkg) {
			for _, prefix := range barred {
				assert.False(t, dep == prefix || strings.HasPrefix(dep, prefix+"/"), "%s imports %s", pkg, dep)
			}
		}
	}
}

// TestWebAssemblyIsSmall holds that what a browser has to load has no workbooks,
// no compressors, no network and no command line in it.
func TestWebAssemblyIsSmall(t *testing.T) {
	for _, target := range []string{"js", "wasip1"} {
		deps := depsOf(t, "cmd/ivp-wasm", "GOOS="+target, "GOARCH=wasm")
		assert.Contains(t, deps, module+"devices")
		for _, dep := range deps {
			for _, prefix := range []string{
				"github.com/xuri", "github.com/klauspost", "github.com/spf13", "github.com/schollz", "github.com/BurntSushi", "archive", "compress", "net/http", "html/template", "os/exec",
				module + "devices/xlsx", module + "devices/cpl", module + "cmd/internal/source", module + "cmd/internal/report", module + "cmd/internal/server",
			} {
				assert.False(t, dep == prefix || strings.HasPrefix(dep, prefix+"/"), "%s: ivp-wasm imports %s", target, dep)
			}
		}
	}
}
