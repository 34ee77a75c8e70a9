package main

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
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

// useful returns, for each command that reads devices or rules, arguments with which it
// succeeds, and writes their files.
func useful(t *testing.T) map[string][]string {
	folder := t.TempDir()
	put := func(name, text string) string {
		path := filepath.Join(folder, name)
		require.NoError(t, os.WriteFile(path, []byte(text), 0o666))
		return path
	}
	overlay, err := os.ReadFile("../../testdata/derogation-example.json")
	require.NoError(t, err)
	list, err := filepath.Abs("../../testdata/cpl/list.csv")
	require.NoError(t, err)
	devices := put("devices.csv", "spec,install_date\nSMETS2 v3.1,2022-06-01\n")
	named := put("named.csv", "device_id,spec,install_date\nA-1,SMETS2 v3.1,2022-06-01\n")
	table := put("table.csv", "spec,to\nSMETS2 v3.1,2027-04-27\n")
	return map[string][]string{
		"check":         {devices},
		"columns":       {devices},
		"explain":       {"--device", "a1", named},
		"impact":        {"--after", "latest", devices},
		"audit":         {devices},
		"rundown":       {devices},
		"sample":        nil,
		"cpl find":      {list, "--model", "1", "--manufacturer", "1"},
		"cpl diff":      {list, list},
		"cpl lint":      {list},
		"rules list":    nil,
		"rules show":    {"MP196"},
		"rules status":  nil,
		"rules history": nil,
		"rules diff":    {"2022-02-23", "2022-02-24"},
		"rules export":  nil,
		"rules lint":    {put("overlay.json", string(overlay))},
		"rules new":     {"--from-csv", table, "--id", "T", "--in-force", "2026-11-01", "--document", "Tables"},
		"serve":         {"--addr", "127.0.0.1:0"}, // runs until it is interrupted
	}
}

// TestExpectRules runs every command that reads rules, with an overlay, with the right
// digest and with a wrong one.
func TestExpectRules(t *testing.T) {
	const file = "../../testdata/derogation-example.json"
	overlay, err := os.ReadFile(file)
	require.NoError(t, err)
	amended, err := ivp.Published().AmendFile(overlay)
	require.NoError(t, err)
	commands, other := useful(t), ivp.Published().Digest()
	for path, leaf := range leaves((&Command{}).root()) {
		if leaf.Flags().Lookup("rules") == nil {
			assert.Contains(t, []string{"columns", "version", "man", "help", "completion bash", "completion zsh", "completion fish", "completion powershell"}, path)
			continue
		}
		t.Run(path, func(t *testing.T) {
			require.Contains(t, commands, path)
			args := append(append(strings.Fields(path), commands[path]...), "--amend", file, "--expect-rules")
			var refused program
			assert.Equal(t, int(exit.Usage), refused.run(append(args, other)...))
			assert.Empty(t, refused.stdout.String())
			assert.Contains(t, refused.stderr.String(), amended.Digest())
			assert.Contains(t, refused.stderr.String(), other)
			if path == "serve" {
				return
			}
			var expected program
			code := expected.run(append(args, strings.ToUpper(amended.Digest()))...)
			assert.LessOrEqual(t, code, int(exit.NotEligible), expected.stderr.String())
		})
	}
}

// TestExpectRulesBeforeAnythingIsWritten checks that a wrong digest, in the flag or in a
// configuration, leaves the output of an earlier run unchanged.
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

// TestAnEditionIsNotShownAlone uses rules that are not shipped. Wherever their edition is
// written, at least the beginning of their digest must be too, because other rules may
// have the same edition.
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
		"rules status", "rules status --format json", "rules history", "rules export --format ics", "rules export --format csv", "rules export --format sql --dialect sqlite", "rules export --format answers", "rules export --format answers --dir a",
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

// refused has, for a flag, or for a command and its flag, a value that is refused, and
// the other words that are necessary for the flag to be read.
var refused = map[string]string{
	"addr": "nowhere:x", "allow-host": "https://ivp.example", "after": "never", "against": "never", "amend": "gone.json", "as-at": "never", "before": "never", "device": "-", "color": "red", "config": "gone.toml", "date-format": "roman",
	"delimiter": "ab", "dialect": "klingon --format sql", "dir": "answers", "encoding": "ebcdic", "extend": "SMETS2 v3.1", "expect-rules": "abc", "fail-on": "good", "firmware": "", "format": "papyrus", "gbcs": "x",
	"hardware": "", "header-row": "0", "in-force": "never", "last-day": "perhaps", "manufacturer": "", "map": "spec", "max-body": "0", "max-concurrent": "0", "max-devices": "0",
	"max-inventory": "0", "max-spool": "0", "max-time": "0s", "model": "", "on": "never", "only": "good", "output": "out.papyrus", "perhaps-from": "never", "plan": "gone.csv", "profile": "gone.toml",
	"rate": "fast", "revision": "", "rows": "x", "rules": "gone.json", "seed": "x", "spec": "x", "type": "teapot", "unit-cost": "dear", "vouched": "never", "waivers": "gone.toml", "within": "soon",
	"check quote": "'", "explain quote": "'", "columns quote": "'", "impact quote": "'", "audit quote": "'", "rundown quote": "'",
	"changed-since": "gone.csv", "audit from": "never", "audit to": "never", "rules export as-at": "never --format ics", "rules export from": "never --format ics", "rules export remind": "soon --format ics", "rules export table": "a--b --format sql --dialect sqlite",
	"rules export schema": "a--b --format sql --dialect sqlite", "rules export last-day": "perhaps --format sql --dialect sqlite", "rules new document": " ", "rules new id": " ",
	"family": "SMETS3", "leave-out": "x", "no-end": "never", "read": "x", "start": "SMETS2", "types": "SMETS2",
}

// unread are the flags for files that cannot be read or written here, with exit code 3.
var unread = map[string]string{
	"cpl": "gone.csv", "files-from": "gone.txt", "from-csv": "gone.csv", "pairs": "gone.csv", "save": "gone/profile.toml", "rules new output": "gone/new.json", "split": "a-file/out",
}

// anyText are the flags that accept any text if the input does not contradict it.
var anyText = []string{"quote", "scope", "sheet", "table", "title", "url"}

// TestExportFlagsOfOtherFormats gives an export flags that would have no effect.
func TestExportFlagsOfOtherFormats(t *testing.T) {
	for _, args := range []string{"--as-at latest", "--as-at latest --format csv", "--last-day excluded --format ics", "--assume-open --format schema", "--dir x --format sql --dialect sqlite", "--remind 30d --format answers", "--dialect duckdb", "--table stock --format answers"} {
		var p program
		assert.Equal(t, int(exit.Usage), p.run(strings.Fields("rules export "+args)...), args)
		assert.Contains(t, p.stderr.String(), " is for --format ", args)
		assert.Empty(t, p.stdout.String(), args)
	}
}

// TestWrongUse gives every command an unknown flag and an unexpected argument, and each
// of its flags a value that is refused.
func TestWrongUse(t *testing.T) {
	commands := useful(t)
	t.Chdir(t.TempDir())
	require.NoError(t, os.WriteFile("a-file", nil, 0o666))
	run := func(want exit.Code, args ...string) {
		var p program
		assert.Equal(t, int(want), p.run(args...), "%q: %s", args, p.stderr.String())
		if want == exit.Usage {
			assert.Empty(t, p.stdout.String(), args)
		}
		assert.NotEmpty(t, p.stderr.String(), args)
	}
	for path, leaf := range leaves((&Command{}).root()) {
		words := strings.Fields(path)
		run(exit.Usage, append(words, "--no-such-flag")...)
		if leaf.Args != nil && path != "rules lint" { // whose files they would be
			run(exit.Usage, append(words, "too", "many", "words")...)
		}
		leaf.Flags().VisitAll(func(flag *pflag.Flag) {
			if path == "columns" && flag.Name == "cpl" {
				return // the list is not read: its name says only that it will be joined
			}
			args := append(slices.Clone(words), commands[path]...)
			lookup := func(values map[string]string) (string, bool) {
				value, ok := values[path+" "+flag.Name]
				if !ok {
					value, ok = values[flag.Name]
				}
				return value, ok
			}
			if strings.HasPrefix(flag.Value.Type(), "string") && !slices.Contains(mayBeEmpty, flag.Name) {
				run(exit.Usage, append(args, "--"+flag.Name, "")...)
			}
			if flag.Value.Type() == "bool" {
				run(exit.Usage, append(args, "--"+flag.Name+"=perhaps")...)
			} else if value, ok := lookup(unread); ok {
				run(exit.IO, append(args, "--"+flag.Name, value)...)
			} else if value, ok := lookup(refused); ok {
				value, more, _ := strings.Cut(value, " ")
				run(exit.Usage, append(append(args, "--"+flag.Name, value), strings.Fields(more)...)...)
			} else {
				assert.Contains(t, anyText, flag.Name, path)
			}
		})
	}
	for _, words := range [][]string{{"chekc"}, {"rules", "lst"}, {"cpl", "lst"}, {"help", "chekc"}, {"help", "rules", "lst"}, {"completion", "bsh"}} {
		run(exit.Usage, words...)
	}
}

// TestUncodedErrorIsInternal makes a command fail with an error without an exit code.
func TestUncodedErrorIsInternal(t *testing.T) {
	var p program
	command := Command{Stdin: strings.NewReader(""), Stdout: &p.stdout, Stderr: &p.stderr}
	root := command.root()
	root.AddCommand(&cobra.Command{Use: "fails", RunE: func(*cobra.Command, []string) error { return errors.New("something") }})
	root.SetArgs([]string{"fails"})
	assert.Equal(t, 70, command.fail(root.Execute()))
	assert.Regexp(t, `^ivp: a fault of the program, .*: something\nPlease send all of this text, (?s:.*) to whoever supplied this program\.\n`, p.stderr.String())
}
