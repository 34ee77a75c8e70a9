package main

import (
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mp196/ivp/cmd/internal/exit"
)

// TestTheHelpFits runs -h of every command, which must fit a screen of 24 lines of 80
// characters and name every flag, and --help on terminals of several widths.
func TestTheHelpFits(t *testing.T) {
	root := (&Command{}).root()
	all := leaves(root)
	all[""] = root
	for path, leaf := range all {
		words := strings.Fields(path)
		for _, ask := range [][]string{{"-h"}, {"--help"}} {
			var p program
			require.Equal(t, 0, p.run(append(words, ask...)...), path)
			text := p.stdout.String()
			for line := range strings.Lines(text) {
				if strings.HasPrefix(path, "completion") && ask[0] == "--help" {
					continue // its text has lines to paste
				}
				assert.LessOrEqual(t, utf8.RuneCountInString(strings.TrimRight(line, "\n")), 80, "ivp %s %s: %s", path, ask, line)
			}
			if ask[0] == "-h" {
				assert.LessOrEqual(t, strings.Count(text, "\n"), shortLines, "ivp %s -h", path)
			}
			leaf.Flags().VisitAll(func(flag *pflag.Flag) {
				if flag.Name != "help" && (path != "" || ask[0] == "--help") {
					assert.Contains(t, text, "--"+flag.Name, "ivp %s %s", path, ask)
				}
			})
		}
		for _, width := range []int{40, 60, 100} {
			var b strings.Builder
			writeLongHelp(&b, leaf, width)
			kept := append(strings.Split(leaf.Example, "\n"), strings.Split(leaf.Long, "\n")...)
			for line := range strings.Lines(b.String()) {
				line = strings.TrimRight(line, "\n")
				assert.True(t, utf8.RuneCountInString(line) <= width || slices.Contains(kept, line) || !strings.Contains(strings.TrimSpace(line), " ") || strings.HasPrefix(line, "      --"), "%d: %s", width, line)
			}
		}
	}
}

// TestHelpListsCommandsAsTheyAreNeeded has the order of the commands.
func TestHelpListsCommandsAsTheyAreNeeded(t *testing.T) {
	var short, bare, long program
	for p, args := range map[*program][]string{&short: {"-h"}, &bare: nil, &long: {"--help"}} {
		args = append([]string{}, args...) // nil would be the arguments of the test itself
		require.Equal(t, 0, p.run(args...))
		text, last := p.stdout.String(), 0
		for _, name := range []string{"check", "columns", "explain", "impact", "audit", "rundown", "rules", "cpl", "sample", "serve", "version"} {
			i := strings.Index(text, "\n  "+name+" ")
			assert.Greater(t, i, last, name)
			last = i
		}
		assert.Equal(t, 3, strings.Count(text, "\n  ivp stock.xlsx\n")+strings.Count(text, "\n  ivp check stock.xlsx -o checked.xlsx")+strings.Count(text, "\n  ivp explain "), "three examples")
	}
	assert.Equal(t, short.stdout.String(), bare.stdout.String())
	assert.Greater(t, long.stdout.Len(), short.stdout.Len())
}

// complete returns what a shell offers after words.
func complete(t *testing.T, words ...string) []string {
	var p program
	require.Equal(t, 0, p.run(append([]string{cobra.ShellCompNoDescRequestCmd}, words...)...), p.stderr.String())
	lines := strings.Split(strings.TrimSpace(p.stdout.String()), "\n")
	return lines[:len(lines)-1] // the last is for the shell's script
}

// TestCompletion completes the values of flags, and gives each command the values of its
// flags that have only some: it must accept each.
func TestCompletion(t *testing.T) {
	commands := useful(t)
	with := map[string][]string{"check only": {"--within", "9"}, "check fail-on": {"--within", "9"}, "rundown fail-on": {"--rate", "1/day"}, "dialect": {"--format", "sql"}, "sql": {"--dialect", "sqlite"}, "rules export last-day": {"--format", "sql", "--dialect", "sqlite"}}
	given := 0
	for path, leaf := range leaves((&Command{}).root()) {
		leaf.Flags().VisitAll(func(flag *pflag.Flag) {
			if _, listed := flagValues[flag.Name]; !listed || flag.Name == "as-at" && path != "check" || path == "serve" || flag.Name == "delimiter" || flag.Name == "encoding" || flag.Name == "gbcs" || flag.Name == "spec" || flag.Name == "family" {
				return
			}
			offered := complete(t, append(strings.Fields(path), "--"+flag.Name, "")...)
			given += len(offered)
			if len(offered) > 10 && (flag.Name == "only" || flag.Name == "fail-on") { // answers, which may be given together
				offered = []string{strings.Join(slices.DeleteFunc(offered, func(value string) bool { return value == "none" || path == "audit" && value == "closing" }), ",")}
			}
			for _, value := range offered {
				args := slices.Concat(strings.Fields(path), commands[path], []string{"--" + flag.Name, value}, with[value], with[flag.Name], with[path+" "+flag.Name])
				if path == "explain" && flag.Name == "type" {
					args = []string{"explain", "SMETS2 v3.1", "2022-06-01", "--type", value}
				}
				var p program
				code := p.run(args...)
				assert.LessOrEqual(t, code, int(exit.NotEligible), "%q: %s", args, &p.stderr)
			}
		})
	}
	assert.Greater(t, given, 200)
	assert.Contains(t, complete(t, "explain", "--spec", "smets2"), "SMETS2 v3.1")
	assert.Contains(t, complete(t, "explain", ""), "SMETS2 v3.1")
	assert.NotContains(t, complete(t, "explain", "--spec", ""), "GBCS v2.1")
	assert.Contains(t, complete(t, "explain", "--gbcs", ""), "GBCS v2.1")
	assert.Contains(t, complete(t, "check", "--as-at", "2022"), "2022-02-24")
	assert.Equal(t, []string{"not_eligible,before-start", "not_eligible,beyond-record"}, complete(t, "check", "--only", "not_eligible,be"))
	assert.Contains(t, complete(t, "rules", "show", ""), "MP196")
}

// TestAFileAloneIsChecked gives the program a file in place of a command, with flags
// before and after it.
func TestAFileAloneIsChecked(t *testing.T) {
	t.Chdir(t.TempDir())
	const inventory = "spec,install_date\nSMETS2 v3.1,2023-04-27\n"
	for _, name := range []string{"stock.csv", "stock", "chek"} {
		require.NoError(t, os.WriteFile(name, []byte(inventory), 0o666))
	}
	var checked program
	require.Equal(t, 0, checked.run("check", "stock.csv"))
	for _, args := range [][]string{{"stock.csv"}, {"./stock.csv"}, {"stock"}, {"chek"}, {"-"}, {"--on", "2023-04-27", "stock.csv"}, {"-q", "stock.csv"}, {"stock.csv", "-q"}} {
		p := program{stdin: inventory}
		assert.Equal(t, 0, p.run(args...), "%q: %s", args, &p.stderr)
		assert.Equal(t, checked.stdout.String(), p.stdout.String(), args)
	}
	for words, want := range map[string]string{
		"chekc stock.csv":      `"chekc" is neither a command nor a file (did you mean check?); see ivp --help`,
		"chekc":                `"chekc" is neither a command nor a file (did you mean check?); see ivp --help`,
		"teapot":               `"teapot" is neither a command nor a file; see ivp --help`,
		"amned":                `"amned" is neither a command nor a file (did you mean amend?); see ivp --help`,
		"rules lsit":           `"lsit" is not a command of ivp rules (did you mean list?); see ivp rules --help`,
		"stock.csv --onyl x":   `unknown flag: --onyl (did you mean --only?); see ivp check --help`,
		"check --outp x":       `unknown flag: --outp (did you mean --output?); see ivp check --help`,
		"check --fromat x":     `unknown flag: --fromat (did you mean --format?); see ivp check --help`,
		"check --teapot x":     `unknown flag: --teapot; see ivp check --help`,
		"--verison":            `unknown flag: --verison (did you mean --version?); see ivp --help`,
		"gone.csv":             `gone.csv: no such file`,
		"explain -z stock.csv": `unknown shorthand flag: 'z' in -z; see ivp explain --help`,
	} {
		var p program
		code := p.run(strings.Fields(words)...)
		assert.Contains(t, p.stderr.String(), want, words)
		assert.Contains(t, []int{2, 3}, code, words)
		assert.Empty(t, p.stdout.String())
	}
}

func TestVersionIsOneText(t *testing.T) {
	var command, flag program
	require.Equal(t, 0, command.run("version"))
	require.Equal(t, 0, flag.run("--version"))
	assert.Equal(t, command.stdout.String(), flag.stdout.String())
	assert.Contains(t, flag.stdout.String(), "rules: edition ")
}

// TestEveryFlagOfTheTablesExists finds names in the tables of words.go and help.go that
// are no flags.
func TestEveryFlagOfTheTablesExists(t *testing.T) {
	flags := map[string]bool{}
	for path, leaf := range leaves((&Command{}).root()) {
		leaf.Flags().VisitAll(func(flag *pflag.Flag) { flags[flag.Name], flags[path+" "+flag.Name] = true, true })
	}
	for _, name := range slices.Concat(oftenUsed, slices.Collect(maps.Keys(flagValues)), slices.Collect(maps.Keys(fileEnds))) {
		assert.Contains(t, flags, name)
	}
}

// TestPatterns gives commands patterns that a shell has left.
func TestPatterns(t *testing.T) {
	t.Chdir(t.TempDir())
	const inventory = "device_id,spec,install_date\nA1,SMETS2 v3.1,2023-04-27\n"
	require.NoError(t, os.MkdirAll("deep/er", 0o777))
	for _, name := range []string{"a.csv", "B.CSV", "c[1].csv", ".hidden.csv", "~$open.csv", "notes.txt", "deep/d.csv", "deep/er/e.csv"} {
		require.NoError(t, os.WriteFile(name, []byte(inventory), 0o666))
	}
	require.NoError(t, os.Mkdir("folder.csv", 0o777))
	require.NoError(t, os.Symlink("..", "deep/round"))
	for pattern, want := range map[string][]string{
		"*.csv": {"B.CSV", "a.csv", "c[1].csv"}, "?.csv": {"B.CSV", "a.csv"}, "deep/*.csv": {"deep/d.csv"}, "./deep/*": {"deep/d.csv"},
		"**/*.csv": {"B.CSV", "a.csv", "c[1].csv", "deep/d.csv", "deep/er/e.csv"}, "deep/**": {"deep/d.csv", "deep/er/e.csv"}, "c[1].csv": {"c[1].csv"}, "{a,b}.c*v": {"B.CSV", "a.csv"},
		"a.csv": {"a.csv"}, "-": {"-"}, "gone.csv": {"gone.csv"},
	} {
		names, err := matching([]string{pattern})
		require.NoError(t, err, pattern)
		assert.Equal(t, want, names, pattern)
	}
	for _, args := range [][]string{{"check", "*.csv"}, {"*.csv"}, {"columns", "*.csv"}, {"explain", "--device", "a1", "*.csv"}, {"audit", "*.csv"}, {"impact", "--after", "latest", "*.csv"}, {"rundown", "*.csv"}} {
		var p program
		assert.LessOrEqual(t, p.run(args...), 1, "%q: %s", args, &p.stderr)
	}
	for _, args := range [][]string{{"check", "*.xlsx"}, {"none/*.csv"}, {"check", "a.csv", "**/none*"}, {"check", "[*"}, {"rules", "lint", "*.json"}} {
		var p program
		assert.Equal(t, 3, p.run(args...), args)
		assert.Contains(t, p.stderr.String(), "match", args)
		assert.Empty(t, p.stdout.String())
	}
}

// TestManPages writes the man pages: one of each command and each help topic, with all
// flags, and no line that man would take for its own.
func TestManPages(t *testing.T) {
	folder := t.TempDir()
	var p program
	require.Equal(t, 0, p.run("man", folder), &p.stderr)
	pages := filesUnder(t, folder)
	for path, leaf := range leaves((&Command{}).root()) {
		if leaf.Hidden {
			continue
		}
		page, found := pages["ivp-"+strings.ReplaceAll(path, " ", "-")+".1"]
		if path == "help" {
			continue
		}
		require.True(t, found, path)
		leaf.Flags().VisitAll(func(flag *pflag.Flag) {
			if flag.Name != "help" {
				assert.Contains(t, page, `\-\-`+strings.ReplaceAll(flag.Name, "-", `\-`), path)
			}
		})
	}
	assert.Contains(t, pages["ivp.1"], "\n.SH COMMANDS\n")
	topics, err := documents.ReadDir("docs")
	require.NoError(t, err)
	for _, topic := range topics {
		assert.Contains(t, pages, "ivp-"+strings.TrimSuffix(topic.Name(), ".md")+".7")
	}
	for name, page := range pages {
		for line := range strings.Lines(page) {
			assert.False(t, strings.HasPrefix(line, "'") || strings.HasPrefix(line, ".") && !strings.HasPrefix(line, ".TH ") && !strings.HasPrefix(line, ".SH ") && line != ".nf\n", "%s: %s", name, line)
		}
	}
}
