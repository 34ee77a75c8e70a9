package ivp

import (
	"bytes"
	"encoding/json"
)

// appendCanonical appends a record in the one form that rules files have: two
// spaces a level, keys in their order, an entry, a pair or a citation a line,
// what is empty left out.
func appendCanonical(b []byte, edition string, amendments []Amendment) []byte {
	b = append(b, "{\n"...)
	if edition != "" {
		b = append(append(append(b, `  "edition": `...), quoteJSON(edition)...), ",\n"...)
	}
	b = append(b, `  "amendments": [`...)
	for i, a := range amendments {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, '\n')
		b = appendAmendment(b, a)
	}
	if len(amendments) > 0 {
		b = append(b, "\n  "...)
	}
	return append(b, "]\n}\n"...)
}

func appendAmendment(b []byte, a Amendment) []byte {
	b = append(b, "    {"...)
	first := true
	key := func(name string) {
		if !first {
			b = append(b, ',')
		}
		first = false
		b = append(append(append(b, "\n      "...), quoteJSON(name)...), ": "...)
	}
	text := func(name, value string) {
		if value != "" {
			key(name)
			b = append(b, quoteJSON(value)...)
		}
	}
	list := func(name string, n int, item func(int) []byte) {
		if n == 0 {
			return
		}
		key(name)
		b = append(b, '[')
		for i := range n {
			if i > 0 {
				b = append(b, ',')
			}
			b = append(append(b, "\n        "...), item(i)...)
		}
		b = append(b, "\n      ]"...)
	}
	text("id", a.ID)
	text("title", a.Title)
	text("in_force", a.InForce.String())
	text("perhaps_from", a.PerhapsFrom.String())
	text("note", a.Note)
	list("citations", len(a.Citations), func(i int) []byte {
		c := a.Citations[i]
		return object("document", c.Document, "url", c.URL, "quote", c.Quote)
	})
	list("entries", len(a.Entries), func(i int) []byte { return a.Entries[i].object() })
	list("pairs", len(a.Pairs), func(i int) []byte {
		p := a.Pairs[i]
		return object("type", p.Type.String(), "spec", p.Spec.String(), "gbcs", p.GBCS.String())
	})
	return append(b, "\n    }"...)
}

func (e Entry) object() []byte {
	b := object("spec", e.Spec.String(), "scope", e.Scope, "from", e.From.String(), "to", e.To.String(),
		"confirmed", e.Confirmed.String(), "inferred", e.Inferred, "unquoted", e.Unquoted)
	if e.Remove {
		b = bytes.Replace(b, []byte(quoteJSON(e.Spec.String())), []byte(quoteJSON(e.Spec.String())+`, "remove": true`), 1)
	}
	return b
}

// object writes keys and values in one line, without what is empty.
func object(pairs ...string) []byte {
	b := []byte{'{'}
	for i := 0; i < len(pairs); i += 2 {
		if pairs[i+1] == "" {
			continue
		}
		if len(b) > 1 {
			b = append(b, ", "...)
		}
		b = append(append(append(b, quoteJSON(pairs[i])...), ": "...), quoteJSON(pairs[i+1])...)
	}
	return append(b, '}')
}

func quoteJSON(s string) string {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(s); err != nil {
		panic("ivp: a string has no JSON: " + err.Error()) // no string has none
	}
	return string(bytes.TrimSuffix(b.Bytes(), []byte("\n")))
}
