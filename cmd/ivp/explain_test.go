package main

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mp196/ivp/ivp"
)

// TestExplainSaysNothingTwice explains a device of each kind of answer. No sentence of
// the words comes twice, and each source once.
func TestExplainSaysNothingTwice(t *testing.T) {
	for _, args := range [][]string{
		{"SMETS2 v3.1", "2023-04-27"}, {"SMETS2 v3.1", "2023-04-28"}, {"SMETS2 v3.1", "2018-11-07"}, {"SMETS2 v3.1", "2021-06-01"},
		{"SMETS2 v2.0", "2018-05-08", "--gbcs", "1.0", "--type", "ESME"}, {"SMETS2 v4.4", "2022-01-01", "--gbcs", "4.1", "--type", "ESME"},
		{"SMETS2 v4.2", "today"}, {"SMETS2 v4.2", "today", "--assume-open"}, {"SMETS2 v9.9", "2022-01-01"},
		{"SMETS1 v1.2", "2019-03-15", "--scope", "prepayment"}, {"SMETS1 v1.2", "2019-03-10", "--scope", "other"},
	} {
		var p program
		require.Zero(t, p.run(append([]string{"explain"}, args...)...), p.stderr.String())
		words, sources, found := strings.Cut(p.stdout.String(), "\nSources\n")
		if !found {
			assert.NotContains(t, words, "[1]", args)
		}
		seen := map[string]bool{}
		for _, sentence := range regexp.MustCompile(`[.:”]\s+|\n`).Split(words, -1) {
			sentence = strings.TrimSpace(sentence)
			if len(strings.Fields(sentence)) > 4 {
				assert.False(t, seen[sentence], "%q: %q", args, sentence)
				seen[sentence] = true
			}
		}
		for _, line := range strings.Split(sources, "\n") {
			if _, source, ok := strings.Cut(line, "] "); ok {
				assert.False(t, seen[source], "%q: %q", args, source)
				seen[source] = true
			}
		}
	}
}

// TestExplainPage shows the page of a row that is one day too late: its sources are
// links, and the row's cells are no markup.
func TestExplainPage(t *testing.T) {
	t.Chdir(t.TempDir())
	require.NoError(t, os.WriteFile("in.csv", []byte("device_id,device_type,spec,install_date,note\nA-1,ESME,SMETS2 v3.1,28/04/2023,<b>&\n"), 0o666))
	var p program
	require.Zero(t, p.run("explain", "in.csv", "--device", "a:1", "-o", "page.html", "-o", "page.md", "-o", "-"), p.stderr.String())
	page, err := os.ReadFile("page.html")
	require.NoError(t, err)
	for _, want := range []string{
		`28 April 2023 is 1 day too late.`, `<a href="#source-1">[1]</a>`, `<li id="source-1">`, `<a href="https://smartenergycodecompany.co.uk/`,
		"&lt;b&gt;&amp;", "Signature", "Its SHA-256", "What the Tables said on that day, and say now", "ivp " + buildVersion(), ivp.Published().Digest(),
	} {
		assert.Contains(t, string(page), want)
	}
	text, err := os.ReadFile("page.md")
	require.NoError(t, err)
	assert.Contains(t, string(text), `[\[1\]](https://smartenergycodecompany.co.uk/`)
	assert.Contains(t, p.stdout.String(), "Not eligible: SMETS2 v3.1 may not be installed after 27 April 2023.")
}
