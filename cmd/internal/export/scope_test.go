package export

import (
	"bytes"
	"encoding/json"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mp196/ivp/ivp"
)

// awkward is a scope name with characters that each dialect must escape.
const awkward = `O'Brien \ Söhne`

func awkwardScope(t *testing.T) ivp.History {
	data, err := os.ReadFile("../../../testdata/derogation-example.json")
	require.NoError(t, err)
	name, err := json.Marshal(awkward)
	require.NoError(t, err)
	data = bytes.ReplaceAll(data, []byte(`"derogation-EXAMPLE"`), name)
	h, err := ivp.Published().AmendFile(data)
	require.NoError(t, err)
	require.Contains(t, h.Scopes(), awkward)
	return h
}

func TestAwkwardScopeInSQL(t *testing.T) {
	checker := ivp.Checker{History: awkwardScope(t)}
	var all []device
	for _, scope := range []string{awkward, ` o'brien \ söhne `, `O'BRIEN \ SÖHNE`, "o'brien", "prepayment", ""} {
		all = append(all, device{spec: "SMETS1 v1.2", date: "2019-06-30", scope: scope})
	}
	onEngines(t, func(t *testing.T, d Dialect, db database) {
		must(t, db, inventoryTable)
		for n, row := range answer(t, d, db, checker, all) {
			assert.Equal(t, n < 3, row[1] == ivp.Eligible.String(), "%q", all[n].scope)
		}
	})
}

func TestQuote(t *testing.T) {
	for name, want := range map[string]string{
		"duckdb": `'it''s \ this'`, "postgres": `'it''s \ this'`, "sqlite": `'it''s \ this'`, "trino": `'it''s \ this'`,
		"bigquery": `'it\'s \\ this'`, "snowflake": `'it\'s \\ this'`, "spark": `'it\'s \\ this'`,
	} {
		d := dialect(t, name)
		assert.Equal(t, want, d.quote(`it's \ this`), name)
	}
}
