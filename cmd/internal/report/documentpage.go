package report

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"

	"github.com/mp196/ivp/cmd/internal/screen"
	"github.com/mp196/ivp/cmd/internal/style"
	"github.com/mp196/ivp/ivp"
)

//go:embed document.html.tmpl
var documentText string

var documents = template.Must(template.Must(pages.Clone()).New("documents").Parse(documentText))

// documentPage is what the page of a document shows.
type documentPage struct {
	Document
	Style    template.CSS
	Tables   []documentTable
	Sections []evidenceSection
}

type documentTable struct {
	Grid
	Cells [][]documentCell
}

// documentCell is a cell of a page.
type documentCell struct {
	Text  string
	HTML  template.HTML
	Class string
}

func writeDocumentPage(w io.Writer, d Document) error {
	d.Answer = sentence(d.Answer)
	page := documentPage{Document: d, Style: template.CSS(style.Sheet), Sections: evidenceSections(d.Evidence)}
	for _, g := range d.Grids {
		table := documentTable{Grid: g}
		for _, row := range g.Rows {
			var cells []documentCell
			for i, cell := range row {
				cells = append(cells, newDocumentCell(cell, g.Heads[i].Right))
			}
			table.Cells = append(table.Cells, cells)
		}
		page.Tables = append(page.Tables, table)
	}
	return documents.ExecuteTemplate(screen.NewWriter(w), "document", page)
}

func newDocumentCell(cell any, right bool) documentCell {
	c := documentCell{Text: cellText(cell)}
	switch v := cell.(type) {
	case int:
		c.Text = thousands(v)
	case ivp.Date:
		c.Class = "day"
	case Bar:
		c = documentCell{HTML: v.svg(), Class: "bar"}
	}
	switch {
	case isOutcome(c.Text):
		c.Class = "outcome " + outcomeClass(c.Text)
	case right:
		c.Class = "n"
	}
	return c
}

// outcomeClass is how the outcome of a name is drawn.
func outcomeClass(name string) string {
	var o ivp.Outcome
	if o.UnmarshalText([]byte(name)) != nil {
		return ""
	}
	return outcomeClasses[o]
}

// svg draws the bar for a page; the number that it stands for is in another
// column, so that it says nothing to a screen reader.
func (b Bar) svg() template.HTML {
	const width, height = 140, 12
	if b.Largest <= 0 {
		return ""
	}
	return template.HTML(fmt.Sprintf(`<svg width="%d" height="%d" aria-hidden="true" focusable="false"><rect class="yes" width="%d" height="%d"/></svg>`,
		width, height, b.Part*width/b.Largest, height))
}
