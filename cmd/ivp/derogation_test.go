package main

import (
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mp196/ivp/ivp"
)

const derogationFile = "../../testdata/derogation-example.json"

// TestDerogationExample checks that the example of a supplier's derogation says that it
// is invented, and changes only answers in its own scope.
func TestDerogationExample(t *testing.T) {
	data, err := os.ReadFile(derogationFile)
	require.NoError(t, err)
	plain := ivp.Published()
	amended, err := plain.AmendFile(data)
	require.NoError(t, err)
	a, ok := amended.Amendment("DEROGATION-EXAMPLE")
	require.True(t, ok)
	assert.Equal(t, string(ivp.AppendAmendments(nil, a)), string(data), "the file is in its canonical form")
	assert.Contains(t, a.Title, "invented")
	assert.Contains(t, a.Note, "Invented")
	for _, c := range a.Citations {
		assert.Contains(t, c.Document, "invented")
	}
	changed := 0
	for _, spec := range plain.Specs() {
		for _, scope := range append(amended.Scopes(), "", "derogation-OTHER") {
			for _, day := range amended.Breaks() {
				i := ivp.Installation{Spec: spec, Scope: scope, On: day}
				before, after := ivp.Checker{History: plain}.Check(i), ivp.Checker{History: amended}.Check(i)
				if before == after {
					continue
				}
				changed++
				if scope == "derogation-OTHER" { // no rule names it, so it may mean that of the example
					assert.True(t, after.Reason == ivp.UnknownScope || after.Outcome() == before.Outcome(), "%s on %s", spec, day)
					continue
				}
				assert.Equal(t, "derogation-EXAMPLE", scope, "%s on %s", spec, day)
				assert.True(t, spec.IsSMETS1(), "%s on %s", spec, day)
			}
		}
	}
	assert.Positive(t, changed)
	copies := 0
	for _, c := range goldenCases(t) {
		if copied, has := c.files["in/derogation.json"]; has {
			copies++
			assert.Equal(t, string(data), copied, "%s uses the example", c.name)
		}
	}
	assert.GreaterOrEqual(t, copies, 5)
}
