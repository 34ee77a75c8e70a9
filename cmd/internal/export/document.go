package export

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"

	"github.com/mp196/ivp/ivp"
)

// AnswersVersion is the version of the format of a [Document]. A reader refuses any other.
const AnswersVersion = 1

//go:embed answers.schema.json
var answersSchema []byte

// Document has the answers for every device on every day, for programs in other
// languages: the ways to write the cells of a device, a profile for each combination of
// what they mean, and the answers of profiles by day.
type Document struct {
	// Profiles is the number of profiles, Runs that of different answers over time.
	Profiles, Runs int

	checker  ivp.Checker
	terms    string
	vouched  ivp.Date
	names    [][]string
	profiles []profile
	runs     []run
}

// NewDocument returns the answers of a checker. terms describes its terms in words; today
// limits how far the record is known.
func NewDocument(c ivp.Checker, terms string, today ivp.Date) (*Document, error) {
	read, err := newReader()
	if err != nil {
		return nil, err
	}
	d := &Document{checker: c, terms: terms, vouched: c.History.VouchedTo(today)}
	d.profiles, d.runs = profilesOf(c, cellNames{
		onRecord(kinds()), onRecord(specs(c.History)), onRecord(gbcsVersions(c.History)), append([]string{blank}, c.History.Scopes()...),
	})
	d.Profiles, d.Runs = len(d.profiles), len(d.runs)
	d.addNames(read)
	return d, nil
}

// File is one file of the answers.
type File struct {
	Name string
	Text []byte
}

// Files returns the JSON document, its schema and the three tables, as files.
func (d *Document) Files() []File {
	names, profiles, periods := d.CSV()
	return []File{
		{"ivp-answers.json", d.JSON()}, {"ivp-answers.schema.json", answersSchema},
		{"ivp-names.csv", names}, {"ivp-profiles.csv", profiles}, {"ivp-periods.csv", periods},
	}
}

// onRecord returns the names without marks.
func onRecord[T any](all []named[T]) (kept []named[T]) {
	for _, one := range all {
		if one.name != unreadable && !strings.HasPrefix(one.name, unlisted) {
			kept = append(kept, one)
		}
	}
	return kept
}

// The kinds of names. Those of the cells of a device are members of the JSON document too.
const (
	ofType  = "type"
	ofSpec  = "spec"
	ofGBCS  = "gbcs"
	ofScope = "scope"
)

// addNames adds the ways to write each cell. The detail of a type is the family that it
// gives to a bare version, and that of a version the family that the type must give.
func (d *Document) addNames(read reader) {
	add := func(kind string, s spelling, detail string) {
		d.names = append(d.names, []string{kind, s.written, s.meant, detail})
	}
	for _, s := range read.kindSpellings() {
		add(ofType, s, read.read(s.written, "", "", "").Type.BareFamily().String())
	}
	for _, s := range read.specSpellings(d.checker.History) {
		add(ofSpec, s.spelling, s.family.String())
	}
	for _, s := range read.gbcsSpellings(d.checker.History) {
		add(ofGBCS, s, "")
	}
	for _, s := range read.scopeSpellings(d.checker.History) {
		add(ofScope, s, "")
	}
}

// namesOf returns the names of a kind, each with so many cells.
func (d *Document) namesOf(kind string, cells int) (rows []any) {
	for _, name := range d.names {
		if name[0] == kind {
			rows = append(rows, name[1:1+cells])
		}
	}
	return rows
}

// member is a member of the JSON document. A list has a line for each element.
type member struct {
	name  string
	value any
}

type jsonTerms struct {
	Words      string   `json:"words"`
	AsAt       ivp.Date `json:"as_at"`
	LastDay    string   `json:"last_day"`
	AssumeOpen bool     `json:"assume_open"`
}

type jsonVerdict struct {
	Outcome   string   `json:"outcome"`
	Reason    string   `json:"reason"`
	From      ivp.Date `json:"from"`
	To        ivp.Date `json:"to"`
	End       string   `json:"end"`
	Amendment string   `json:"amendment"`
}

type jsonPeriod struct {
	First ivp.Date `json:"first"`
	Last  ivp.Date `json:"last"`
	jsonVerdict
}

type jsonRun struct {
	NoDay   jsonVerdict  `json:"no_day"`
	BadDay  jsonVerdict  `json:"bad_day"`
	Periods []jsonPeriod `json:"periods"`
}

type jsonCitation struct {
	Document string `json:"document"`
	URL      string `json:"url"`
	Quote    string `json:"quote"`
}

type jsonAmendment struct {
	ID          string         `json:"id"`
	Title       string         `json:"title"`
	InForce     ivp.Date       `json:"in_force"`
	PerhapsFrom ivp.Date       `json:"perhaps_from"`
	Citations   []jsonCitation `json:"citations"`
}

func (v verdict) json() jsonVerdict {
	return jsonVerdict{v.reason.Outcome().String(), v.reason.String(), v.from, v.to, v.end.String(), v.amendment}
}

// periods returns the answers of a run by day.
func (r run) periods() (all []jsonPeriod) {
	for n, first := range r.from {
		last := ivp.MaxDate()
		if n+1 < len(r.from) {
			last = r.from[n+1].AddDays(-1)
		}
		all = append(all, jsonPeriod{first, last, r.verdicts[n].json()})
	}
	return all
}

func (d *Document) lastDay() string {
	if d.checker.LastDayExcluded {
		return "excluded"
	}
	return "included"
}

// JSON returns the answers as one JSON document. Its member sha256 is the digest of the
// document without that member and without space between its parts, as JSON.stringify
// and json.dumps write it.
func (d *Document) JSON() []byte {
	h := d.checker.History
	members := []member{
		{"schema", AnswersVersion}, {"edition", h.Edition()}, {"digest", h.Digest()}, {"vouched_to", d.vouched},
		{"terms", jsonTerms{d.terms, d.checker.AsAt, d.lastDay(), d.checker.AssumeOpen}},
		{"types", d.namesOf(ofType, 3)}, {"specs", d.namesOf(ofSpec, 3)}, {"gbcs", d.namesOf(ofGBCS, 2)}, {"scopes", d.namesOf(ofScope, 2)},
	}
	var profiles, runs, amendments []any
	for _, p := range d.profiles {
		profiles = append(profiles, []any{p.kind, p.spec, p.gbcs, p.scope, p.answers - 1})
	}
	for _, r := range d.runs {
		runs = append(runs, jsonRun{r.noDay.json(), r.badDay.json(), r.periods()})
	}
	for _, a := range h.Amendments() {
		one := jsonAmendment{ID: a.ID, Title: a.Title, InForce: a.InForce, PerhapsFrom: a.PerhapsFrom, Citations: []jsonCitation{}}
		for _, c := range a.Citations {
			one.Citations = append(one.Citations, jsonCitation(c))
		}
		amendments = append(amendments, one)
	}
	members = append(members, member{"profiles", profiles}, member{"answers", runs}, member{"amendments", amendments})
	digest := fmt.Sprintf("%x", sha256.Sum256(object(members, "")))
	return append(object(append(members, member{"sha256", digest}), "\n"), '\n')
}

// object returns members as a JSON object, with newline between them and between the
// elements of lists.
func object(members []member, newline string) []byte {
	var b bytes.Buffer
	b.WriteByte('{')
	for n, m := range members {
		if n > 0 {
			b.WriteString("," + newline)
		}
		fmt.Fprintf(&b, "%q:", m.name)
		list, ok := m.value.([]any)
		if !ok {
			b.Write(plainJSON(m.value))
			continue
		}
		b.WriteString("[" + newline)
		for i, element := range list {
			if i > 0 {
				b.WriteString("," + newline)
			}
			b.Write(plainJSON(element))
		}
		b.WriteByte(']')
	}
	b.WriteByte('}')
	return b.Bytes()
}

// jsonEscape matches an escape sequence of JSON.
var jsonEscape = regexp.MustCompile(`\\(?:u2028|u2029|.)`)

// plainJSON returns a value as JSON with the escape sequences that JSON.stringify and
// json.dumps use, and no others.
func plainJSON(value any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(value); err != nil {
		panic(err) // texts, days and numbers can be encoded
	}
	return jsonEscape.ReplaceAllFunc(bytes.TrimSuffix(b.Bytes(), []byte("\n")), func(escape []byte) []byte {
		switch string(escape) {
		case `\u2028`:
			return []byte("\u2028")
		case `\u2029`:
			return []byte("\u2029")
		}
		return escape
	})
}

// The values of the column day of the table of periods.
const (
	aDate        = "date"
	aBlankDay    = "blank"
	anUnreadable = "unreadable"
)

// CSV returns the same answers as three tables. No cell has a line break, because no text
// of the rules has one. The last line of names has the digest of all other lines of the three tables, each with a line feed.
func (d *Document) CSV() (names, profiles, periods []byte) {
	profileRows := [][]string{{"device_type", "spec", "gbcs", "scope", "answers"}}
	for _, p := range d.profiles {
		profileRows = append(profileRows, []string{p.kind, p.spec, p.gbcs, p.scope, fmt.Sprint(p.answers - 1)})
	}
	periodRows := [][]string{{"answers", "day", "first", "last", "outcome", "reason", "from", "to", "end", "amendment"}}
	for n, r := range d.runs {
		add := func(day string, p jsonPeriod) {
			periodRows = append(periodRows, []string{
				fmt.Sprint(n), day, p.First.String(), p.Last.String(), p.Outcome, p.Reason, p.From.String(), p.To.String(), p.End, p.Amendment,
			})
		}
		add(aBlankDay, jsonPeriod{jsonVerdict: r.noDay.json()})
		add(anUnreadable, jsonPeriod{jsonVerdict: r.badDay.json()})
		for _, p := range r.periods() {
			add(aDate, p)
		}
	}
	names, profiles, periods = table(d.nameRows()), table(profileRows), table(periodRows)
	digest := sha256.New()
	for _, text := range [][]byte{names, profiles, periods} {
		digest.Write(text) // never fails
	}
	return append(names, table([][]string{{"rules", "sha256", fmt.Sprintf("%x", digest.Sum(nil)), ""}})...), profiles, periods
}

// nameRows returns the table of names without its last line: the rules and the terms, the
// ways to write each cell, and the amendments with their citations.
func (d *Document) nameRows() [][]string {
	h := d.checker.History
	rows := [][]string{{"kind", "name", "means", "detail"}}
	for _, rule := range [][2]string{
		{"schema", fmt.Sprint(AnswersVersion)}, {"edition", h.Edition()}, {"digest", h.Digest()}, {"vouched_to", d.vouched.String()},
		{"terms", d.terms}, {"as_at", d.checker.AsAt.String()}, {"last_day", d.lastDay()}, {"assume_open", fmt.Sprint(d.checker.AssumeOpen)},
	} {
		rows = append(rows, []string{"rules", rule[0], rule[1], ""})
	}
	rows = append(rows, d.names...)
	for _, a := range h.Amendments() {
		rows = append(rows, []string{"amendment", a.ID, a.Title, a.InForce.String()})
		if a.PerhapsFrom.Valid() {
			rows = append(rows, []string{"perhaps_from", a.ID, a.PerhapsFrom.String(), ""})
		}
		for _, c := range a.Citations {
			rows = append(rows, []string{"citation", a.ID, c.String(), ""})
		}
	}
	return rows
}

// table returns rows as CSV.
func table(rows [][]string) []byte {
	var b bytes.Buffer
	_ = csv.NewWriter(&b).WriteAll(rows) // writing to memory does not fail
	return b.Bytes()
}
