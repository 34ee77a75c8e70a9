package ivp

import "strings"

// TableRow is what stood for one version in one scope on one day.
type TableRow struct {
	Spec  Spec
	Scope string // empty for the general case
	// Readings are the windows that the record admits; more than one where an
	// amendment is in doubt on that day and changes the window.
	Readings []TableReading
}

// TableReading is one reading of a row of the table.
type TableReading struct {
	// Listed is false where the version does not stand in the table.
	Listed bool
	Window Window
	// With and Without are the amendments in doubt that this reading takes and
	// leaves.
	With    []string
	Without []string
}

// Table returns the tables as they stood on a day, GBCS included: every
// version that some reading lists, in the order of reports.
func (h History) Table(asAt Date) []TableRow {
	var rows []TableRow
	r := h.record()
	for _, spec := range r.specs {
		s := r.standings[spec]
		rows = appendRow(rows, spec, "", s.general.at(asAt))
		for _, scoped := range s.scopes {
			if seg := scoped.line.at(asAt); namesScope(seg) {
				rows = appendRow(rows, spec, scoped.scope, seg)
			}
		}
	}
	return rows
}

// namesScope reports whether some reading gives the scope a window of its own.
func namesScope(s *segment[reading]) bool {
	for i := range s.readings {
		if s.readings[i].window.Scope != "" {
			return true
		}
	}
	return false
}

func appendRow(rows []TableRow, spec Spec, scope string, seg *segment[reading]) []TableRow {
	row := TableRow{Spec: spec, Scope: scope}
	listed := false
	for choice := range seg.readings {
		r := &seg.readings[choice]
		reading := TableReading{Listed: r.listed, Window: r.window}
		reading.Window.Amendment = r.toBy
		if row.holds(reading) {
			continue
		}
		reading.With, reading.Without = seg.chosen(choice)
		row.Readings = append(row.Readings, reading)
		listed = listed || r.listed
	}
	if !listed {
		return rows
	}
	return append(rows, row)
}

// holds reports whether the row has the same window already: a doubt that
// changes nothing makes no second reading.
func (row *TableRow) holds(reading TableReading) bool {
	for _, r := range row.Readings {
		if r.Listed == reading.Listed && r.Window == reading.Window {
			return true
		}
	}
	return false
}

// CompareSpecs orders versions for reports, as slices.SortFunc wants it: by family, then by the parts of
// the version as numbers, then as names.
func CompareSpecs(a, b Spec) int {
	if a.Family != b.Family {
		return int(a.Family) - int(b.Family)
	}
	aMajor, aMinor := versionParts(a.Version)
	bMajor, bMinor := versionParts(b.Version)
	switch {
	case aMajor != bMajor:
		return aMajor - bMajor
	case aMinor != bMinor:
		return aMinor - bMinor
	}
	return strings.Compare(a.Version, b.Version)
}

func versionParts(version string) (major, minor int) {
	first, second, _ := strings.Cut(version, ".")
	major, _ = digits(first)
	minor, _ = digits(second)
	return major, minor
}
