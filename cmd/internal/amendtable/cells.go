package amendtable

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/ivp"
)

// Words for a bound that is no date.
const (
	openWord        = "open"
	notOnRecordWord = "not-on-record"
	unchangedWord   = "unchanged"
	removedWord     = "removed"
)

// endWords are the answers of --no-end.
var endWords = []string{openWord, notOnRecordWord, unchangedWord}

// isOpen reports whether a text says that the Tables set no end.
func isOpen(text string) bool {
	return slices.Contains([]string{"open", "openended", "noend", "noenddate", "noenddateset", "noexpiry", "noexpirydate", "ongoing", "indefinite", "indefinitely"}, letters(text))
}

// isNone reports whether a text is blank or a sign for nothing: it does not say
// whether there is no end, or which.
func isNone(text string) bool {
	switch letters(text) {
	case "":
		return strings.Trim(text, "-–—‒―−‐‑_. ?*") == ""
	case "na", "none", "nil", "null", "notapplicable", "notset", "unknown", "notknown", "blank":
		return true
	}
	return isToCome(text)
}

// isToCome reports whether a text says that the value is not decided yet.
func isToCome(text string) bool {
	return slices.Contains([]string{"tbc", "tba", "tbd", "tobeconfirmed", "tobeannounced", "tobedecided", "tobedetermined", "tobeset", "notyetset", "notyetconfirmed", "notyetknown"}, letters(text))
}

// The families as the Code writes them in full. The abbreviation may follow in
// brackets.
var fullNames = []struct {
	full         *regexp.Regexp
	abbreviation string
}{
	{regexp.MustCompile(`(?i)^(?:the\s+)?smart\s+meter(?:ing)?\s+equipment\s+technical\s+specifications?`), "SMETS"},
	{regexp.MustCompile(`(?i)^(?:the\s+)?comm(?:unication)?s?\s+hubs?\s+(?:technical\s+specifications?|ts)`), "CHTS"},
	{regexp.MustCompile(`(?i)^(?:the\s+)?(?:great\s+britain|gb)\s+companion\s+specifications?`), "GBCS"},
}

var (
	familyShape  = regexp.MustCompile(`(?i)^(?:SMETS\s*(?:[12]\+?)?|CHTS|GBCS)$`)
	label        = regexp.MustCompile(`(?i)^(?:technical\s+specifications?|specifications?|family)\s*[:–—-]\s*`)
	inBrackets   = regexp.MustCompile(`(?i)^(?:(\s*[12])\+?\s*\((?:SMETS|CHTS|GBCS)\s*[12]?\+?\)|\s*\((?:SMETS|CHTS|GBCS)\s*([12]?)\+?\))`)
	spelledOut   = regexp.MustCompile(`(?i)^(SMETS\s*[12]?|CHTS|GBCS)\+?\s*\([a-z ]+\)`)
	headingNames = regexp.MustCompile(`(?i)SMETS[12]?|CHTS`)
	familyNames  = regexp.MustCompile(`(?i)smart\s+meter(?:ing)?\s+equipment\s+technical\s+specifications?|comm(?:unication)?s?\s+hubs?\s+technical\s+specifications?|companion\s+specification|\bSMETS\s*[12]?\b|\bCHTS\b|\bGBCS\b`)
	separator    = regexp.MustCompile(`(?i)\s*[,;/&|\n]\s*|\s+(?:and|\+)\s+`)
	versionWord  = regexp.MustCompile(`(?i)\bversions\b`)
)

// commaNumber is a number with a comma for its point, perhaps: 3,2 is no list.
var commaNumber = regexp.MustCompile(`^\D*\d{1,2},\d{1,2}$`)

// parts returns the parts of a list.
func parts(text string) []string {
	if commaNumber.MatchString(text) {
		return []string{text}
	}
	return strings.Split(separator.ReplaceAllString(text, "\n"), "\n")
}

// abbreviated returns a text with the abbreviation of a family in the place of its
// full name.
func abbreviated(text string) string {
	text = label.ReplaceAllString(oneLine(text), "")
	for _, name := range fullNames {
		if at := name.full.FindStringIndex(text); at != nil {
			return strings.TrimSpace(name.abbreviation + inBrackets.ReplaceAllString(text[at[1]:], "$1$2"))
		}
	}
	return spelledOut.ReplaceAllString(text, "$1")
}

// isFamily reports whether an abbreviated text is a family without a version.
func isFamily(text string) bool { return familyShape.MatchString(text) }

// parseSpec reads a version. One without a family belongs to the given family,
// such as "SMETS2"; a family in both must be the same.
func parseSpec(text, family string) (ivp.Spec, error) {
	text = abbreviated(text)
	spec, err := ivp.ParseSpec(text, 0)
	if family == "" {
		return spec, err
	}
	whole, wholeErr := ivp.ParseSpec(family+" "+text, 0)
	if err != nil {
		return whole, wholeErr
	}
	if of, _ := ivp.ParseSpec(family+" "+spec.Version, 0); of != spec {
		return spec, &ivp.SpecError{Text: text, Want: "a version of " + family, Hint: "the two cells name different families"}
	}
	return spec, nil
}

// version returns the cell of the version. If its second number is in a column of its
// own, it has both.
func (r row) version() string {
	first, second := r.cell(specColumn), r.cell(subColumn)
	if second == "" || !wholeNumber.MatchString(first) {
		return first
	}
	return first + "." + second
}

// specs reads the versions of a row: one, or several with separators. family is
// that of the row; if the row has none, versions without one are of the family
// general. suggested is a family that may be meant, for the question.
func (r row) specs(a *Answers, family, general, suggested string) (specs []ivp.Spec, fault *Fault) {
	for _, part := range parts(a.meaning(r.version())) {
		part = a.meaning(part)
		in := family
		if _, err := parseSpec(part, ""); err != nil && in == "" {
			in = general
		}
		spec, err := parseSpec(part, in)
		if err != nil {
			fault = new(r.versionFault(specColumn, part, in, err))
			if in == "" && suggested != "" && fault.Paste == familyPaste {
				fault.Paste, in = "--family "+suggested, suggested
				if spec, err = parseSpec(part, in); err == nil {
					specs = append(specs, spec)
				}
				continue
			}
			if spec, err = parseSpec(part+".0", in); err != nil { // for the questions about it
				continue
			}
		}
		specs, general = append(specs, spec), spec.Family.String()
	}
	return specs, fault
}

// gbcs reads the GBCS versions in a cell. One with a sign for nothing has none.
func (r row) gbcs(c column, a *Answers) (specs []ivp.Spec, fault *Fault) {
	cell := a.meaning(r.cell(c))
	if isNone(cell) {
		return nil, nil
	}
	for _, part := range parts(versionWord.ReplaceAllString(cell, "version")) {
		spec, err := devices.ParseGBCSVersion(abbreviated(a.meaning(part)))
		if err != nil {
			f := r.versionFault(c, part, "GBCS", err)
			if f.Want = "GBCS versions such as 3.2, with commas between them"; f.Do == "" {
				f.Do, f.Flags = "name each version of a range", ": say --read with the cell and the versions that it means"
			}
			return nil, &f
		}
		if !slices.Contains(specs, spec) {
			specs = append(specs, spec)
		}
	}
	return specs, nil
}

var wholeNumber = regexp.MustCompile(`(?i)^(?:(?:SMETS\s*[12]?\+?|CHTS|GBCS)\s+)?(?:version|ver\.?|v\.?)?\s*\d{1,2}$`)

// familyPaste asks for the family of versions without one.
var familyPaste = "--family " + quote(placeholder+"FAMILY")

// versionFault returns the fault of a part of a cell that is not a version.
func (r row) versionFault(c column, part, family string, err error) Fault {
	var why *ivp.SpecError
	if !errors.As(err, &why) {
		return r.fault(c, err.Error(), "", "")
	}
	want := why.Want
	if why.Hint == "" { // what the text may be is the same for every family
		if _, err := devices.ParseGBCSVersion(part); !errors.As(err, &why) {
			return r.fault(c, "this is not a version", "", "")
		}
	}
	f := r.unclear(c, "this is not a version", want, why.Hint, "", placeholder+"VERSION")
	if part = oneLine(part); wholeNumber.MatchString(part) && !isFamily(part) {
		f.Want, f.Paste = "a version with a point", "--read "+quote(part+"="+part+".0")
		f.Do, f.Flags = "a spreadsheet may have dropped the .0: if so, write "+part+".0", ", or say "+f.Paste
	} else if _, bare := ivp.ParseSpec(part, ivp.SMETS); bare == nil && family == "" {
		f.Do, f.Flags, f.Paste = "write SMETS2, CHTS or GBCS before it", ", or say --family if all versions without one belong to one family", familyPaste
	}
	return f
}

// bound is a bound of a window as a cell gives it.
type bound struct {
	ivp.Bound
	removed bool
	unclear bool   // no date and no clear word: text does not say what the bound is
	text    string // the cell
}

// dateColumns are the columns of dates. All are written in one order of day and
// month.
var dateColumns = []column{fromColumn, toColumn, confirmedColumn, gbcsFromColumn, gbcsToColumn}

// dateFormat returns the given format, or finds it from all dates of the table. ok
// is false if they contradict each other.
func (s *sheet) dateFormat(given *devices.DateFormat, a *Answers) (format devices.DateFormat, ok bool) {
	if given != nil {
		return *given, true
	}
	var order devices.DateOrder
	for _, r := range s.rows {
		for _, c := range dateColumns {
			order.Add(r.line, []byte(a.meaning(r.date(c))))
		}
	}
	format, note, err := order.Decide()
	var contradict *devices.DateOrderError
	if errors.As(err, &contradict) {
		s.faults = append(s.faults, Fault{File: s.name, Line: contradict.MonthLine, Value: contradict.Month,
			Problem: fmt.Sprintf("the dates contradict each other: this can only be month-first (MM/DD/YYYY), %q in line %d only day-first (DD/MM/YYYY)", contradict.Day, contradict.DayLine),
			Do:      "correct them, or say how they are written with --date-format day-first or month-first", Paste: "--date-format 'day-first OR month-first'"})
		return devices.DayFirst, false
	}
	if note != "" {
		s.notes = append(s.notes, s.name+": "+note)
	}
	if format == devices.ISODates {
		format = devices.DayFirst // of dates that --read or --start gives
	}
	return format, true
}

// period is the shape of a cell with both dates of a period.
var period = regexp.MustCompile(`(?i)^(?:from\s+)?(.*?)(?:\s+(?:to|until|up to)\s+|\s+[-–—]+\s+|\s*[–—]\s*|^(?:to|until|up to)\s+|\s+[-–—]$)(?:and including\s+)?(.*)$`)

// date returns the cell of a date. If one column has both dates of the period, it is
// the part before or after the word or dash between them.
func (r row) date(c column) string {
	cell := oneLine(r.cell(c))
	if at := r.sheet.at; at[c] < 0 || at[fromColumn] != at[toColumn] || c != fromColumn && c != toColumn || isNone(cell) {
		return cell
	}
	both := period.FindStringSubmatch(cell)
	switch {
	case both == nil && c == fromColumn:
		return strings.TrimPrefix(strings.TrimPrefix(cell, "from "), "From ")
	case both == nil:
		return ""
	case c == fromColumn:
		return both[1]
	}
	return both[2]
}

// farYear is the first year of which an end is more likely a sign for no end, such as
// 31/12/9999.
const farYear = 2099

// bound reads a date or a word. An end that is neither is unclear.
func (r row) bound(c column, a *Answers, dates devices.DateFormat) (b bound, fault *Fault) {
	b.text = r.date(c)
	text := a.meaning(b.text)
	isEnd := c == toColumn || c == gbcsToColumn
	word := strings.ReplaceAll(folded(text), " ", "-")
	switch {
	case word == notOnRecordWord:
		b.Kind = ivp.NotOnRecord
	case isEnd && isOpen(text):
		b.Kind = ivp.Open
	case isEnd && word == removedWord:
		b.removed = true
	case isEnd && word == unchangedWord:
	case r.sheet.form && text != "" && isNone(text):
		f := r.fault(c, "this does not say which day", "a date, or an empty cell if you do not know it", "")
		if isEnd {
			f.Problem, f.Want = "this does not say whether the Tables set no end, or one that you do not know", "a date, open if they set none, or an empty cell if you do not know it"
		}
		return b, &f
	case isNone(text):
		b.unclear = true
	default:
		day, err := devices.ReadDate(text, dates)
		if err != nil {
			want, do, flags := advice(err)
			also := notOnRecordWord
			if isEnd {
				also = "open, not-on-record, removed"
			}
			if r.sheet.form {
				also = strings.ReplaceAll(also, "-", " ")
			}
			return b, new(r.unclear(c, "this is neither a date nor an accepted word", want+", "+also, do, flags, placeholder+"DATE"))
		}
		if year, _, _ := day.Civil(); isEnd && year >= farYear {
			if r.sheet.form {
				return b, new(r.fault(c, "this may mean that the Tables set no end", "the day on which installation ends, or open", ""))
			}
			b.unclear = true
			break
		}
		b.Bound = ivp.On(day)
	}
	return b, nil
}

// advice returns what was expected and what to do from the error of a date,
// without the value, which the table's fault names already.
func advice(err error) (want, do, flags string) {
	_, text, ok := strings.Cut(err.Error(), "is not a date: want ")
	if !ok {
		return "a date", err.Error(), ""
	}
	if want, do, _ = strings.Cut(text, "; "); do == "" {
		do, flags = "correct the cell", ", or say --read with the cell and what it means"
	}
	return want, do, flags
}
