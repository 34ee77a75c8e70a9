package devices

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/mp196/ivp/ivp"
)

// Changes counts differences. The zero value is ready to use.
type Changes struct {
	ChangeCount
	// Before and After count the devices by the reason of each answer.
	Before, After map[ivp.Reason]int
	// Groups counts the devices whose answer changed.
	Groups map[ChangeGroup]int
	// Obstacles counts the devices that are still not eligible although the change makes
	// one of their findings eligible. Beyond the first specsKept obstacles only the
	// reason is distinguished.
	Obstacles map[Obstacle]int
	// Specs and Types count by TS version and by device type, the zero value being none.
	// Versions beyond the first specsKept are counted in OtherSpecs.
	Specs      map[ivp.Spec]*ChangeCount
	OtherSpecs ChangeCount
	Types      map[ivp.DeviceType]*ChangeCount
}

// ChangeCount counts devices by how their two answers differ.
type ChangeCount struct {
	Devices int
	// Changed counts those whose answer differs, OutcomeChanged those whose outcome
	// differs.
	Changed        int
	OutcomeChanged int
	// Outcomes counts by the outcomes before and after.
	Outcomes [3][3]int
}

// ChangeGroup is a change of the answer, for devices of one version and type.
type ChangeGroup struct {
	Spec              ivp.Spec
	Type              ivp.DeviceType
	Before, After     ivp.Reason
	BeforeTo, AfterTo ivp.Date // as Verdict.To; no date if there is none
	By                string   // the ids of the amendments, separated by spaces
}

// DaysGained is [Difference.DaysGained] for the group.
func (g ChangeGroup) DaysGained() (days int, ok bool) {
	if !g.BeforeTo.Valid() || !g.AfterTo.Valid() {
		return 0, false
	}
	return g.BeforeTo.DaysUntil(g.AfterTo), true
}

// addRow counts a difference.
func (c *Changes) addRow(d Difference) {
	if d.After.Judged() {
		c.add(d, 1)
	}
}

func (c *Changes) add(d Difference, n int) {
	c.begin()
	differing := d.Differing()
	before, after := d.Before.Outcome(), d.After.Outcome()
	for _, count := range [...]*ChangeCount{&c.ChangeCount, c.spec(d.After.Spec()), c.kind(d.After.Installation.Type)} {
		count.add(before, after, differing, n)
	}
	c.Before[d.Before.Reason] += n
	c.After[d.After.Reason] += n
	if o, ok := d.obstacle(); ok {
		c.addObstacle(o, n)
	}
	if differing == 0 {
		return
	}
	c.Groups[d.Group()] += n
}

// Group returns the group by which [Changes] counts the difference; the zero value if
// both answers are the same.
func (d Difference) Group() (g ChangeGroup) {
	if d.Differing() == 0 {
		return g
	}
	g = ChangeGroup{
		Spec: d.After.Spec(), Type: d.After.Installation.Type,
		Before: d.Before.Reason, After: d.After.Reason, By: d.byCell(),
	}
	g.BeforeTo, _ = d.Before.To()
	g.AfterTo, _ = d.After.To()
	return g
}

func (c *ChangeCount) add(before, after ivp.Outcome, differing Differing, n int) {
	c.Devices += n
	c.Outcomes[before][after] += n
	if differing >= AnswerDiffers {
		c.Changed += n
	}
	if differing == OutcomeDiffers {
		c.OutcomeChanged += n
	}
}

func (c *Changes) addObstacle(o Obstacle, n int) {
	if _, counted := c.Obstacles[o]; !counted && len(c.Obstacles) >= specsKept {
		o = Obstacle{Reason: o.Reason}
	}
	c.Obstacles[o] += n
}

func (c *Changes) begin() {
	if c.Groups == nil {
		c.Obstacles = map[Obstacle]int{}
		c.Before, c.After = map[ivp.Reason]int{}, map[ivp.Reason]int{}
		c.Groups, c.Specs, c.Types = map[ChangeGroup]int{}, map[ivp.Spec]*ChangeCount{}, map[ivp.DeviceType]*ChangeCount{}
	}
}

func (c *Changes) spec(s ivp.Spec) *ChangeCount { return specCount(c.Specs, s, &c.OtherSpecs) }

func (c *Changes) kind(t ivp.DeviceType) *ChangeCount { return countOf(c.Types, t) }

// SortedSpecs returns the versions counted, in order, with the zero value last.
func (c *Changes) SortedSpecs() []ivp.Spec { return sortedSpecs(c.Specs) }

// merge adds the counts of o.
func (c *Changes) merge(o *Changes) {
	c.begin()
	c.ChangeCount.merge(&o.ChangeCount)
	addCounts(&c.Before, o.Before)
	addCounts(&c.After, o.After)
	addCounts(&c.Groups, o.Groups)
	for o, n := range o.Obstacles {
		c.addObstacle(o, n)
	}
	for s, count := range o.Specs {
		c.spec(s).merge(count)
	}
	c.OtherSpecs.merge(&o.OtherSpecs)
	for t, count := range o.Types {
		c.kind(t).merge(count)
	}
}

func (c *ChangeCount) merge(o *ChangeCount) {
	c.Devices += o.Devices
	c.Changed += o.Changed
	c.OutcomeChanged += o.OutcomeChanged
	for before := range o.Outcomes {
		for after, n := range o.Outcomes[before] {
			c.Outcomes[before][after] += n
		}
	}
}

// AnyBefore reports whether a device had, before the change, a reason that is selected.
func (c *Changes) AnyBefore(selected Selection) bool {
	for r := range c.Before {
		if selected.Has(r) {
			return true
		}
	}
	return false
}

// SortedGroups returns the groups: changes of the outcome first, then the largest.
func (c *Changes) SortedGroups() []ChangeGroup {
	return slices.SortedFunc(maps.Keys(c.Groups), func(a, b ChangeGroup) int {
		if x, y := a.outcomeChanged(), b.outcomeChanged(); x != y {
			if x {
				return -1
			}
			return 1
		}
		return cmp.Or(cmp.Compare(c.Groups[b], c.Groups[a]), ivp.CompareSpecs(a.Spec, b.Spec), cmp.Compare(a.Type, b.Type),
			cmp.Compare(a.Before, b.Before), cmp.Compare(a.After, b.After), a.BeforeTo.Compare(b.BeforeTo), a.AfterTo.Compare(b.AfterTo),
			cmp.Compare(a.By, b.By))
	})
}

// SortedObstacles returns the obstacles, the largest count first.
func (c *Changes) SortedObstacles() []Obstacle {
	return slices.SortedFunc(maps.Keys(c.Obstacles), func(a, b Obstacle) int {
		return cmp.Or(cmp.Compare(c.Obstacles[b], c.Obstacles[a]), cmp.Compare(a.Reason, b.Reason),
			ivp.CompareSpecs(a.Window.Spec, b.Window.Spec), cmp.Compare(fmt.Sprint(a), fmt.Sprint(b)))
	})
}

func (g ChangeGroup) outcomeChanged() bool { return g.Before.Outcome() != g.After.Outcome() }

// comparison judges each device twice: before and after a change of the rules or terms.
// Make it with [newComparison].
type comparison struct {
	before, after Judge
	rules         ivp.Comparison
}

// newComparison compares a judge with the same judge with the rules and terms of before.
// Waivers are ignored.
func newComparison(judge Judge, before ivp.Checker) *comparison {
	judge.Waivers = nil
	c := &comparison{before: judge, after: judge, rules: ivp.Compare(before, judge.Checker)}
	c.before.Checker = before
	return c
}

// Difference is the two answers for one device. The zero value is that of a row that is
// not a device.
type Difference struct {
	Before, After Result
	// By has the ids of the amendments that cause the difference, in the order of their
	// in-force days. It is empty if the answers agree or only the terms differ.
	By []string
	// split says that the change makes at least one of the catalogue's versions of the
	// device eligible.
	split bool
}

func (c *comparison) device(d Device) Difference {
	return c.difference(d, c.before.Device(d), c.after.Device(d))
}

func (c *comparison) row(row Row) Difference {
	return c.difference(row.Device, c.before.Row(row), c.after.Row(row))
}

// difference compares two results of a device. It calls readings only if they
// differ, because a catalogue is slow to search.
func (c *comparison) difference(d Device, before, after Result) Difference {
	diff := Difference{Before: before, After: after}
	if diff.Differing() == 0 {
		return diff
	}
	dated := c.after.readings(d)
	for n := range dated {
		dated[n].On = after.Installation.On
	}
	diff.By = c.rules.ChangedBy(dated...)
	diff.split = c.before.Catalogue != nil && slices.ContainsFunc(dated, func(i ivp.Installation) bool {
		return c.before.Checker.Check(i).Outcome() != ivp.Eligible && c.after.Checker.Check(i).Outcome() == ivp.Eligible
	})
	return diff
}

// counted returns the result that is counted.
func (d *Difference) counted(before bool) Result {
	if before {
		return d.Before
	}
	return d.After
}

// on returns the difference for another day of its period.
func (c *comparison) on(d Difference, on ivp.Date) Difference {
	for _, side := range [...]struct {
		judge  *Judge
		result *Result
	}{{&c.before, &d.Before}, {&c.after, &d.After}} {
		side.result.Installation.On, side.result.AsAt = on, side.judge.asAt(on)
	}
	return d
}

// readings returns the installations that are judged for a device: its own, or with a
// catalogue those of the entries and of the claim.
func (j Judge) readings(d Device) []ivp.Installation {
	i := j.installation(d)
	if j.Catalogue == nil {
		return []ivp.Installation{i}
	}
	l := j.look(d, i)
	var all []ivp.Installation
	for _, r := range slices.Concat(l.listed, l.claimed) {
		all = append(all, r.device)
	}
	return all
}

// Differing is how far two answers for one device differ. The zero value is not at all.
type Differing uint8

// The degrees of difference.
const (
	// AnswerDiffers: the reason, the last day or what is known of it, or the outcome.
	AnswerDiffers Differing = iota + 1
	// OutcomeDiffers: the outcome.
	OutcomeDiffers
)

// Differing returns how far the answers differ.
func (d Difference) Differing() Differing {
	before, beforeDated := d.Before.To()
	after, afterDated := d.After.To()
	switch {
	case d.Before.Outcome() != d.After.Outcome():
		return OutcomeDiffers
	case d.Before.Reason != d.After.Reason || beforeDated != afterDated || before != after || d.Before.End() != d.After.End():
		return AnswerDiffers
	}
	return 0
}

// DaysGained returns by how many days the change moves the last day of the window that
// decides: negative if it is earlier. ok is false if one of the answers has no such day.
func (d Difference) DaysGained() (days int, ok bool) {
	before, beforeDated := d.Before.To()
	after, afterDated := d.After.To()
	if !beforeDated || !afterDated {
		return 0, false
	}
	return before.DaysUntil(after), true
}

// Obstacle is the finding that decides after a change that makes another finding of the
// device eligible, such as that of the TS version, but not the device.
type Obstacle struct {
	Reason ivp.Reason
	// Window is the window of the finding.
	Window ivp.Window
	// BeforeStart says of an undetermined finding that the day is before the window's
	// start, and not after its end.
	BeforeStart bool
	// Pair is the combination that no permitted pair fits, also if another finding
	// decides.
	Pair ivp.Pair
}

// obstacle returns why the device is still not eligible although the change makes one of
// its findings eligible. ok is false if the change makes none eligible, or if the device
// is eligible before or after it.
func (d Difference) obstacle() (o Obstacle, ok bool) {
	before, after := &d.Before, &d.After
	if before.Outcome() == ivp.Eligible || after.Outcome() == ivp.Eligible {
		return Obstacle{}, false
	}
	o = Obstacle{Reason: after.Reason, Window: after.Window}
	was, is := before.Installation, after.Installation
	if after.Reason == ivp.AmbiguousModel || after.Reason == ivp.CPLConflict {
		return o, d.split
	}
	if was.Spec != is.Spec || was.GBCS != is.GBCS || was.Type != is.Type {
		return Obstacle{}, false // the two answers are for different versions of the catalogue
	}
	if !madeEligible(before.TS, after.TS) && !madeEligible(before.GBCS, after.GBCS) && !madeEligible(before.Pair, after.Pair) {
		return Obstacle{}, false
	}
	if from := o.Window.From; from.Kind == ivp.NotOnRecord {
		o.BeforeStart = is.On.Before(from.Day)
	}
	if after.Pair.Reason == ivp.UnlistedPair {
		o.Pair = ivp.Pair{Type: is.Type, Spec: is.Spec, GBCS: is.GBCS}
	}
	return o, true
}

func madeEligible(before, after ivp.Finding) bool {
	return before.Judged() && before.Reason.Outcome() != ivp.Eligible && after.Reason.Outcome() == ivp.Eligible
}

// DifferenceColumns returns the names of the columns that are added to an inventory if
// rules are compared, in their order. why adds the explanations.
func DifferenceColumns(why bool) []string {
	columns := []string{
		"ivp_spec", "ivp_before_outcome", "ivp_before_reason", "ivp_before_to", "ivp_before_amendment",
		"ivp_after_outcome", "ivp_after_reason", "ivp_after_to", "ivp_after_amendment", "ivp_days_gained", "ivp_changed_by",
	}
	if why {
		columns = append(columns, "ivp_before_explanation", "ivp_after_explanation")
	}
	return columns
}

// WhatIfColumns returns the columns of [DifferenceColumns] if the change is only supposed.
// Nobody who finds them takes the answers after it for those of the rules.
func WhatIfColumns(why bool) []string {
	columns := DifferenceColumns(why)
	for i, name := range columns {
		columns[i] = strings.Replace(name, "ivp_after_", "ivp_whatif_", 1)
	}
	return columns
}

// Cells returns the cells of the columns of [DifferenceColumns], or nil for a row that is
// not a device, whose cells are empty.
func (d Difference) Cells(why bool) []string {
	if !d.After.Judged() {
		return nil
	}
	days := ""
	if n, ok := d.DaysGained(); ok {
		days = strconv.Itoa(n)
	}
	cells := []string{d.After.Spec().String()}
	for _, r := range [...]*Result{&d.Before, &d.After} {
		cells = append(cells, r.Outcome().String(), r.Reason.String(), r.toCell(), r.Amendment())
	}
	cells = append(cells, days, d.byCell())
	if why {
		cells = append(cells, d.Before.Explanation(), d.After.Explanation())
	}
	return cells
}

func (d Difference) byCell() string { return strings.Join(d.By, " ") }

// differenceWire is the JSON form of a difference. Absent values are left out.
type differenceWire struct {
	File  string      `json:"file,omitempty"`
	Line  int         `json:"line,omitempty"`
	Input [][2]string `json:"input,omitempty"`
	// Raw is a row that could not be split into cells.
	Raw string `json:"raw,omitempty"`
	// Note is as in [Wire].
	Note string `json:"note,omitempty"`
	Spec string `json:"spec,omitempty"`
	// WhatIf says that the change is only supposed.
	WhatIf     bool       `json:"what_if,omitempty"`
	Before     answerWire `json:"before"`
	After      answerWire `json:"after"`
	DaysGained *int       `json:"days_gained,omitempty"`
	ChangedBy  []string   `json:"changed_by,omitempty"`
}

// answerWire is one of its two answers.
type answerWire struct {
	Outcome     string `json:"outcome,omitempty"`
	Reason      string `json:"reason,omitempty"`
	To          string `json:"to,omitempty"`
	End         string `json:"end,omitempty"`
	Amendment   string `json:"amendment,omitempty"`
	On          string `json:"on,omitempty"`
	AsAt        string `json:"as_at,omitempty"`
	Explanation string `json:"explanation,omitempty"`
}

// newDifferenceWire returns the JSON form of a row and its difference. why adds the
// explanations.
func newDifferenceWire(columns Columns, row Row, d Difference, why bool) differenceWire {
	after := NewWire(columns, row, d.After, why)
	before := d.Before.Wire(why)
	w := differenceWire{
		Line: after.Line, Input: after.Input, Raw: after.Raw, Note: after.Note, Spec: after.Spec,
		Before: newAnswerWire(before), After: newAnswerWire(after), ChangedBy: d.By,
	}
	if days, ok := d.DaysGained(); ok {
		w.DaysGained = &days
	}
	return w
}

func newAnswerWire(w Wire) answerWire {
	return answerWire{w.Outcome, w.Reason, w.To, w.End, w.Amendment, w.On, w.AsAt, w.Explanation}
}
