package ivp

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// soundFile is a rules file without faults. The broken ones differ from it in one
// place.
const soundFile = `{
  "edition": "test",
  "amendments": [
    {
      "id": "TEST-1",
      "title": "lists SMETS2 v4.2 and GBCS v3.2",
      "in_force": "2019-11-29",
      "citations": [
        {"document": "a made-up letter", "url": "https://example.com/letter", "quote": "from 29 November 2019 to 27 April 2023"}
      ],
      "entries": [
        {"spec": "SMETS2 v4.2", "from": "2019-11-29", "to": "2023-04-27"},
        {"spec": "GBCS v3.2", "from": "2019-11-29", "to": "not-on-record", "confirmed": "2022-09-21"}
      ],
      "pairs": [
        {"type": "GSME", "spec": "SMETS2 v4.2", "gbcs": "GBCS v3.2"}
      ]
    }
  ]
}
`

// whatSchemaDoes says whether the JSON Schema also refuses a broken file.
type whatSchemaDoes uint8

const (
	schemaRefuses    whatSchemaDoes = iota
	schemaCannotTell                // because it would need other values
	notJSON
)

// brokenFile is soundFile with old replaced by new, or only new if old is empty,
// and all its faults.
type brokenFile struct {
	name   string
	schema whatSchemaDoes
	old    string
	new    string
	want   []string
}

func (b brokenFile) data(t *testing.T) []byte {
	if b.old == "" {
		return []byte(b.new)
	}
	require.Contains(t, soundFile, b.old, b.name)
	return []byte(strings.Replace(soundFile, b.old, b.new, 1))
}

func faultLines(t *testing.T, err error) []string {
	if err == nil {
		return nil
	}
	var faults Faults
	require.ErrorAs(t, err, &faults)
	require.NotEmpty(t, faults)
	requireExplained(t, faults)
	return strings.Split(err.Error(), "\n")
}

// requireExplained checks that every fault says what is wrong, what was expected
// and what to do. All faults in the tests of this package are checked here.
func requireExplained(t *testing.T, faults Faults) {
	for _, f := range faults {
		assert.NotEmpty(t, f.Problem, f.String())
		assert.NotEmpty(t, f.Want, f.String())
		assert.NotEmpty(t, f.Do, f.String())
	}
}

// TestEveryFaultIsExplained checks the faults of every broken file.
func TestEveryFaultIsExplained(t *testing.T) {
	for _, broken := range slices.Concat(misshapenFiles, unlawfulFiles) {
		var faults Faults
		require.ErrorAs(t, lintFile(History{}, broken.data(t)), &faults, broken.name)
		requireExplained(t, faults)
	}
}

func requireBroken(t *testing.T, files []brokenFile) {
	_, err := Parse([]byte(soundFile))
	require.NoError(t, err, "each differs from a sound file in one place")
	for _, file := range files {
		h, err := Parse(file.data(t))
		assert.Equal(t, file.want, faultLines(t, err), file.name)
		assert.Equal(t, History{}, h, file.name)
	}
}

var misshapenFiles = []brokenFile{
	{"unknown key of the file", schemaRefuses,
		`"edition": "test"`,
		`"version": "test"`, []string{
			`line 2: "version": this key is not known here; want one of schema, edition, amendments; remove it`,
		}},
	{"unknown key of an amendment", schemaRefuses,
		`"title"`,
		`"window": [], "title"`, []string{
			`line 6: TEST-1: "window": this key is not known here; want one of id, title, in_force, perhaps_from, vouched, whole, note, citations, entries, pairs; remove it`,
		}},
	{"unknown key of a citation", schemaRefuses,
		`"quote"`,
		`"date": "x", "quote"`, []string{
			`line 9: TEST-1: "date": this key is not known here; want one of document, url, quote; remove it`,
		}},
	{"unknown key of an entry", schemaRefuses,
		`"confirmed"`,
		`"until"`, []string{
			`line 13: TEST-1: "until": this key is not known here; want one of spec, scope, remove, from, to, confirmed, inferred, unquoted; remove it`,
		}},
	{"unknown key of a pair", schemaRefuses,
		`"gbcs": "GBCS v3.2"}`,
		`"gbcs": "GBCS v3.2", "note": "x"}`, []string{
			`line 16: TEST-1: "note": this key is not known here; want one of type, spec, gbcs, remove; remove it`,
		}},
	{"wrong case", schemaRefuses,
		`"in_force"`,
		`"In_Force"`, []string{
			"line 4: TEST-1: in_force: the key is missing; want the first day on which a source shows it in force; add it",
			`line 7: TEST-1: "In_Force": this key is not known here; want one of id, title, in_force, perhaps_from, vouched, whole, note, citations, entries, pairs; write it "in_force"`,
		}},
	{"duplicate key", schemaCannotTell,
		`"title":`,
		`"title": "first", "title":`, []string{
			"line 6: TEST-1: title: the key is given here a second time; want each key once; remove one",
		}},
	{"duplicate key, one escaped", schemaCannotTell,
		`"title":`,
		`"t\u0069tle": "first", "title":`, []string{
			"line 6: TEST-1: title: the key is given here a second time; want each key once; remove one",
		}},
	{"the file is an array", schemaRefuses,
		"",
		"[]\n", []string{
			"line 1: this is an array; want an object; write it in braces, with its keys",
		}},
	{"the file is null", schemaRefuses,
		"",
		"null", []string{
			"line 1: this is null; want an object; write it in braces, with its keys",
		}},
	{"no amendments", schemaRefuses,
		"",
		`{"edition": "test"}`, []string{
			"line 1: amendments: the key is missing; want an array of amendments; add it",
		}},
	{"amendments are an object", schemaRefuses,
		"",
		"{\n\"amendments\": {}}", []string{
			"line 2: amendments: this is an object; want an array; write it in square brackets, even if it has only one item",
		}},
	{"amendments are null", schemaRefuses,
		"",
		`{"amendments": null}`, []string{
			"line 1: amendments: this is null; want an array; write it in square brackets, even if it has only one item",
		}},
	{"an amendment is a string", schemaRefuses,
		"",
		"{\"amendments\": [\n\"TEST-1\"]}", []string{
			"line 2: amendments: this is a string; want an object; write it in braces, with its keys",
		}},
	{"null", schemaRefuses,
		`"TEST-1"`,
		"null", []string{
			"line 5: id: this is null; want a string; write it in double quotes, or leave the key out",
		}},
	{"a number", schemaRefuses,
		"\"2019-11-29\",\n      \"citations\"",
		"20191129,\n      \"citations\"", []string{
			"line 7: TEST-1: in_force: this is a number; want a string; write it in double quotes, or leave the key out",
		}},
	{"a boolean for a string", schemaRefuses,
		`"a made-up letter"`,
		"true", []string{
			"line 9: TEST-1: document: this is true or false; want a string; write it in double quotes, or leave the key out",
		}},
	{"an array for a string", schemaRefuses,
		`"lists SMETS2 v4.2 and GBCS v3.2"`,
		`["lists"]`, []string{
			"line 6: TEST-1: title: this is an array; want a string; write it in double quotes, or leave the key out",
		}},
	{"citation is a string", schemaRefuses,
		`{"document": "a made-up letter", "url": "https://example.com/letter", "quote": "from 29 November 2019 to 27 April 2023"}`,
		`"from 29 November 2019 to 27 April 2023"`, []string{
			"line 9: TEST-1: citations: this is a string; want an object; write it in braces, with its keys",
		}},
	{"entry is null", schemaRefuses,
		`{"spec": "GBCS v3.2", "from": "2019-11-29", "to": "not-on-record", "confirmed": "2022-09-21"}`,
		"null", []string{
			"line 13: TEST-1: entries: this is null; want an object; write it in braces, with its keys",
		}},
	{"pair is an array", schemaRefuses,
		`{"type": "GSME", "spec": "SMETS2 v4.2", "gbcs": "GBCS v3.2"}`,
		`["GSME", "SMETS2 v4.2", "GBCS v3.2"]`, []string{
			"line 16: TEST-1: pairs: this is an array; want an object; write it in braces, with its keys",
		}},
	{"pairs are an object", schemaRefuses,
		"[\n        {\"type\": \"GSME\", \"spec\": \"SMETS2 v4.2\", \"gbcs\": \"GBCS v3.2\"}\n      ]",
		"{}", []string{
			"line 15: TEST-1: pairs: this is an object; want an array; write it in square brackets, even if it has only one item",
		}},
	{"no id, title and in_force", schemaRefuses,
		"\"id\": \"TEST-1\",\n      \"title\": \"lists SMETS2 v4.2 and GBCS v3.2\",\n      \"in_force\": \"2019-11-29\",\n",
		"", []string{
			"line 4: id: the key is missing; want a name such as MP196; add it",
			"line 4: title: the key is missing; want a few words that say what it does; add it",
			"line 4: in_force: the key is missing; want the first day on which a source shows it in force; add it",
		}},
	{"no document", schemaRefuses,
		`"document": "a made-up letter", `,
		"", []string{
			"line 9: TEST-1: document: the key is missing; want what was read, in words that let a reader find it; add it",
		}},
	{"no spec in an entry", schemaRefuses,
		`"spec": "GBCS v3.2", "from"`,
		`"from"`, []string{
			"line 13: TEST-1: spec: the key is missing; want a version such as SMETS2 v4.2; add it",
		}},
	{"no type in a pair", schemaRefuses,
		`"type": "GSME", `,
		"", []string{
			"line 16: TEST-1: type: the key is missing; want type, spec and gbcs; add it",
		}},
	{"empty text", schemaRefuses,
		`"a made-up letter"`,
		`""`, []string{
			"line 9: TEST-1: document: the text is empty, or has spaces around it or a control character in it; want plain text; remove them, or leave the key out",
		}},
	{"spaces around a text", schemaRefuses,
		`"a made-up letter"`,
		`"a made-up letter "`, []string{
			`line 9: TEST-1: document: "a made-up letter ": the text is empty, or has spaces around it or a control character in it; want plain text; remove them, or leave the key out`,
		}},
	{"a line break in a text", schemaRefuses,
		`"a made-up letter"`,
		`"a made-up\nletter"`, []string{
			`line 9: TEST-1: document: "a made-up\nletter": the text is empty, or has spaces around it or a control character in it; want plain text; remove them, or leave the key out`,
		}},
	{"an impossible day", schemaRefuses,
		`"2022-09-21"`,
		`"2022-09-31"`, []string{
			`line 13: TEST-1: confirmed: "2022-09-31": this is not a valid date; want YYYY-MM-DD; look it up again: there is no such day`,
		}},
	{"29 February of a common year", schemaCannotTell,
		`"2022-09-21"`,
		`"2022-02-29"`, []string{
			`line 13: TEST-1: confirmed: "2022-02-29": this is not a valid date; want YYYY-MM-DD; look it up again: there is no such day`,
		}},
	{"a day as it is spoken", schemaRefuses,
		`"2022-09-21"`,
		`"21 September 2022"`, []string{
			`line 13: TEST-1: confirmed: "21 September 2022": this is not a valid date; want YYYY-MM-DD; write year, month and day, as in 2023-04-27`,
		}},
	{"a day without its zero", schemaRefuses,
		`"2022-09-21"`,
		`"2022-9-21"`, []string{
			`line 13: TEST-1: confirmed: "2022-9-21": this is not a valid date; want YYYY-MM-DD; write year, month and day, as in 2023-04-27`,
		}},
	{"a word that is no bound", schemaRefuses,
		`"not-on-record"`,
		`"never"`, []string{
			`line 13: TEST-1: to: "never": this is neither a valid date nor a known word; want YYYY-MM-DD or open or not-on-record; write a day as in 2023-04-27, or only the word`,
		}},
	{"an open start", schemaRefuses,
		`"from": "2019-11-29", "to": "2023-04-27"`,
		`"from": "open", "to": "2023-04-27"`, []string{
			`line 12: TEST-1: from: "open": this is neither a valid date nor a known word; want YYYY-MM-DD or not-on-record; a start is never open: if no source gives it, it is not-on-record`,
		}},
	{"confirmed open", schemaRefuses,
		`"confirmed": "2022-09-21"`,
		`"confirmed": "open"`, []string{
			`line 13: TEST-1: confirmed: "open": this is not a valid date; want YYYY-MM-DD; write year, month and day, as in 2023-04-27`,
		}},
	{"another spelling of a version", schemaRefuses,
		`"GBCS v3.2", "from"`,
		`"GBCS Version 3.2", "from"`, []string{
			`line 13: TEST-1: spec: "GBCS Version 3.2": this is not how a version is written here; want GBCS v3.2; write it "GBCS v3.2"`,
		}},
	{"SMETS without its generation", schemaRefuses,
		`"SMETS2 v4.2", "from"`,
		`"SMETS v4.2", "from"`, []string{
			`line 12: TEST-1: spec: "SMETS v4.2": this is not how a version is written here; want SMETS2 v4.2; write it "SMETS2 v4.2"`,
		}},
	{"a bare version", schemaRefuses,
		`"SMETS2 v4.2", "from"`,
		`"4.2", "from"`, []string{
			`line 12: TEST-1: spec: "4.2": this is not how a version is written here; want one such as SMETS2 v4.2, CHTS v1.3 or GBCS v3.2; look it up in the source, and write its family, v and its number`,
		}},
	{"a version that contradicts its generation", schemaRefuses,
		`"SMETS2 v4.2", "from"`,
		`"SMETS1 v4.2", "from"`, []string{
			`line 12: TEST-1: spec: "SMETS1 v4.2": this is not how a version is written here; want one such as SMETS2 v4.2, CHTS v1.3 or GBCS v3.2; look it up in the source, and write its family, v and its number`,
		}},
	{"a whole number", schemaRefuses,
		`"SMETS2 v4.2", "from"`,
		`"SMETS2 v4", "from"`, []string{
			`line 12: TEST-1: spec: "SMETS2 v4": this is not how a version is written here; want one such as SMETS2 v4.2, CHTS v1.3 or GBCS v3.2; look it up in the source, and write its family, v and its number`,
		}},
	{"an unknown device type", schemaRefuses,
		`"GSME"`,
		`"Toaster"`, []string{
			`line 16: TEST-1: type: "Toaster": this is not how a device type is written here; want one of ` + strings.Join(typeNames(), ", ") + "; choose the one that is meant",
		}},
	{"a device type by its other name", schemaRefuses,
		`"GSME"`,
		`"Gas Smart Meter"`, []string{
			`line 16: TEST-1: type: "Gas Smart Meter": this is not how a device type is written here; want one of ` + strings.Join(typeNames(), ", ") + `; write it "GSME"`,
		}},
	{"remove false", schemaRefuses,
		`"confirmed": "2022-09-21"`,
		`"confirmed": "2022-09-21", "remove": false`, []string{
			"line 13: TEST-1: remove: this is not true; want true; write true, or leave the key out",
		}},
	{"remove is a word", schemaRefuses,
		`"confirmed": "2022-09-21"`,
		`"confirmed": "2022-09-21", "remove": "true"`, []string{
			"line 13: TEST-1: remove: this is not true; want true; write true, or leave the key out",
		}},
	{"no web address", schemaRefuses,
		`"https://example.com/letter"`,
		`"example.com/letter"`, []string{
			`line 9: TEST-1: url: "example.com/letter": this is not an address; want one that begins with https://; write the whole address, or leave url out`,
		}},
	{"empty file", notJSON,
		"",
		"", []string{
			"line 1: this is not JSON: unexpected end of JSON input; want JSON; correct it first; nothing else was checked",
		}},
	{"blank lines alone", notJSON,
		"",
		"\n\n", []string{
			"line 2: this is not JSON: unexpected end of JSON input; want JSON; correct it first; nothing else was checked",
		}},
	{"trailing data", notJSON,
		"  ]\n}\n",
		"  ]\n}\n{}\n", []string{
			"line 21: this is not JSON: invalid character '{' after top-level value; want JSON; correct it first; nothing else was checked",
		}},
	{"trailing comma", notJSON,
		"\"confirmed\": \"2022-09-21\"}\n",
		"\"confirmed\": \"2022-09-21\"},\n", []string{
			"line 14: this is not JSON: invalid character ']' looking for beginning of value; want JSON; correct it first; nothing else was checked",
		}},
	{"trailing comma in an object", notJSON,
		`"gbcs": "GBCS v3.2"}`,
		`"gbcs": "GBCS v3.2",}`, []string{
			"line 16: this is not JSON: invalid character '}' looking for beginning of object key string; want JSON; correct it first; nothing else was checked",
		}},
	{"a comment", notJSON,
		`      "entries"`,
		"      // what it changes\n      \"entries\"", []string{
			"line 11: this is not JSON: invalid character '/' looking for beginning of object key string; want JSON; correct it first; nothing else was checked",
		}},
	{"a string that is not closed", notJSON,
		`"a made-up letter"`,
		`"a made-up letter`, []string{
			"line 9: this is not JSON: invalid character 'u' after object key:value pair; want JSON; correct it first; nothing else was checked",
		}},
	{"a line break inside a string", notJSON,
		`"a made-up letter"`,
		"\"a made-up\nletter\"", []string{
			`line 9: this is not JSON: invalid character '\n' in string literal; want JSON; correct it first; nothing else was checked`,
		}},
	{"cut short", notJSON,
		"",
		"{\n  \"amendments\": [\n", []string{
			"line 2: this is not JSON: unexpected end of JSON input; want JSON; correct it first; nothing else was checked",
		}},
	{"not UTF-8", notJSON,
		`"a made-up letter"`,
		"\"a made-up letter\xff\"", []string{
			"line 9: the file is not UTF-8; want UTF-8; save it as UTF-8",
		}},
	{"a schema of another version", schemaRefuses,
		"",
		`{"schema": 2, "edition": "x", "amendments": []}`, []string{
			`line 1: schema: "2": this program does not know that version of the format; want 1; bring the program up to date, or write the file in the format that it knows`,
		}},
	{"a schema that is a text", schemaRefuses,
		"",
		`{"schema": "1", "edition": "x", "amendments": []}`, []string{
			`line 1: schema: "1": this program does not know that version of the format; want 1; bring the program up to date, or write the file in the format that it knows`,
		}},
	{"a text of the template", schemaRefuses,
		`"a made-up letter"`,
		`"TEMPLATE: the Tables you read"`, []string{
			`line 9: "TEMPLATE": texts of the template are left, on line 9; want what the Tables say; write each again from the source, or remove the entry that it is in: nothing in the template is a fact`,
		}},
	{"vouched before it is in force", schemaCannotTell,
		`"in_force": "2019-11-29"`,
		`"in_force": "2019-11-29", "vouched": "2019-11-28"`, []string{
			`line 4: TEST-1: vouched: "2019-11-28": this is before in_force, 2019-11-29; want a day on which the Tables were seen to say this; correct the day, or remove it`,
		}},
	{"whole is false", schemaRefuses,
		`"in_force": "2019-11-29"`,
		`"in_force": "2019-11-29", "whole": false`, []string{
			`line 7: TEST-1: whole: this is not true; want true; write true, or leave the key out`,
		}},
	{"nested too deep", notJSON,
		"",
		"{\n\"x\": " + strings.Repeat("[", 17) + strings.Repeat("]", 17) + "}", []string{
			"line 2: this is nested more than 16 deep; want a rules file, which nests five deep; remove the surplus brackets; nothing else was checked",
		}},
}

func TestParseRefuses(t *testing.T) { requireBroken(t, misshapenFiles) }

// TestParseReportsEveryFault checks that all faults are reported at once, by line.
func TestParseReportsEveryFault(t *testing.T) {
	_, err := Parse([]byte(`{
  "Edition": "test",
  "amendments": [
    {
      "id": "first",
      "title": "",
      "in_force": "2020-02-30",
      "citations": [],
      "entries": [
        {"spec": "SMETS2 4.2", "from": "2020-01-01", "to": "never"},
        {"spec": "GBCS v3.2", "from": 1, "confirmed": null, "remove": false}
      ],
      "pairs": [{"type": "Toaster"}]
    },
    {
      "id": "SECOND",
      "title": "is sound in shape",
      "in_force": "2020-03-01",
      "citations": [{"document": "a made-up letter"}],
      "entries": [
        {"spec": "SMETS2 v4.3", "from": "2020-03-01", "to": "2020-02-01"},
        {"spec": "SMETS2 v4.4", "remove": true}
      ]
    }
  ]
}`))
	lines := faultLines(t, err)
	var told []string
	for _, line := range lines {
		head := strings.SplitN(line, ": ", 4)
		told = append(told, strings.Join(head[:3], ": "))
	}
	assert.Equal(t, []string{
		`line 2: "Edition": this key is not known here; want one of schema, edition, amendments; write it "edition"`,
		"line 4: first: id",
		"line 4: first: citations",
		"line 6: first: title",
		"line 7: first: in_force",
		"line 10: first: spec",
		"line 10: first: to",
		"line 11: first: from",
		"line 11: first: confirmed",
		"line 11: first: remove",
		"line 13: first: spec",
		"line 13: first: gbcs",
		"line 13: first: type",
		"line 21: SECOND: to",
		"line 21: SECOND: from",
		"line 21: SECOND: to",
		"line 22: SECOND: remove",
	}, told)
}

func TestParseReadsEveryField(t *testing.T) {
	h, err := Parse([]byte(soundFile))
	require.NoError(t, err)
	assert.Equal(t, "test", h.Edition())
	a, ok := h.Amendment("TEST-1")
	require.True(t, ok)
	assert.Equal(t, Amendment{
		ID: "TEST-1", Title: "lists SMETS2 v4.2 and GBCS v3.2", InForce: theDay("2019-11-29"),
		Citations: []Citation{{"a made-up letter", "https://example.com/letter", "from 29 November 2019 to 27 April 2023"}},
		Entries: []Entry{
			{Spec: Spec{SMETS, "4.2"}, From: On(theDay("2019-11-29")), To: On(theDay("2023-04-27"))},
			{Spec: Spec{GBCS, "3.2"}, From: On(theDay("2019-11-29")), To: Bound{Kind: NotOnRecord}, Confirmed: theDay("2022-09-21")},
		},
		Pairs: []Pair{{Type: GSME, Spec: Spec{SMETS, "4.2"}, GBCS: Spec{GBCS, "3.2"}}},
	}, a)
}

// TestAmendKeepsTheShapeOfAFile checks that amendments from Go code must meet the
// requirements of a file. Their faults have no line.
func TestAmendKeepsTheShapeOfAFile(t *testing.T) {
	for _, c := range []struct {
		name  string
		spoil func(*Amendment)
		want  []string
	}{
		{"sound", func(*Amendment) {}, nil},
		{"no title", func(a *Amendment) { a.Title = "" }, []string{
			"ACME-1: title: the key is missing; want a few words that say what it does; add it"}},
		{"no id", func(a *Amendment) { a.ID = "" }, []string{
			"id: the key is missing; want a name such as MP196; add it"}},
		{"no day", func(a *Amendment) { a.InForce = Date{} }, []string{
			"ACME-1: in_force: the key is missing; want the first day on which a source shows it in force; add it"}},
		{"an unreadable day", func(a *Amendment) { a.PerhapsFrom = UnreadableDate() }, []string{
			`ACME-1: perhaps_from: "unreadable": this is not a valid date; want YYYY-MM-DD; write year, month and day, as in 2023-04-27`}},
		{"no version", func(a *Amendment) { a.Entries[0].Spec = Spec{} }, []string{
			"ACME-1: spec: the key is missing; want a version such as SMETS2 v4.2; add it"}},
		{"no version that can be written", func(a *Amendment) { a.Entries[0].Spec.Version = "4" }, []string{
			`ACME-1: spec: "SMETS2 v4": this is not how a version is written here; want one such as SMETS2 v4.2, CHTS v1.3 or GBCS v3.2; look it up in the source, and write its family, v and its number`}},
		{"an open start", func(a *Amendment) { a.Entries[0].From = Bound{Kind: Open} }, []string{
			`ACME-1: from: "open": this is neither a valid date nor a known word; want YYYY-MM-DD or not-on-record; a start is never open: if no source gives it, it is not-on-record`}},
		{"a date that is none", func(a *Amendment) { a.Entries[0].To, a.Entries[0].Confirmed = On(Date{}), theDay("2022-09-22") }, []string{
			`ACME-1: entries: "SMETS2 v4.2": a bound has a kind but no valid day; want a valid date, Open or NotOnRecord; leave it zero if the bound does not change`}},
		{"a scope with spaces around it", func(a *Amendment) { a.Entries[0].Scope = " acme" }, []string{
			`ACME-1: scope: " acme": the text is empty, or has spaces around it or a control character in it; want plain text; remove them, or leave the key out`}},
		{"no document", func(a *Amendment) { a.Citations[0].Document = "" }, []string{
			"ACME-1: document: the key is missing; want what was read, in words that let a reader find it; add it"}},
		{"an unknown type", func(a *Amendment) {
			a.Pairs = []Pair{{Type: UnknownType, Spec: Spec{SMETS, "4.2"}, GBCS: Spec{GBCS, "4.0"}}}
		}, []string{
			`ACME-1: type: "unknown": this is not how a device type is written here; want one of ` + strings.Join(typeNames(), ", ") + "; choose the one that is meant"}},
	} {
		a := madeUp("ACME-1", "2022-09-22", Entry{Spec: Spec{SMETS, "4.2"}, To: Bound{Kind: Open}})
		c.spoil(&a)
		_, err := Published().Amend(a)
		assert.Equal(t, c.want, faultLines(t, err), c.name)
	}
}

// TestAmendTakesBoundsAsAFileGivesThem checks that an open end has no day, even if
// the caller gives one.
func TestAmendTakesBoundsAsAFileGivesThem(t *testing.T) {
	h, err := Published().Amend(madeUp("ACME-1", "2022-09-22", Entry{Spec: Spec{SMETS, "4.2"}, To: Bound{Open, theDay("2023-01-01")}}))
	require.NoError(t, err)
	again, err := Parse(h.AppendCanonical(nil))
	require.NoError(t, err)
	i := Installation{Spec: Spec{SMETS, "4.2"}, On: theDay("2025-01-01")}
	assert.Equal(t, Checker{History: again}.Check(i), Checker{History: h}.Check(i))
}

// theDay returns the date in a text.
func theDay(text string) Date {
	day, err := ParseDate(text)
	if err != nil {
		panic(err)
	}
	return day
}

// madeUp returns an invented amendment with dates that no quotation contains.
func madeUp(id, inForce string, entries ...Entry) Amendment {
	for i := range entries {
		if entries[i].Unquoted == "" && !entries[i].Remove {
			entries[i].Unquoted = "a test"
		}
	}
	return Amendment{
		ID: id, Title: "made up", InForce: theDay(inForce),
		Citations: []Citation{{Document: "a test"}}, Entries: entries,
	}
}

func TestFaultsAreAnError(t *testing.T) {
	_, err := Parse(nil)
	var faults Faults
	require.True(t, errors.As(err, &faults))
	assert.Equal(t, Faults{{Code: "not-json", Line: 1, Problem: "this is not JSON: unexpected end of JSON input", Want: "JSON", Do: "correct it first; nothing else was checked"}}, faults)
}
