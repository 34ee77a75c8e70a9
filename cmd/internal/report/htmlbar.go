package report

import (
	"fmt"
	"html/template"
	"strings"

	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/ivp"
)

// outcomeWords are the outcomes as a reader says them.
var outcomeWords = map[ivp.Outcome]string{
	ivp.Eligible: "eligible", ivp.NotEligible: "not eligible", ivp.Undetermined: "undetermined",
}

// outcomeClasses tell how each outcome is drawn: filled dark, filled lighter,
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
				outcomeClasses[o], at, width, thousands(count[o]), outcomeWords[o])
		}
		at += width
	}
	b.WriteString("</svg>")
	return template.HTML(b.String())
}

func proportionWords(count devices.OutcomeCount) string {
	var words []string
	for _, o := range ivp.Outcomes() {
		words = append(words, share(count[o], total(count))+" "+outcomeWords[o])
	}
	return template.HTMLEscapeString(strings.Join(words, ", "))
}

// miniWidth is the length of the bar of a table's largest row, in pixels.
const miniWidth = 150

// miniBar draws a row's outcomes, to the scale of the largest row. What it
// shows stands in figures beside it.
func miniBar(count devices.OutcomeCount, largest int) template.HTML {
	var b strings.Builder
	fmt.Fprintf(&b, `<svg class="mini" width="%d" height="12" aria-hidden="true">`, miniWidth)
	at := 0.0
	for _, o := range ivp.Outcomes() {
		if count[o] == 0 {
			continue
		}
		width := max(1, miniWidth*float64(count[o])/float64(largest))
		fmt.Fprintf(&b, `<rect class="%s" x="%.2f" width="%.2f" height="12"/>`, outcomeClasses[o], at, width)
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
