package report

import (
	"strconv"

	"github.com/mp196/ivp/cmd/internal/remarks"
	"github.com/mp196/ivp/devices"
)

// htmlRow is a row as the page shows it. It holds nothing of the input's own
// memory.
type htmlRow struct {
	File, Line, Device, Version, Day, Class, Outcome, Reason, Amendment, Explanation string
}

// rowMaker makes rows of one input after the other.
type rowMaker struct {
	file    string
	columns devices.Columns
	// authorities are the amendments that rows have named: the page shows their
	// sources once.
	authorities *remarks.Authorities
}

func (m *rowMaker) row(row devices.Row, r devices.Result) htmlRow {
	h := htmlRow{
		File: m.file, Line: strconv.Itoa(row.Line), Device: remarks.RowName(m.columns, row), Version: r.Spec().String(),
		Class: outcomeClasses[r.Outcome()], Outcome: outcomeWords[r.Outcome()], Reason: r.Reason.String(), Amendment: r.Amendment(),
	}
	if r.Installation.On.Valid() {
		h.Day = r.Installation.On.String()
	}
	h.Explanation = m.authorities.Explanation(r)
	if r.Waiver != nil {
		h.Explanation += " Waived: " + r.Waiver.String() + "."
	}
	return h
}
