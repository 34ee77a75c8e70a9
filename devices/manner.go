package devices

import "strings"

// manner is how cells are understood.
type manner struct {
	dates  DateFormat
	values map[Field]map[string]string // by the cell without case and outer spaces
}

func newManner(opts ColumnOptions) manner {
	m := manner{values: map[Field]map[string]string{}}
	if opts.Dates != nil {
		m.dates = *opts.Dates
	}
	for f, meanings := range opts.Values {
		m.values[f] = map[string]string{}
		for cell, meaning := range meanings {
			m.values[f][cellName(cell)] = meaning
		}
	}
	return m
}

func cellName(cell string) string { return strings.ToLower(strings.TrimSpace(cell)) }

// translate puts what cells mean in their place.
func (m *manner) translate(r *record) {
	for f, meanings := range m.values {
		if meaning, ok := meanings[cellName(*r.cell(f))]; ok {
			*r.cell(f) = meaning
		}
	}
}
