package report

import (
	"slices"
	"strconv"
	"strings"

	"github.com/mp196/ivp/cmd/internal/words"
	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/ivp"
)

// htmlRow is a row as the page shows it. It holds nothing of the input's own
// memory.
type htmlRow struct {
	File, Line, Device, Version, Day, Class, Outcome, Reason, Amendment, Explanation string
}

// rowMaker makes rows of one input after the other.
type rowMaker struct {
	history ivp.History
	file    string
	columns devices.Columns
	// authorities are the citations of the amendments that rows have named. An
	// explanation ends with them; the page shows them once.
	authorities map[string]string
}

func (m *rowMaker) row(row devices.Row, r devices.Result) htmlRow {
	h := htmlRow{
		File: m.file, Line: strconv.Itoa(row.Line), Device: m.deviceName(row), Version: r.Spec().String(),
		Class: outcomeClasses[r.Outcome()], Outcome: outcomeWords[r.Outcome()], Reason: r.Reason.String(), Amendment: r.Amendment(),
	}
	if r.Installation.On.Valid() {
		h.Day = r.Installation.On.String()
	}
	h.Explanation = strings.Replace(r.Explanation(), m.authority(r.Amendment()), "", 1)
	if r.Waiver != nil {
		h.Explanation += " Waived: " + r.Waiver.String() + "."
	}
	return h
}

// authority is what an explanation says of an amendment's sources.
func (m *rowMaker) authority(id string) string {
	if text, known := m.authorities[id]; known || id == "" {
		return text
	}
	text := ""
	if a, ok := m.history.Amendment(id); ok {
		text = " " + id + ", in force " + a.InForce.String() + ": " + strings.Join(citations(a), "; ") + "."
	}
	if m.authorities == nil {
		m.authorities = map[string]string{}
	}
	m.authorities[id] = text
	return text
}

func citations(a ivp.Amendment) []string {
	var all []string
	for _, c := range a.Citations {
		all = append(all, c.String())
	}
	return all
}

// deviceName is what tells a person which device this is, or else the row as it
// came.
func (m *rowMaker) deviceName(row devices.Row) string {
	if len(row.Cells) == 0 {
		return words.Clipped(string(row.Raw))
	}
	return words.Clipped(m.columns.DeviceName(row))
}

// authorityRow is an amendment that rows name, with its sources.
type authorityRow struct {
	ID, InForce, Title string
	Citations          []string
}

// authorityRows returns the amendments that rows have named, by their day.
func (m *rowMaker) authorityRows() []authorityRow {
	var rows []authorityRow
	for _, a := range m.history.Amendments() {
		if m.authorities[a.ID] != "" {
			rows = append(rows, authorityRow{a.ID, a.InForce.String(), a.Title, citations(a)})
		}
	}
	return slices.Clip(rows)
}
