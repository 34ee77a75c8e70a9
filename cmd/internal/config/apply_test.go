package config

import (
	"io/fs"
	"path/filepath"
	"testing"

	"github.com/spf13/pflag"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// flagsOf returns flags like those of check.
type flagsOf struct {
	*pflag.FlagSet
	question                    *pflag.FlagSet // some of the flags, as their owner's flag set
	asAt, rules, filesFrom, how string
	assume                      bool
	row                         int
	amends, maps                []string
}

func newFlags() *flagsOf {
	f := &flagsOf{FlagSet: pflag.NewFlagSet("check", pflag.ContinueOnError), question: pflag.NewFlagSet("question", pflag.ContinueOnError)}
	f.question.StringVar(&f.asAt, "as-at", "", "")
	f.question.BoolVar(&f.assume, "assume-open", false, "")
	f.AddFlagSet(f.question)
	f.StringVar(&f.rules, "rules", "", "")
	f.StringVar(&f.filesFrom, "files-from", "", "")
	f.StringVar(&f.how, "color", "auto", "")
	f.IntVar(&f.row, "header-row", 0, "")
	f.StringArrayVar(&f.amends, "amend", nil, "")
	f.StringArrayVarP(&f.maps, "map", "m", nil, "")
	f.String("config", "", "")
	f.Bool("help", false, "")
	return f
}

func TestApply(t *testing.T) {
	f := newFlags()
	require.NoError(t, f.Parse([]string{"--color", "never"}))
	settings, err := Apply(written(t, "ivp.toml", `
as-at = "latest"
header-row = 3
assume-open = true
map = ["spec=Meter Spec", "install_date=Date, Fitted"]
`), f.FlagSet)
	require.NoError(t, err)
	assert.Equal(t, []Setting{
		{"as-at", "latest"}, {"header-row", "3"}, {"assume-open", "true"},
		{"map", "spec=Meter Spec"}, {"map", "install_date=Date, Fitted"},
	}, settings)
	assert.Equal(t, "latest", f.asAt)
	assert.Equal(t, 3, f.row)
	assert.True(t, f.assume)
	assert.Equal(t, []string{"spec=Meter Spec", "install_date=Date, Fitted"}, f.maps)
	assert.Equal(t, "never", f.how)
	assert.True(t, f.question.Changed("as-at"), "a flag that the configuration sets was given")
	assert.False(t, f.Changed("rules"))
}

func TestTheCommandLineWins(t *testing.T) {
	f := newFlags()
	require.NoError(t, f.Parse([]string{"--as-at", "today", "--map", "spec=A", "--assume-open=false"}))
	settings, err := Apply(written(t, "ivp.toml", "as-at = \"latest\"\nmap = [\"spec=B\", \"gbcs=C\"]\nassume-open = true\ncolor = \"always\""), f.FlagSet)
	require.NoError(t, err)
	assert.Equal(t, []Setting{{"color", "always"}}, settings)
	assert.Equal(t, "today", f.asAt)
	assert.Equal(t, []string{"spec=A"}, f.maps)
	assert.False(t, f.assume)
}

func TestPathsAreFromTheFolderOfTheConfiguration(t *testing.T) {
	path := written(t, "ivp.toml", `
rules = "rules.json"
amend = ["../a.json", '/amendments/b.json']
files-from = "-"
color = "never"
`)
	folder := filepath.Dir(path)
	f := newFlags()
	settings, err := Apply(path, f.FlagSet)
	require.NoError(t, err)
	assert.Equal(t, filepath.Join(folder, "rules.json"), f.rules)
	assert.Equal(t, []string{filepath.Join(filepath.Dir(folder), "a.json"), "/amendments/b.json"}, f.amends)
	assert.Equal(t, "-", f.filesFrom)
	assert.Equal(t, "never", f.how)
	assert.Contains(t, settings, Setting{"rules", filepath.Join(folder, "rules.json")})
}

func TestPathsBesideTheCurrentFolder(t *testing.T) {
	path := written(t, "ivp.toml", `rules = "rules.json"`)
	t.Chdir(filepath.Dir(path))
	f := newFlags()
	_, err := Apply("ivp.toml", f.FlagSet)
	require.NoError(t, err)
	assert.Equal(t, "rules.json", f.rules)
}

func TestApplyFaults(t *testing.T) {
	for _, test := range []struct{ about, text, want string }{
		{"an unknown flag", "\nas_att = \"latest\"", `:2: "as_att" is not a flag: want the long name of a flag`},
		{"the near flag", "as_at = \"latest\"", "did you mean as-at?"},
		{"the near flag by another spelling", "colour = \"never\"", "did you mean color?"},
		{"a short name", "m = [\"spec=A\"]", ":1: m is the short name of a flag: write its long name, map"},
		{"a configuration", "config = \"other.toml\"", ":1: config cannot be set here"},
		{"help", "help = true", ":1: help cannot be set here"},
		{"inputs", "files = [\"a.csv\"]", ":1: files cannot be set here: name inventories on the command line"},
		{"text for a switch", "assume-open = \"true\"", ":1: assume-open is text: want true or false"},
		{"text for a number", "header-row = \"3\"", ":1: header-row is text: want a whole number"},
		{"a number for text", "as-at = 2022", ":1: as-at is a whole number: want text in quotes"},
		{"a bare date", "as-at = 2022-01-10", ":1: as-at is a date or time: want text in quotes, as in as-at = \"…\""},
		{"text for an array", "map = \"spec=A\"", ":1: map is text: want an array of texts"},
		{"a number in an array", "map = [\"spec=A\", 3]", ":1: map is an array: want an array of texts"},
		{"an array for text", "as-at = [\"latest\"]", ":1: as-at is an array: want text in quotes"},
		{"a table", "[rules]\nfile = \"a.json\"", ":1: rules is a table: want text in quotes"},
		{"no TOML", "as-at = latest", ":1: this is not TOML"},
	} {
		path := written(t, "ivp.toml", test.text)
		settings, err := Apply(path, newFlags().FlagSet)
		require.Error(t, err, test.about)
		assert.ErrorContains(t, err, path, test.about)
		assert.ErrorContains(t, err, test.want, test.about)
		assert.Nil(t, settings, test.about)
	}
}

// A wrong value is reported even if the command line overrides it: next time it
// may not.
func TestFaultsAreToldWhatTheCommandLineSays(t *testing.T) {
	f := newFlags()
	require.NoError(t, f.Parse([]string{"--assume-open"}))
	_, err := Apply(written(t, "ivp.toml", "assume-open = 1"), f.FlagSet)
	require.ErrorContains(t, err, "assume-open is a whole number")
}

func TestAnEmptyArrayGivesNothing(t *testing.T) {
	f := newFlags()
	settings, err := Apply(written(t, "ivp.toml", "map = []"), f.FlagSet)
	require.NoError(t, err)
	assert.Empty(t, settings)
	assert.False(t, f.Changed("map"))
}

func TestApplyThatIsNotThere(t *testing.T) {
	_, err := Apply(filepath.Join(t.TempDir(), "none.toml"), newFlags().FlagSet)
	require.ErrorIs(t, err, fs.ErrNotExist)
	assert.ErrorContains(t, err, "could not read the configuration")
}
