package ivp

// TableRow is the row of the Tables for one version in one scope on one day.
type TableRow struct {
	Spec  Spec
	Scope string // empty for the general case
	// Readings are the windows in the different readings of the history. There
	// are several only if an amendment that changes the window is in doubt.
	Readings []TableReading
}

// TableReading is a row of the Tables in one reading of the history.
type TableReading struct {
	// Listed is false if the version is not in the Tables in this reading.
	Listed bool
	Window Window
	// With are the amendments in doubt that are in force in this reading,
	// Without those that are not.
	With    []string
	Without []string
}

// Table returns the Tables of a day: every version, including those of GBCS,
// that is listed in some reading, in the order of [CompareSpecs].
func (h History) Table(asAt Date) []TableRow {
	var rows []TableRow
	r := h.record()
	for _, spec := range r.specs {
		v := r.versions[spec]
		rows = appendRow(rows, spec, "", v.general.at(asAt))
		for _, scoped := range v.scopes {
			if seg := scoped.line.at(asAt); namesScope(seg) {
				rows = appendRow(rows, spec, scoped.scope, seg)
			}
		}
	}
	return rows
}

// namesScope reports whether the scope has a window of its own in some reading.
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
		if row.has(reading) {
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

// has reports whether the row has a reading with the same window already.
func (row *TableRow) has(reading TableReading) bool {
	for _, r := range row.Readings {
		if r.Listed == reading.Listed && r.Window == reading.Window {
			return true
		}
	}
	return false
}
