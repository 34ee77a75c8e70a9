package warehouse

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mp196/ivp/cmd/internal/needs"
)

// startPostgres starts a server of its own, which listens on a socket in its
// folder alone. A server must not run as root.
func startPostgres(t *testing.T) run {
	const places = "/usr/lib/postgresql/*/bin"
	initdb, ctl, psql := needs.Program(t, "initdb", places), needs.Program(t, "pg_ctl", places), needs.Program(t, "psql", places)
	folder := t.TempDir()
	as := func(name string, args ...string) *exec.Cmd {
		if os.Geteuid() == 0 {
			args = append([]string{"-u", "postgres", "--", name}, args...)
			name = "runuser"
		}
		cmd := exec.Command(name, args...)
		cmd.Dir = folder
		return cmd
	}
	if os.Geteuid() == 0 {
		require.NoError(t, os.Chmod(filepath.Dir(folder), 0o755))
		output(t, exec.Command("chown", "-R", "postgres", folder))
	}
	data := filepath.Join(folder, "data")
	output(t, as(initdb, "-D", data, "-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C", "--no-sync"))
	require.NoError(t, as(ctl, "-D", data, "-w", "-l", filepath.Join(folder, "log"), "-o", fmt.Sprintf("-c listen_addresses='' -k %s -c fsync=off", folder), "start").Run())
	t.Cleanup(func() { as(ctl, "-D", data, "-m", "immediate", "stop").Run() })
	return func(t *testing.T, script, inventory, selected string) []byte {
		load := ""
		if inventory != "" {
			load = fmt.Sprintf("\\copy inventory FROM '%s' WITH (FORMAT csv)\nANALYZE;\n", inventory)
		}
		cmd := exec.Command(psql, "-X", "-h", folder, "-U", "postgres", "-q", "-v", "ON_ERROR_STOP=1", "-f", "-")
		cmd.Stdin = strings.NewReader("DROP SCHEMA public CASCADE;\nCREATE SCHEMA public;\n" + script + "\n" + load + "\\copy (" + selected + ") TO STDOUT WITH (FORMAT csv)\n")
		return output(t, cmd)
	}
}
