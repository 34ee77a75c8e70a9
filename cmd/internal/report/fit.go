package report

import (
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/mp196/ivp/cmd/internal/remarks"
	"github.com/mp196/ivp/ivp"
)

// Size is the size of a terminal in characters. The zero value is that of a file or a
// pipe, where tables are whole.
type Size struct{ Width, Height int }

// mostRows returns how many rows of a table are shown, those of two screens; 0 is all.
func (s Size) mostRows() int { return 2 * s.Height }

// tableColumn is a column of a table.
type tableColumn struct {
	title string
	// right aligns cells to the right.
	right bool
	// least is to how many characters the cells may be cut; 0 is never.
	least int
	// end keeps the end of a cell that is cut, not its beginning.
	end bool
	// rank orders the columns that are left out if the width does not suffice, the
	// highest first; 0 is never left out.
	rank int
}

// fit returns the widths of columns for the size of the terminal, or -1 for those that
// are left out. natural are the widths of the columns in characters.
func (s Size) fit(columns []tableColumn, natural []int) []int {
	widths := slices.Clone(natural)
	if s.Width == 0 {
		return widths
	}
	for {
		for over := s.over(widths); over > 0; over-- {
			widest := -1
			for i, c := range columns {
				if c.least > 0 && widths[i] > c.least && (widest < 0 || widths[i] > widths[widest]) {
					widest = i
				}
			}
			if widest < 0 {
				break
			}
			widths[widest]--
		}
		if s.over(widths) <= 0 {
			return widths
		}
		out := -1
		for i, c := range columns {
			if c.rank > 0 && widths[i] >= 0 && (out < 0 || c.rank > columns[out].rank) {
				out = i
			}
		}
		if out < 0 {
			return widths
		}
		for i := range widths {
			if widths[i] >= 0 {
				widths[i] = natural[i]
			}
		}
		widths[out] = -1
	}
}

// over returns by how many characters columns are wider than the terminal.
func (s Size) over(widths []int) int {
	total := -gap
	for _, width := range widths {
		if width >= 0 {
			total += width + gap
		}
	}
	return total - s.Width
}

// gap is the number of spaces between columns.
const gap = 2

// rowOf returns a line of a table. paint, if not nil, is called for each cell once it has
// its width.
func rowOf(columns []tableColumn, widths []int, cells []string, paint func(string) string) string {
	var b strings.Builder
	for i, cell := range cells {
		if widths[i] < 0 {
			continue
		}
		if columns[i].least > 0 {
			cell = cutCell(cell, widths[i], columns[i].end)
		}
		fill := strings.Repeat(" ", max(widths[i]-utf8.RuneCountInString(cell), 0))
		if paint != nil {
			cell = paint(cell)
		}
		if columns[i].right {
			cell, fill = fill+cell, ""
		}
		b.WriteString(cell + fill + strings.Repeat(" ", gap))
	}
	return strings.TrimRight(b.String(), " ") + "\n"
}

func cutCell(cell string, most int, end bool) string {
	runes := []rune(cell)
	switch {
	case len(runes) <= most:
		return cell
	case end:
		return "…" + string(runes[len(runes)-most+1:])
	}
	return string(runes[:most-1]) + "…"
}

// missing says how many rows are not shown, and which columns, and where they are; it is
// empty if all are.
func (s Size) missing(columns []tableColumn, widths []int, rows int) string {
	var parts, names []string
	if rows > 0 {
		parts = append(parts, "and "+remarks.Plural(rows, "more row"))
	}
	for i, c := range columns {
		if i < len(widths) && widths[i] < 0 {
			names = append(names, strings.ToLower(c.title))
		}
	}
	if len(names) > 0 {
		parts = append(parts, "no room for: "+strings.Join(names, ", "))
	}
	if len(parts) == 0 {
		return ""
	}
	parts = append(parts, "for all of it add | more, or >FILE")
	text := "… " + strings.Join(parts, "; ")
	if utf8.RuneCountInString(text) > s.Width {
		text = "… " + strings.Join(parts, "\n  ")
	}
	return text + "\n"
}

// leastCell is how many characters of a cell a table shows at least.
const leastCell = 12

// columnsOf returns the columns of a table with these titles: the last is left out first.
// Verdicts are neither cut nor left out.
func columnsOf(titles []string, rows [][]string) []tableColumn {
	columns := make([]tableColumn, len(titles))
	for i, title := range titles {
		columns[i] = tableColumn{title: title, least: leastCell, rank: i}
		longest, verdict := 0, false
		for _, row := range rows {
			longest = max(longest, utf8.RuneCountInString(row[i]))
			verdict = verdict || isVerdict(row[i])
		}
		if verdict {
			columns[i].least, columns[i].rank = longest, 0
		}
	}
	return columns
}

// isVerdict reports whether a cell is an outcome, as data or in words.
func isVerdict(cell string) bool {
	return slices.ContainsFunc(ivp.Outcomes(), func(o ivp.Outcome) bool { return cell == o.String() || cell == remarks.OutcomeWords(o) })
}

// WriteTable writes a table for a terminal of this size, or for a file, and says which
// rows and columns are missing.
func WriteTable(w io.Writer, size Size, titles []string, rows [][]string) error {
	return writeTable(w, size, columnsOf(titles, rows), rows)
}

func writeTable(w io.Writer, size Size, columns []tableColumn, rows [][]string) error {
	shown := rows
	if most := size.mostRows(); most > 0 && len(rows) > most {
		shown = rows[:most]
	}
	titles, widths := make([]string, len(columns)), make([]int, len(columns))
	for i, c := range columns {
		titles[i] = strings.ToUpper(c.title)
		widths[i] = utf8.RuneCountInString(c.title)
		for _, row := range shown {
			widths[i] = max(widths[i], utf8.RuneCountInString(row[i]))
		}
	}
	widths = size.fit(columns, widths)
	var b strings.Builder
	for _, row := range slices.Concat([][]string{titles}, shown) {
		b.WriteString(rowOf(columns, widths, row, nil))
	}
	b.WriteString(size.missing(columns, widths, len(rows)-len(shown)))
	_, err := io.WriteString(w, b.String())
	return err
}
