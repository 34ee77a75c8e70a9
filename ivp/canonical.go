package ivp

import (
	"bytes"
	"encoding/json"
	"strconv"
)

// appendCanonical appends the canonical form of a rules file: indented by two
// spaces, keys in a fixed order, one line for each entry, pair and citation,
// and no key with an empty value.
func (r *record) appendCanonical(b []byte) []byte {
	b = append(b, "{\n"...)
	if r.schema != 0 {
		b = append(strconv.AppendInt(append(b, `  "schema": `...), int64(r.schema), 10), ",\n"...)
	}
	if r.edition != "" {
		b = append(append(append(b, `  "edition": `...), quoteJSON(r.edition)...), ",\n"...)
	}
	b = append(b, `  "amendments": [`...)
	for i, a := range r.amendments {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, '\n')
		b = appendAmendment(b, a)
	}
	if len(r.amendments) > 0 {
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
	text("vouched", a.Vouched.String())
	if a.Whole {
		key("whole")
		b = append(b, "true"...)
	}
	text("note", a.Note)
	list("citations", len(a.Citations), func(i int) []byte {
		c := a.Citations[i]
		return object("document", c.Document, "url", c.URL, "quote", c.Quote)
	})
	list("entries", len(a.Entries), func(i int) []byte {
		e := a.Entries[i]
		return object("spec", e.Spec.String(), "remove", removeWord(e.Remove), "scope", e.Scope, "from", e.From.String(), "to", e.To.String(),
			"confirmed", e.Confirmed.String(), "inferred", e.Inferred, "unquoted", e.Unquoted)
	})
	list("pairs", len(a.Pairs), func(i int) []byte {
		p := a.Pairs[i]
		return object("type", p.Type.String(), "spec", p.Spec.String(), "gbcs", p.GBCS.String(), "remove", removeWord(p.Remove))
	})
	return append(b, "\n    }"...)
}

// removeWord returns the JSON value of the key remove, "" to leave it out.
func removeWord(remove bool) string {
	if remove {
		return "true"
	}
	return ""
}

// object writes an object in one line from alternating keys and values,
// without the keys whose value is empty. All values are strings except that of
// remove, which is JSON already.
func object(pairs ...string) []byte {
	b := []byte{'{'}
	for i := 0; i < len(pairs); i += 2 {
		key, value := pairs[i], pairs[i+1]
		if value == "" {
			continue
		}
		if len(b) > 1 {
			b = append(b, ", "...)
		}
		if key != "remove" {
			value = quoteJSON(value)
		}
		b = append(append(append(b, quoteJSON(key)...), ": "...), value...)
	}
	return append(b, '}')
}

func quoteJSON(s string) string {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(s); err != nil {
		panic("ivp: cannot encode a string as JSON: " + err.Error()) // never happens
	}
	return string(bytes.TrimSuffix(b.Bytes(), []byte("\n")))
}

// AppendAmendments appends an amendment file, which is a rules file without an
// edition, in the canonical form. It checks nothing: [History.AmendFile] does
// when it reads the file.
func AppendAmendments(b []byte, amendments ...Amendment) []byte {
	return (&record{amendments: amendments}).appendCanonical(b)
}
