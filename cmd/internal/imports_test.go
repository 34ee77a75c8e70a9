// Package internal holds what the commands share. This file holds the house to
// its plan.
package internal

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mp196/ivp/ivp"
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

// TestWebAssemblyIsSmall checks that what a browser has to load reads workbooks, and has
// no writer of workbooks, no network and no command line in it.
func TestWebAssemblyIsSmall(t *testing.T) {
	deps := depsOf(t, "cmd/ivp-wasm", "GOOS=js", "GOARCH=wasm")
	assert.Contains(t, deps, module+"devices")
	for _, dep := range deps {
		for _, prefix := range []string{
			"github.com/xuri", "github.com/spf13", "github.com/schollz", "github.com/BurntSushi", "net/http", "os/exec",
			module + "cmd/internal/server",
		} {
			assert.False(t, dep == prefix || strings.HasPrefix(dep, prefix+"/"), "ivp-wasm imports %s", dep)
		}
	}
}

// illustrates matches a text that shows a person how to write something.
var illustrates = regexp.MustCompile(`such as|as in|(?m:^ *(ivp|curl) )`)

// lawInCode returns the texts of a Go file that hold a version or a date of the
// record. Texts that illustrate are left out, as are examples.
func lawInCode(t *testing.T, name string, source any) []string {
	version := regexp.MustCompile(`(?i)\b(SMETS|CHTS|GBCS)\S*( version)?[ -]*v?\.?\d+\.\d+`)
	bare := regexp.MustCompile(`^v?\d{1,2}\.\d{1,2}$`)
	date := regexp.MustCompile(`\d{4}-\d{2}-\d{2}`)
	onRecord := map[string]bool{}
	for _, day := range ivp.Published().Breaks()[1:] { // the first is the first day there is
		onRecord[day.String()], onRecord[day.AddDays(-1).String()] = true, true
	}
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, name, source, parser.SkipObjectResolution)
	require.NoError(t, err)
	var found []string
	ast.Inspect(file, func(n ast.Node) bool {
		isVersion := func(e ast.Expr) bool {
			literal, ok := e.(*ast.BasicLit)
			if !ok {
				return false
			}
			text := strings.Trim(literal.Value, "\"`")
			return text != "0.0" && bare.MatchString(text) // 0.0 is the mark of SMETS1, which has no GBCS version
		}
		switch n := n.(type) {
		case *ast.ImportSpec:
			return false
		case *ast.KeyValueExpr:
			if key, ok := n.Key.(*ast.Ident); ok && key.Name == "Example" {
				return false
			} else if ok && key.Name == "Version" && isVersion(n.Value) {
				found = append(found, fmt.Sprint(files.Position(n.Pos())))
			}
		case *ast.CompositeLit:
			if len(n.Elts) == 2 && isVersion(n.Elts[1]) { // Spec{SMETS, "4.2"}
				found = append(found, fmt.Sprint(files.Position(n.Pos())))
			}
		case *ast.ValueSpec:
			return n.Names[0].Name != "example"
		case *ast.CallExpr:
			if called, ok := n.Fun.(*ast.Ident); ok && called.Name == "len" {
				return false
			}
		case *ast.BasicLit:
			if n.Kind != token.STRING {
				return true
			}
			text, err := strconv.Unquote(n.Value)
			require.NoError(t, err)
			if !illustrates.MatchString(text) && (version.MatchString(text) || slices.ContainsFunc(date.FindAllString(text, -1), func(day string) bool { return onRecord[day] })) {
				found = append(found, fmt.Sprintf("%s: %q", files.Position(n.Pos()), text))
			}
		}
		return true
	})
	return found
}

// TestNoLawInCode holds that no version and no date of the Code stands in Go
// code that is no test: they are in the record alone.
func TestNoLawInCode(t *testing.T) {
	const root = "../.."
	read := 0
	require.NoError(t, filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && path == filepath.Join(root, "cmd/internal/testkit"): // for tests alone
			return fs.SkipDir
		case entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go"):
			return nil
		}
		read++
		assert.Empty(t, lawInCode(t, path, nil), "take it from the record, or say that it is an example: such as")
		return nil
	}))
	assert.Greater(t, read, 100)
}

// TestLawInCodeIsFound shows that what the test above is to find is found.
func TestLawInCodeIsFound(t *testing.T) {
	for code, want := range map[string]bool{
		`var a = ivp.Spec{Family: ivp.SMETS, Version: "4.2"}`: true,
		`var a = ivp.Spec{ivp.SMETS, "4.2"}`:                  true,
		`var a = "SMETS2 v4.2"`:                               true,
		`var a = "gbcs version 3.2"`:                          true,
		`var a = "until 2023-04-27"`:                          true,
		"var a = `2023-04-27`":                                true,
		`var a = "until 2031-01-01"`:                          false,
		`var a = "want a version such as SMETS2 v4.2"`:        false,
		`var a = "4.20"`:                                      false,
		`var a = cobra.Command{Example: "check 2023-04-27"}`:  false,
		`var a = len("2023-04-27")`:                           false,
		"// a is SMETS2 v4.2.\nvar a = 1":                     false,
	} {
		assert.Equal(t, want, len(lawInCode(t, "a.go", "package a\n"+code)) > 0, code)
	}
}
