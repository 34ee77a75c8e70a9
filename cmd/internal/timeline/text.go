package timeline

import (
	"fmt"
	"html"
	"strings"
)

// number writes a length to a hundredth, which is finer than a day.
func number(x float64) string {
	return strings.TrimSuffix(strings.TrimSuffix(fmt.Sprintf("%.2f", x), "0"), ".0")
}

// text writes a text; anchor may be empty, for its start.
func (d *drawing) text(x, y float64, class, anchor, s string) {
	fmt.Fprintf(d, `<text x="%s" y="%s"`, number(x), number(y))
	if class != "" {
		fmt.Fprintf(d, ` class="%s"`, class)
	}
	if anchor != "" {
		fmt.Fprintf(d, ` text-anchor="%s"`, anchor)
	}
	fmt.Fprintf(d, ">%s</text>", escape(s))
}

// escape makes text safe in an element and in a quoted attribute. What XML
// cannot hold at all is replaced.
func escape(s string) string {
	clean := strings.Map(func(r rune) rune {
		if r < ' ' && r != '\t' && r != '\n' || r == 0xFFFE || r == 0xFFFF {
			return '\uFFFD'
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
	return html.EscapeString(clean)
}
