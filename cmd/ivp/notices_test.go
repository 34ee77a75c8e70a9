package main

import (
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mp196/ivp/cmd/internal/server"
)

// licence matches the names of files that must travel with a copy of the code.
var licence = regexp.MustCompile(`(?i)^(licen[cs]e|copying|notice|patents)(\.(txt|md))?$`)

// TestGoldenNotices gathers the licences of what is compiled into the program and
// the WebAssembly, on every system that CI builds for.
func TestGoldenNotices(t *testing.T) {
	const path = "../internal/server/page/NOTICES.txt"
	text := notices(t)
	if *update {
		require.NoError(t, os.WriteFile(path, []byte(text), 0o666))
	}
	there, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.True(t, string(there) == text, "%s is out of date: run make golden, and read the difference", path)
	if !*update {
		assert.Equal(t, text, server.Notices())
		var p program
		require.Equal(t, 0, p.run("version", "--notices"))
		assert.Equal(t, text, p.stdout.String())
	}
}

func notices(t *testing.T) string {
	files := map[string]string{} // by module, version and name
	for target, main := range map[string]string{"linux/amd64": ".", "windows/amd64": ".", "darwin/arm64": ".", "js/wasm": "../ivp-wasm"} {
		system, processor, _ := strings.Cut(target, "/")
		list := exec.Command("go", "list", "-deps", "-f", "{{with .Module}}{{if not .Main}}{{.Path}} {{.Version}}\t{{.Dir}}\t{{$.Dir}}{{end}}{{end}}", main)
		list.Env = append(os.Environ(), "GOOS="+system, "GOARCH="+processor, "CGO_ENABLED=0")
		out, err := list.Output()
		require.NoError(t, err)
		for line := range strings.Lines(string(out)) {
			parts := strings.Split(strings.TrimSpace(line), "\t")
			if len(parts) != 3 {
				continue
			}
			found := len(files)
			for folder := parts[2]; ; folder = filepath.Dir(folder) { // a package may have its own
				addLicences(t, files, parts[0], parts[1], folder)
				if folder == parts[1] {
					break
				}
			}
			known := slices.ContainsFunc(slices.Collect(maps.Keys(files)), func(name string) bool { return strings.HasPrefix(name, parts[0]+", ") })
			require.True(t, found < len(files) || known, "%s has no licence", parts[0])
		}
	}
	root, err := exec.Command("go", "env", "GOROOT").Output()
	require.NoError(t, err)
	goRoot := strings.TrimSpace(string(root))
	addLicences(t, files, "the Go runtime and standard library", goRoot, goRoot)
	of := map[string][]string{} // names by text
	for name, text := range files {
		of[text] = append(of[text], name)
	}
	var parts []string
	for text, names := range of {
		slices.Sort(names)
		parts = append(parts, fmt.Sprintf("%s\n\n%s\n", strings.Join(names, "\n"), text))
	}
	slices.Sort(parts)
	return "Third-party notices\n\nivp and its WebAssembly hold code of others, under these licences.\n" + strings.Repeat("-", 80) + "\n" +
		strings.Join(parts, strings.Repeat("-", 80)+"\n")
}

func addLicences(t *testing.T, files map[string]string, module, root, folder string) {
	entries, err := os.ReadDir(folder)
	require.NoError(t, err)
	for _, entry := range entries {
		if entry.IsDir() || !licence.MatchString(entry.Name()) {
			continue
		}
		path := filepath.Join(folder, entry.Name())
		text, err := os.ReadFile(path)
		require.NoError(t, err)
		name, err := filepath.Rel(root, path)
		require.NoError(t, err)
		files[module+", "+filepath.ToSlash(name)] = strings.TrimSpace(strings.ReplaceAll(string(text), "\r", ""))
	}
}
