package rundown

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/mp196/ivp/cmd/internal/remarks"
	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/ivp"
)

// Plan is how fast stock is installed.
type Plan struct {
	// Name is a rate such as "40/week", or the name of the plan's file.
	Name  string
	Teams []Team
	// Notes say how dates were read of which day and month can be exchanged.
	Notes []string
}

// Steady returns the plan of one team that installs all stock at one rate.
func Steady(name string, perWeek int64) *Plan {
	return &Plan{Name: name, Teams: []Team{{Rates: []Rate{{From: ivp.MinDate(), PerWeek: perWeek}}}}}
}

// team returns the index of the team that fits the stock best, or -1 if none
// fits.
func (p *Plan) team(k Key) int {
	found, best := -1, 0
	for i := range p.Teams {
		if fit := p.Teams[i].fit(k); fit > best {
			found, best = i, fit
		}
	}
	return found
}

// planHeadings are the columns of a plan; the first two are required.
var planHeadings = []string{"from", "per_week", "to", "device_type", "location"}

// ReadPlan reads a plan from CSV, one line for each rate and the day from which
// it applies. The error names every fault.
func ReadPlan(name string, data []byte) (*Plan, error) {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	reader := csv.NewReader(bytes.NewReader(data))
	reader.TrimLeadingSpace = true
	heading, err := reader.Read()
	if err != nil {
		return nil, fmt.Errorf("%s: no heading could be read: want %s: %w", name, strings.Join(planHeadings, ","), err)
	}
	r := planReader{name: name, csv: reader, plan: Plan{Name: name}, seen: map[rateKey]int{}}
	if r.places, err = planColumns(heading); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	for r.line() {
	}
	if len(r.faults) == 0 && len(r.plan.Teams) == 0 {
		r.faults = append(r.faults, fmt.Errorf("%s: no line follows the heading: want one such as 2026-01-05,40", name))
	}
	return &r.plan, errors.Join(r.faults...)
}

// planColumns returns the index of each heading that the plan has.
func planColumns(heading []string) (map[string]int, error) {
	places := map[string]int{}
	for i, text := range heading {
		text = strings.ReplaceAll(strings.ToLower(strings.TrimSpace(text)), " ", "_")
		if _, twice := places[text]; twice || !slices.Contains(planHeadings, text) {
			return nil, fmt.Errorf("heading %q: want from and per_week, and optionally to, device_type and location, each once", heading[i])
		}
		places[text] = i
	}
	for _, needed := range planHeadings[:2] {
		if _, ok := places[needed]; !ok {
			return nil, fmt.Errorf("no heading %s: want from and per_week, and optionally to, device_type and location", needed)
		}
	}
	return places, nil
}

// planReader reads the lines of a plan.
type planReader struct {
	name   string
	csv    *csv.Reader
	places map[string]int
	plan   Plan
	seen   map[rateKey]int // the line of each rate
	faults []error
}

// rateKey identifies a rate: each may appear in one line only.
type rateKey struct {
	kind     ivp.DeviceType
	location string
	from     ivp.Date
}

// line reads a line; it returns false at the end.
func (r *planReader) line() bool {
	cells, err := r.csv.Read()
	if err == io.EOF {
		return false
	}
	if err != nil {
		r.faults = append(r.faults, fmt.Errorf("%s: %w", r.name, err))
		return errors.Is(err, csv.ErrFieldCount)
	}
	if strings.TrimSpace(strings.Join(cells, "")) == "" { // spreadsheets write these
		return true
	}
	before := len(r.faults)
	var team Team
	var rate Rate
	r.read(cells, "from", true, func(text string) (err error) { rate.From, err = r.day(text); return })
	r.read(cells, "per_week", true, func(text string) (err error) { rate.PerWeek, err = parseCount(text); return })
	r.read(cells, "to", false, func(text string) (err error) { rate.To, err = r.last(text, rate.From); return })
	r.read(cells, "device_type", false, func(text string) (err error) { team.Type, err = devices.ParseDeviceType(text); return })
	r.read(cells, "location", false, func(text string) error { team.Location = text; return nil })
	if len(r.faults) == before {
		r.add(team, rate)
	}
	return true
}

// read parses a cell that is not blank, and adds a fault if it is wrong, or blank
// although it is needed.
func (r *planReader) read(cells []string, heading string, needed bool, parse func(string) error) {
	place, ok := r.places[heading]
	if !ok {
		return
	}
	text := strings.TrimSpace(cells[place])
	var err error
	switch {
	case text != "":
		err = parse(text)
	case needed:
		err = errors.New("it is blank")
	}
	if err != nil {
		line, _ := r.csv.FieldPos(place)
		r.faults = append(r.faults, fmt.Errorf("%s:%d: %s: %w", r.name, line, heading, err))
	}
}

// day reads a day as the flags do.
func (r *planReader) day(text string) (ivp.Date, error) {
	day, note, err := remarks.ReadDay(text)
	if line, _ := r.csv.FieldPos(0); note != "" {
		r.plan.Notes = append(r.plan.Notes, fmt.Sprintf("%s:%d: %s", r.name, line, note))
	}
	return day, err
}

// last reads the last day of a rate.
func (r *planReader) last(text string, from ivp.Date) (ivp.Date, error) {
	to, err := r.day(text)
	if err == nil && to.Before(from) {
		return to, fmt.Errorf("%s is before from, %s", to, from)
	}
	return to, err
}

// add adds a rate to its team.
func (r *planReader) add(team Team, rate Rate) {
	line, _ := r.csv.FieldPos(0)
	key := rateKey{team.Type, strings.ToLower(team.Location), rate.From}
	if first := r.seen[key]; first > 0 {
		r.faults = append(r.faults, fmt.Errorf("%s:%d: line %d already gives a rate for %s from %s: delete one of the two", r.name, line, first, &team, rate.From))
		return
	}
	r.seen[key] = line
	for i := range r.plan.Teams {
		if t := &r.plan.Teams[i]; t.Type == team.Type && strings.EqualFold(t.Location, team.Location) {
			t.Rates = append(t.Rates, rate)
			return
		}
	}
	team.Rates = []Rate{rate}
	r.plan.Teams = append(r.plan.Teams, team)
}

// Rate is a number of devices installed in a week, from a day on.
type Rate struct {
	From ivp.Date
	// To is the last day of the rate; zero if it has no end.
	To      ivp.Date
	PerWeek int64
}

// mostPerWeek keeps a rate times the days of the calendar within an int64.
const mostPerWeek = 1_000_000_000

func (r Rate) covers(day ivp.Date) bool {
	return !day.Before(r.From) && (!r.To.Valid() || !day.After(r.To))
}

// ParseRate reads a rate such as "40/week" or "8/day", and returns it as devices
// in a week of seven days.
func ParseRate(text string) (perWeek int64, err error) {
	number, per, _ := strings.Cut(strings.TrimSpace(text), "/")
	n, err := parseCount(number)
	switch {
	case err != nil:
	case per == "week":
		return n, nil
	case per == "day" && n <= mostPerWeek/7:
		return 7 * n, nil
	}
	return 0, fmt.Errorf("%q: want a whole number of devices a week or a day, such as 40/week or 8/day", text)
}

func parseCount(text string) (int64, error) {
	n, err := strconv.ParseUint(strings.TrimSpace(text), 10, 63)
	if err != nil || n > mostPerWeek {
		return 0, fmt.Errorf("%q: want a whole number of devices, at most %d", text, mostPerWeek)
	}
	return int64(n), nil
}

// FitBy is what must be installed from one location by a day.
type FitBy struct {
	// Lot is the sum of what closes on the day. It has no type or version. Its
	// location is written as in one of the rows that have it: case is ignored.
	Lot
	// Lots are what closes on the day, by type and version.
	Lots []Lot
	// SoFar counts the devices of the location that close by the day, and PerWeek is
	// how many of them must be installed a week, from the day of the stock, for all
	// to be in time.
	SoFar   int
	PerWeek int64
}

// FitBy returns what must be installed from each location by which day, in the
// order of the locations and days. It is empty if no device that closes has a
// location.
func (r *Rundown) FitBy() []*FitBy {
	var all []*FitBy
	located := false
	names, found := map[string]string{}, map[Key]*FitBy{}
	for i := range r.Lots {
		lot := &r.Lots[i]
		if lot.Kind != Dated {
			continue
		}
		located = located || lot.Location != ""
		folded := strings.ToLower(lot.Location)
		if _, known := names[folded]; !known {
			names[folded] = lot.Location
		}
		key := Key{Kind: Dated, Day: lot.Day, Location: names[folded]}
		if found[key] == nil {
			found[key] = &FitBy{Lot: Lot{Key: key}}
			all = append(all, found[key])
		}
		found[key].add(lot)
		found[key].addOf(lot)
	}
	if !located {
		return nil
	}
	slices.SortStableFunc(all, func(a, b *FitBy) int {
		if (a.Location == "") != (b.Location == "") { // last without a location
			return cmp.Compare(len(b.Location), len(a.Location))
		}
		return cmp.Or(strings.Compare(strings.ToLower(a.Location), strings.ToLower(b.Location)), a.Day.Compare(b.Day))
	})
	for i, f := range all {
		if f.SoFar = f.Devices; i > 0 && all[i-1].Location == f.Location {
			f.SoFar += all[i-1].SoFar
		}
		f.PerWeek = r.perWeek(int64(f.SoFar), f.Day)
	}
	return all
}

// addOf adds a lot to the one of its type and version.
func (f *FitBy) addOf(lot *Lot) {
	for i := range f.Lots {
		if of := &f.Lots[i]; of.Type == lot.Type && of.Spec == lot.Spec {
			of.add(lot)
			return
		}
	}
	f.Lots = append(f.Lots, *lot)
}

// perWeek returns how many devices must be installed a week, from the day of the
// stock, for so many to be installed by the end of another.
func (r *Rundown) perWeek(devices int64, day ivp.Date) int64 {
	days := int64(r.DaysLeft(day) + 1)
	return (7*devices + days - 1) / days
}
