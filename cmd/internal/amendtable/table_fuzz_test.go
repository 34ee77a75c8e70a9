package amendtable

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mp196/ivp/cmd/internal/source"
	"github.com/mp196/ivp/ivp"
)

// FuzzTable holds that what comes of a table is an amendment that the record
// takes, or faults that each say what to do.
func FuzzTable(f *testing.F) {
	for _, text := range []string{
		"spec,from,to\nSMETS2 v4.2,2019-11-29,open\n", "Version;End\nSMETS V3.1 ;27/04/2023\n", "spec,to\nSMETS2 v3.1,removed\n",
		"spec,to,scope\nSMETS1 v1.2,30 June 2019,x\nGBCS v3.2,open,x\n", "spec,to\n,\n4.2,never\n", "spec\n", "",
	} {
		f.Add(text)
	}
	day, err := ivp.ParseDate("2026-11-01")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text string) {
		table, err := Read(context.Background(), source.Stdin, strings.NewReader(text), source.Options{}, nil)
		if err != nil {
			assert.NotEmpty(t, err.Error())
			return
		}
		made, err := table.Amendment(ivp.Published(), Head{ID: "FUZZ", InForce: day, Document: "an invented table"}, nil, ivp.Date{})
		if err != nil {
			assert.NotEmpty(t, err.Error())
			return
		}
		_, err = ivp.Published().AmendFile(made.Data)
		require.NoError(t, err, "what was made must stand on the record")
		assert.NotEmpty(t, made.Summary())
	})
}
