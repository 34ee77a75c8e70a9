package report

import (
	"bufio"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"regexp"
	"strconv"
	"strings"

	"github.com/mp196/ivp/cmd/internal/chart"
	"github.com/mp196/ivp/cmd/internal/remarks"

	"github.com/mp196/ivp/cmd/internal/evidence"
	"github.com/mp196/ivp/cmd/internal/screen"
	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/ivp"
)

//go:embed page.html.tmpl
var pageText string

var pages = template.Must(template.New("page").Funcs(template.FuncMap{"next": func(i int) int { return i + 1 }, "unbroken": unbroken, "day": longDay}).Parse(pageText))

// flagWords matches a flag of the command line, with its value.
var flagWords = regexp.MustCompile(`--?[a-z][a-z-]*( [A-Z]+(\.[a-z]+)?\b)?`)

// unbroken is a text in which no line ends inside a flag.
func unbroken(text string) template.HTML {
	var b strings.Builder
	at := 0
	for _, m := range flagWords.FindAllStringIndex(text, -1) {
		if m[0] > 0 && !strings.ContainsRune(" (", rune(text[m[0]-1])) {
			continue // a hyphen in a word
		}
		b.WriteString(template.HTMLEscapeString(text[at:m[0]]) + `<span class="keep">` + template.HTMLEscapeString(text[m[0]:m[1]]) + "</span>")
		at = m[1]
	}
	return template.HTML(b.String() + template.HTMLEscapeString(text[at:]))
}

// longDay is a day of the evidence in words.
func longDay(d ivp.Date) string { return remarks.Day(d) }

// page is what a page shows: a document, with what only a page needs.
type page struct {
	Document
	Style      template.CSS
	Script     template.JS // empty where there are no rows to look through
	Policy     string
	Causes     []pageTable
	Tiles      []tile
	Proportion template.HTML
	Shown      []pagePart
	Sections   []evidenceSection
}

// tile is one headline count.
type tile struct {
	Class, Count, Word, Share string
}

type pagePart struct {
	Part
	Tables []pageTable
}

type pageTable struct {
	Grid
	Cells [][]pageCell
	Aloud bool // whether its title is only for a screen reader
}

// pageCell is a cell of a page.
type pageCell struct {
	Text    string
	HTML    template.HTML
	Outcome string // how an outcome is drawn
	Class   string
	Order   string // what sorts it, if its text does not
}

// writePage writes a document as one page that needs nothing except itself.
func writePage(w io.Writer, d Document) error {
	d.Answer = sentence(d.Answer)
	p := page{Document: d, Style: template.CSS(chart.StyleSheet), Sections: evidenceSections(d.Evidence)}
	if d.Outcomes != nil {
		p.Proportion = proportionBar(*d.Outcomes)
		for _, o := range ivp.Outcomes() {
			p.Tiles = append(p.Tiles, tile{outcomeClasses[o], remarks.Thousands(d.Outcomes[o]), remarks.OutcomeWords(o), share(d.Outcomes[o], total(*d.Outcomes))})
		}
	}
	p.Policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
	for _, part := range d.Parts {
		shown := pagePart{Part: part}
		for _, g := range part.Grids {
			shown.Tables = append(shown.Tables, newPageTable(g, g.Title == part.Title || g.Fold == g.Title))
		}
		if part.Class == "rows" && len(part.Grids) > 0 {
			p.Script = template.JS(rowsScript)
			p.Policy += "; script-src 'sha256-" + rowsScriptDigest() + "'"
		}
		p.Shown = append(p.Shown, shown)
	}
	if causes, ok := d.causeGrid(); ok {
		p.Causes = []pageTable{newPageTable(causes, true)}
	}
	out := bufio.NewWriter(screen.NewWriter(w))
	if err := pages.Execute(out, p); err != nil {
		return err
	}
	return out.Flush()
}

// rowsScript filters and sorts the rows of a page. It needs nothing, and the policy
// of the page permits it alone.
//
//go:embed rows.js
var rowsScript string

func rowsScriptDigest() string {
	sum := sha256.Sum256([]byte(rowsScript))
	return base64.StdEncoding.EncodeToString(sum[:])
}

// newPageTable returns a table; aloud says that its title is only for a screen reader.
func newPageTable(g Grid, aloud bool) pageTable {
	table := pageTable{Grid: g, Aloud: aloud}
	for _, row := range g.Rows {
		var cells []pageCell
		for i, cell := range row {
			cells = append(cells, newPageCell(cell, g.Heads[i]))
		}
		table.Cells = append(table.Cells, cells)
	}
	return table
}

func newPageCell(cell any, head Head) pageCell {
	c := pageCell{Text: cellText(cell), Class: head.Class}
	switch v := cell.(type) {
	case string:
		if o, ok := outcomeOf(v); ok {
			c.Outcome = outcomeClasses[o]
		}
	case ivp.Date:
		c.Class, c.Order = "day", v.String()
	case timeLeft:
		c.Order = strconv.Itoa(int(v) + 10_000_000) // more than the calendar has days
	case Bar:
		c = pageCell{HTML: v.svg(), Class: "bar"}
	case OutcomeBar:
		c = pageCell{HTML: v.svg(), Class: "bar"}
	}
	return c
}

// outcomeClasses say how each outcome is drawn: filled dark, filled lighter,
// hatched, so that no one needs the colours.
var outcomeClasses = map[ivp.Outcome]string{
	ivp.Eligible: "yes", ivp.NotEligible: "no", ivp.Undetermined: "unknown",
}

// proportionBar draws the outcomes as parts of the page's width.
func proportionBar(count devices.OutcomeCount) template.HTML {
	total := total(count)
	if total == 0 {
		return ""
	}
	var b strings.Builder
	b.WriteString(`<svg class="proportion" width="100%" height="30" role="img" aria-label="` + proportionWords(count) + `">`)
	at := 0.0
	for _, o := range ivp.Outcomes() {
		width := 100 * float64(count[o]) / float64(total)
		if count[o] > 0 {
			fmt.Fprintf(&b, `<rect class="%s" x="%.3f%%" width="%.3f%%" height="30"><title>%s %s</title></rect>`,
				outcomeClasses[o], at, width, remarks.Thousands(count[o]), remarks.OutcomeWords(o))
		}
		at += width
	}
	b.WriteString("</svg>")
	return template.HTML(b.String())
}

func proportionWords(count devices.OutcomeCount) string {
	var words []string
	for _, o := range ivp.Outcomes() {
		words = append(words, share(count[o], total(count))+" "+remarks.OutcomeWords(o))
	}
	return template.HTMLEscapeString(strings.Join(words, ", "))
}

// barLength is the length of the bar of a table's largest row, in pixels.
const barLength = 150

// svg draws the bar for a page. The number that it shows is in another column, so
// that it says nothing to a screen reader.
func (b Bar) svg() template.HTML {
	if b.Largest <= 0 {
		return ""
	}
	return barSVG([]barPart{{"yes", float64(b.Part) / float64(b.Largest)}})
}

func (b OutcomeBar) svg() template.HTML {
	var parts []barPart
	for _, o := range ivp.Outcomes() {
		if b.Count[o] > 0 {
			parts = append(parts, barPart{outcomeClasses[o], float64(b.Count[o]) / float64(b.Largest)})
		}
	}
	return barSVG(parts)
}

// barPart is a part of a bar, of the whole length.
type barPart struct {
	class string
	part  float64
}

func barSVG(parts []barPart) template.HTML {
	var b strings.Builder
	fmt.Fprintf(&b, `<svg class="mini" width="%d" height="12" aria-hidden="true" focusable="false">`, barLength)
	at := 0.0
	for _, p := range parts {
		width := p.part * barLength
		if width > 0 {
			width = max(1, width)
		}
		fmt.Fprintf(&b, `<rect class="%s" x="%.2f" width="%.2f" height="12"/>`, p.class, at, width)
		at += width
	}
	b.WriteString("</svg>")
	return template.HTML(b.String())
}

func total(count devices.OutcomeCount) int {
	n := 0
	for _, part := range count {
		n += part
	}
	return n
}

// share writes a part of a whole in per cent. A part that is not zero is never
// written as 0 %, nor an incomplete whole as 100 %.
func share(part, whole int) string {
	if whole == 0 {
		return "0%"
	}
	percent := 100 * float64(part) / float64(whole)
	switch {
	case part == 0 || part == whole:
		return fmt.Sprintf("%.0f%%", percent)
	case percent < 0.1:
		return "<0.1%"
	case percent > 99.9:
		return ">99.9%"
	}
	return fmt.Sprintf("%.1f%%", percent)
}

// evidenceSection is part of what the run rests on.
type evidenceSection struct {
	Name  string
	Lines []evidenceLine
}

// evidenceSections gathers the lines of evidence under their sections; none
// where the evidence is not known.
func evidenceSections(run *evidence.Run) []evidenceSection {
	if run == nil {
		return nil
	}
	var sections []evidenceSection
	for _, line := range evidenceLines(run) {
		if n := len(sections); n == 0 || sections[n-1].Name != line.Section {
			sections = append(sections, evidenceSection{Name: line.Section})
		}
		last := &sections[len(sections)-1]
		last.Lines = append(last.Lines, line)
	}
	return sections
}
