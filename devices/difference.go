package devices

import (
	"slices"
	"strconv"
	"strings"

	"github.com/mp196/ivp/ivp"
)

// Comparison puts each question to the rules twice: before a change of them, or
// of the terms on which they are asked, and after it. Make it with
// [NewComparison].
type Comparison struct {
	before, after Judge
	law           ivp.Comparison
}

// NewComparison returns the comparison of a judge with the same judge on the
// rules and terms of before. Waivers play no part in it.
func NewComparison(judge Judge, before ivp.Checker) *Comparison {
	judge.Waivers = nil
	c := &Comparison{before: judge, after: judge, law: ivp.Compare(before, judge.Checker)}
	c.before.Checker = before
	return c
}

// Difference is the two answers for one device. The zero value is that of a row
// which holds no device.
type Difference struct {
	Before, After Result
	// By are the ids of the amendments that make the difference, in the order of
	// their in-force days. Empty where the answers agree, and where it is the
	// terms that differ and no amendment.
	By []string
	// split says that the change makes one of the versions eligible that the
	// catalogue gives the device.
	split bool
}

// Device judges one device.
func (c *Comparison) Device(d Device) Difference {
	return c.difference(d, c.before.Device(d), c.after.Device(d))
}

// Row judges one row, as [Judge.Row] does.
func (c *Comparison) Row(row Row) Difference {
	return c.difference(row.Device, c.before.Row(row), c.after.Row(row))
}

func (c *Comparison) difference(d Device, before, after Result) Difference {
	return c.differenceOf(func() []ivp.Installation { return c.after.asked(d) }, before, after)
}

// differenceOf compares two results. What was asked, whatever its day, is wanted
// only where they differ: a catalogue is slow to ask.
func (c *Comparison) differenceOf(asked func() []ivp.Installation, before, after Result) Difference {
	diff := Difference{Before: before, After: after}
	if !diff.Changed() {
		return diff
	}
	dated := slices.Clone(asked())
	for n := range dated {
		dated[n].On = after.Installation.On
	}
	diff.By = c.law.ChangedBy(dated...)
	diff.split = c.before.Catalogue != nil && slices.ContainsFunc(dated, func(i ivp.Installation) bool {
		return c.before.Checker.Check(i).Outcome() != ivp.Eligible && c.after.Checker.Check(i).Outcome() == ivp.Eligible
	})
	return diff
}

// on returns a difference as it is on another day of its period.
func (c *Comparison) on(d Difference, on ivp.Date) Difference {
	for _, side := range [...]struct {
		judge  *Judge
		result *Result
	}{{&c.before, &d.Before}, {&c.after, &d.After}} {
		side.result.Installation.On, side.result.AsAt = on, side.judge.asAt(on)
	}
	return d
}

// asked returns what is asked of the rules for a device, whatever its day: what
// it claims, and every version that the catalogue gives it.
func (j Judge) asked(d Device) []ivp.Installation {
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

// Differing says how far two answers for one device differ. The zero value is
// that they do not.
type Differing uint8

// How far answers differ.
const (
	// AnswerDiffers: the outcome, the reason, the closing day or what is known
	// of it.
	AnswerDiffers Differing = iota + 1
	// OutcomeDiffers: the outcome.
	OutcomeDiffers
)

// Differing says how far the answers differ.
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

// Changed reports whether the answers differ at all.
func (d Difference) Changed() bool { return d.Differing() >= AnswerDiffers }

// OutcomeChanged reports whether the outcomes differ.
func (d Difference) OutcomeChanged() bool { return d.Differing() == OutcomeDiffers }

// DaysGained returns how many days later the window that decides closes after
// the change; negative where it closes earlier. ok is false where either has no
// such day.
func (d Difference) DaysGained() (days int, ok bool) {
	before, beforeDated := d.Before.To()
	after, afterDated := d.After.To()
	if !beforeDated || !afterDated {
		return 0, false
	}
	return before.DaysUntil(after), true
}

// Obstacle is the finding that decides after a change for devices that the
// change was to make eligible, and did not. The change makes one of their
// findings eligible, such as that of the TS version; they are still not eligible
// because of another.
type Obstacle struct {
	Reason ivp.Reason
	// Window is that of the finding.
	Window ivp.Window
	// BeforeStart says of an undetermined finding that the day is before the
	// window's start, and not after its end.
	BeforeStart bool
	// Pair is what no permitted pair fits, whether or not that decides.
	Pair ivp.Pair
}

// Obstacle returns why the device is still not eligible although the change made
// one of its findings eligible; ok is false if the change made none eligible, or
// if the device was eligible before or is after.
func (d Difference) Obstacle() (o Obstacle, ok bool) {
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
		return Obstacle{}, false // the catalogue's answers are those of two of its versions
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
	return before.Asked() && before.Reason.Outcome() != ivp.Eligible && after.Reason.Outcome() == ivp.Eligible
}

// DifferenceColumns returns the names of the columns that differences add to an
// inventory, in their order; why adds those that explain.
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

// Cells returns the cells of the columns that [DifferenceColumns] names; nil,
// which stands for empty cells, for a row that holds no device.
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
