package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mp196/ivp/cmd/internal/testkit"
	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/devices/cpl"
	"github.com/mp196/ivp/ivp"
)

const templateFile = "../../testdata/amendment-template.json"

// readmeFile is README.md or a help topic: rewritten by -update, compared
// without it.
type readmeFile struct {
	path, text string
}

func readDocument(t *testing.T, name string) *readmeFile {
	path, err := filepath.Abs(name)
	require.NoError(t, err)
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	return &readmeFile{path, string(text)}
}

// settle compares the file with the expected text, or writes that text.
func (r *readmeFile) settle(t *testing.T, want string) {
	if *update {
		require.NoError(t, os.WriteFile(r.path, []byte(want), 0o666))
		return
	}
	assert.Equal(t, want, r.text, filepath.Base(r.path)+" shows something else; go test ./cmd/ivp -run Readme -update writes it anew")
}

var consoleBlock = regexp.MustCompile("(?ms)^```console\n(.*?)^```$")

// documentFiles are README.md and the help topics.
func documentFiles(t *testing.T) []string {
	names, err := filepath.Glob("docs/*.md")
	require.NoError(t, err)
	require.NotEmpty(t, names)
	return append(names, "../../README.md")
}

// TestReadmeCommands runs every command in the README and the help topics.
func TestReadmeCommands(t *testing.T) {
	blocks := 0
	for _, name := range documentFiles(t) {
		t.Run(filepath.Base(name), func(t *testing.T) {
			file := readDocument(t, name)
			s := newShell(t)
			file.settle(t, consoleBlock.ReplaceAllStringFunc(file.text, func(block string) string {
				blocks++
				return "```console\n" + s.block(consoleBlock.FindStringSubmatch(block)[1]) + "```"
			}))
		})
	}
	require.Greater(t, blocks, 30, "the documents have lost their examples")
}

// shell runs the commands of the README: ivp, cat and head -n, pipes between them, and
// redirections to a new file or to /dev/null. It works in a new folder with the files of
// testdata.
type shell struct {
	t    *testing.T
	code int // of the last command
}

func newShell(t *testing.T) *shell {
	place := t.TempDir()
	require.NoError(t, os.Mkdir(filepath.Join(place, "testdata"), 0o777))
	require.NoError(t, os.CopyFS(filepath.Join(place, "testdata", "cpl"), os.DirFS("../../testdata/cpl")))
	files, err := filepath.Glob("../../testdata/*.*")
	require.NoError(t, err)
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(filepath.Join(place, "testdata", filepath.Base(file)), text, 0o666))
	}
	t.Chdir(place)
	return &shell{t: t}
}

// block returns a block with the output of its commands.
func (s *shell) block(text string) string {
	commands := strings.Split("\n"+text, "\n$ ")
	require.Empty(s.t, commands[0], "a block begins with a command")
	var b strings.Builder
	for _, command := range commands[1:] {
		line, shown, _ := strings.Cut(command, "\n")
		if shown != "" && !strings.HasSuffix(shown, "\n") {
			shown += "\n"
		}
		fmt.Fprintf(&b, "$ %s\n%s", line, s.run(line, shown))
	}
	return b.String()
}

// run returns what a terminal shows of a command: stdout, then stderr.
func (s *shell) run(line, shown string) string {
	var out, messages string
	for _, stage := range s.stages(line) {
		var said string
		out, said = s.stage(stage, out, shown)
		messages += said
	}
	text := out + messages
	if text != "" && !strings.HasSuffix(text, "\n") {
		text += "\n"
	}
	return text
}

// stages returns the words of each command of a pipe.
func (s *shell) stages(line string) (stages [][]string) {
	stages = [][]string{nil}
	for _, word := range s.words(line) {
		if word == "|" {
			stages = append(stages, nil)
			continue
		}
		last := len(stages) - 1
		stages[last] = append(stages[last], word)
	}
	return stages
}

var shellWord = regexp.MustCompile(`(?:[^\s"']|"[^"]*"|'[^']*')+`)

func (s *shell) words(line string) (words []string) {
	for _, word := range shellWord.FindAllString(line, -1) {
		words = append(words, strings.NewReplacer(`"`, "", `'`, "").Replace(word))
	}
	return words
}

// stage runs one command of a pipe. If cat shows a file that does not exist, the file is
// written with the text that the README shows.
func (s *shell) stage(words []string, stdin, shown string) (out, messages string) {
	require.NotEmpty(s.t, words)
	switch line := strings.Join(words, " "); {
	case line == "echo $?":
		out = fmt.Sprintln(s.code)
		s.code = 0
	case words[0] == "cat" && len(words) == 2:
		out = s.cat(words[1], shown)
	case strings.HasPrefix(line, "head -n ") && len(words) <= 4:
		out = s.head(words[2:], stdin)
	case words[0] == "ivp":
		return s.ivp(words[1:], stdin)
	case strings.HasPrefix(line, "go run ./cmd/ivp "):
		out, messages = s.ivp(words[3:], stdin)
		if s.code != 0 {
			messages += fmt.Sprintf("exit status %d\n", s.code)
			s.code = 1
		}
	default:
		s.t.Fatalf("README.md: %q is no command that this test can run", line)
	}
	return out, messages
}

func (s *shell) ivp(args []string, stdin string) (out, messages string) {
	p := program{stdin: stdin}
	quietOut, quietErr := false, false
	file := ""
	var kept []string
	for _, arg := range args {
		switch arg {
		case ">/dev/null":
			quietOut = true
		case "2>/dev/null":
			quietErr = true
		default:
			if name, redirected := strings.CutPrefix(arg, ">"); redirected && filepath.Base(name) == name {
				file, quietOut = name, true
				continue
			}
			kept = append(kept, arg)
		}
	}
	s.code = p.run(kept...)
	if file != "" {
		require.NoError(s.t, os.WriteFile(file, p.stdout.Bytes(), 0o666))
	}
	if !quietOut {
		out = p.stdout.String()
	}
	if !quietErr {
		messages = p.stderr.String()
	}
	return out, messages
}

func (s *shell) cat(name, shown string) string {
	s.code = 0
	if !exists(name) {
		require.NotContains(s.t, name, "/", "no such file; one of the reader's own has no folder")
		require.NotEmpty(s.t, shown, "%s is the reader's own, so the README must show it", name)
		require.NoError(s.t, os.WriteFile(name, []byte(shown), 0o666))
	}
	text, err := os.ReadFile(name)
	require.NoError(s.t, err)
	return string(text)
}

// head returns the first lines of a file, or of its input.
func (s *shell) head(args []string, stdin string) string {
	s.code = 0
	most, err := strconv.Atoi(args[0])
	require.NoError(s.t, err)
	if len(args) == 2 {
		stdin = s.cat(args[1], "")
	}
	lines := strings.SplitAfter(stdin, "\n")
	return strings.Join(lines[:min(most, len(lines))], "")
}

// TestReadmeTables compares the tables of the help topics with the program's own.
func TestReadmeTables(t *testing.T) {
	for name, tables := range map[string]map[string]string{
		"reasons":   {"reasons": reasonRows()},
		"headings":  {"columns-read": columnsReadRows(), "columns-added": columnsAddedRows(t)},
		"spellings": {"spellings": spellingRows()},
	} {
		file := readDocument(t, "docs/"+name+".md")
		want := file.text
		for table, rows := range tables {
			between := regexp.MustCompile(`(?s)(<!-- begin ` + table + ` -->\n).*?(<!-- end ` + table + ` -->)`)
			require.Regexp(t, between, want, "the topic has lost a table")
			want = between.ReplaceAllStringFunc(want, func(old string) string {
				part := between.FindStringSubmatch(old)
				return part[1] + rows + part[2]
			})
		}
		file.settle(t, want)
	}
}

func markdownTable(titles string, rows func(row func(cells ...string))) string {
	var b strings.Builder
	fmt.Fprintf(&b, "| %s |\n|%s\n", strings.ReplaceAll(titles, ",", " |"), strings.Repeat("---|", strings.Count(titles, ",")+1))
	rows(func(cells ...string) { fmt.Fprintf(&b, "| %s |\n", strings.Join(cells, " | ")) })
	return b.String()
}

func reasonRows() string {
	return markdownTable("Outcome, Reason, What it means", func(row func(...string)) {
		for _, o := range ivp.Outcomes() {
			for _, r := range ivp.Reasons() {
				if r.Outcome() != o {
					continue
				}
				sentence := r.Sentence()
				if r.NeedsCPL() {
					sentence += " Only with a Central Products List."
				}
				row("`"+o.String()+"`", "`"+r.String()+"`", strings.ToUpper(r.Phrase()[:1])+r.Phrase()[1:]+". "+sentence)
			}
		}
	})
}

func columnsReadRows() string {
	return markdownTable("Field, Headings that mean it", func(row func(...string)) {
		for _, f := range devices.Fields() {
			row("`"+f.String()+"`", strings.Join(f.Aliases(), " · "))
		}
	})
}

func spellingRows() string {
	return markdownTable("Device type, Spellings", func(row func(...string)) {
		for _, t := range ivp.DeviceTypes() {
			row(t.String(), strings.Join(devices.TypeSpellings(t), ", "))
		}
	})
}

// columnsAddedRows returns the columns of the code with the meanings of the document.
func columnsAddedRows(t *testing.T) string {
	judge := devices.Judge{Catalogue: &cpl.List{}, Waivers: devices.NewWaivers(nil, ivp.Date{})}
	plain := devices.AddedColumns(false)
	return markdownTable("Column, With, Content", func(row func(...string)) {
		for _, name := range judge.Columns(true) {
			flag := "`--why`"
			switch {
			case slices.Contains(plain, name):
				flag = ""
			case strings.HasPrefix(name, "ivp_cpl"):
				flag = "`--cpl`"
			case name == "ivp_waiver":
				flag = "`--waivers`"
			}
			meaning := regexp.MustCompile("(?m)^\\| `" + name + "` \\|[^|]*\\| (.+) \\|$").FindStringSubmatch(readDocument(t, "docs/headings.md").text)
			require.NotNil(t, meaning, "the table of added columns lacks "+name)
			row("`"+name+"`", flag, meaning[1])
		}
	})
}

// TestReadmeService starts the service as in its help topic, and sends the requests of
// the topic.
func TestReadmeService(t *testing.T) {
	bash := testkit.Program(t, "bash")
	testkit.Program(t, "curl")
	const start, address = "ivp serve &\n", "127.0.0.1:8080"
	for _, example := range slices.Backward(testkit.Examples(t, "docs/service.md", "sh")) {
		asked, ok := strings.CutPrefix(example.Code, start)
		require.True(t, ok, "the example starts the service first")
		own := serving(t)
		require.Contains(t, asked, address)
		cmd := exec.Command(bash, "-ec", strings.ReplaceAll(asked, address, own))
		cmd.Dir = "../.."
		out, err := cmd.CombinedOutput()
		require.NoError(t, err, string(out))
		example.Settle(t, string(out))
	}
}

// serving starts ivp serve, which ends with the test, and returns its address.
func serving(t *testing.T) string {
	ctx, stop := context.WithCancel(context.Background())
	reader, writer := io.Pipe()
	over := make(chan int, 1)
	command := Command{Stdin: strings.NewReader(""), Stdout: io.Discard, Stderr: writer, Getenv: func(string) string { return "" }, Now: time.Now}
	go func() { over <- command.Main(ctx, []string{"serve", "--addr", "127.0.0.1:0"}) }()
	lines := bufio.NewScanner(reader)
	require.True(t, lines.Scan())
	address := regexp.MustCompile(`127\.0\.0\.1:\d+`).FindString(lines.Text())
	require.NotEmpty(t, address, lines.Text())
	go io.Copy(io.Discard, reader)
	t.Cleanup(func() {
		stop()
		assert.Zero(t, <-over)
	})
	return address
}

// TestReadmeDependencies requires a comment in go.mod for every direct requirement, on
// what the module is for.
func TestReadmeDependencies(t *testing.T) {
	mod, err := os.ReadFile("../../go.mod")
	require.NoError(t, err)
	requirement := regexp.MustCompile(`^\t(\S+) v\S+$`)
	found := 0
	before := ""
	for line := range strings.Lines(string(mod)) {
		line = strings.TrimRight(line, "\n")
		if m := requirement.FindStringSubmatch(line); m != nil {
			found++
			assert.Regexp(t, `^\t// \S+`, before, "a comment above %s must say what it is for", m[1])
		}
		before = line
	}
	assert.Greater(t, found, 10)
}

// TestReadmeLinks checks that the targets of all links in README.md and the help topics
// exist, the paths that they name, and the heading that the program's messages name.
func TestReadmeLinks(t *testing.T) {
	for _, name := range documentFiles(t) {
		file := readDocument(t, name)
		anchors := map[string]bool{}
		for _, m := range regexp.MustCompile(`(?m)^#+ (.*)$`).FindAllStringSubmatch(file.text, -1) {
			anchors["#"+anchor(m[1])] = true
		}
		for _, m := range regexp.MustCompile(`\]\(([^)]*)\)`).FindAllStringSubmatch(file.text, -1) {
			switch target := m[1]; {
			case strings.HasPrefix(target, "https://"):
			case strings.HasPrefix(target, "#"):
				assert.True(t, anchors[target], "%s: no heading for the link %s", name, target)
			default:
				assert.FileExists(t, filepath.Join(filepath.Dir(file.path), target), name)
			}
		}
		for _, m := range regexp.MustCompile("`((?:cmd|devices|ivp|testdata)/[a-z0-9_./-]+)`").FindAllStringSubmatch(file.text, -1) {
			_, err := os.Stat(filepath.Join("../..", m[1]))
			assert.NoError(t, err, "%s names a path", name)
		}
	}
	assert.FileExists(t, "docs/amend.md", "messages of the program name it")
}

// anchor returns the anchor of a heading.
func anchor(heading string) string {
	kept := regexp.MustCompile(`[^a-z0-9 _-]`).ReplaceAllString(strings.ToLower(heading), "")
	return strings.ReplaceAll(kept, " ", "-")
}

// TestTemplateAssertsNothing checks that the template has one entry for each window on
// record, with its end not on record, and that the unedited or partly edited template is
// refused, with every line that still has a text of the template.
func TestTemplateAssertsNothing(t *testing.T) {
	data, err := os.ReadFile(templateFile)
	require.NoError(t, err)
	h := ivp.Published()
	_, err = h.AmendFile(data)
	var faults ivp.Faults
	require.ErrorAs(t, err, &faults)
	texts := bytes.Count(data, []byte(`"TEMPLATE`))
	require.Len(t, faults, 1)
	assert.Equal(t, "template", faults[0].Code)
	assert.Contains(t, faults[0].Problem, "on lines 5, 7, 9 and 12 to 34")
	for left := range texts {
		edited := data
		for n := texts; n > 0; n-- {
			place := bytes.LastIndex(edited, []byte(`"TEMPLATE`))
			if n-1 == left {
				place = bytes.LastIndex(edited[:max(place, 0)], []byte(`"TEMPLATE`))
			}
			if place >= 0 {
				edited = slices.Concat(edited[:place+1], []byte("edited"), edited[place+len(`"TEMPLATE`):])
			}
		}
		if bytes.Contains(edited, []byte(`"TEMPLATE`)) {
			_, err = h.AmendFile(edited)
			assert.Error(t, err, "one text of the template is left")
		}
	}
	amended, err := h.AmendFile(bytes.ReplaceAll(data, []byte("TEMPLATE: "), []byte("edited: ")))
	require.NoError(t, err, "every text was edited")
	template, ok := amended.Amendment("TSAT-TEMPLATE")
	require.True(t, ok)
	var want []ivp.Entry
	for _, row := range h.Table(h.Latest()) {
		want = append(want, ivp.Entry{Spec: row.Spec, Scope: row.Scope, To: ivp.Bound{Kind: ivp.NotOnRecord}})
	}
	for i := range template.Entries {
		template.Entries[i].Unquoted = ""
	}
	assert.Equal(t, want, template.Entries)
	assert.Equal(t, ivp.MaxDate(), template.InForce)
}
