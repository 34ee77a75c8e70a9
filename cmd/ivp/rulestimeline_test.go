package main

import (
	"bytes"
	"context"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/mp196/ivp/cmd/internal/exit"
)

// listed runs rules list on 24 November 2026.
func listed(args ...string) (stdout, stderr string, code int) {
	var out, errs bytes.Buffer
	command := Command{
		Stdin: strings.NewReader(""), Stdout: &out, Stderr: &errs, Getenv: func(string) string { return "" },
		Now:        func() time.Time { return time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC) },
		IsTerminal: func(*os.File) bool { return false },
	}
	code = command.Main(context.Background(), append([]string{"rules", "list"}, args...))
	return out.String(), errs.String(), code
}

func TestRulesListAsATimeline(t *testing.T) {
	for _, test := range []struct {
		format, begins, asAt, mark string
	}{
		{"svg", "<svg ", "", "today, 24 Nov 2026"},
		{"svg", "<svg ", "2022-02-24", "tables of 24 Feb 2022"},
		{"html", "<!doctype html>", "", "today, 24 Nov 2026"},
		{"html", "<!doctype html>", "2018-12-01", "tables of 1 Dec 2018"},
	} {
		args := []string{"--format", test.format}
		if test.asAt != "" {
			args = append(args, "--as-at", test.asAt)
		}
		stdout, stderr, code := listed(args...)
		assert.Zero(t, code, stderr)
		assert.True(t, strings.HasPrefix(stdout, test.begins), "%.40s", stdout)
		assert.Contains(t, stdout, test.mark)
		assert.Contains(t, stdout, `data-spec="GBCS v3.2"`)
		assert.Contains(t, stdout, "the tables as at "+map[string]string{"": "24 February 2022", "2018-12-01": "1 December 2018"}[test.asAt])
	}
}

func TestRulesListNamesItsFormats(t *testing.T) {
	stdout, stderr, code := listed("--format", "pdf")
	assert.Equal(t, int(exit.Usage), code)
	assert.Empty(t, stdout)
	assert.Contains(t, stderr, `"pdf": want table, csv, json, html or svg`)
}
