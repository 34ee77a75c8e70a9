package typedtable

import (
	"slices"
	"strings"

	"github.com/mp196/ivp/ivp"
)

// compare holds the entries against the latest tables, without the amendment
// and with it.
func (m *Made) compare(before, after ivp.History) {
	day := after.Latest()
	old, latest := windows(before.Table(day)), windows(after.Table(day))
	for _, o := range after.Overrides() {
		if o.Amendment == m.Amendment.ID {
			m.Overridden = append(m.Overridden, o)
		}
	}
	for _, e := range m.Amendment.Entries {
		key := keyOf(e.Spec, e.Scope)
		if slices.ContainsFunc(m.Overridden, func(o ivp.Override) bool { return o.Entry == e }) {
			continue
		}
		if slices.Equal(old[key], latest[key]) {
			m.Restated++
			continue
		}
		name := e.Spec.String()
		if e.Scope != "" {
			name += ", scope " + e.Scope
		}
		m.Changed = append(m.Changed, name)
	}
}

type tableKey struct {
	spec  ivp.Spec
	scope string
}

// keyOf is a row as it is compared: the case of a scope does not count.
func keyOf(spec ivp.Spec, scope string) tableKey { return tableKey{spec, strings.ToLower(scope)} }

// windows are the readings of every row of a table, without the amendments
// that set them.
func windows(rows []ivp.TableRow) map[tableKey][]ivp.Window {
	all := map[tableKey][]ivp.Window{}
	for _, row := range rows {
		for _, r := range row.Readings {
			if r.Listed {
				w := r.Window
				w.Amendment, w.Scope = "", ""
				key := keyOf(row.Spec, row.Scope)
				all[key] = append(all[key], w)
			}
		}
	}
	return all
}
