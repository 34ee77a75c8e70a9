package warehouse

import (
	"bytes"
	"fmt"
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mp196/ivp/cmd/internal/needs"
)

// engine is a database. It is started once for the runs of a test.
type engine struct {
	dialect string
	start   func(t *testing.T) run
}

// run runs a script in an empty database, loads an inventory if there is one, and
// gives what is selected as CSV without a heading.
type run func(t *testing.T, script, inventory, selected string) []byte

var engines = []engine{{"sqlite", startSQLite}, {"postgres", startPostgres}, {"duckdb", startDuckDB}}

const (
	inventoryTable = "CREATE TABLE inventory (id VARCHAR(40), device_type VARCHAR(80), spec VARCHAR(40), gbcs VARCHAR(40), install_date DATE, scope VARCHAR(40));"
	selectChecked  = "SELECT id, ivp_outcome, ivp_reason, COALESCE(CAST(ivp_from AS VARCHAR(10)), ''), COALESCE(CAST(ivp_to AS VARCHAR(10)), ''), ivp_end, ivp_amendment FROM ivp_checked ORDER BY id"
)

// checkedColumns are the columns of the library that the rows are held against.
var checkedColumns = []string{"ivp_outcome", "ivp_reason", "ivp_from", "ivp_to", "ivp_end", "ivp_amendment"}

func output(t *testing.T, cmd *exec.Cmd) []byte {
	t.Helper()
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	require.NoError(t, err, stderr.String())
	return out
}

func startSQLite(t *testing.T) run {
	sqlite := needs.Program(t, "sqlite3")
	return func(t *testing.T, script, inventory, selected string) []byte {
		load := ""
		if inventory != "" {
			load = fmt.Sprintf(".import %s inventory\nUPDATE inventory SET install_date = NULL WHERE install_date = '';\n", inventory)
		}
		cmd := exec.Command(sqlite, "-batch", "-bail", ":memory:")
		cmd.Stdin = strings.NewReader(script + "\n.mode csv\n" + load + selected + ";\n")
		return bytes.ReplaceAll(output(t, cmd), []byte("\r\n"), []byte("\n"))
	}
}
