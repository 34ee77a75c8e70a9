package report

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/mp196/ivp/cmd/internal/remarks"
	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/ivp"
)

// mostRows is the most rows that a page or another document shows: as many as
// someone may read.
const mostRows = 1000

const (
	// mostRowsOfGroup is how many rows of a group a page shows, and mostRowGroups how
	// many groups it looks for.
	mostRowsOfGroup = 100
	mostRowGroups   = 200
	// mostRowsSeen is how many rows the page of a check looks at: the largest causes are
	// among them, and a longer inventory is not slowed down.
	mostRowsSeen = 100_000
)

// pageRows are the rows that a page shows: the first of each group, folded. Its memory
// is bounded, however long the input. Make it with [newPageRows].
type pageRows struct {
	in   Input // whose rows are added
	seen int
	rows map[any][][]any // by the key of their group
	all  map[any]int     // how many rows were added, by key
	// authorities are the amendments that rows have named: the page shows their
	// sources once.
	authorities *remarks.Authorities

	grids []Grid
	shown int // rows in grids
}

func newPageRows(h ivp.History) pageRows {
	return pageRows{authorities: remarks.NewAuthorities(h), rows: map[any][][]any{}, all: map[any]int{}}
}

// causeOf returns the cause of a row, as the key of its group; the zero value if it has
// none.
func causeOf(row devices.TypedRow) devices.Cause {
	if row.Cause == nil {
		return devices.Cause{}
	}
	return *row.Cause
}

// keysOf returns the keys of the groups that are shown as one cause.
func keysOf(cause remarks.Cause) (keys []any) {
	for _, of := range cause.Of() {
		keys = append(keys, of)
	}
	return keys
}

// add keeps a row if it is among the first of its group. compared is nil except in a
// comparison.
func (p *pageRows) add(key any, row devices.Row, r devices.Result, compared *devices.Difference) {
	p.seen++
	rows, known := p.rows[key]
	if len(rows) < mostRowsOfGroup && (known || len(p.rows) < mostRowGroups) {
		p.rows[key] = append(rows, p.cells(row, r, compared))
		known = true
	}
	if known {
		p.all[key]++
	}
}

// cells returns what the page shows of a row, without what its group says. They hold
// nothing of the input's own memory.
func (p *pageRows) cells(row devices.Row, r devices.Result, compared *devices.Difference) []any {
	p.authorities.Gather(r.Amendment())
	i := r.Installation
	cells := []any{p.in.File, strconv.Itoa(row.Line), remarks.RowName(p.in.Reader.Columns(), row), i.Type.String(), r.Spec().String(), readableSpec(i.GBCS), i.On, daysCell(r), nil, nil}
	if r.Waiver != nil {
		cells[8] = r.Waiver.String()
	}
	if compared != nil {
		cells[9] = compared.After.Reason.Phrase()
	}
	return cells
}

// readableSpec is a version as a cell shows it, empty if it could not be read.
func readableSpec(s ivp.Spec) string {
	if s.IsUnreadable() {
		return ""
	}
	return s.String()
}

// timeLeft is how many days a device still may be installed after its date, or by how
// many the date is too late.
type timeLeft int

// String says it in words.
func (t timeLeft) String() string { return remarks.DaysLeft(int(t)) }

// daysCell is the time left, nil if there is none.
func daysCell(r devices.Result) any {
	days, ok := r.DaysLeft()
	if !ok {
		return nil
	}
	return timeLeft(days)
}

// group adds the rows of some keys as one group, which has so many rows in all; 0 for
// those that were added.
func (p *pageRows) group(title string, devices int, keys ...any) {
	var rows [][]any
	added := 0
	for _, key := range keys {
		rows = append(rows, p.rows[key]...)
		added += p.all[key]
		delete(p.rows, key)
	}
	if devices == 0 {
		devices = added
	}
	rows = rows[:min(len(rows), mostRowsOfGroup, mostRows-p.shown)]
	if len(rows) == 0 {
		return
	}
	p.shown += len(rows)
	g := rowGrid(remarks.Thousands(devices)+": "+title, rows)
	if len(rows) < devices {
		g.Note = fmt.Sprintf("The first %s of %s.", remarks.Thousands(len(rows)), remarks.Thousands(devices))
	}
	p.grids = append(p.grids, g)
}

// part shows the groups, folded, and says how many of all rows are left out.
func (p *pageRows) part(title string, all int, door remarks.Door) Part {
	part := Part{Title: title, Class: "rows", Grids: p.grids}
	switch {
	case all == 0:
		part.Words = []string{"There are none."}
	case p.shown < all:
		everywhere := "-o FILE.xlsx or FILE.csv writes all"
		if door == remarks.Page {
			everywhere = "the checked file has all"
		}
		part.Words = []string{fmt.Sprintf("%s of %s are shown here, the first of each group; %s.", remarks.Thousands(p.shown), remarks.Plural(all, "row"), everywhere)}
	default:
		part.Words = []string{fmt.Sprintf("All %s are here, in groups.", remarks.Plural(all, "row"))}
	}
	return part
}

// rowGrid is a table of rows; columns without a value are left out.
func rowGrid(title string, rows [][]any) Grid {
	g := Grid{Title: title, Fold: title, Class: "cause", Wide: true}
	all := heads("File", ">Line", "Device", "Type", "Version", "GBCS", "Day", "Time left", "Waiver", "By the other tables")
	all[2].Class, all[3].Class, all[8].Class = "device", "keep", "explanation"
	for _, i := range []int{4, 5, 6, 7} {
		all[i].Class = "keep"
	}
	var kept []int
	for i := range all {
		if i == 1 || i == 2 || slices.ContainsFunc(rows, func(row []any) bool { return cellText(row[i]) != "" }) {
			kept = append(kept, i)
			g.Heads = append(g.Heads, all[i])
		}
	}
	for _, row := range rows {
		var cells []any
		for _, i := range kept {
			cells = append(cells, row[i])
		}
		g.Rows = append(g.Rows, cells)
	}
	return g
}

// authorityGrid shows amendments with their sources; ok is false where there is
// none.
func authorityGrid(a *remarks.Authorities) (g Grid, ok bool) {
	g = Grid{Title: "The amendments named above, and their sources", Heads: heads("Amendment", "In force", "What it does", "Source"), Wide: true}
	g.Heads[0].Class, g.Heads[3].Class = "keep", "explanation"
	for _, authority := range a.Gathered() {
		g.Rows = append(g.Rows, []any{authority.ID, authority.InForce, authority.Title, strings.Join(authority.Citations, "; ")})
	}
	return g, len(g.Rows) > 0
}
