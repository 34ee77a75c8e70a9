package query

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mp196/ivp/ivp"
)

const typedTable = `{"id": "TYPED-1", "in_force": "01/11/2026", "document": "an invented table", "rows": [{"family": "SMETS", "version": "4.2", "end": "31/03/2027"}]}`

// TestTables makes a file of a table, continues it, and adds it to other rules.
func TestTables(t *testing.T) {
	ask := func(question string) (reply TablesReply) {
		a := callWith(t, new(Host).Tables, question)
		require.NoError(t, json.Unmarshal(a.Answer, &reply), "%s: %s", question, a.Error)
		return reply
	}
	known := ask("")
	assert.NotEmpty(t, known.Known)
	assert.Nil(t, known.Checked)
	made := ask(`{"table": ` + typedTable + `}`)
	require.Empty(t, made.Checked.Faults)
	file, err := json.Marshal(made.Checked.File)
	require.NoError(t, err)
	again := ask(`{"file": ` + string(file) + `}`)
	assert.Equal(t, made.Checked.File, again.Checked.File)
	assert.Equal(t, "31/03/2027", again.Table.Rows[0].End)
	added := ask(`{"table": ` + typedTable + `, "amend": [` + string(file) + `]}`)
	require.Len(t, added.Checked.Faults, 1)
	assert.Equal(t, "id", added.Checked.Faults[0].Column)
	assert.Len(t, ask(`{"table": `+typedTable+`, "rules": null}`).Checked.Then, len(known.Known))
	h, err := ivp.Published().AmendFile([]byte(made.Checked.File))
	require.NoError(t, err)
	assert.Contains(t, h.Scopes(), "prepayment")
}

func TestTablesRefuses(t *testing.T) {
	for question, says := range map[string]string{
		`{"table": {"rows": [{"famly": "SMETS"}]}}`: `table: row 1: "famly" is not a field of a row`,
		`{"table": {"Rows": []}}`:                   `write it "rows"`,
		`{"table": {"rows": [], "rows": []}}`:       "given twice",
		`{"table": {"rows": [{"end": 5}]}}`:         "table: ",
		`{"table": []}`:                             "table: ",
		`{"table": {"rows": [` + strings.TrimSuffix(strings.Repeat(`{},`, 1001), ",") + `]}}`: "1001 rows: want at most 1000",
		`{"table": {"rows": []}, "file": "{}"}`:                                               "both given",
		`{"file": "{"}`:                                                                       "cannot be added to the rules",
		`{"file": 5}`:                                                                         "file: ",
		`{"amend": ["{"]}`:                                                                    "file 1 of 1",
		`{"terms": {"on": "2026-11-01"}}`:                                                     "on: not allowed here", `{"today": "2026-11-01"}`: "this call does not read it",
	} {
		assert.Contains(t, callWith(t, new(Host).Tables, question).Error, says, question)
	}
}
