package report

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/mp196/ivp/cmd/internal/evidence"
	"github.com/mp196/ivp/cmd/internal/remarks"
	"github.com/mp196/ivp/cmd/internal/screen"
	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/ivp"
)

// sides name the two answers.
func (c *Change) sides() [2]string {
	if c.Audit {
		return [2]string{"By the law of its day", "By the " + c.against()}
	}
	return [2]string{"Before", "After"}
}

// against names the tables that an audit holds installations against.
func (c *Change) against() string {
	if c.After.Name == "latest" {
		return "latest tables"
	}
	return "tables " + c.After.Name
}

// document returns the report with its rows, if there are any.
func (o *changeReport) document(t Totals, rows []Grid) Document {
	summary, c := t.Summary, t.Changes
	d := Document{
		Title: "What the change does", Answer: o.answer(c), Rules: evidence.NewRulesCount(o.After.Checker.History, summary.Today),
		Facts:    []string{"Before: " + o.Before.words(), "After: " + o.After.words()},
		Warnings: remarks.Warnings(summary, o.known(), remarks.CommandLine), Notes: remarks.Notes(summary, *o.counted(), remarks.CommandLine),
	}
	d.Evidence, d.Lead = o.evidence(summary), o.lead(summary)
	switch {
	case o.Audit:
		d.Title, d.Rules = "Audit of installations", evidence.NewRulesCount(o.counted().History, summary.Today)
		d.Facts = append([]string{"By " + o.Before.words()}, o.days(summary)...)
		d.CauseTitle = "Not lawful on their day, or not to be judged"
		d.add(rows...)
		rows = nil
		d.Parts = append(d.Parts, Part{Title: "By the " + o.against(), Words: []string{o.second(c)}})
	case o.WhatIf != "":
		d.Title = "A what-if, which is no rule"
		d.Facts = append(d.Facts, o.supposed()...)
	}
	d.add(o.outcomes(c))
	if obstacles := o.obstacles(c); len(obstacles) > 0 {
		d.add(obstacleGrid(obstacles))
	}
	if len(c.Groups) > 0 {
		d.add(o.groups(c, 0), o.authorities(c))
	}
	d.add(o.counts("By version", "Version", specCounts(c)), o.counts("By device type", "Device type", typeCounts(c)))
	d.add(rows...)
	return d
}

func (t *Terms) words() string {
	if t.Name == "" {
		return t.Words
	}
	return fmt.Sprintf("%s (%s)", t.Words, t.Name)
}

// answer says the most in a sentence.
func (o *changeReport) answer(c *devices.Changes) string {
	if o.Audit {
		return auditSentence(c)
	}
	gained, lost := 0, 0
	for _, other := range []ivp.Outcome{ivp.NotEligible, ivp.Undetermined} {
		gained += c.Outcomes[other][ivp.Eligible]
		lost += c.Outcomes[ivp.Eligible][other]
	}
	if o.WhatIf != "" {
		return o.whatIfSentence(c.Devices, gained, lost)
	}
	return fmt.Sprintf("compared %s: %s changed, %s of them the outcome; %s eligible after and not before, %s before and not after",
		remarks.Plural(c.Devices, "device"), remarks.Plural(c.Changed, "answer"), remarks.Thousands(c.OutcomeChanged), remarks.Thousands(gained), remarks.Thousands(lost))
}

// combination says in an audit what two outcomes mean.
func (o *changeReport) combination(before, after ivp.Outcome) string {
	switch [2]ivp.Outcome{before, after} {
	case [2]ivp.Outcome{ivp.Eligible, ivp.Eligible}:
		return "lawful on its day, and by the " + o.against()
	case [2]ivp.Outcome{ivp.Eligible, ivp.NotEligible}:
		return "lawful on its day, not by the " + o.against()
	case [2]ivp.Outcome{ivp.NotEligible, ivp.Eligible}:
		return "not lawful on its day, but by the " + o.against()
	case [2]ivp.Outcome{ivp.NotEligible, ivp.NotEligible}:
		return "lawful by neither"
	}
	return "the record cannot say, of one or both"
}

// outcomes counts by the two outcomes.
func (o *changeReport) outcomes(c *devices.Changes) Grid {
	names := o.sides()
	g := Grid{Title: "Devices by their two outcomes", Heads: heads(names[0], names[1], ">Devices", "Outcome")}
	if o.Audit {
		g.Title = "Installations by the two answers"
		g.Heads[3] = Head{Name: "Meaning", Class: "meaning"}
	}
	for _, before := range ivp.Outcomes() {
		for _, after := range ivp.Outcomes() {
			n := c.Outcomes[before][after]
			meaning := "the same"
			switch {
			case o.Audit:
				meaning = o.combination(before, after)
			case before != after:
				meaning = "changed"
			}
			if n > 0 || o.Audit && before != ivp.Undetermined && after != ivp.Undetermined {
				g.Rows = append(g.Rows, []any{before.String(), after.String(), n, meaning})
			}
		}
	}
	return g
}

// obstacle says what decides after a change for devices that the change was to
// make eligible, and did not.
type obstacle struct {
	Devices int         `json:"devices"`
	Outcome ivp.Outcome `json:"outcome"`
	Reason  ivp.Reason  `json:"reason"`
	// Version is that of the finding which decides.
	Version string `json:"version,omitempty"`
	// Because says why, Remedy what would change it.
	Because string `json:"because"`
	Remedy  string `json:"remedy"`
}

// obstacles is empty for an audit, which compares two days and no change.
func (o *changeReport) obstacles(c *devices.Changes) []obstacle {
	all := []obstacle{}
	if o.Audit {
		return all
	}
	for _, found := range c.SortedObstacles() {
		line := obstacle{
			Devices: c.Obstacles[found], Outcome: found.Reason.Outcome(), Reason: found.Reason,
			Because: found.Reason.Sentence(), Remedy: remedy(found),
		}
		if found.Window.Spec.Version != "" {
			line.Version = found.Window.Spec.String()
		}
		if found != (devices.Obstacle{Reason: found.Reason}) {
			i := ivp.Installation{Type: found.Pair.Type, Spec: found.Pair.Spec, GBCS: found.Pair.GBCS}
			line.Because = o.After.Checker.FindingSentence(i, ivp.Finding{Reason: found.Reason, Window: found.Window})
			if found.Pair != (ivp.Pair{}) && found.Reason != ivp.UnlistedPair {
				line.Because += " " + o.After.Checker.FindingSentence(i, ivp.Finding{Reason: ivp.UnlistedPair})
				line.Remedy += " " + addPair
			}
		}
		all = append(all, line)
	}
	return all
}

// remedy says what would change a finding, if the Tables have it.
func remedy(o devices.Obstacle) string {
	version := "the version"
	if o.Window.Spec.Version != "" {
		version = o.Window.Spec.String()
	}
	switch o.Reason {
	case ivp.BeyondRecord, ivp.GBCSBeyondRecord:
		if o.BeforeStart {
			return "Add an entry for " + version + " with its start."
		}
		return "Add an entry for " + version + " with its end, or with a later confirmed day."
	case ivp.NotListed:
		return "Add an entry for " + version + " with its start and its end."
	case ivp.BeforeStart:
		return "Only an entry for " + version + " with an earlier start would change it."
	case ivp.AfterEnd, ivp.GBCSEnded:
		return "Only an entry for " + version + " with a later end would change it."
	case ivp.UnlistedPair:
		return addPair
	case ivp.Unsettled:
		return "Add the day from which " + o.Window.Amendment + " was in force, with its source."
	case ivp.UnknownScope:
		return "Correct the scope, or add its entries."
	case ivp.AmbiguousModel, ivp.CPLConflict:
		return "Find out which version the devices have."
	}
	return "Correct the cells of the devices."
}

const addPair = "Add the pair, if the Tables permit it."

func obstacleGrid(all []obstacle) Grid {
	g := Grid{Title: "Not eligible in spite of the change", Heads: heads("After", "Reason", "What decides", "What would change it", ">Devices"), Wide: true}
	for _, o := range all {
		g.Rows = append(g.Rows, []any{o.Outcome.String(), upperFirst(o.Reason.Phrase()), remarks.Prose(o.Because), o.Remedy, o.Devices})
	}
	return g
}

// writeObstacles writes the first obstacles as lines.
func writeObstacles(w io.Writer, all []obstacle) {
	for _, o := range all[:min(len(all), mostObstacles)] {
		fmt.Fprintf(w, "%s that the change would save: still %s, %s. %s %s\n", remarks.Plural(o.Devices, "device"), remarks.OutcomeWords(o.Outcome), o.Reason.Phrase(), remarks.Prose(o.Because), o.Remedy)
	}
	if len(all) > mostObstacles {
		rest := 0
		for _, o := range all[mostObstacles:] {
			rest += o.Devices
		}
		fmt.Fprintf(w, "%s more that the change would save are still not eligible for other reasons; -o FILE.xlsx or FILE.html shows all\n", remarks.Plural(rest, "device"))
	}
}

// groups counts the devices whose answer changed by what changed; most limits
// them, 0 shows all.
func (o *changeReport) groups(c *devices.Changes, most int) Grid {
	names := o.sides()
	g := Grid{Title: "What changed", Heads: heads("Version", "Device type", names[0], "To", names[1], "To", ">Days gained", "Changed by", ">Devices")}
	g.Heads[0].Class, g.Heads[2].Class, g.Heads[4].Class = "keep", "phrase", "phrase"
	if o.Audit {
		g.Title = "Where the two answers differ"
	}
	sorted, limited := c.SortedGroups(), most > 0
	if limited && o.Audit { // a person asks first which installations are lawful
		outcomes := slices.IndexFunc(sorted, func(g devices.ChangeGroup) bool { return g.Before.Outcome() == g.After.Outcome() })
		if outcomes >= 0 {
			most = min(most, outcomes)
		}
	}
	if limited && len(sorted) > most {
		rest := 0
		for _, group := range sorted[most:] {
			rest += c.Groups[group]
		}
		g.Note = fmt.Sprintf("and %s more, %s; -o FILE.xlsx or FILE.html shows all", remarks.Plural(len(sorted)-most, "line"), o.rest(sorted[most:], rest))
		sorted = sorted[:most]
	}
	for _, group := range sorted {
		var days any
		if n, ok := group.DaysGained(); ok {
			days = signed(n)
		}
		g.Rows = append(g.Rows, []any{
			evidence.SpecName(group.Spec), evidence.TypeName(group.Type), group.Before.Phrase(), group.BeforeTo,
			group.After.Phrase(), group.AfterTo, days, group.By, c.Groups[group],
		})
	}
	return g
}

// rest says what lines that are not shown hold.
func (o *changeReport) rest(groups []devices.ChangeGroup, n int) string {
	for _, g := range groups {
		if g.Before.Outcome() != g.After.Outcome() {
			return "with " + remarks.Plural(n, "device")
		}
	}
	return "with " + remarks.Plural(n, "device") + " whose outcome is the same"
}

// authorities names the amendments that make differences, with their sources.
func (o *changeReport) authorities(c *devices.Changes) Grid {
	g := Grid{Title: "The amendments that make the difference", Heads: heads("Amendment", "In force", "What it does", "Source", ">Devices"), Wide: true}
	g.Heads[0].Class = "keep"
	devicesOf := map[string]int{}
	for group, n := range c.Groups {
		for id := range strings.FieldsSeq(group.By) {
			devicesOf[id] += n
		}
	}
	for _, id := range slices.Sorted(maps.Keys(devicesOf)) {
		a, ok := o.After.Checker.History.Amendment(id)
		if !ok {
			a, _ = o.Before.Checker.History.Amendment(id)
		}
		g.Rows = append(g.Rows, []any{id, a.InForce, a.Title, strings.Join(remarks.Citations(a), "; "), devicesOf[id]})
	}
	return g
}

// namedCount is the changes of the devices of one name.
type namedCount struct {
	name string
	*devices.ChangeCount
}

func specCounts(c *devices.Changes) (all []namedCount) {
	for _, s := range c.SortedSpecs() {
		all = append(all, namedCount{evidence.SpecName(s), c.Specs[s]})
	}
	if c.OtherSpecs.Devices > 0 {
		all = append(all, namedCount{"other versions", &c.OtherSpecs})
	}
	return all
}

func typeCounts(c *devices.Changes) (all []namedCount) {
	for _, t := range slices.Sorted(maps.Keys(c.Types)) {
		all = append(all, namedCount{evidence.TypeName(t), c.Types[t]})
	}
	return all
}

// counts counts the eligible devices of each name before and after.
func (o *changeReport) counts(title, heading string, all []namedCount) Grid {
	names := o.sides()
	g := Grid{Title: title, Heads: heads(heading, ">Devices", ">Eligible "+inside(names[0]), ">Eligible "+inside(names[1]), ">Outcome changed", ">Answer changed")}
	for _, c := range all {
		before, after := 0, 0
		for other := range c.Outcomes {
			before += c.Outcomes[ivp.Eligible][other]
			after += c.Outcomes[other][ivp.Eligible]
		}
		g.Rows = append(g.Rows, []any{c.name, c.Devices, before, after, c.OutcomeChanged, c.Changed})
	}
	return g
}

// inside is a name as it stands inside a sentence.
func inside(name string) string { return strings.ToLower(name[:1]) + name[1:] }

// mostObstacles is how many obstacles a terminal shows.
const mostObstacles = 10

// mostGroupsTold is how many lines of groups a terminal shows.
const mostGroupsTold = 20

// WriteChangeSummary writes the counts for a person to read; its first line says
// the most. more are lines that say how the inputs were read and written.
func WriteChangeSummary(w io.Writer, t Totals, options Options, more []string) {
	s, c, o := t.Summary, t.Changes, options.changeReport()
	fmt.Fprintln(w, sentence(o.answer(c)))
	for _, line := range slices.Concat(o.days(s), o.supposed()) {
		fmt.Fprintln(w, sentence(line))
	}
	if o.Audit {
		o.writeLead(w, s)
		fmt.Fprintln(w, o.second(c))
	}
	writeObstacles(w, o.obstacles(c))
	grids := []Grid{o.outcomes(c)}
	if len(c.Groups) > 0 {
		grids = append(grids, o.groups(c, mostGroupsTold))
	}
	for _, g := range grids {
		if c.Devices > 0 {
			WriteGrid(w, Size{}, g)
		}
	}
	if !o.Audit {
		o.writeLead(w, s)
	}
	before, after := o.Before.Checker.History, o.After.Checker.History
	if before.Digest() != after.Digest() {
		more = append(more, fmt.Sprintf("Rules before: edition %s; after: edition %s", evidence.RulesName(before), evidence.RulesName(after)))
	}
	more = append(more, remarks.RulesKnown(o.known(), s.Today)+", edition "+evidence.RulesName(o.counted().History))
	writeRemarks(w, slices.Concat(remarks.Notes(s, *o.counted(), remarks.CommandLine), more), remarks.Warnings(s, o.known(), remarks.CommandLine))
}

// Terms are one of two states of the law that are compared.
type Terms struct {
	Name    string // as the user wrote it
	Words   string
	Checker ivp.Checker
}

// Change are two states of the law that are compared.
type Change struct {
	// Audit says that installations are judged, by the law of their day and by
	// other tables; else it is the effect of a change that is shown.
	Audit         bool
	Before, After Terms
	// From and To are the days of an audit; without a day there is no limit.
	From, To ivp.Date
	// WhatIf says what is supposed if After is no rule, and Supposed what goes with it.
	WhatIf   string
	Supposed []string
	// Money is what the devices are worth whose outcome changes; nil if no cost is read.
	Money *Money
}

// changeReport is a comparison with what is to be shown of it.
type changeReport struct {
	Options
	*Change
}

func (o Options) changeReport() *changeReport { return &changeReport{o, o.Change} }

// changeDocument gathers the first rows, and writes a document at the end.
type changeDocument struct {
	changeReport
	w       io.Writer
	format  Format
	columns devices.Columns
	file    string
	several bool
	rows    [][]any
	more    int
	page    pageRows // of a page, in place of rows
}

func (s *changeDocument) Rows() *devices.BulkOutput {
	return typedRows(s.Options, func(row devices.TypedRow) (enough bool, err error) {
		switch {
		case !row.Difference.After.Judged():
		case s.format == HTML && s.Audit:
			s.page.add(causeOf(row), row.Row, row.Difference.Before, &row.Difference)
		case s.format == HTML:
			s.page.add(row.Difference.Group(), row.Row, row.Difference.After, nil)
		case len(s.rows) == mostRows:
			s.more++
		default:
			s.rows = append(s.rows, s.cells(row.Row, row.Difference))
		}
		return false, nil
	})
}

func (s *changeDocument) Notes() []string { return nil }

func (s *changeDocument) Begin(in Input) error {
	s.file, s.columns, s.page.in = in.File, in.Reader.Columns(), in
	s.several = s.several || in.File != ""
	return nil
}

// pageRows are the rows of a page, in groups: of an audit by cause, else by what
// changed.
func (s *changeDocument) pageRows(t Totals) Part {
	p := &s.page
	if s.Audit {
		for _, cause := range s.answered(t.Summary).Causes {
			p.group(upperFirst(cause.What), 0, keysOf(cause)...)
		}
		p.group("Lawful on their day", 0, devices.Cause{})
		return p.part(s.rowsTitle(), p.seen, remarks.CommandLine)
	}
	names := s.sides()
	for _, g := range t.Changes.SortedGroups() {
		words := []string{evidence.SpecName(g.Spec), evidence.TypeName(g.Type), names[0] + ": " + g.Before.Phrase(), names[1] + ": " + g.After.Phrase()}
		p.group(strings.Join(words, ", "), 0, g)
	}
	p.group("The same answer", 0, devices.ChangeGroup{})
	return p.part(s.rowsTitle(), p.seen, remarks.CommandLine)
}

func (s *changeDocument) cells(row devices.Row, d devices.Difference) []any {
	cells := []any{strconv.Itoa(row.Line), screen.Cell(s.columns.DeviceName(row), widestCell), evidence.SpecName(d.After.Spec()), d.After.Installation.On}
	for _, r := range [...]devices.Result{d.Before, d.After} {
		to, _ := r.To()
		cells = append(cells, r.Outcome().String(), r.Reason.Phrase(), to)
	}
	var days any
	if n, ok := d.DaysGained(); ok {
		days = signed(n)
	}
	cells = append(cells, days, strings.Join(d.By, " "))
	if s.several {
		cells = slices.Insert(cells, 0, any(s.file))
	}
	return cells
}

func (s *changeDocument) End(t Totals) error {
	rows := Grid{Title: s.rowsTitle(), Wide: true, Rows: s.rows}
	names := s.sides()
	rows.Heads = heads(">Line", "Device", "Version", "On", names[0], "Reason", "To", names[1], "Reason", "To", ">Days gained", "Changed by")
	if s.several {
		rows.Heads = slices.Insert(rows.Heads, 0, Head{Name: "File"})
	}
	if s.more > 0 {
		rows.Note = fmt.Sprintf("The first %s of %s; -o FILE.csv writes all.", remarks.Thousands(len(s.rows)), remarks.Thousands(len(s.rows)+s.more))
	}
	all := []Grid{rows}
	if len(s.rows) == 0 {
		all = nil
	}
	d := s.document(t, all)
	if s.format == HTML {
		at := len(d.Parts)
		if s.Audit {
			at = 0 // what other tables say comes after
		}
		d.Parts = slices.Insert(d.Parts, at, s.pageRows(t))
	}
	if s.format == Table { // stderr has the counts
		d.Parts = nil
		rows.Title = ""
		if len(s.rows) > 0 {
			d.add(rows)
		}
	}
	d.Screen = s.Screen
	return WriteDocument(s.w, s.format, d)
}

// signed writes days gained or lost.
func signed(days int) string {
	if days > 0 {
		return "+" + strconv.Itoa(days)
	}
	return strconv.Itoa(days)
}

// changesWire is the JSON shape of what a comparison counted.
type changesWire struct {
	Sentence string `json:"sentence"`
	// WhatIf says what is supposed if the change is no rule, and Supposed what goes
	// with it.
	WhatIf   string   `json:"what_if,omitempty"`
	Supposed []string `json:"supposed,omitempty"`
	Money    *Money   `json:"money,omitempty"`
	// From and To are the days of an audit, Outside the installations of other days.
	From           string                    `json:"from,omitempty"`
	To             string                    `json:"to,omitempty"`
	Outside        int                       `json:"outside,omitempty"`
	Before         termsWire                 `json:"before"`
	After          termsWire                 `json:"after"`
	Devices        int                       `json:"devices"`
	Changed        int                       `json:"changed"`
	OutcomeChanged int                       `json:"outcome_changed"`
	Outcomes       map[string]map[string]int `json:"outcomes"` // before, then after
	Groups         []groupWire               `json:"groups"`
	Obstacles      []obstacle                `json:"obstacles"`
	Specs          map[string]countWire      `json:"specs"`
	Types          map[string]countWire      `json:"types"`
	// DayCounts are of the answers after the change.
	evidence.DayCounts
}

type termsWire struct {
	State string              `json:"state"`
	Words string              `json:"words"`
	Rules evidence.RulesCount `json:"rules"`
}

type countWire struct {
	Devices        int                       `json:"devices"`
	Changed        int                       `json:"changed"`
	OutcomeChanged int                       `json:"outcome_changed"`
	Outcomes       map[string]map[string]int `json:"outcomes"`
}

type groupWire struct {
	Spec       string `json:"spec"`
	Type       string `json:"type"`
	Before     string `json:"before"`
	BeforeTo   string `json:"before_to,omitempty"`
	After      string `json:"after"`
	AfterTo    string `json:"after_to,omitempty"`
	DaysGained *int   `json:"days_gained,omitempty"`
	ChangedBy  string `json:"changed_by,omitempty"`
	Devices    int    `json:"devices"`
}

func (t *Terms) wire(today ivp.Date) termsWire {
	return termsWire{t.Name, t.Words, evidence.NewRulesCount(t.Checker.History, today)}
}

func (o *changeReport) wire(c *devices.Changes, today ivp.Date) changesWire {
	w := changesWire{
		Sentence: sentence(o.answer(c)), WhatIf: o.WhatIf, Supposed: o.Supposed, Money: o.Money, From: o.From.String(), To: o.To.String(),
		Before: o.Before.wire(today), After: o.After.wire(today), Devices: c.Devices, Changed: c.Changed, OutcomeChanged: c.OutcomeChanged,
		Outcomes: outcomePairs(c.Outcomes), Groups: []groupWire{}, Obstacles: o.obstacles(c), Specs: countWires(specCounts(c)), Types: countWires(typeCounts(c)),
	}
	for _, g := range c.SortedGroups() {
		wire := groupWire{
			Spec: evidence.SpecName(g.Spec), Type: evidence.TypeName(g.Type), Before: g.Before.String(), BeforeTo: g.BeforeTo.String(),
			After: g.After.String(), AfterTo: g.AfterTo.String(), ChangedBy: g.By, Devices: c.Groups[g],
		}
		if days, ok := g.DaysGained(); ok {
			wire.DaysGained = &days
		}
		w.Groups = append(w.Groups, wire)
	}
	return w
}

func countWires(all []namedCount) map[string]countWire {
	wires := map[string]countWire{}
	for _, c := range all {
		wires[c.name] = countWire{c.Devices, c.Changed, c.OutcomeChanged, outcomePairs(c.Outcomes)}
	}
	return wires
}

// outcomePairs returns the counts that are not zero.
func outcomePairs(counts [3][3]int) map[string]map[string]int {
	pairs := map[string]map[string]int{}
	for _, before := range ivp.Outcomes() {
		for _, after := range ivp.Outcomes() {
			if n := counts[before][after]; n > 0 {
				if pairs[before.String()] == nil {
					pairs[before.String()] = map[string]int{}
				}
				pairs[before.String()][after.String()] = n
			}
		}
	}
	return pairs
}
