package typedtable

import (
	"fmt"
	"strings"
)

// Summary says in one line what the amendment does.
func (m *Made) Summary() string {
	entries, pairs := count(len(m.Amendment.Entries), "entry", "entries"), count(len(m.Amendment.Pairs), "new pair", "new pairs")
	if n := len(m.Overridden); n > 0 {
		pairs = fmt.Sprintf("%s no effect, because later amendments of the record override %s (%s): if they are what the Tables say now, give an in-force day after those; %s",
			count(n, "has", "have"), itOrThem(n), m.overrides(), pairs)
	}
	if len(m.Changed) == 0 {
		return fmt.Sprintf("%s: %s: none changes the latest tables; %s", m.Amendment.ID, entries, pairs)
	}
	return fmt.Sprintf("%s: %s: %s the latest tables (%s), %s them; %s", m.Amendment.ID, entries,
		count(len(m.Changed), "changes", "change"), strings.Join(m.Changed, "; "), count(m.Restated, "restates", "restate"), pairs)
}

// overrides names the entries that are overridden, by the amendment that does.
func (m *Made) overrides() string {
	var by []string
	specs := map[string][]string{}
	for _, o := range m.Overridden {
		if specs[o.By] == nil {
			by = append(by, o.By)
		}
		specs[o.By] = append(specs[o.By], o.Entry.Spec.String())
	}
	for i, id := range by {
		by[i] = id + ": " + strings.Join(specs[id], ", ")
	}
	return strings.Join(by, "; ")
}

func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

func itOrThem(n int) string {
	if n == 1 {
		return "it"
	}
	return "them"
}
