package amendtable

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/ivp"
)

// Answers are what the user says about a table beside its cells. Make them with
// [ParseAnswers].
type Answers struct {
	columns  map[column]string // the heading of a column
	cells    map[string]string // what a cell means, by its folded text
	ends     map[string]string // what an end without a date means, by its folded text, "blank", or a version; "" for all
	starts   map[ivp.Spec]string
	types    map[ivp.Spec][]ivp.DeviceType
	leaveOut []lines
	family   string
	faults   Faults
}

type lines struct{ first, last int }

// Given are the values of the flags that answer questions about a table.
type Given struct {
	Map      []string // COLUMN=HEADING
	Read     []string // CELL=VALUE
	NoEnd    []string // WORD, CELL=WORD or VERSION=WORD
	Start    []string // VERSION=DATE
	Types    []string // VERSION=TYPE,TYPE
	LeaveOut []string // such as 14,16-18
	Family   string
}

// ParseAnswers reads the flags. What is wrong with them is a fault of the table
// that is read with them.
func ParseAnswers(given Given) *Answers {
	a := &Answers{columns: map[column]string{}, cells: map[string]string{}, ends: map[string]string{}, starts: map[ivp.Spec]string{}, types: map[ivp.Spec][]ivp.DeviceType{}}
	for _, text := range given.Map {
		name, heading, ok := strings.Cut(text, "=")
		c, known := columnNamed(strings.TrimSpace(name))
		if !ok || !known || heading == "" {
			var names []string
			for c := range columnEnd {
				names = append(names, c.String())
			}
			a.refuse("--map", text, "COLUMN=HEADING, where COLUMN is one of "+strings.Join(names, ", "), "the heading may be a number such as #3")
			continue
		}
		a.columns[c] = heading
	}
	for _, text := range given.Read {
		cell, value, ok := cutLast(text)
		if !ok {
			a.refuse("--read", text, "CELL=VALUE, such as '4=4.0'", "write what the cell holds, and what it means")
			continue
		}
		a.cells[folded(cell)] = value
	}
	for _, text := range given.NoEnd {
		key, word, ok := cutLast(text)
		if !ok {
			key, word = "", text
		}
		if word = folded(word); !slices.Contains(endWords, word) {
			a.refuse("--no-end", text, strings.Join(endWords, ", ")+", or one of them after what the cell holds or the version, as in 'TBC=not-on-record'", "say what an end without a date means")
			continue
		}
		if spec, err := parseSpec(key, ""); err == nil {
			key = spec.String()
		}
		a.ends[folded(key)] = word
	}
	for _, text := range given.Start {
		name, day, ok := cutLast(text)
		spec, err := parseSpec(name, "")
		if _, dateErr := devices.ReadDate(day, devices.DayFirst); !ok || err != nil || dateErr != nil && day != notOnRecordWord {
			a.refuse("--start", text, "VERSION=DATE, such as 'SMETS2 v5.1=04/11/2021', or "+notOnRecordWord+" as the date", "write the first day of installation")
			continue
		}
		a.starts[spec] = day
	}
	for _, text := range given.Types {
		name, list, ok := cutLast(text)
		spec, err := parseSpec(name, "")
		types, typesErr := parseTypes(list)
		foreign := slices.ContainsFunc(types, func(t ivp.DeviceType) bool { return t.BareFamily() != 0 && t.BareFamily() != spec.Family })
		if !ok || err != nil || typesErr != nil || len(types) == 0 || foreign {
			a.refuse("--types", text, "VERSION=TYPES, such as 'SMETS2 v5.1=ESME,HCALCS', with types of that family; the types are "+typeNames(), "write the device types for which the Tables permit the version")
			continue
		}
		a.types[spec] = types
	}
	for part := range strings.SplitSeq(strings.Join(given.LeaveOut, ","), ",") {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		from, to, isRange := strings.Cut(part, "-")
		first, err := strconv.Atoi(from)
		last := first
		if isRange && err == nil {
			last, err = strconv.Atoi(to)
		}
		if err != nil || first < 1 || last < first {
			a.refuse("--leave-out", part, "the numbers of lines, such as 14,16-18", "write those that are no part of the table")
			continue
		}
		a.leaveOut = append(a.leaveOut, lines{first, last})
	}
	if a.family = abbreviated(given.Family); given.Family != "" && !isFamily(a.family) {
		a.refuse("--family", given.Family, "SMETS, SMETS1, SMETS2, CHTS or GBCS", "write the family of the versions without one")
		a.family = ""
	}
	return a
}

func (a *Answers) refuse(flag, value, want, do string) {
	a.faults = append(a.faults, Fault{Column: flag, Value: value, Problem: "this cannot be used", Want: want, Do: do})
}

// cutLast splits text at its last "=": a cell may contain one.
func cutLast(text string) (before, after string, ok bool) {
	i := strings.LastIndex(text, "=")
	if i < 0 {
		return "", text, false
	}
	before, after = strings.TrimSpace(text[:i]), strings.TrimSpace(text[i+1:])
	return before, after, before != "" && after != ""
}

// folded returns a cell as cells are compared: in one line, in lower case.
func folded(cell string) string { return strings.ToLower(oneLine(cell)) }

// leaves reports whether a line is to be left out.
func (a *Answers) leaves(line int) bool {
	return slices.ContainsFunc(a.leaveOut, func(l lines) bool { return l.first <= line && line <= l.last })
}

// meaning returns what a cell means: the cell itself if --read does not say.
func (a *Answers) meaning(cell string) string {
	if value, ok := a.cells[folded(cell)]; ok {
		return value
	}
	return cell
}

// end returns what the user says about an end without a date. If the record has an
// end, keeps are the words that leave it: only an answer about this version may take
// it away.
func (a *Answers) end(spec ivp.Spec, text string, keeps []string) string {
	general, cell := a.ends[""], a.ends[blankOr(text)]
	switch own := a.ends[folded(spec.String())]; {
	case own != "":
		return own
	case keeps != nil:
		for _, word := range []string{cell, general} {
			if slices.Contains(keeps, word) {
				return word
			}
		}
		return ""
	case cell != "":
		return cell
	case general == openWord && isToCome(text): // it has an end that is not known yet
		return ""
	}
	return general
}

func blankOr(text string) string {
	if text = folded(text); text == "" {
		return "blank"
	}
	return text
}

// quote quotes a word for a POSIX shell.
func quote(word string) string { return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'" }

func typeNames() string {
	var names []string
	for _, t := range ivp.DeviceTypes() {
		names = append(names, t.String())
	}
	return strings.Join(names, ", ")
}

// parseTypes reads a list of device types.
func parseTypes(text string) (types []ivp.DeviceType, err error) {
	for _, part := range parts(text) {
		t, err := devices.ParseDeviceType(part)
		if err != nil {
			return nil, err
		}
		if t == 0 {
			return nil, fmt.Errorf("%q is a list with an empty part", text)
		}
		if !slices.Contains(types, t) {
			types = append(types, t)
		}
	}
	return types, nil
}
