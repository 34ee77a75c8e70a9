package typedtable

import (
	"fmt"
	"strings"
)

// Summary says in one line what the amendment does.
func (m *Made) Summary() string {
	entries, pairs := count(len(m.Changed)+m.Restated, "entry", "entries"), count(len(m.Amendment.Pairs), "new pair", "new pairs")
	if len(m.Changed) == 0 {
		return fmt.Sprintf("%s: %s: none changes the latest tables; %s", m.Amendment.ID, entries, pairs)
	}
	return fmt.Sprintf("%s: %s: %s the latest tables (%s), %s them; %s", m.Amendment.ID, entries,
		count(len(m.Changed), "changes", "change"), strings.Join(m.Changed, "; "), count(m.Restated, "restates", "restate"), pairs)
}

func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
