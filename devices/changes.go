package devices

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"github.com/mp196/ivp/ivp"
)

// Changes counts differences. The zero value has counted none.
type Changes struct {
	ChangeCount
	// Before and After count the devices by the reason of each answer.
	Before, After map[ivp.Reason]int
	// Groups counts the devices whose answer changed by what changed.
	Groups map[ChangeGroup]int
	// Obstacles counts the devices that the change was to make eligible, and did
	// not, by what decides after it. Those beyond the first SpecsKept are counted
	// by the reason alone.
	Obstacles map[Obstacle]int
	// Specs and Types count by TS version and by device type; those without one
	// under the zero value. Versions beyond the first SpecsKept are in OtherSpecs.
	Specs      map[ivp.Spec]*ChangeCount
	OtherSpecs ChangeCount
	Types      map[ivp.DeviceType]*ChangeCount
}

// ChangeCount counts devices by how their two answers differ.
type ChangeCount struct {
	Devices int
	// Changed are those whose answer differs, OutcomeChanged those of them whose
	// outcome does.
	Changed        int
	OutcomeChanged int
	// Outcomes counts by the outcome before and the outcome after.
	Outcomes [3][3]int
}

// ChangeGroup is what changed, for devices of one version and type.
type ChangeGroup struct {
	Spec              ivp.Spec
	Type              ivp.DeviceType
	Before, After     ivp.Reason
	BeforeTo, AfterTo ivp.Date // no date where the answer rests on none
	By                string   // the ids of the amendments, with spaces between
}

// DaysGained returns how many days later the window that decides closes after
// the change, as [Difference.DaysGained] does.
func (g ChangeGroup) DaysGained() (days int, ok bool) {
	if !g.BeforeTo.Valid() || !g.AfterTo.Valid() {
		return 0, false
	}
	return g.BeforeTo.DaysUntil(g.AfterTo), true
}

// Add counts a row and its difference.
func (c *Changes) Add(d Difference) {
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
	if o, ok := d.Obstacle(); ok {
		c.addObstacle(o, n)
	}
	if differing == 0 {
		return
	}
	g := ChangeGroup{
		Spec: d.After.Spec(), Type: d.After.Installation.Type,
		Before: d.Before.Reason, After: d.After.Reason, By: d.byCell(),
	}
	g.BeforeTo, _ = d.Before.To()
	g.AfterTo, _ = d.After.To()
	c.Groups[g] += n
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
	if _, counted := c.Obstacles[o]; !counted && len(c.Obstacles) >= SpecsKept {
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

// SortedSpecs returns the versions counted: those without a version last, the
// rest by name.
func (c *Changes) SortedSpecs() []ivp.Spec { return sortedSpecs(c.Specs) }

// Merge adds what other changes have counted.
func (c *Changes) Merge(o *Changes) {
	c.begin()
	c.merge(&o.ChangeCount)
	for r, n := range o.Before {
		c.Before[r] += n
	}
	for r, n := range o.After {
		c.After[r] += n
	}
	for g, n := range o.Groups {
		c.Groups[g] += n
	}
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

// AnyBefore reports whether the answer before the change of some device has a
// reason that the selection holds.
func (c *Changes) AnyBefore(selected Selection) bool {
	for r := range c.Before {
		if selected.Has(r) {
			return true
		}
	}
	return false
}

// SortedGroups returns the groups: changes of the outcome first, then the
// largest, then by name.
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

// SortedObstacles returns the obstacles, the largest first.
func (c *Changes) SortedObstacles() []Obstacle {
	return slices.SortedFunc(maps.Keys(c.Obstacles), func(a, b Obstacle) int {
		return cmp.Or(cmp.Compare(c.Obstacles[b], c.Obstacles[a]), cmp.Compare(a.Reason, b.Reason),
			ivp.CompareSpecs(a.Window.Spec, b.Window.Spec), cmp.Compare(fmt.Sprint(a), fmt.Sprint(b)))
	})
}

func (g ChangeGroup) outcomeChanged() bool { return g.Before.Outcome() != g.After.Outcome() }
