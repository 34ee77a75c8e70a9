package main

import (
	"bytes"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mp196/ivp/cmd/internal/remarks"
	"github.com/mp196/ivp/ivp"
)

func TestColourByFlagTerminalAndEnvironment(t *testing.T) {
	terminal, err := os.Create(t.TempDir() + "/terminal")
	require.NoError(t, err)
	defer terminal.Close()
	for _, test := range []struct {
		flag       string
		isTerminal bool
		env        map[string]string
		want       bool
	}{
		{"auto", true, nil, true},
		{"auto", true, map[string]string{"TERM": "xterm"}, true},
		{"auto", false, nil, false},
		{"auto", true, map[string]string{"NO_COLOR": ""}, true},
		{"auto", true, map[string]string{"NO_COLOR": "1"}, false},
		{"auto", true, map[string]string{"NO_COLOR": "0"}, false},
		{"auto", true, map[string]string{"TERM": "dumb"}, false},
		{"always", false, nil, true},
		{"always", true, map[string]string{"NO_COLOR": "1", "TERM": "dumb"}, true},
		{"never", true, nil, false},
	} {
		command := Command{
			Stdout:     terminal,
			Getenv:     func(name string) string { return test.env[name] },
			IsTerminal: func(*os.File) bool { return test.isTerminal },
		}
		got, err := command.colour(test.flag)
		require.NoError(t, err)
		assert.Equal(t, test.want, got, "%+v", test)
	}
}

func TestNoColourIntoAPipe(t *testing.T) {
	command := Command{Stdout: &bytes.Buffer{}, Getenv: func(string) string { return "" }, IsTerminal: func(*os.File) bool { return true }}
	got, err := command.colour("auto")
	require.NoError(t, err)
	assert.False(t, got)
}

func TestColourRefusesOtherWords(t *testing.T) {
	command := Command{Stdout: &bytes.Buffer{}, Getenv: os.Getenv}
	for _, flag := range []string{"", "yes", "Auto"} {
		_, err := command.colour(flag)
		require.Error(t, err, flag)
		assert.ErrorContains(t, err, "want auto, always or never")
	}
}

func TestEveryOutcomeHasAColourOfItsOwn(t *testing.T) {
	seen := map[string]ivp.Outcome{}
	for _, o := range ivp.Outcomes() {
		coloured := colourOutcome(remarks.OutcomeWords(o))
		assert.Regexp(t, "^\x1b\\[[0-9;]+m"+remarks.OutcomeWords(o)+"\x1b\\[0m$", coloured)
		code, _, _ := bytes.Cut([]byte(coloured), []byte(remarks.OutcomeWords(o)))
		assert.NotContains(t, seen, string(code))
		seen[string(code)] = o
	}
	assert.Equal(t, "within-period", colourOutcome("within-period"))
	assert.Empty(t, colourOutcome(""))
}
