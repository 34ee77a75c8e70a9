package devices

import (
	"bytes"
	"encoding/csv"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mp196/ivp/ivp"
)

// TestLandmarksThroughReaderAndEngine reads every corpus as the inventory that
// it is: what it wants must come of the typed path and of the engine.
func TestLandmarksThroughReaderAndEngine(t *testing.T) {
	files, err := filepath.Glob("../testdata/landmarks/*.csv")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	vectors, err := filepath.Glob(filepath.Join(conformanceDir, "*.csv"))
	require.NoError(t, err)
	vectors = slices.DeleteFunc(vectors, func(file string) bool { return filepath.Base(file) == "with-cpl.csv" })
	require.Len(t, vectors, len(conformanceTerms))
	files = append(files, vectors...)
	for _, file := range files {
		input, err := os.ReadFile(file)
		require.NoError(t, err)
		judge := Judge{Checker: termsOf(t, filepath.Base(file))}
		typed, _, err := typedPass(t, input, judge, ReaderOptions{}, CSVStyle{}, BulkOutput{}, false)
		require.NoError(t, err)
		requireWanted(t, file, typed)
		bulk, _, err := bulkPass(bytes.NewReader(input), judge, ReaderOptions{}, CSVStyle{}, BulkOutput{}, false, 2, 999)
		require.NoError(t, err)
		requireWanted(t, file, bulk)
	}
}

// termsOf reads the terms from a corpus' name.
func termsOf(t *testing.T, name string) ivp.Checker {
	c := ivp.Checker{History: ivp.Published()}
	for term := range strings.SplitSeq(strings.TrimSuffix(name, ".csv"), ".") {
		day, asAt := strings.CutPrefix(term, "as-at-")
		switch {
		case term == "law-of-the-day":
		case term == "assume-open":
			c.AssumeOpen = true
		case term == "last-day-excluded":
			c.LastDayExcluded = true
		case term == "as-at-latest":
			c.AsAt = c.History.Latest()
		case asAt:
			var err error
			c.AsAt, err = ivp.ParseDate(day)
			require.NoError(t, err, name)
		default:
			require.Fail(t, "unknown term", "%q in %s", term, name)
		}
	}
	return c
}

// requireWanted holds the added columns against those that say what is wanted.
func requireWanted(t *testing.T, file string, output []byte) {
	r := csv.NewReader(bytes.NewReader(output))
	heading, err := r.Read()
	require.NoError(t, err)
	at := map[string]int{}
	for i, name := range heading {
		at[name] = i
	}
	for {
		row, err := r.Read()
		if err == io.EOF {
			return
		}
		require.NoError(t, err)
		for _, name := range []string{"outcome", "reason", "to", "amendment"} {
			assert.Equal(t, row[at["want_"+name]], row[at["ivp_"+name]], "%s: %s: %s", filepath.Base(file), row[0], name)
		}
	}
}
