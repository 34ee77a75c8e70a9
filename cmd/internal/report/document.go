package report

import (
	"fmt"
	"html/template"
	"strconv"
	"strings"

	"github.com/mp196/ivp/cmd/internal/evidence"
)

// Document is a report that is known as a whole before it is written: some words
// and some small tables. Each format writes the same.
type Document struct {
	Title string
	// Answer says the most in a sentence.
	Answer string
	// Facts are lines that say what was asked.
	Facts []string
	// Warnings say what makes the answer weaker than it looks.
	Warnings []string
	// Chart is a picture for a page; empty where there is none. ChartWords are
	// its caption.
	Chart      template.HTML
	ChartWords string
	Grids      []Grid
	Notes      []string
	Evidence   *evidence.Run // may be nil
	Rules      evidence.RulesCount
}

// Grid is a small table.
type Grid struct {
	Title string
	// Note stands below it.
	Note string
	// Sheet is its name in a workbook; the title's where it is empty.
	Sheet string
	Heads []Head
	Rows  [][]any // string, int, Pence, ivp.Date or Bar; nil is an empty cell
	// Wide says that its texts are long.
	Wide bool
}

// Head is a column of a grid.
type Head struct {
	Name string
	// Right aligns its cells to the right.
	Right bool
}

// heads makes columns of names; those that begin with ">" are aligned to the
// right.
func heads(names ...string) []Head {
	var all []Head
	for _, name := range names {
		plain, right := strings.CutPrefix(name, ">")
		all = append(all, Head{plain, right})
	}
	return all
}

// Pence is an amount of money, shown in pounds.
type Pence int64

// String writes the amount, as in £1,234.50.
func (p Pence) String() string {
	return fmt.Sprintf("£%s.%02d", thousands(int(p/100)), int64(p)%100)
}

// Bar is a part of the largest of its column.
type Bar struct{ Part, Largest int }

// barWidth is the longest bar in text, in characters.
const barWidth = 24

// String draws the bar in text. Some is never nothing.
func (b Bar) String() string {
	if b.Part <= 0 || b.Largest <= 0 {
		return ""
	}
	return strings.Repeat("█", max(1, b.Part*barWidth/b.Largest))
}

// sentence begins a line as a sentence begins.
func sentence(line string) string {
	if line == "" {
		return ""
	}
	return strings.ToUpper(line[:1]) + line[1:] + "."
}

// cellText returns a cell as text.
func cellText(cell any) string {
	switch c := cell.(type) {
	case nil:
		return ""
	case string:
		return c
	case int:
		return strconv.Itoa(c)
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
