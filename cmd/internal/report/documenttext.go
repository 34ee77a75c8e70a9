package report

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/mp196/ivp/cmd/internal/screen"
)

// WriteGrid writes a table for a terminal.
func WriteGrid(w io.Writer, g Grid) error {
	out := bufio.NewWriter(w)
	rows := g.texts(screen.Line)
	widths := g.widths(rows)
	if g.Title != "" {
		fmt.Fprintln(out, screen.Line(g.Title))
	}
	var titles []string
	for _, head := range g.Heads {
		titles = append(titles, strings.ToUpper(head.Name))
	}
	for _, row := range append([][]string{titles}, rows...) {
		var line strings.Builder
		for i, cell := range row {
			gap := strings.Repeat(" ", max(0, widths[i]-utf8.RuneCountInString(cell)))
			if g.Heads[i].Right {
				line.WriteString(gap + cell + "  ")
				continue
			}
			line.WriteString(cell + gap + "  ")
		}
		fmt.Fprintln(out, strings.TrimRight(line.String(), " "))
	}
	if g.Note != "" {
		fmt.Fprintln(out, screen.Line(g.Note))
	}
	return out.Flush()
}

func (g *Grid) widths(rows [][]string) []int {
	widths := make([]int, len(g.Heads))
	for i, head := range g.Heads {
		widths[i] = utf8.RuneCountInString(head.Name)
	}
	for _, row := range rows {
		for i, cell := range row {
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	return widths
}

// WriteDocument writes a document as text, Markdown, a workbook or a page.
func WriteDocument(w io.Writer, format Format, d Document) error {
	switch format {
	case Table:
		return writeDocumentText(w, d)
	case Markdown:
		return writeDocumentMarkdown(w, d)
	case HTML:
		return writeDocumentPage(w, d)
	case Workbook:
		return writeDocumentWorkbook(w, d)
	}
	return fmt.Errorf("%s is no format of a document", format)
}

// writeDocumentText writes the tables alone: a terminal shows the words beside
// them.
func writeDocumentText(w io.Writer, d Document) error {
	for i, g := range d.Grids {
		if i > 0 {
			if _, err := fmt.Fprintln(w); err != nil {
				return err
			}
		}
		if err := WriteGrid(w, g); err != nil {
			return err
		}
	}
	return nil
}

func writeDocumentMarkdown(w io.Writer, d Document) error {
	out := bufio.NewWriter(w)
	fmt.Fprintf(out, "# %s\n\n**%s**\n\n", screen.Markdown(d.Title), screen.Markdown(sentence(d.Answer)))
	writeMarkdownList(out, d.Facts)
	for _, warning := range d.Warnings {
		fmt.Fprintf(out, "> Warning: %s\n\n", screen.Markdown(warning))
	}
	for _, g := range d.Grids {
		fmt.Fprintf(out, "## %s\n\n", screen.Markdown(g.Title))
		writeMarkdownGrid(out, &g)
		if g.Note != "" {
			fmt.Fprintf(out, "%s\n\n", screen.Markdown(g.Note))
		}
	}
	writeMarkdownList(out, d.Notes)
	fmt.Fprintf(out, "Rules: edition %s, SHA-256 %s. The Code prevails.\n", d.Rules.Edition, d.Rules.SHA256)
	return out.Flush()
}

func writeMarkdownList(out *bufio.Writer, lines []string) {
	for _, line := range lines {
		fmt.Fprintf(out, "- %s\n", screen.Markdown(line))
	}
	if len(lines) > 0 {
		fmt.Fprintln(out)
	}
}

func writeMarkdownGrid(out *bufio.Writer, g *Grid) {
	out.WriteString("|")
	for _, head := range g.Heads {
		fmt.Fprintf(out, " %s |", screen.Markdown(head.Name))
	}
	out.WriteString("\n|")
	for _, head := range g.Heads {
		rule := "---|"
		if head.Right {
			rule = "---:|"
		}
		out.WriteString(rule)
	}
	out.WriteString("\n")
	for _, row := range g.texts(screen.Markdown) {
		out.WriteString("|")
		for _, cell := range row {
			fmt.Fprintf(out, " %s |", cell)
		}
		out.WriteString("\n")
	}
	out.WriteString("\n")
}
