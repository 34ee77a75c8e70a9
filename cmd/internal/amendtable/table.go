// Package amendtable makes an amendment of the record from a table that a person
// copied or typed from the TS Applicability Tables.
package amendtable

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/mp196/ivp/cmd/internal/remarks"
	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/ivp"
)

// Table is a table of versions, their periods and their GBCS versions. Make one
// with [Read].
type Table struct {
	sheet     *sheet
	answers   *Answers
	dates     devices.DateFormat
	ordered   bool   // the dates do not contradict each other
	suggested string // the family that a title names, for a question
	entries   []*entry
	// last is the entry of the row above: a row without a version continues it.
	last      []*entry
	continued []row // such rows
}

// entry is what the table says about one version in one scope. Its Spec is zero if
// the version could not be read; it is kept for the questions about its other cells.
type entry struct {
	row
	ivp.Entry
	start, end             bound
	startColumn, endColumn column
	pairs                  []listed
	withdrawn              []listed // the pairs that are permitted no more
}

// listed is a GBCS version of a row, which is zero if the row has none, with the
// device types that the row gives, if any.
type listed struct {
	row
	gbcs  ivp.Spec
	types []ivp.DeviceType
}

// Notes returns what the user should know about how the table was read.
func (t *Table) Notes() []string { return t.sheet.notes }

func (t *Table) fault(f Fault) { t.sheet.faults = append(t.sheet.faults, f) }

// readRows reads the rows. The family of a version without one is that of the row,
// or of the rows above in a table with a column for it or with rows that hold the
// family alone, or that of --family, or that which the heading names.
func (t *Table) readRows() {
	s := t.sheet
	family, continued := "", 0
	general := t.answers.family
	for _, text := range s.above {
		if named := familyNames.FindAllString(text, -1); len(named) == 1 && t.suggested == "" {
			t.suggested = abbreviated(named[0])
		}
	}
	if named := headingNames.FindAllString(s.headings[s.at[specColumn]], -1); general == "" && len(named) == 1 {
		general = named[0]
	}
	for _, r := range s.rows {
		own := abbreviated(t.answers.meaning(r.cell(familyColumn)))
		version := r.version()
		if r.filled() == 1 && !s.form { // perhaps a row above those of its family
			if alone := abbreviated(t.answers.meaning(r.text())); isFamily(alone) {
				own, version = alone, ""
			}
		}
		whole, err := parseSpec(own, "")
		if err == nil { // family and number in one cell
			own = whole.Family.String()
		}
		before := family
		if own != "" || s.form {
			family = own
		}
		switch {
		case r.left, isFamily(own) && r.filled() == 1 && !s.form:
			t.last = nil
		case own == "" && version == "":
			t.continueRow(r)
		case family != "" && !isFamily(family):
			f := r.fault(familyColumn, "this is not a family of the rules", "SMETS, SMETS1, SMETS2, CHTS or GBCS", "")
			f.Flags = fmt.Sprintf("; leave the row out with --leave-out %d, or say --read with the cell and the family", r.line)
			if own == "" {
				f.Problem = fmt.Sprintf("the row continues %q, which is not a family of the rules", family)
			}
			f.Paste = fmt.Sprintf("--leave-out %d", r.line)
			t.fault(f)
			t.last = nil
		case err == nil:
			r.cells = slices.Clone(r.cells)
			if with, err := parseSpec(version, family); version == "" || err == nil && with == whole {
				r.cells[s.at[specColumn]] = whole.String()
			}
			t.readRow(r, family, "")
			family = before
		default:
			if own == "" && family != "" && s.at[familyColumn] >= 0 {
				continued++
			}
			t.readRow(r, family, general)
		}
	}
	if n := len(t.continued); n > 0 {
		s.notes = append(s.notes, fmt.Sprintf("%s: %s without a version read with the version above, the first in %s %d", s.name, count(n, "row", "rows"), s.word, t.continued[0].line))
	}
	if continued > 0 {
		s.notes = append(s.notes, fmt.Sprintf("%s: %s: %s read as the row above", s.name, s.title(familyColumn), remarks.Plural(continued, "blank cell")))
	}
}

// readRow adds the entries of a row.
func (t *Table) readRow(r row, family, general string) {
	t.last = nil
	e := entry{row: r, startColumn: fromColumn, endColumn: toColumn, pairs: t.listed(r, gbcsColumn), withdrawn: t.listed(r, withdrawnColumn)}
	if len(e.pairs) > 0 {
		general = cmp.Or(familyOf(e.pairs[0].types), general)
	}
	specs, fault := r.specs(t.answers, family, general, t.suggested)
	t.faultIf(fault)
	if len(specs) > 0 && specs[0].Family == ivp.GBCS && r.cell(gbcsFromColumn)+r.cell(gbcsToColumn) != "" {
		e.startColumn, e.endColumn = gbcsFromColumn, gbcsToColumn
	}
	e.Scope, e.Inferred, e.Unquoted = r.cell(scopeColumn), r.cell(inferredColumn), r.cell(unquotedColumn)
	e.start = t.bound(r, e.startColumn)
	e.end = t.bound(r, e.endColumn)
	if cell := t.answers.meaning(r.cell(confirmedColumn)); !isNone(cell) {
		var err error
		if e.Confirmed, err = devices.ReadDate(cell, t.dates); err != nil {
			want, do, flags := advice(err)
			t.fault(r.unclear(confirmedColumn, "this is not a date", want, do, flags, placeholder+"DATE"))
			e.Confirmed = ivp.Date{}
		}
	}
	if specs == nil {
		t.entries = append(t.entries, &e)
	}
	for _, spec := range specs {
		own := e
		own.Spec, own.pairs = spec, slices.Clone(e.pairs)
		if spec.Family == ivp.GBCS {
			if slices.ContainsFunc(e.pairs, func(p listed) bool { return p.gbcs != spec && !p.gbcs.IsZero() }) {
				f := r.fault(gbcsColumn, "the row is about "+spec.String()+", which goes with no other version of GBCS", "a blank cell", "correct it")
				f.Flags = fmt.Sprintf(", or leave the row out with --leave-out %d", r.line)
				t.fault(f)
			}
			own.pairs, own.withdrawn = nil, nil
		}
		t.add(&own)
	}
	if len(specs) > 0 && specs[0].Family != ivp.GBCS {
		t.applicability(r, e.pairs)
	}
}

func (t *Table) faultIf(f *Fault) {
	if f != nil {
		t.fault(*f)
	}
}

// bound reads a bound. In the place of one with a fault is one with which the rest
// can be checked.
func (t *Table) bound(r row, c column) bound {
	b, fault := r.bound(c, t.answers, t.dates)
	if fault != nil {
		if t.ordered {
			t.fault(*fault)
		}
		if b.Kind = ivp.NotOnRecord; c == toColumn || c == gbcsToColumn {
			b.Kind = ivp.Open
		}
	}
	return b
}

// familyOf returns the family of a version without one on devices of these types.
func familyOf(types []ivp.DeviceType) string {
	var family ivp.Family
	for i, t := range types {
		if i > 0 && t.BareFamily() != family {
			return ""
		}
		family = t.BareFamily()
	}
	return family.String()
}

// listed reads the GBCS versions in a column and the device types of a row.
func (t *Table) listed(r row, c column) (all []listed) {
	gbcs, fault := r.gbcs(c, t.answers)
	t.faultIf(fault)
	var types []ivp.DeviceType
	if cell := t.answers.meaning(r.cell(typeColumn)); !isNone(cell) {
		var err error
		if types, err = parseTypes(cell); err != nil && c == gbcsColumn {
			t.fault(r.unclear(typeColumn, "this is not a device type, or a list of them", "one of "+typeNames(), "write the right one", "", placeholder+"TYPES"))
		}
	}
	for _, spec := range gbcs {
		all = append(all, listed{r, spec, types})
	}
	if gbcs == nil && types != nil {
		all = append(all, listed{row: r, types: types})
	}
	return all
}

// applicability adds the period of the GBCS version that a row of another version
// gives, in columns of its own.
func (t *Table) applicability(r row, pairs []listed) {
	if t.sheet.at[gbcsToColumn] < 0 || len(pairs) == 0 || pairs[0].gbcs.IsZero() || r.cell(gbcsFromColumn)+r.cell(gbcsToColumn) == "" {
		return
	}
	if len(pairs) > 1 {
		t.fault(r.fault(gbcsColumn, "the row has one period for several GBCS versions", "a row for each", "split the row, or do not read the period: --map gbcs_from=#0 --map gbcs_to=#0"))
		return
	}
	last := t.last
	g := &entry{row: r, startColumn: gbcsFromColumn, endColumn: gbcsToColumn, start: t.bound(r, gbcsFromColumn), end: t.bound(r, gbcsToColumn)}
	g.Spec = pairs[0].gbcs
	t.add(g)
	t.last = last
}

// continueRow adds the GBCS versions and the types of a row without a version to
// the version of the row above. A cell that is blank is that of the row above too.
func (t *Table) continueRow(r row) {
	s, before := t.sheet, len(t.sheet.faults)
	pairs := t.listed(r, gbcsColumn)
	dated := false // with other dates than the row above
	for _, c := range []column{fromColumn, toColumn} {
		cell := r.cell(c)
		dated = dated || cell != "" && (len(t.last) == 0 || cell != t.last[0].row.cell(c))
	}
	switch {
	case len(s.faults) > before && !s.form:
	case !s.form && pairs == nil && !dated && (t.last == nil || r.cell(toColumn) == ""):
		s.notes = append(s.notes, fmt.Sprintf("%s:%d: not read: %s", s.name, r.line, devices.ClippedCell(r.text())))
	case len(t.last) == 0 || dated || s.form:
		f := Fault{File: s.name, Line: r.line, Column: s.title(specColumn), Problem: "the row has no version", Want: "a version, or no dates in a row that continues the one above", Do: "write the version",
			Flags: fmt.Sprintf(", or leave the row out with --leave-out %d", r.line), Paste: fmt.Sprintf("--leave-out %d", r.line)}
		if s.form {
			f.Want = "a version"
		}
		t.fault(f)
	default:
		t.continued = append(t.continued, r)
		for _, above := range t.last {
			for _, p := range pairs {
				if n := len(above.pairs); n > 0 && p.types == nil {
					p.types = above.pairs[n-1].types
				} else if n > 0 && p.gbcs.IsZero() {
					p.gbcs = above.pairs[n-1].gbcs
				}
				above.pairs = append(above.pairs, p)
			}
		}
		t.applicability(r, pairs)
	}
}

// add adds an entry, or merges it with that of an earlier row about the same
// version.
func (t *Table) add(e *entry) {
	for _, other := range t.entries {
		if other.Spec != e.Spec || !strings.EqualFold(other.Scope, e.Scope) {
			continue
		}
		if c := other.differs(e); c != columnEnd {
			f := e.row.fault(c, fmt.Sprintf("%s %d has another for %s: %q", t.sheet.word, other.line, e.Spec, other.row.cell(c)), "one period for a version", "look up which of the two is right")
			f.Flags = ", and leave the other row out with --leave-out"
			f.Paste = fmt.Sprintf("--leave-out %d OR %d", other.line, e.line)
			t.fault(f)
			return
		}
		if other.start.text == "" {
			other.start = e.start
		}
		if other.end.text == "" {
			other.end = e.end
		}
		other.pairs, other.withdrawn = append(other.pairs, e.pairs...), append(other.withdrawn, e.withdrawn...)
		t.last = append(t.last, other)
		return
	}
	t.entries = append(t.entries, e)
	t.last = append(t.last, e)
}

// differs returns the column in which two rows about one version disagree, or
// columnEnd. A blank cell disagrees with nothing.
func (e *entry) differs(other *entry) column {
	clash := func(a, b bound) bool {
		return a.text != "" && b.text != "" && (a.Bound != b.Bound || a.removed != b.removed)
	}
	switch {
	case clash(e.start, other.start):
		return other.startColumn
	case clash(e.end, other.end):
		return other.endColumn
	}
	return columnEnd
}
