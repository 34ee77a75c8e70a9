package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mp196/ivp/cmd/internal/exit"
	"github.com/mp196/ivp/ivp"
)

// leaves returns every command that does something, by its path without "ivp".
func leaves(cmd *cobra.Command) map[string]*cobra.Command {
	all := map[string]*cobra.Command{}
	for _, sub := range cmd.Commands() {
		if sub.HasSubCommands() {
			for path, leaf := range leaves(sub) {
				all[sub.Name()+" "+path] = leaf
			}
		} else if sub.Runnable() {
			all[sub.Name()] = sub
		}
	}
	return all
}

// TestExpectRules runs every command that reads the rules, with an overlay, for
// their digest and for another.
func TestExpectRules(t *testing.T) {
	folder := t.TempDir()
	overlay, err := os.ReadFile("../../testdata/derogation-example.json")
	require.NoError(t, err)
	amended, err := ivp.Published().AmendFile(overlay)
	require.NoError(t, err)
	put := func(name, text string) string {
		path := filepath.Join(folder, name)
		require.NoError(t, os.WriteFile(path, []byte(text), 0o666))
		return path
	}
	file := put("overlay.json", string(overlay))
	devices := put("devices.csv", "spec,install_date\nSMETS2 v3.1,2022-06-01\n")
	table := put("table.csv", "spec,to\nSMETS2 v3.1,2027-04-27\n")
	list := "../../testdata/cli/cpl-find/in/list.csv"
	require.FileExists(t, list)
	commands := map[string][]string{
		"check":         {devices},
		"explain":       {"--spec", "SMETS2 v3.1", "--on", "2022-06-01"},
		"impact":        {"--after", "latest", devices},
		"audit":         {devices},
		"rundown":       {"--on", "2022-06-01", "--rate", "1/day", devices},
		"sample":        {"--rows", "1"},
		"cpl find":      {list, "--model", "x", "--manufacturer", "x"},
		"cpl diff":      {list, list},
		"cpl lint":      {list},
		"rules list":    nil,
		"rules status":  nil,
		"rules history": nil,
		"rules diff":    {"2022-02-23", "2022-02-24"},
		"rules export":  nil,
		"rules lint":    {file},
		"rules new":     {"--from-csv", table, "--id", "T", "--in-force", "2026-11-01", "--document", "Tables"},
		"serve":         {"--addr", "127.0.0.1:0"},
	}
	other := ivp.Published().Digest()
	for path, leaf := range leaves((&Command{}).root()) {
		args, ok := commands[path]
		if leaf.Flags().Lookup("rules") == nil {
			assert.False(t, ok, path)
			continue
		}
		t.Run(path, func(t *testing.T) {
			require.True(t, ok, "a command that reads the rules is tried here")
			args := append(append(strings.Fields(path), args...), "--amend", file, "--expect-rules")
			var refused program
			assert.Equal(t, int(exit.Usage), refused.run(append(args, other)...))
			assert.Empty(t, refused.stdout.String())
			assert.Contains(t, refused.stderr.String(), amended.Digest())
			assert.Contains(t, refused.stderr.String(), other)
			if path == "serve" {
				return // it would serve until it is interrupted
			}
			var expected program
			code := expected.run(append(args, strings.ToUpper(amended.Digest()))...)
			assert.LessOrEqual(t, code, int(exit.NotEligible), expected.stderr.String())
		})
	}
}

// TestExpectRulesBeforeAnythingIsWritten leaves the output of an earlier run as
// it is, whether the flag or a configuration holds the digest.
func TestExpectRulesBeforeAnythingIsWritten(t *testing.T) {
	t.Chdir(t.TempDir())
	require.NoError(t, os.WriteFile("devices.csv", []byte("spec,install_date\nSMETS2 v3.1,2022-06-01\n"), 0o666))
	require.NoError(t, os.WriteFile("out.csv", []byte("before"), 0o666))
	right, wrong := ivp.Published().Digest(), strings.Repeat("0", 64)
	for _, digest := range []string{wrong, "", right[1:], right + " "} {
		var p program
		assert.Equal(t, 2, p.run("check", "devices.csv", "-o", "out.csv", "--evidence", "--expect-rules", digest), digest)
		require.NoError(t, os.WriteFile("c.toml", []byte("expect-rules = \""+digest+"\"\n"), 0o666))
		assert.Equal(t, 2, p.run("check", "devices.csv", "-o", "out.csv", "--config", "c.toml"), digest)
		text, err := os.ReadFile("out.csv")
		require.NoError(t, err)
		assert.Equal(t, "before", string(text))
		assert.NoFileExists(t, "out.run.json")
	}
	var p program
	assert.Equal(t, 0, p.run("check", "devices.csv", "-o", "out.csv", "--config", "c.toml", "--expect-rules", right), "the command line overrides the configuration")
}

// TestAnEditionIsNotShownAlone asks rules that are not shipped. Wherever their
// edition is written, at least the beginning of their digest is too, because
// other rules may have the same edition.
func TestAnEditionIsNotShownAlone(t *testing.T) {
	const edition = "edition-of-the-test"
	h := ivp.Published()
	other, err := ivp.Parse([]byte(strings.Replace(string(h.AppendCanonical(nil)), h.Edition(), edition, 1)))
	require.NoError(t, err)
	require.Equal(t, edition, other.Edition())
	t.Chdir(t.TempDir())
	require.NoError(t, os.WriteFile("other.json", other.AppendCanonical(nil), 0o666))
	require.NoError(t, os.WriteFile("devices.csv", []byte("spec,install_date\nSMETS2 v3.1,2022-06-01\n"), 0o666))
	shown := 0
	for _, args := range []string{
		"check devices.csv", "check devices.csv --format json", "check devices.csv --format markdown", "check devices.csv -o out.html --evidence -o out.csv",
		"impact --after latest devices.csv", "impact --after latest devices.csv --format json", "impact --after latest devices.csv -o impact.html", "audit devices.csv -o audit.html",
		"rundown --on 2022-06-01 --rate 1/day devices.csv", "rundown --on 2022-06-01 --rate 1/day devices.csv -o rundown.html", "rundown --on 2022-06-01 --rate 1/day devices.csv --format json",
		"explain --type ESME --spec 3.1 --on 2022-06-01", "explain --type ESME --spec 3.1 --on 2022-06-01 --format json", "rules list", "rules list --format html",
		"rules status", "rules status --format json", "rules history", "rules export --format ics", "rules export --format csv", "rules export --format sql --dialect sqlite",
	} {
		var p program
		code := p.run(append(strings.Fields(args), "--rules", "other.json")...)
		require.LessOrEqual(t, code, int(exit.NotEligible), "%s: %s", args, p.stderr.String())
		written := filesUnder(t, ".")
		delete(written, "other.json")
		written["stdout"], written["stderr"] = p.stdout.String(), p.stderr.String()
		for name, text := range written {
			if strings.Contains(text, edition) {
				shown++
				assert.Contains(t, text, other.Digest()[:12], "ivp %s: %s", args, name)
			}
		}
	}
	assert.Greater(t, shown, 10)
}
