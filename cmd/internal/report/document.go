package report

import (
	"bufio"
	"cmp"
	"fmt"
	"html/template"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/mp196/ivp/cmd/internal/chart"
	"github.com/mp196/ivp/cmd/internal/evidence"
	"github.com/mp196/ivp/cmd/internal/remarks"
	"github.com/mp196/ivp/cmd/internal/screen"
	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/ivp"
)

// Document is a report that is known as a whole before it is written. Each format
// writes the same: text for a terminal, Markdown, a page, a workbook.
type Document struct {
	// Door is where the document is read.
	Door  remarks.Door
	Title string
	// Answer says the most in a sentence. Lead has the causes of what needs work, and
	// for a check what else its answer says.
	Answer string
	Lead   remarks.Answer
	// CauseTitle is the title of the causes, if not that of a check.
	CauseTitle string
	// Inputs are the names of what was read.
	Inputs []string
	// Facts are lines that say what was asked, Made when and by which rules.
	Facts []string
	Made  string
	// Outcomes are the headline counts; nil where there are none.
	Outcomes *devices.OutcomeCount
	// Warnings say what makes the answer weaker than it looks, Notes how the inputs
	// were read.
	Warnings, Notes []string
	Parts           []Part
	Evidence        *evidence.Run // may be nil
	Rules           evidence.RulesCount
	// Sources are numbered from 1; lines refer to them.
	Sources []Source
	// Shown says that a terminal shows the whole document, and not only its tables.
	Shown bool
	// Screen is the size of the terminal to which the document is written as text.
	Screen Size
}

// Source is a document that is cited. Its address may be empty.
type Source struct{ Document, URL string }

// linkable reports whether the address may be made a link.
func (s Source) linkable() bool {
	return (strings.HasPrefix(s.URL, "https://") || strings.HasPrefix(s.URL, "http://")) && !strings.ContainsAny(s.URL, " <>()[]\"\\\t\r\n")
}

// Line is a line of words, perhaps with a label before it and sources after it.
type Line struct {
	Label, Text string
	Sources     []int // from 1
	// Under says that it belongs to the line before.
	Under bool
}

// Part is a part of a document: words, lines, a picture, tables, in this order. Each
// may be absent.
type Part struct {
	Title string
	Words []string
	Lines []Line
	// Picture is for a page, with its Caption.
	Picture template.HTML
	Caption string
	// More is a second picture, which a page shows on demand under the name
	// MoreTitle.
	More      template.HTML
	MoreTitle string
	Grids     []Grid
	// Page says that only a page shows the part. Class is its class there.
	Page  bool
	Class string
}

// add adds a part for each table, with its title.
func (d *Document) add(grids ...Grid) {
	for _, g := range grids {
		d.Parts = append(d.Parts, Part{Title: g.Title, Grids: []Grid{g}})
	}
}

// grids returns the tables of the parts that are not only for a page.
func (d *Document) grids() (all []Grid) {
	for _, part := range d.Parts {
		if !part.Page {
			all = append(all, part.Grids...)
		}
	}
	return all
}

// Grid is a small table.
type Grid struct {
	Title string
	// Note stands below it.
	Note string
	// Sheet is its name in a workbook; the title's where it is empty.
	Sheet string
	Heads []Head
	// Rows hold string, int, Pence, ivp.Date, Bar or OutcomeBar; nil is an empty cell.
	Rows [][]any
	// Wide says that its texts are long.
	Wide bool
	// Fold is what a page shows in place of the table until a reader asks for it; empty
	// for one that is always shown. Class is that of the fold.
	Fold, Class string
}

// Head is a column of a grid. One without a name holds bars.
type Head struct {
	Name string
	// Right aligns its cells to the right.
	Right bool
	// Class is that of its cells in a page.
	Class string
}

// heads makes columns of names; those that begin with ">" are aligned to the
// right.
func heads(names ...string) []Head {
	var all []Head
	for _, name := range names {
		plain, right := strings.CutPrefix(name, ">")
		head := Head{Name: plain, Right: right}
		if right {
			head.Class = "n"
		}
		all = append(all, head)
	}
	return all
}

// Pence is an amount of money, shown in pounds.
type Pence int64

// String writes the amount, as in £1,234.50.
func (p Pence) String() string {
	return fmt.Sprintf("£%s.%02d", remarks.Thousands(int(p/100)), int64(p)%100)
}

// Bar is a part of the largest of its column.
type Bar struct{ Part, Largest int }

// OutcomeBar is a count of devices by outcome, beside the largest of its column. Only
// a page shows it.
type OutcomeBar struct {
	Count   devices.OutcomeCount
	Largest int
}

// String returns nothing: the figures are in the other columns.
func (OutcomeBar) String() string { return "" }

// barWidth is the longest bar in text, in characters.
const barWidth = 24

// String draws the bar in text. Some is never nothing.
func (b Bar) String() string {
	if b.Part <= 0 || b.Largest <= 0 {
		return ""
	}
	return strings.Repeat("█", max(1, b.Part*barWidth/b.Largest))
}

// sentence writes a line as a sentence.
func sentence(line string) string {
	if line = upperFirst(line); line == "" || strings.HasSuffix(line, ".") {
		return line
	}
	return line + "."
}

// upperFirst begins a line with a capital letter.
func upperFirst(line string) string {
	if line == "" {
		return ""
	}
	return strings.ToUpper(line[:1]) + line[1:]
}

// outcomeOf returns the outcome that a cell names, as data name it.
func outcomeOf(cell any) (o ivp.Outcome, ok bool) {
	if text, isText := cell.(string); isText {
		ok = o.UnmarshalText([]byte(text)) == nil
	}
	return o, ok
}

// cellText returns a cell as text.
func cellText(cell any) string {
	switch c := cell.(type) {
	case nil:
		return ""
	case string:
		if o, ok := outcomeOf(c); ok {
			return remarks.OutcomeWords(o)
		}
		return c
	case int:
		return remarks.Thousands(c)
	case ivp.Date:
		return chart.ShortDay(c)
	case fmt.Stringer:
		return c.String()
	}
	return fmt.Sprint(cell)
}

// texts returns the rows as text that is written so.
func (g *Grid) texts(written func(string) string) [][]string {
	var all [][]string
	for _, row := range g.Rows {
		var texts []string
		for _, cell := range row {
			texts = append(texts, written(cellText(cell)))
		}
		all = append(all, texts)
	}
	return all
}

// WriteGrid writes a table for a terminal.
func WriteGrid(w io.Writer, size Size, g Grid) error {
	out := bufio.NewWriter(w)
	if g.Title != "" {
		fmt.Fprintln(out, screen.Line(g.Title))
	}
	var titles []string
	for _, head := range g.Heads {
		titles = append(titles, screen.Line(strings.ToUpper(head.Name)))
	}
	rows := g.texts(screen.Line)
	columns := columnsOf(titles, rows)
	for i, head := range g.Heads {
		columns[i].right = head.Right
	}
	if err := writeTable(out, size, columns, rows); err != nil {
		return err
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
		if d.Shown {
			return writeShown(w, d)
		}
		return writeDocumentText(w, d)
	case Markdown:
		return writeDocumentMarkdown(w, d, nil)
	case HTML:
		return writePage(w, d)
	case Workbook:
		return writeDocumentWorkbook(w, d)
	}
	return fmt.Errorf("%s is no format of a document", format)
}

// writeDocumentText writes the tables alone: a terminal shows the words beside
// them.
func writeDocumentText(w io.Writer, d Document) error {
	for i, g := range d.grids() {
		if i > 0 {
			if _, err := fmt.Fprintln(w); err != nil {
				return err
			}
		}
		if err := WriteGrid(w, d.Screen, g); err != nil {
			return err
		}
	}
	return nil
}

// writeShown writes a whole document for a terminal: the answer first.
func writeShown(w io.Writer, d Document) error {
	out := bufio.NewWriter(w)
	for _, line := range slices.Concat([]string{sentence(d.Answer), d.Title}, d.Facts) {
		fmt.Fprintln(out, screen.Line(line))
	}
	for _, part := range d.Parts {
		fmt.Fprintf(out, "\n%s\n", screen.Line(part.Title))
		for _, words := range part.Words {
			fmt.Fprintf(out, "  %s\n", screen.Line(words))
		}
		width := labelWidth(part.Lines)
		for _, line := range part.Lines {
			indent, refs := "  ", ""
			if line.Under {
				indent = "    "
			} else if width > 0 {
				indent += fmt.Sprintf("%-*s  ", width, screen.Line(line.Label))
			}
			for _, n := range line.Sources {
				refs += fmt.Sprintf(" [%d]", n)
			}
			fmt.Fprintf(out, "%s%s%s\n", indent, screen.Line(line.Text), refs)
		}
		for _, g := range part.Grids {
			g.Title = ""
			if err := WriteGrid(out, d.Screen, g); err != nil {
				return err
			}
		}
	}
	if len(d.Sources) > 0 {
		fmt.Fprint(out, "\nSources\n")
	}
	for i, source := range d.Sources {
		fmt.Fprintf(out, "  [%d] %s\n", i+1, screen.Line(strings.TrimSpace(source.Document+" "+source.URL)))
	}
	fmt.Fprintf(out, "\nRules: edition %s, SHA-256 %s. The Code prevails.\n", screen.Line(d.Rules.Edition), d.Rules.SHA256)
	return out.Flush()
}

// labelWidth returns the width of the widest label.
func labelWidth(lines []Line) (width int) {
	for _, line := range lines {
		width = max(width, utf8.RuneCountInString(screen.Line(line.Label)))
	}
	return width
}

// needsWork is the title of the causes of a check.
const needsWork = "What needs work"

// mostCausesShown is how many causes a document shows.
const mostCausesShown = 40

// causeGrid shows the causes, the largest first; ok is false if there is none.
func (d *Document) causeGrid() (g Grid, ok bool) {
	g = Grid{Title: cmp.Or(d.CauseTitle, needsWork), Heads: heads(">Devices", "Answer", "What it is", "What to do", "For example")}
	g.Heads[2].Class, g.Heads[3].Class, g.Heads[4].Class = "what", "do", "first"
	causes := d.Lead.AllCauses()
	for _, c := range causes[:min(len(causes), mostCausesShown)] {
		g.Rows = append(g.Rows, []any{c.Devices, c.Outcome, upperFirst(c.What), upperFirst(c.Do), strings.Join(c.First, ", ")})
	}
	if len(causes) > mostCausesShown {
		rest := 0
		for _, c := range causes[mostCausesShown:] {
			rest += c.Devices
		}
		g.Note = fmt.Sprintf("And %s, %s.", remarks.Plural(len(causes)-mostCausesShown, "smaller cause"), remarks.Plural(rest, "device"))
	}
	return g, len(g.Rows) > 0
}

// writeDocumentMarkdown writes a document; rows, if not nil, are Markdown too, which
// follows the causes.
func writeDocumentMarkdown(w io.Writer, d Document, rows io.Reader) error {
	out := bufio.NewWriter(w)
	fmt.Fprintf(out, "# %s\n\n**%s**\n\n", screen.Markdown(d.Title), screen.Markdown(sentence(d.Answer)))
	for _, line := range []string{d.Lead.Remedy, d.Lead.Terms} {
		if line != "" {
			fmt.Fprintf(out, "%s\n\n", screen.Markdown(line))
		}
	}
	writeMarkdownList(out, d.Facts)
	for _, warning := range d.Warnings {
		fmt.Fprintf(out, "> Warning: %s\n\n", screen.Markdown(warning))
	}
	if causes, ok := d.causeGrid(); ok {
		writeMarkdownTable(out, causes)
	}
	if rows != nil {
		fmt.Fprint(out, "## Rows\n\n")
		if _, err := io.Copy(out, rows); err != nil {
			return err
		}
		fmt.Fprintln(out)
	}
	for _, part := range d.Parts {
		if part.Page {
			continue
		}
		writeMarkdownWords(out, part, d.Sources)
		for _, g := range part.Grids {
			writeMarkdownTable(out, g)
		}
	}
	writeMarkdownList(out, d.Notes)
	if len(d.Sources) > 0 {
		fmt.Fprint(out, "## Sources\n\n")
		for i, source := range d.Sources {
			fmt.Fprintf(out, "%d. %s\n", i+1, strings.TrimSpace(screen.Markdown(source.Document)+" "+source.markdown(source.URL)))
		}
		fmt.Fprintln(out)
	}
	fmt.Fprintf(out, "Rules: edition %s, SHA-256 %s. The Code prevails.\n", screen.Markdown(d.Rules.Edition), d.Rules.SHA256)
	return out.Flush()
}

// writeMarkdownTable writes a table with its title and its note.
func writeMarkdownTable(out *bufio.Writer, g Grid) {
	fmt.Fprintf(out, "## %s\n\n", screen.Markdown(g.Title))
	writeMarkdownGrid(out, &g)
	if g.Note != "" {
		fmt.Fprintf(out, "%s\n\n", screen.Markdown(g.Note))
	}
}

// markdown returns a text as a link to the source, or as it is if that has no
// address.
func (s Source) markdown(text string) string {
	if !s.linkable() {
		return screen.Markdown(text)
	}
	return fmt.Sprintf("[%s](%s)", screen.Markdown(text), s.URL)
}

// writeMarkdownWords writes the words and lines of a part, under its title.
func writeMarkdownWords(out *bufio.Writer, part Part, sources []Source) {
	if len(part.Words)+len(part.Lines) == 0 || part.Title == "" {
		return
	}
	fmt.Fprintf(out, "## %s\n\n", screen.Markdown(part.Title))
	for _, words := range part.Words {
		fmt.Fprintf(out, "%s\n\n", screen.Markdown(words))
	}
	for _, line := range part.Lines {
		text := screen.Markdown(line.Text)
		if line.Label != "" {
			text = "**" + screen.Markdown(line.Label) + "**: " + text
		}
		for _, n := range line.Sources {
			text += " " + sources[n-1].markdown(fmt.Sprintf("[%d]", n))
		}
		if line.Under {
			text = "  - " + text
		} else {
			text = "- " + text
		}
		fmt.Fprintln(out, text)
	}
	if len(part.Lines) > 0 {
		fmt.Fprintln(out)
	}
}

func writeMarkdownList(out *bufio.Writer, lines []string) {
	for _, line := range lines {
		fmt.Fprintf(out, "- %s\n", screen.Markdown(line))
	}
	if len(lines) > 0 {
		fmt.Fprintln(out)
	}
}

// withoutPictures returns the table without the columns that only a page shows.
func (g *Grid) withoutPictures() *Grid {
	drawn := func(row []any) int {
		return slices.IndexFunc(row, func(cell any) bool { _, is := cell.(OutcomeBar); return is })
	}
	if len(g.Rows) == 0 || drawn(g.Rows[0]) < 0 {
		return g
	}
	at, plain := drawn(g.Rows[0]), *g
	plain.Heads = slices.Delete(slices.Clone(g.Heads), at, at+1)
	plain.Rows = nil
	for _, row := range g.Rows {
		plain.Rows = append(plain.Rows, slices.Delete(slices.Clone(row), at, at+1))
	}
	return &plain
}

func writeMarkdownGrid(out *bufio.Writer, g *Grid) {
	g = g.withoutPictures()
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
