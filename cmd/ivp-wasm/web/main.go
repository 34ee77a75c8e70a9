// Command web builds the folder that any static host can serve and npm can install:
// the page, the module ivp.mjs for other pages and for Node.js, and the WebAssembly of
// both. It also builds the page as one file, which needs no host.
package main

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"github.com/mp196/ivp/cmd/internal/server"
	"github.com/mp196/ivp/ivp"
)

func main() {
	folder := pflag.StringP("output", "o", "dist/web", "put the files into this `FOLDER`")
	version := pflag.String("version", "", "the `VERSION` of the npm package, such as 1.2.3 (default 0.0.0 with the edition of the rules)")
	pflag.Parse()
	built, err := build(*folder, *version)
	if err != nil {
		fmt.Fprintln(os.Stderr, "web:", err)
		os.Exit(1)
	}
	report(os.Stdout, *folder, built)
}

const adapter = "github.com/mp196/ivp/cmd/ivp-wasm"

// file is one file of the folder.
type file struct {
	name         string
	size, packed int // bytes; packed with gzip, as most hosts send it
}

// build puts everything into a folder. version is that of the npm package.
func build(folder, version string) ([]file, error) {
	if err := os.MkdirAll(folder, 0o777); err != nil {
		return nil, err
	}
	files := server.WorkerPage()
	err := addModule(files)
	if err == nil {
		files["package.json"], err = withVersion(files["package.json"], version)
	}
	if err != nil {
		return nil, err
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(folder, name), text, 0o666); err != nil {
			return nil, err
		}
	}
	program := filepath.Join(folder, "ivp.wasm")
	if err := compile(program); err != nil {
		return nil, err
	}
	wasm, err := os.ReadFile(program)
	if err != nil {
		return nil, err
	}
	one, err := single(files, wasm)
	if err != nil {
		return nil, err
	}
	if err := os.WriteFile(filepath.Join(folder, singleName), one, 0o666); err != nil {
		return nil, err
	}
	files["ivp.wasm"], files[singleName] = wasm, one
	return weigh(folder, slices.Sorted(maps.Keys(files)))
}

// addModule adds ivp.mjs and what it needs, except the WebAssembly.
func addModule(files map[string][]byte) error {
	source, err := goTool("list", "-f", "{{.Dir}}", adapter)
	if err != nil {
		return err
	}
	root, err := goTool("env", "GOROOT")
	if err != nil {
		return err
	}
	scripts := filepath.Join(source, "js")
	for _, path := range []string{
		filepath.Join(scripts, "ivp.mjs"), filepath.Join(scripts, "ivp.d.mts"), filepath.Join(scripts, "worker.mjs"), filepath.Join(scripts, "package.json"),
		filepath.Join(root, "lib", "wasm", "wasm_exec.js"),
	} {
		if files[filepath.Base(path)], err = os.ReadFile(path); err != nil {
			return err
		}
	}
	return nil
}

var semantic = regexp.MustCompile(`^v?(\d+\.\d+\.\d+(?:[-+][0-9A-Za-z.+-]+)?)$`)

// withVersion adds the version to the package.json, behind its name.
func withVersion(manifest []byte, version string) ([]byte, error) {
	if version == "" {
		version = "0.0.0-rules." + ivp.Published().Edition()
	}
	parts := semantic.FindStringSubmatch(version)
	if parts == nil {
		return nil, fmt.Errorf("--version: %q: want a semantic version, such as 1.2.3", version)
	}
	return bytes.Replace(manifest, []byte(",\n"), fmt.Appendf(nil, ",\n  \"version\": %q,\n", parts[1]), 1), nil
}

// compile builds the WebAssembly.
func compile(out string) error {
	_, err := goToolFor([]string{"GOOS=js", "GOARCH=wasm"}, "build", "-trimpath", "-buildvcs=false", "-ldflags=-s -w", "-o", out, adapter)
	return err
}

// goTool runs the go command and returns what it says.
func goTool(args ...string) (string, error) { return goToolFor(nil, args...) }

// goToolFor runs it with more in its environment.
func goToolFor(environment []string, args ...string) (string, error) {
	cmd := exec.Command("go", args...)
	cmd.Env = append(os.Environ(), environment...)
	var out, problems bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &problems
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("go %s: %w\n%s", strings.Join(args, " "), err, problems.String())
	}
	return strings.TrimSpace(out.String()), nil
}

func weigh(folder string, names []string) (files []file, err error) {
	for _, name := range names {
		text, err := os.ReadFile(filepath.Join(folder, name))
		if err != nil {
			return nil, err
		}
		var packed bytes.Buffer
		w := gzip.NewWriter(&packed)
		w.Write(text) // to memory
		w.Close()
		files = append(files, file{name, len(text), packed.Len()})
	}
	return files, nil
}

// report says what was built, and how large it is.
func report(w io.Writer, folder string, files []file) {
	fmt.Fprintf(w, "%s, for any static host, and %s, which alone is the whole page:\n  %10s  %10s\n", folder, singleName, "bytes", "gzip")
	size, packed := 0, 0
	for _, f := range files {
		fmt.Fprintf(w, "  %10d  %10d  %s\n", f.size, f.packed, f.name)
		size += f.size
		packed += f.packed
	}
	fmt.Fprintf(w, "  %10d  %10d  all\n", size, packed)
}
