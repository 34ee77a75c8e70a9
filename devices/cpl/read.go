package cpl

import (
	"fmt"
	"slices"
	"strings"

	"github.com/mp196/ivp/ivp"
)

// headingRows is how many rows may hold the heading: a workbook's tab may begin
// with a title.
const headingRows = 20

// Read reads a list from rows. The name is for messages. Blank rows are passed
// over. A damaged row is no entry, and its damage is kept: see [List.Damage].
// Read fails where there is no heading with the columns of the list, where no
// row follows it, and where the rows fail.
func Read(rows Rows, name string) (*List, error) {
	r := reader{list: &List{name: name}, lineOf: map[string]int{}}
	for row, err := range rows {
		if err == nil {
			err = r.row(row)
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	return r.end()
}

// reader makes a list of rows.
type reader struct {
	list    *List
	at      *header // nil before the heading
	first   error   // why the first row is no heading
	tried   int     // rows that are no heading
	edition string  // the cell of the first row, which all must have
	lineOf  map[string]int
}

func (r *reader) row(row Row) error {
	switch {
	case row.Fault == "" && blank(row.Cells):
		return nil
	case r.at == nil:
		return r.heading(row)
	}
	r.entry(row)
	return nil
}

func blank(cells []string) bool {
	return !slices.ContainsFunc(cells, func(cell string) bool { return strings.TrimSpace(cell) != "" })
}

// heading looks for the heading in the first rows. Where it is not found the
// row most like one has the word.
func (r *reader) heading(row Row) error {
	at, err := findColumns(row.Cells)
	if err == nil {
		r.at = &at
		return nil
	}
	if row.Fault != "" {
		err = fmt.Errorf("%s", row.Fault)
	}
	err = fmt.Errorf("line %d: %w", row.Line, err)
	if r.first == nil || slices.ContainsFunc(row.Cells, colFirmware.heads) {
		r.first = err
	}
	if r.tried++; r.tried == headingRows {
		return r.first
	}
	return nil
}

func (r *reader) end() (*List, error) {
	switch {
	case r.at == nil && r.first != nil:
		return nil, fmt.Errorf("%s: %w", r.list.name, r.first)
	case r.at == nil:
		return nil, fmt.Errorf("%s: nothing to read: it is empty, where a Central Products List was expected", r.list.name)
	case len(r.list.entries) == 0 && r.list.damaged == 0:
		return nil, fmt.Errorf("%s: no entry follows the heading: take the list afresh from SECAS", r.list.name)
	}
	slices.SortStableFunc(r.list.entries, func(a, b Entry) int { return strings.Compare(a.Number, b.Number) })
	r.list.index()
	return r.list, nil
}

// entry adds the row to the entries, or its damage to the faults.
func (r *reader) entry(row Row) {
	if row.Fault != "" {
		r.damaged([]Fault{{Line: row.Line, Problem: row.Fault}})
		return
	}
	c := newCells(row, r.at)
	e := c.entry()
	r.checkEdition(c)
	r.checkNumber(c)
	if len(c.faults) > 0 {
		r.damaged(c.faults)
		return
	}
	r.list.entries = append(r.list.entries, e)
}

func (r *reader) damaged(faults []Fault) {
	r.list.damaged++
	r.list.faults = append(r.list.faults, faults...)
}

// checkEdition takes the list's edition from the first row in which it can be
// read, and holds the others to it.
func (r *reader) checkEdition(c *cells) {
	text := c.text(colVersion)
	edition, issued, ok := parseEdition(text)
	switch {
	case text == "": // told already
	case !ok:
		c.fault(colVersion, "want an edition such as Version 2.051 Issued on 21-09-2022")
	case r.edition == "":
		r.edition, r.list.edition, r.list.issued = text, edition, issued
	case edition != r.list.edition || issued != r.list.issued:
		c.fault(colVersion, fmt.Sprintf("want %s, as in the rows before: rows of two editions in one list", r.edition))
	}
}

// checkNumber holds an entry's number against those before it.
func (r *reader) checkNumber(c *cells) {
	number := c.text(colNumber)
	if !entryNumber.MatchString(number) {
		return // told already
	}
	if line, ok := r.lineOf[number]; ok {
		c.fault(colNumber, fmt.Sprintf("the number of an entry must stand once, and it stands in line %d too", line))
		return
	}
	r.lineOf[number] = c.line
}

// parseEdition reads a text such as "Version 2.051 Issued on 21-09-2022".
func parseEdition(text string) (edition string, issued ivp.Date, ok bool) {
	part := editionText.FindStringSubmatch(text)
	if part == nil {
		return "", ivp.Date{}, false
	}
	issued, err := ivp.ParseDate(part[4] + "-" + part[3] + "-" + part[2])
	return part[1], issued, err == nil
}
