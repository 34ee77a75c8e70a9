package main

import (
	"fmt"
	"io"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
	"golang.org/x/term"
)

// onTerminal runs the program with a pseudo-terminal as its standard output, and returns
// what the terminal shows, without colours.
func onTerminal(t *testing.T, width, height int, args ...string) (shown string, code int) {
	t.Helper()
	screen, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	require.NoError(t, err)
	defer screen.Close()
	require.NoError(t, unix.IoctlSetPointerInt(int(screen.Fd()), unix.TIOCSPTLCK, 0))
	number, err := unix.IoctlGetInt(int(screen.Fd()), unix.TIOCGPTN)
	require.NoError(t, err)
	terminal, err := os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|unix.O_NOCTTY, 0)
	require.NoError(t, err)
	require.NoError(t, unix.IoctlSetWinsize(int(terminal.Fd()), unix.TIOCSWINSZ, &unix.Winsize{Col: uint16(width), Row: uint16(height)}))
	all := make(chan string, 1)
	go func() {
		text, _ := io.ReadAll(screen) // it ends with an error once the terminal is closed
		all <- string(text)
	}()
	command := Command{
		Stdin: strings.NewReader(""), Stdout: terminal, Stderr: io.Discard, Getenv: func(string) string { return "" },
		Now:        func() time.Time { return time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC) },
		IsTerminal: func(f *os.File) bool { return term.IsTerminal(int(f.Fd())) },
	}
	code = command.Main(t.Context(), args)
	require.NoError(t, terminal.Close())
	return strings.ReplaceAll(regexp.MustCompile(`\x1b\[[0-9;]*m`).ReplaceAllString(<-all, ""), "\r\n", "\n"), code
}

// TestTablesFitATerminal shows tables on terminals of several sizes: no line is wider, and
// the verdicts are whole.
func TestTablesFitATerminal(t *testing.T) {
	commands := map[string][]string{
		"check":  {"check", "../../testdata/inventory.csv"},
		"why":    {"check", "--why", "../../testdata/inventory.csv", "./../../testdata/inventory.csv"},
		"impact": {"impact", "--before", "latest,-MP196", "--after", "latest", "../../testdata/inventory.csv"},
		"audit":  {"audit", "../../testdata/inventory.csv"},
		"list":   {"rules", "list"}, "history": {"rules", "history"}, "show": {"rules", "show", "MP196"},
		"columns": {"columns", "../../testdata/stock.xlsx"},
		"rundown": {"rundown", "--on", "2022-06-01", "../../testdata/estate.csv"},
	}
	for name, args := range commands {
		for _, size := range [][2]int{{40, 10}, {60, 24}, {80, 24}, {120, 50}, {250, 400}} {
			width, height := size[0], size[1]
			shown, code := onTerminal(t, width, height, args...)
			require.LessOrEqual(t, code, 1, name)
			rows := 0
			for line := range strings.Lines(shown) {
				line = strings.TrimSuffix(line, "\n")
				if !strings.HasPrefix(line, "… ") && !strings.HasPrefix(line, "  no room") && !strings.HasPrefix(line, "  for all") && strings.Contains(line, "  ") {
					rows++
					if name != "columns" || rows > 1 { // its first line is prose
						assert.LessOrEqual(t, utf8.RuneCountInString(line), width, "%s at %d: %s", name, width, line)
					}
				}
			}
			assert.Greater(t, rows, 2, "%s at %d", name, width)
			if name == "check" {
				assert.Equal(t, min(40, 2*height), len(regexp.MustCompile(` (eligible|not eligible|undetermined) `).FindAllString(shown, -1)), "at %d: %s", width, shown)
				assert.Equal(t, 2*height < 40, strings.Contains(shown, "… and 20 more rows"), shown)
			}
		}
	}
}

// TestATableOnATerminal has the table at 80 and at 60 characters.
func TestATableOnATerminal(t *testing.T) {
	t.Chdir(t.TempDir())
	text := "Device ID,SMETS Version,Installation Date\n" + strings.Repeat("00-AB-10-00-00-00-00-01,SMETS2 v3.1,2023-04-28\n", 22)
	require.NoError(t, os.WriteFile("stock.csv", []byte(text), 0o666))
	shown, _ := onTerminal(t, 80, 10, "stock.csv")
	lines := strings.Split(shown, "\n")
	require.Len(t, lines, 25)
	assert.Equal(t, "DEVICE       OUTCOME       REASON          VERSION      ON           TO", lines[0])
	assert.Equal(t, "…0-00-00-01  not eligible  after its per…  SMETS2 v3.1  28 Apr 2023  27 Apr 2023", lines[1])
	assert.Equal(t, []string{"… and 2 more rows", "  no room for: line, time left, amendment", "  for all of it add | more, or >FILE", ""}, lines[21:])
	shown, _ = onTerminal(t, 160, 30, "stock.csv")
	assert.NotContains(t, shown, "…")
	var p program
	p.run("check", "--format", "table", "stock.csv")
	assert.Equal(t, strings.TrimSpace(p.stdout.String()), strings.TrimSpace(shown), "a wide terminal shows what a file gets")
}

// TestHelpFitsATerminal has the help as wide as the terminal, from 40 to 100 characters.
func TestHelpFitsATerminal(t *testing.T) {
	for _, width := range []int{50, 100, 200} {
		shown, code := onTerminal(t, width, 24, "check", "--help")
		require.Equal(t, 0, code)
		widest := 0
		for line := range strings.Lines(shown) {
			if !strings.HasPrefix(line, "  ivp ") { // an example
				widest = max(widest, utf8.RuneCountInString(strings.TrimSuffix(line, "\n")))
			}
		}
		assert.InDelta(t, min(width, 100), widest, 5)
		assert.LessOrEqual(t, widest, min(width, 100))
	}
}
