package ivp

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestUnreadPartsMakeNoFaultsOfTheRest checks that a part that cannot be read has
// one fault, and that the other parts are still checked.
func TestUnreadPartsMakeNoFaultsOfTheRest(t *testing.T) {
	const listing = `{"id": "A-1", "title": "lists", "in_force": "2024-01-01", "citations": [{"document": "d", "quote": "from 1 January 2024"}], "entries": [
{"spec": "SMETS2 v9.0", "from": "2024-01-01", "to": "not-on-record"}]},
`
	const ending = `{"id": "A-2", "title": "ends", "in_force": "2025-01-01", "citations": [{"document": "d", "quote": "until 27 April 2026"}], "entries": [
{"spec": "SMETS2 v9.0", "to": "2026-04-27"}]}`
	for _, test := range []struct{ name, old, broken, want string }{
		{"start", `"from": "2024-01-01"`, `"from": "2024-02-30"`, `line 2: A-1: from: "2024-02-30"`},
		{"version", `SMETS2 v9.0`, `nine`, `line 2: A-1: spec: "nine"`},
		{"day", `"in_force": "2024-01-01"`, `"in_force": "soon"`, `line 1: A-1: in_force: "soon"`},
		{"document", `"document": "d"`, `"document": 7`, `line 1: A-1: document: this is`},
		{"quote", `"quote": "from 1 January 2024"`, `"quote": 7`, `line 1: A-1: quote: this is`},
		{"title, and a date", `"title": "lists"`, `"title": 7`, `line 1: A-1: title: this is`},
		{"a lost character", `"title": "lists"`, `"title": "\ud800"`, `line 1: A-1: title: "` + "\ufffd" + `": the text has a replacement character`},
	} {
		t.Run(test.name, func(t *testing.T) {
			broken := strings.Replace(listing, test.old, test.broken, 1)
			faults, _ := lintFile(History{}, []byte(`{"amendments": [`+broken+ending+`]}`)).(Faults)
			require.Len(t, faults, 1, faults.Error())
			assert.True(t, strings.HasPrefix(faults[0].String(), test.want), faults[0].String())
		})
	}
	both := strings.Replace(strings.Replace(listing, `"title": "lists"`, `"title": 7`, 1), "1 January 2024", "1 May 2024", 1)
	faults, _ := lintFile(History{}, []byte(`{"amendments": [`+both+ending+`]}`)).(Faults)
	assert.Len(t, faults, 2, "the title, and the start that is not quoted: %s", faults.Error())
}

// TestVersionListedInAScopeAloneCanBeRemoved checks that a removal needs no
// listing in the general case.
func TestVersionListedInAScopeAloneCanBeRemoved(t *testing.T) {
	assert.NoError(t, lintFile(History{}, []byte(`{"amendments": [
{"id": "A-1", "title": "lists", "in_force": "2024-01-01", "citations": [{"document": "d"}], "entries": [{"spec": "SMETS2 v9.0", "scope": "acme", "from": "not-on-record", "to": "open"}]},
{"id": "A-2", "title": "removes", "in_force": "2025-01-01", "citations": [{"document": "d"}], "entries": [{"spec": "SMETS2 v9.0", "remove": true}]}]}`)))
}

// TestQuotationKeepsItsCharacters checks that invalid UTF-8 from Go code is refused
// rather than replaced.
func TestQuotationKeepsItsCharacters(t *testing.T) {
	day, _ := ParseDate("2024-01-01")
	_, err := Published().Amend(Amendment{
		ID: "NEW-1", Title: "t", InForce: day, Citations: []Citation{{Document: "d", Quote: "a\xffb"}},
		Entries: []Entry{{Spec: Spec{SMETS, "4.2"}, To: Bound{Kind: Open}}},
	})
	assert.ErrorContains(t, err, "where a character was lost")
}
