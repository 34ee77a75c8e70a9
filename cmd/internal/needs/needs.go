// Package needs finds what tests use beyond Go. Where it is absent a test is
// skipped with a message; in CI, which installs it, absence fails.
package needs

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// Program returns the path of a program: the system's own, or one in the places,
// which may be patterns.
func Program(t testing.TB, name string, places ...string) string {
	t.Helper()
	if path, err := exec.LookPath(name); err == nil {
		return path
	}
	for _, place := range places {
		if found, _ := filepath.Glob(filepath.Join(place, name)); len(found) > 0 {
			return found[len(found)-1]
		}
	}
	missing(t, name)
	return ""
}

// Modules returns the node_modules of a folder in which a package of npm is
// installed.
func Modules(t testing.TB, folder, name string) string {
	t.Helper()
	modules, err := filepath.Abs(filepath.Join(folder, "node_modules"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(modules, name)); err != nil {
		missing(t, name+" (npm install in "+filepath.Base(folder)+")")
	}
	return modules
}

func missing(t testing.TB, what string) {
	t.Helper()
	if os.Getenv("CI") != "" {
		t.Fatalf("%s is not installed; CI must have it", what)
	}
	t.Skipf("%s is not installed: what needs it is not tried", what)
}
