package remarks

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/mp196/ivp/cmd/internal/evidence"
	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/ivp"
)

// Answer is what a run answers, for people: every door shows the same. It is also
// the JSON shape.
type Answer struct {
	// Sentence answers the question with the counts.
	Sentence string `json:"sentence"`
	// Remedy says what to do about most of what cannot be judged, if that is one
	// thing.
	Remedy string `json:"remedy,omitempty"`
	// Terms say what was asked, and how far the rules are known.
	Terms string `json:"terms"`
	// Causes are why devices are not eligible, or undetermined, the largest first.
	Causes []Cause `json:"causes"`
	// More are the causes beyond those that are listed, by reason alone.
	More []Cause `json:"more_causes,omitempty"`
}

// AllCauses returns the causes, those by reason alone last.
func (a Answer) AllCauses() []Cause { return slices.Concat(a.Causes, a.More) }

// Unread returns the causes that are cells or rows which could not be read.
func (a Answer) Unread() (all []Cause) {
	for _, c := range a.AllCauses() {
		switch c.Reason {
		case ivp.NoVersion.String(), ivp.BadVersion.String(), ivp.NoDate.String(), ivp.BadDate.String(), ivp.BadRow.String(), ivp.UnknownDeviceType.String():
			all = append(all, c)
		}
	}
	return all
}

// Cause is why some devices are not eligible, or undetermined.
type Cause struct {
	Devices int    `json:"devices"`
	Outcome string `json:"outcome"`
	Reason  string `json:"reason"`
	// What says the cause with its value, Do what to do about it.
	What string `json:"what"`
	Do   string `json:"do"`
	// First are the places of the first devices.
	First []string `json:"first,omitempty"`

	brief string // What without the versions
	of    []devices.Cause
}

// Of returns the causes of the engine that are shown as this one.
func (c Cause) Of() []devices.Cause { return c.of }

// Door is where an answer is read, which decides how a remedy is put.
type Door uint8

const (
	// CommandLine has flags.
	CommandLine Door = iota
	// Page is a page or a program, which has none.
	Page
	// Audit is the command line of an audit, which gives no one day for all.
	Audit
)

// amend says how an amendment file is given.
func (d Door) amend() string {
	if d != Page {
		return ` (--amend FILE; see "ivp help amend")`
	}
	return ""
}

// NewAnswer returns the answer of a run in which the judge was asked.
func NewAnswer(s *devices.Summary, judge devices.Judge, door Door) Answer {
	w := answerWriter{s, judge, door, judge.Checker.History}
	a := Answer{Causes: []Cause{}}
	for _, group := range w.groups() {
		a.Causes = append(a.Causes, group.cause)
	}
	for _, r := range ivp.Reasons() {
		if n := s.Causes.Others(r); n > 0 {
			a.More = append(a.More, Cause{Devices: n, Outcome: r.Outcome().String(), Reason: r.String(), What: r.Phrase() + ", with other values"})
		}
	}
	a.Sentence, a.Remedy, a.Terms = w.sentence(a.Causes), w.remedy(a.Causes), w.terms()
	return a
}

type answerWriter struct {
	*devices.Summary
	judge devices.Judge
	door  Door
	h     ivp.History
}

// sentence answers the question.
func (w answerWriter) sentence(causes []Cause) string {
	eligible, not, unknown := w.Count(ivp.Eligible), w.Count(ivp.NotEligible), w.Count(ivp.Undetermined)
	all := w.Devices
	on := func(n int) string {
		switch {
		case w.judge.On.Valid():
			return "on " + Day(w.judge.On)
		case n == 1:
			return "on its date"
		}
		return "on their dates"
	}
	of := "Of " + Plural(all, "device")
	switch all {
	case 0:
		return "No device was found."
	case 1:
		switch {
		case eligible == 1:
			return "The one device may be installed " + on(1) + w.closing(eligible) + "."
		case not == 1:
			return "The one device may not be installed " + on(1) + "."
		}
		return "The one device cannot be judged" + w.because(unknown, causes) + "."
	case eligible:
		return fmt.Sprintf("All %s may be installed %s%s.", Plural(all, "device"), on(all), w.closing(eligible))
	case not:
		return fmt.Sprintf("None of %s may be installed %s.", Plural(all, "device"), on(all))
	case unknown:
		return fmt.Sprintf("None of %s can be judged%s.", Plural(all, "device"), w.because(unknown, causes))
	}
	var parts []string
	if eligible > 0 {
		parts = append(parts, fmt.Sprintf("%s may be installed %s%s", Thousands(eligible), on(eligible), w.closing(eligible)))
	}
	switch {
	case not > 0 && eligible > 0:
		parts = append(parts, Thousands(not)+" may not")
	case not > 0:
		parts = append(parts, fmt.Sprintf("%s may not be installed %s", Thousands(not), on(not)))
	}
	if unknown > 0 {
		parts = append(parts, Thousands(unknown)+" cannot be judged"+w.because(unknown, causes))
	}
	return of + " " + strings.Join(parts, "; ") + "."
}

// closing says how many of the eligible devices close soon, if that was asked.
func (w answerWriter) closing(eligible int) string {
	if !w.judge.WithinAsked {
		return ""
	}
	by := fmt.Sprintf("within %s of their dates", Plural(w.judge.Within, "day"))
	if w.judge.On.Valid() {
		by = "by " + Day(w.judge.On.AddDays(w.judge.Within))
	}
	switch {
	case w.Within == 0:
		return "; none of them closes " + by
	case w.Within == 1 && eligible == 1:
		return ", and closes " + strings.Replace(by, "their dates", "it", 1)
	case w.Within == 1:
		return "; 1 of them closes " + strings.Replace(by, "their dates", "its date", 1)
	case w.Within == eligible:
		return "; all of them close " + by
	}
	return fmt.Sprintf("; %s of them close %s", Thousands(w.Within), by)
}

// because says why devices cannot be judged: the largest cause.
func (w answerWriter) because(unknown int, causes []Cause) string {
	n, what := 0, ""
	for _, c := range causes {
		if c.Outcome == ivp.Undetermined.String() && c.Devices > n {
			n, what = c.Devices, c.brief
		}
	}
	switch {
	case n == 0:
		return ""
	case n == unknown:
		return ": " + what
	case 2*n < unknown:
		return ", for several reasons"
	}
	if !strings.HasPrefix(what, "the ") {
		what = ", " + what // "for 310 SMETS2 v3.1 depends" would be read as 310 SMETS2
	} else {
		what = " " + what
	}
	return fmt.Sprintf(": for %s%s", Thousands(n), what)
}

// remedy says what to do about most of what cannot be judged, if that is one thing.
func (w answerWriter) remedy(causes []Cause) string {
	unknown, counts := w.Count(ivp.Undetermined), map[string]int{}
	for _, c := range causes {
		if c.Outcome == ivp.Undetermined.String() {
			counts[c.Do] += c.Devices
		}
	}
	for do, n := range counts {
		switch {
		case n == unknown && n == 1:
			return "To judge it: " + do + "."
		case n == unknown:
			return "To judge them: " + do + "."
		case 2*n > unknown:
			return fmt.Sprintf("To judge %s of the %s: %s.", Thousands(n), Thousands(unknown), do)
		}
	}
	return ""
}

// terms say what was asked, and how far the rules are known.
func (w answerWriter) terms() string {
	j := w.judge
	parts := []string{"each device on its own date"}
	if j.On.Valid() {
		parts[0] = "every device on " + Day(j.On)
	}
	switch {
	case j.Checker.AsAt.Valid():
		parts = append(parts, "by the rules as at "+Day(j.Checker.AsAt))
	default:
		parts = append(parts, "by the rules of that day")
	}
	if j.Checker.LastDayExcluded {
		parts = append(parts, "the last day of a period outside it")
	} else {
		parts = append(parts, "the last day of a period inside it")
	}
	if j.Checker.AssumeOpen {
		parts = append(parts, "ends that are not on record taken to be open")
	}
	if j.ScopeGiven {
		scope := strings.TrimSpace(j.Scope)
		if scope == "" {
			parts = append(parts, "all in the general scope")
		} else {
			parts = append(parts, fmt.Sprintf("all in the scope %q", scope))
		}
	}
	if j.Catalogue != nil {
		parts = append(parts, fmt.Sprintf("models looked up in the Central Products List (%s)", j.Catalogue))
	}
	return "Terms: " + strings.Join(parts, ", ") + ". " + RulesKnown(w.h, j.Today) + ", edition " + evidence.RulesName(w.h) + "."
}

// rulesAsOf begins what [RulesKnown] says if an amendment that was added vouches.
const rulesAsOf = "Rules as of"

// RulesKnown says how far the rules are known on the day today: up to which day, and
// by which amendment if one was added.
func RulesKnown(h ivp.History, today ivp.Date) string {
	day := h.VouchedTo(today)
	if !day.Valid() {
		return "Rules without a day for which a source vouches"
	}
	for _, a := range slices.Backward(h.Amendments()) {
		if (a.Vouched == day || a.InForce == day) && isAdded(h, a.ID) {
			return fmt.Sprintf("%s %s (%s)", rulesAsOf, Day(day), a.ID)
		}
	}
	return "Rules known up to " + Day(day)
}

// isAdded reports whether an amendment was added to the rules file.
func isAdded(h ivp.History, id string) bool {
	return slices.Contains(strings.FieldsFunc(h.Edition(), func(r rune) bool { return r == '+' }), id)
}

// causeGroup is a cause as it is shown: the devices of which the rules are not known
// after one day are shown together, whatever their versions.
type causeGroup struct {
	cause    Cause
	first    []devices.FaultNote
	versions []string
}

// groups returns the causes, the largest first.
func (w answerWriter) groups() (groups []*causeGroup) {
	late := map[string]*causeGroup{}
	for _, c := range w.Causes.Sorted() {
		what, do := w.words(c)
		g := &causeGroup{cause: Cause{c.Devices, c.Reason.Outcome().String(), c.Reason.String(), what, do, nil, what, []devices.Cause{c.Cause}}, first: c.First}
		if (c.Reason == ivp.BeyondRecord || c.Reason == ivp.GBCSBeyondRecord) && !c.Early {
			known := late[what]
			version := fmt.Sprintf("%s (%s)", named(c.Window), Thousands(c.Devices))
			if known == nil {
				late[what], g.versions = g, []string{version}
			} else {
				known.cause.Devices += c.Devices
				known.cause.of = append(known.cause.of, c.Cause)
				known.first = append(known.first, c.First...)
				known.versions = append(known.versions, version)
				continue
			}
		}
		groups = append(groups, g)
	}
	for _, g := range groups {
		if len(g.versions) > 0 {
			g.cause.What += ": " + listed(g.versions, "version")
		}
		slices.SortStableFunc(g.first, func(a, b devices.FaultNote) int { return cmp.Compare(a.Line, b.Line) })
		for _, note := range g.first[:min(len(g.first), devices.CausePlaces)] {
			g.cause.First = append(g.cause.First, note.Text)
		}
	}
	slices.SortStableFunc(groups, func(a, b *causeGroup) int { return cmp.Compare(b.cause.Devices, a.cause.Devices) })
	return groups
}

// mostListed is how many things a line lists.
const mostListed = 4

// listed lists the first of some things, and counts the rest.
func listed(all []string, what string) string {
	if more := len(all) - mostListed; more > 0 {
		return strings.Join(all[:mostListed], ", ") + " and " + Plural(more, "more "+what)
	}
	return strings.Join(all, ", ")
}

// named names the version of a window, with its scope.
func named(w ivp.Window) string {
	if w.Scope != "" {
		return fmt.Sprintf("%s in the scope %s", w.Spec, w.Scope)
	}
	return w.Spec.String()
}

// words say what a cause is, in words that may follow "for 12 devices", and what to
// do about it.
func (w answerWriter) words(c devices.CauseCount) (what, do string) {
	version, by := named(c.Window), ""
	if c.Window.Amendment != "" {
		by = " (" + c.Window.Amendment + ")"
	}
	addTables := "add the current Tables as an amendment file" + w.door.amend()
	after := "after "
	if w.judge.Checker.LastDayExcluded {
		after = "on or after "
	}
	switch c.Reason {
	case ivp.BeforeStart:
		return fmt.Sprintf("%s before %s%s", version, Day(c.Window.From.Day), by), "install from that day on, or correct the date"
	case ivp.AfterEnd:
		return version + " " + after + Day(c.Window.To.Day) + by, "do not install; only a later end in the Tables, or a derogation, would permit it"
	case ivp.GBCSEnded:
		return version + " no longer applies " + after + Day(c.Window.To.Day) + by, "do not install with this version of GBCS: the device needs a later one"
	case ivp.RemovedFromCPL:
		return fmt.Sprintf("model %q is marked Removed on the Central Products List", c.Text), "do not install; look for a current entry of the model"
	case ivp.NotListed:
		if c.Window.Amendment != "" {
			return fmt.Sprintf("%s was removed from the Tables%s", version, by), "correct the version, or " + addTables
		}
		return version + " is in no table of its date on record", "correct the version, or " + addTables
	case ivp.BeyondRecord, ivp.GBCSBeyondRecord:
		return w.beyond(c.Cause, version), addTables
	case ivp.Unsettled:
		return fmt.Sprintf("%s depends on whether %s was already in force, which is not on record", cmp.Or(version, "the permitted pairs"), c.Window.Amendment),
			"add the day from which " + c.Window.Amendment + " was in force, with its source"
	case ivp.UnlistedPair:
		return w.unlisted(c.Cause), "correct the cells, or add the pair as an amendment file if the Tables permit it" + w.door.amend()
	case ivp.UnknownScope:
		return fmt.Sprintf("the scope %q is in no rule of its date", c.Text), fmt.Sprintf("correct the scope (on record: %s), or add its rules as an amendment file%s", Quoted(w.h.Scopes()), w.door.amend())
	}
	return w.unread(c)
}

// beyond says for which days the rules are not known.
func (w answerWriter) beyond(c devices.Cause, version string) string {
	rules := "the rules"
	if c.Reason == ivp.GBCSBeyondRecord {
		rules = "the rules of the GBCS version"
	}
	switch day := c.Window.To.Day; {
	case c.Early:
		return fmt.Sprintf("%s of %s are not known before %s", rules, version, Day(c.Window.From.Day))
	case day.Valid():
		return rules + " are not known after " + Day(day)
	}
	return rules + " are not known: no source vouches for the end"
}

// unlisted says what no permitted pair fits, and what is on record in its place.
func (w answerWriter) unlisted(c devices.Cause) string {
	p := c.Pair
	parts := []string{p.Spec.String()}
	if !p.GBCS.IsZero() {
		parts = append(parts, p.GBCS.String())
	}
	if p.Type != 0 {
		parts = append([]string{p.Type.String()}, parts...)
	}
	what := strings.Join(parts, " with ") + " is no permitted pair"
	if c.Window.Amendment != "" {
		return what + " any more (" + c.Window.Amendment + ")"
	}
	var goes []string
	for _, on := range w.h.Pairs() {
		other := on.GBCS.String()
		if p.GBCS.IsZero() {
			if other = on.Type.String(); on.Type >= ivp.SingleElement && on.Type <= ivp.Polyphase {
				other = ivp.ESME.String() // which stands for its three types
			}
		}
		if on.Spec == p.Spec && !slices.Contains(goes, other) {
			goes = append(goes, other)
		}
	}
	if len(goes) == 0 {
		return what + "; no pair of " + p.Spec.String() + " is on record"
	}
	return what + "; on record " + p.Spec.String() + " goes with " + strings.Join(goes[:min(len(goes), 6)], ", ")
}

// unread says what cannot be read, or is not there.
func (w answerWriter) unread(c devices.CauseCount) (what, do string) {
	switch c.Reason {
	case ivp.BadVersion:
		name, want := "version", "a version such as SMETS2 v4.2"
		if c.Field == devices.GBCS {
			name, want = "GBCS", "a version such as 4.1"
		}
		return fmt.Sprintf("%s %q is not a version", name, c.Text), w.mean(c, want, meant(c))
	case ivp.UnknownDeviceType:
		return fmt.Sprintf("the device type %q is not known", c.Text), w.mean(c, "a type such as ESME", "TYPE")
	case ivp.BadDate:
		return fmt.Sprintf("the date %q cannot be read", c.Text), "correct the cells: " + cmp.Or(hint(c), "write dates as 2027-04-27 or 27/04/2027")
	case ivp.BadRow:
		what, do, _ = strings.Cut(c.Text, ": ")
		return "the row cannot be read: " + what, cmp.Or(do, "correct the rows")
	case ivp.NoVersion:
		return "the row gives no version", "fill in the cells"
	case ivp.NoDate:
		switch w.door {
		case CommandLine:
			return "the row gives no installation date", "fill in the cells, or give one day for all with --on"
		case Audit:
			return "the row gives no installation date", "fill in the cells"
		}
		return "the row gives no installation date", "fill in the cells, or ask about one day for all"
	case ivp.NotOnCPL:
		return fmt.Sprintf("model %q is not on the Central Products List", c.Text), "correct the cells of the model, or use a later list"
	case ivp.AmbiguousModel:
		return fmt.Sprintf("model %q fits entries of the Central Products List that give different answers", c.Text), "fill in the hardware and firmware versions"
	case ivp.CPLConflict:
		return fmt.Sprintf("model %q has another version on the Central Products List, with another answer", c.Text), "find out which version the devices have"
	}
	return c.Reason.Phrase(), "correct the cells"
}

// hint is what the fault of a cell says of what it may be.
func hint(c devices.CauseCount) string {
	if c.Fault == nil {
		return ""
	}
	_, hint, _ := strings.Cut(strings.TrimPrefix(c.Fault.Error(), strconv.Quote(c.Text)), "; ")
	return hint
}

// mean says how a cell that cannot be read is corrected, or explained by a profile.
func (w answerWriter) mean(c devices.CauseCount, want, meant string) string {
	do := "correct the cells"
	if hint := hint(c); hint != "" {
		do += " (" + hint + ")"
	}
	if w.door == Page {
		return do + ": want " + want
	}
	return fmt.Sprintf(`%s, or say what they mean in a profile (--profile FILE): add %q = %q under [values.%s]`, do, c.Text, meant, c.Field)
}

// meant returns the version that a profile may give to a cell: a digit with the .0 that
// a spreadsheet drops. For any other text it returns a word to be replaced, which no
// profile accepts, because a version that is guessed may permit what is not permitted.
func meant(c devices.CauseCount) string {
	if _, err := strconv.ParseUint(c.Text, 10, 16); err != nil || len(c.Text) > 1 {
		return "VERSION"
	}
	if c.Field == devices.GBCS {
		return c.Text + ".0"
	}
	return ivp.Spec{Family: ivp.SMETS, Version: c.Text + ".0"}.String()
}
