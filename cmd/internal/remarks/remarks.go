// Package remarks says what a reader of a run's answers should know besides
// them.
package remarks

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/agnivade/levenshtein"

	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/ivp"
)

// NotJudged says which fields are judged nowhere for want of a column, what the
// answers rest on instead, and which headings may have been meant. Of the location
// and the cost of stock it says so only where a heading may have been meant: most
// stock has neither. It is empty where there is nothing to say.
func NotJudged(columns devices.Columns, opts devices.ColumnOptions) string {
	fields := columns.NotJudged()
	names, near, flags := FieldNames(fields), []string(nil), []string(nil)
	for _, f := range slices.Concat(fields, []devices.Field{devices.Location, devices.UnitCost}) {
		_, mapped := opts.Map[f]
		headings := columns.NearHeadings(f)
		if !opts.Reads(f) || columns.Index(f) >= 0 || mapped || len(headings) == 0 {
			continue
		}
		if !slices.Contains(fields, f) {
			names = append(names, f.String())
		}
		near = append(near, fmt.Sprintf("%q for %s", headings[0], f))
		flags = append(flags, devices.MapFlag(f, columns.Name(slices.Index(columns.Headings(), headings[0]))))
	}
	if len(names) == 0 {
		return ""
	}
	says := "no column for " + strings.Join(names, ", ")
	if len(fields) > 0 {
		says += ": judged " + strings.Join(judgedBy(fields), ", ")
	}
	if len(near) > 0 {
		says += fmt.Sprintf("; did you mean %s? say %s", strings.Join(near, " and "), strings.Join(flags, " "))
	}
	return says
}

// FieldNames returns the names of fields.
func FieldNames(fields []devices.Field) (names []string) {
	for _, f := range fields {
		names = append(names, f.String())
	}
	return names
}

// judgedBy says what answers rest on where some fields are not judged.
func judgedBy(without []devices.Field) (words []string) {
	kind, gbcs := slices.Contains(without, devices.DeviceType), slices.Contains(without, devices.GBCS)
	switch {
	case kind && gbcs:
		words = append(words, "by version alone")
	case kind:
		words = append(words, "without the device type")
	case gbcs:
		words = append(words, "without the GBCS version")
	}
	if slices.Contains(without, devices.Scope) {
		words = append(words, "in the general scope")
	}
	return words
}

// Notes say what was not judged, and what was passed over.
func Notes(s *devices.Summary, checker ivp.Checker, door Door) []string {
	var lines []string
	add := func(n int, format string, rest ...any) {
		if n > 0 {
			lines = append(lines, fmt.Sprintf(format, append([]any{Plural(n, "device")}, rest...)...))
		}
	}
	add(s.VersionAlone, "%s judged by TS version alone, with the most favourable GBCS version on record: the rows give no device type and no GBCS version")
	add(s.LastDay, "%s dated on the last day of a period: sources differ on whether that day is inside it. "+lastDay(checker, door))
	if s.Moved > 0 {
		lines = append(lines, fmt.Sprintf("%s dated at a time that falls on another day in Great Britain than the one written, and judged by that day: %s",
			Plural(s.Moved, "device"), first(s.FirstMoved, s.Moved)))
	}
	add(s.Assumed, "%s eligible only because an end that is not on record was taken to be open")
	noted := func(n devices.Noted, format string) {
		if n.N > 0 {
			lines = append(lines, fmt.Sprintf(format, Plural(n.N, "row"), first(n.First, n.N)))
		}
	}
	noted(s.NotUTF8, "%s with bytes that are not UTF-8: %s. CSV has them as they came; JSON, workbooks and pages have a replacement character in their place. If the file is in the encoding of Windows, read it as windows-1252")
	noted(s.Surplus, "%s with empty cells beyond the heading's width, which are left out: %s")
	noted(s.Totals, "%s that only says that it is a total, passed through and not counted: %s")
	noted(s.Nothing, "%s of nothing but white space or an end mark (Ctrl-Z), passed through and not counted: %s")
	noted(s.SideFaults, "%s with a cell that cannot be read and does not decide the answer: %s")
	if s.Blank > 0 {
		lines = append(lines, fmt.Sprintf("%s passed through, not counted", Plural(s.Blank, "blank row")))
	}
	if s.DamagedIDs > 0 {
		lines = append(lines, damagedIDs(s))
	}
	if s.Removed > 0 {
		lines = append(lines, fmt.Sprintf("%s marked Removed on the Central Products List; the mark is not judged here", Plural(s.Removed, "row")))
	}
	return lines
}

// lastDay says how the last day of a period was taken, and how to ask otherwise.
func lastDay(checker ivp.Checker, door Door) string {
	taken, other := "inside", "excluded"
	if checker.LastDayExcluded {
		taken, other = "outside", "included"
	}
	if door != Page {
		return "It was taken to be " + taken + ": --last-day " + other + " asks otherwise"
	}
	return "It was taken to be " + taken + ": ask with the end date " + other + " to see the difference"
}

// damagedIDs names the first device ids that a spreadsheet has damaged.
func damagedIDs(s *devices.Summary) string {
	return fmt.Sprintf("%s damaged by a spreadsheet, which keeps 15 digits of a number: %s; an id is not judged, so this blocks nothing. Keep the column as text",
		Plural(s.DamagedIDs, "device id"), first(s.FirstDamaged, s.DamagedIDs))
}

// first names the first three of the places that are noted, and counts the rest.
func first(notes []devices.FaultNote, of int) string {
	var texts []string
	for _, note := range notes[:min(len(notes), 3)] {
		texts = append(texts, note.Text)
	}
	if more := of - len(texts); more > 0 {
		texts = append(texts, fmt.Sprintf("and %d more", more))
	}
	return strings.Join(texts, "; ")
}

// Warnings say what makes the answers weaker than they look, and what to do.
func Warnings(s *devices.Summary, h ivp.History, door Door) []string {
	var lines []string
	if s.Differs > 0 {
		lines = append(lines, fmt.Sprintf("%s claiming another version than the Central Products List gives, with the same answer; the explanation names both", Plural(s.Differs, "device")))
	}
	if n := s.PastAnswered; n > 0 {
		which := "the current Tables"
		if strings.HasPrefix(RulesKnown(h, s.Today), rulesAsOf) {
			which = "later Tables, once there are any,"
		}
		lines = append(lines, fmt.Sprintf("%s: the answers for %s dated later may have changed since. Add %s as an amendment file%s",
			RulesKnown(h, s.Today), Plural(n, "device"), which, door.amend()))
	}
	if s.UnnamedScope > 0 {
		lines = append(lines, fmt.Sprintf("%s in a scope that no rule of their day names, %s: judged by the general case and by every scope that the rules name, and undetermined where these differ. Correct the scope, or add its rules as an amendment file",
			Plural(s.UnnamedScope, "device"), Quoted(s.Scopes)))
	}
	if len(s.Unpaired) > 0 {
		lines = append(lines, unpaired(s))
	}
	return lines
}

// unpaired names the versions without a permitted pair on record.
func unpaired(s *devices.Summary) string {
	var versions []string
	total := 0
	specs := slices.SortedFunc(maps.Keys(s.Unpaired), ivp.CompareSpecs)
	for _, spec := range specs {
		total += s.Unpaired[spec]
		if len(versions) < 5 {
			versions = append(versions, fmt.Sprintf("%s (%s)", spec, Thousands(s.Unpaired[spec])))
		}
	}
	if more := len(specs) - len(versions); more > 0 {
		versions = append(versions, fmt.Sprintf("%d more", more))
	}
	return fmt.Sprintf("%s eligible with a version that has no permitted pair on record, %s: only the family was compared with the device type. Add the pairs as an amendment file",
		Plural(total, "device"), strings.Join(versions, ", "))
}

// RowName returns what tells a person which device a row is of, or else the row
// as it came, in one line of a readable length. It holds nothing of the row's own
// memory.
func RowName(columns devices.Columns, row devices.Row) string {
	if len(row.Cells) == 0 {
		return devices.ClippedCell(string(row.Text()))
	}
	return devices.ClippedCell(columns.DeviceName(row))
}

// Day returns a day as a person in Great Britain writes it: 27 April 2023.
func Day(d ivp.Date) string {
	if !d.Valid() {
		return d.String()
	}
	year, month, day := d.Civil()
	return fmt.Sprintf("%d %s %d", day, month, year)
}

// ReadDay reads a day as a person in Great Britain writes it: 2023-04-27,
// 27/04/2023, 27 April 2023. The note says which day it is if day and month can be
// exchanged, and is empty otherwise.
func ReadDay(text string) (day ivp.Date, note string, err error) {
	if day, err = devices.ReadDate(text, devices.DayFirst); err != nil {
		return day, "", err
	}
	if !day.Valid() {
		return day, "", fmt.Errorf("%q is not a date: want %s or YYYY-MM-DD", text, devices.DayFirst)
	}
	if other, err := devices.ReadDate(text, devices.MonthFirst); err == nil && other != day {
		note = fmt.Sprintf("%s is read as %s, the day first", strings.TrimSpace(text), Day(day))
	}
	return day, note, nil
}

// isoDay matches the days in the sentences of package ivp.
var isoDay = regexp.MustCompile(`\b\d{4}-\d{2}-\d{2}\b`)

// Prose returns a sentence of package ivp with its days as [Day] writes them.
func Prose(sentence string) string {
	return isoDay.ReplaceAllStringFunc(sentence, func(text string) string {
		if day, err := ivp.ParseDate(text); err == nil {
			return Day(day)
		}
		return text
	})
}

// Choice names the amendments in doubt that are in force in a reading, and those that
// are not; "" if there are none.
func Choice(with, without []string) string {
	var parts []string
	if len(with) > 0 {
		parts = append(parts, "with "+strings.Join(with, ", "))
	}
	if len(without) > 0 {
		parts = append(parts, "without "+strings.Join(without, ", "))
	}
	return strings.Join(parts, " and ")
}

// Authorities gathers the amendments on which results rest, so that their
// sources are told once and not with each result. Make one with
// [NewAuthorities].
type Authorities struct {
	history ivp.History
	// texts are what an explanation says of an amendment's sources.
	texts map[string]string
}

// NewAuthorities returns authorities of a record, none of them gathered yet.
func NewAuthorities(h ivp.History) *Authorities {
	return &Authorities{history: h, texts: map[string]string{}}
}

// Explanation returns the result's explanation without the sources of its
// amendment, which is gathered.
func (a *Authorities) Explanation(r devices.Result) string {
	return strings.Replace(r.Explanation(), a.text(r.Amendment()), "", 1)
}

// Gather gathers an amendment by its id.
func (a *Authorities) Gather(id string) { a.text(id) }

func (a *Authorities) text(id string) string {
	if text, known := a.texts[id]; known || id == "" {
		return text
	}
	text := ""
	if amendment, ok := a.history.Amendment(id); ok {
		text = " " + id + ", in force " + amendment.InForce.String() + ": " + strings.Join(Citations(amendment), "; ") + "."
	}
	a.texts[id] = text
	return text
}

// Authority is an amendment with its sources.
type Authority struct {
	ID        string   `json:"id"`
	InForce   ivp.Date `json:"in_force"`
	Title     string   `json:"title,omitempty"`
	Citations []string `json:"citations"`
}

// Gathered returns the amendments that were gathered, by their day.
func (a *Authorities) Gathered() []Authority {
	var all []Authority
	if len(a.texts) == 0 {
		return all
	}
	for _, amendment := range a.history.Amendments() {
		if a.texts[amendment.ID] != "" {
			all = append(all, Authority{amendment.ID, amendment.InForce, amendment.Title, Citations(amendment)})
		}
	}
	return slices.Clip(all)
}

// Citations returns the citations of an amendment in words.
func Citations(a ivp.Amendment) []string {
	all := []string{}
	for _, c := range a.Citations {
		all = append(all, c.String())
	}
	return all
}

// OutcomeWords returns an outcome as a person reads it: "not eligible".
func OutcomeWords(o ivp.Outcome) string { return strings.ReplaceAll(o.String(), "_", " ") }

// Thousands writes a count as people read it, 12,345.
func Thousands(n int) string {
	if n < 0 {
		return "-" + Thousands(-n)
	}
	digits := strconv.Itoa(n)
	for at := len(digits) - 3; at > 0; at -= 3 {
		digits = digits[:at] + "," + digits[at:]
	}
	return digits
}

// Plural returns a number of things: "1 device", "1,234 devices".
func Plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return Thousands(n) + " " + what + "s"
}

// DaysLeft says how many days an installation still has, or by how many it is too
// late.
func DaysLeft(days int) string {
	switch {
	case days == 0:
		return "the last day"
	case days < 0:
		return Plural(-days, "day") + " too late"
	}
	return Plural(days, "day") + " left"
}

// Quoted returns words in quotes, with commas between them.
func Quoted(words []string) string {
	var all []string
	for _, word := range words {
		all = append(all, fmt.Sprintf("%q", word))
	}
	return strings.Join(all, ", ")
}

// DidYouMean returns "; did you mean …?" with the known name nearest to an
// unknown one, or "" if none is near.
func DidYouMean(name string, known []string) string {
	near := Nearest(name, known)
	if near == "" {
		return ""
	}
	return fmt.Sprintf("; did you mean %s?", near)
}

// Nearest returns the known name that a mistyped one most likely means: at most
// two letters and a third of its length away, ignoring case and the difference of
// _ and -; "" if there is none. Two neighbouring letters in the wrong order count as
// one.
func Nearest(name string, known []string) string {
	best, least := "", 3
	for _, candidate := range known {
		a, b := normalName(name), normalName(candidate)
		distance := levenshtein.ComputeDistance(a, b)
		for i := range max(len(a), 1) - 1 {
			swapped := a[:i] + a[i+1:i+2] + a[i:i+1] + a[i+2:]
			distance = min(distance, 1+levenshtein.ComputeDistance(swapped, b))
		}
		if 3*distance <= min(utf8.RuneCountInString(a), utf8.RuneCountInString(b)) && distance < least {
			best, least = candidate, distance
		}
	}
	return best
}

func normalName(name string) string {
	return strings.ReplaceAll(strings.ToLower(strings.TrimSpace(name)), "_", "-")
}
