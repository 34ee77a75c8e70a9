package main

import (
	"embed"
	"fmt"
	"io/fs"
	"regexp"
	"runtime"
	"strings"
	"text/tabwriter"
	"unicode/utf8"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/mp196/ivp/cmd/internal/report"
)

// documents are the help topics. A test keeps the tables in them equal to the
// program's own, and runs their examples.
//
//go:embed docs/*.md
var documents embed.FS

// topics returns a help topic for each document.
func (c *Command) topics() []*cobra.Command {
	names, err := fs.Glob(documents, "docs/*.md")
	if err != nil {
		panic(err) // the pattern is constant
	}
	var all []*cobra.Command
	for _, file := range names {
		text, err := documents.ReadFile(file)
		if err != nil {
			panic(err) // Glob found it
		}
		title, _, _ := strings.Cut(strings.TrimPrefix(string(text), "# "), "\n")
		name := strings.TrimSuffix(strings.TrimPrefix(file, "docs/"), ".md")
		topic := &cobra.Command{Use: name, Short: title}
		topic.SetHelpFunc(func(cmd *cobra.Command, _ []string) {
			fmt.Fprint(cmd.OutOrStdout(), topicText(string(text), c.width()))
		})
		all = append(all, topic)
	}
	return all
}

// width returns the width of help topics in characters: that of the terminal, from 40
// to 100, or 80 if stdout is not a terminal.
func (c *Command) width() int {
	if size := c.screen(); size.Width > 0 {
		return min(max(size.Width, 40), 100)
	}
	return 80
}

// screen returns the size of the terminal that stdout is, or the zero value.
func (c *Command) screen() report.Size {
	if c.stdoutIsTerminal() {
		if width, height, err := term.GetSize(int(fileOf(c.Stdout).Fd())); err == nil {
			if runtime.GOOS == "windows" {
				width-- // its older consoles make a blank line after a full one
			}
			return report.Size{Width: width, Height: height}
		}
	}
	return report.Size{}
}

var (
	listItem    = regexp.MustCompile(`^( *)(- |\d+\. )`)
	link        = regexp.MustCompile(`\[([^\]]*)\]\(([^)]*)\)`)
	topicLink   = regexp.MustCompile(`^([a-z-]+)\.md$`)
	tableCells  = regexp.MustCompile(` *\| *`)
	tableRule   = regexp.MustCompile(`^[|\- ]+$`)
	strongWords = regexp.MustCompile(`\*\*?([^*]+)\*\*?`)
)

// topicText returns a Markdown document as text for a terminal: paragraphs and list
// items filled to the width, tables with aligned columns, code blocks unchanged.
func topicText(markdown string, width int) string {
	var b strings.Builder
	lines := strings.Split(strings.TrimSpace(markdown), "\n")
	for i := 0; i < len(lines); i++ {
		line := lines[i]
		switch {
		case strings.HasPrefix(line, "```"):
			for i++; i < len(lines) && !strings.HasPrefix(lines[i], "```"); i++ {
				b.WriteString(strings.TrimRight("    "+lines[i], " ") + "\n")
			}
		case strings.HasPrefix(line, "<!--"):
		case strings.HasPrefix(line, "#"):
			b.WriteString(strings.ToUpper(topicInline(strings.TrimLeft(line, "# "))) + "\n")
		case strings.HasPrefix(line, "|"):
			first := i
			for i+1 < len(lines) && strings.HasPrefix(lines[i+1], "|") {
				i++
			}
			b.WriteString(topicTable(lines[first:i+1], width))
		default:
			indent := ""
			if item := listItem.FindString(line); item != "" {
				indent = strings.Repeat(" ", len(item))
			}
			b.WriteString(fill(topicInline(line), indent, width) + "\n")
		}
	}
	return b.String()
}

// topicInline returns a line without Markdown markup. A link to another topic becomes
// the command that prints it.
func topicInline(line string) string {
	line = link.ReplaceAllStringFunc(line, func(found string) string {
		part := link.FindStringSubmatch(found)
		switch topic := topicLink.FindStringSubmatch(part[2]); {
		case topic != nil:
			return part[1] + " (ivp help " + topic[1] + ")"
		case strings.HasPrefix(part[2], "https://"):
			return part[1] + " <" + part[2] + ">"
		}
		return part[1]
	})
	// Text between backticks is kept unchanged: it may contain an asterisk.
	parts := strings.Split(line, "`")
	for i := 0; i < len(parts); i += 2 {
		parts[i] = strongWords.ReplaceAllString(parts[i], "$1")
	}
	return strings.Join(parts, "")
}

// fill breaks a line between words to fit the width, and indents all lines except the
// first.
func fill(line, indent string, width int) string {
	var b strings.Builder
	column := 0
	for i, word := range strings.Split(line, " ") {
		length := utf8.RuneCountInString(word)
		switch {
		case i == 0:
		case column > len(indent) && column+1+length > width:
			b.WriteString("\n" + indent)
			column = len(indent)
		default:
			b.WriteString(" ")
			column++
		}
		b.WriteString(word)
		column += length
	}
	return b.String()
}

// topicTable returns a table whose last column is filled to the width or, if the other
// columns leave too little space, each row as a paragraph.
func topicTable(rows []string, width int) string {
	var cells [][]string
	first := 0 // the width of all columns except the last
	widest := map[int]int{}
	for _, row := range rows {
		if tableRule.MatchString(row) {
			continue
		}
		row = topicInline(strings.Trim(strings.ReplaceAll(row, `\|`, "\x00"), "| "))
		columns := tableCells.Split(row, -1)
		for i := range columns {
			columns[i] = strings.ReplaceAll(columns[i], "\x00", "|")
			widest[i] = max(widest[i], utf8.RuneCountInString(columns[i]))
		}
		cells = append(cells, columns)
	}
	for i := range len(cells[0]) - 1 {
		first += widest[i] + 2
	}
	var b strings.Builder
	if width-first < 30 {
		for _, row := range cells[1:] {
			b.WriteString(fill(row[0], "", width) + "\n")
			for i, cell := range row[1:] {
				if cell != "" {
					b.WriteString("  " + fill(cells[0][i+1]+": "+cell, "    ", width-2) + "\n")
				}
			}
		}
		return b.String()
	}
	t := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	for _, row := range cells {
		last := len(row) - 1
		for n, line := range strings.Split(fill(row[last], "", width-first), "\n") {
			if n > 0 {
				clear(row[:last])
			}
			_, _ = t.Write([]byte(strings.Join(append(row[:last:last], line), "\t") + "\n"))
		}
	}
	_ = t.Flush()
	return regexp.MustCompile(` +\n`).ReplaceAllString(b.String(), "\n")
}
