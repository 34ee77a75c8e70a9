package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/spf13/pflag"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mp196/ivp/cmd/internal/config"
)

// Every flag of check that names a file or a folder is taken from the folder of
// the configuration, and no other flag is.
func TestPathsInAConfiguration(t *testing.T) {
	command := Command{Stdout: &bytes.Buffer{}, Stderr: &bytes.Buffer{}}
	path := filepath.Join(t.TempDir(), "ivp.toml")
	command.check().Flags().VisitAll(func(flag *pflag.Flag) {
		var text string
		switch flag.Value.Type() {
		case "string":
			text = flag.Name + ` = "here"`
		case "stringArray":
			text = flag.Name + ` = ["here"]`
		default:
			return
		}
		if flag.Name == "config" {
			return
		}
		require.NoError(t, os.WriteFile(path, []byte(text), 0o666))
		settings, err := config.Apply(path, command.check().Flags())
		require.NoError(t, err, flag.Name)
		require.Len(t, settings, 1, flag.Name)
		want := "here"
		if names, _ := pflag.UnquoteUsage(flag); names == "FILE" || names == "DIR" {
			want = filepath.Join(filepath.Dir(path), "here")
		}
		assert.Equal(t, want, settings[0].Value, flag.Name)
	})
}
