package chart_test

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mp196/ivp/cmd/internal/chart"
	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/ivp"
)

func TestAround(t *testing.T) {
	for day, want := range map[string][2]string{
		"2026-11-26": {"2026-05-01", "2028-05-31"}, "2026-06-30": {"2025-12-01", "2027-12-31"}, "2026-12-01": {"2026-06-01", "2028-06-30"},
		"0001-01-01": {"0001-01-01", "0002-07-31"}, "9999-12-31": {"9999-06-01", "9999-12-31"},
	} {
		from, to := chart.Around(date(t, day))
		assert.Equal(t, want, [2]string{from.String(), to.String()}, day)
	}
}

func TestTimelineOpensWhereTheDatesAre(t *testing.T) {
	month := func(year, month int) int { return 12*year + month - 1 }
	today := date(t, "2026-11-24")
	from, to := chart.Around(today)
	for _, test := range []struct {
		name   string
		months map[int]int
		want   string // the days shown; empty for those around today
	}{
		{"no date", nil, ""},
		{"all near today", map[int]int{month(2026, 5): 1, month(2028, 5): 1}, ""},
		{"half before", map[int]int{month(2026, 4): 5, month(2026, 12): 5}, ""},
		{"more than half before", map[int]int{month(2026, 4): 6, month(2026, 12): 5}, "2025-10-01 to 2028-06-30"},
		{"all after", map[int]int{month(2029, 6): 5}, "2028-12-01 to 2030-12-31"},
		{"long ago, and one date that is wrong", map[int]int{month(2019, 1): 50, month(2021, 6): 49, month(2062, 1): 1}, "2018-07-01 to 2022-12-31"},
	} {
		o := chart.InventoryOptions(&devices.Summary{Months: test.months}, ivp.Date{}, ivp.Date{}, today)
		want := cmp.Or(test.want, fmt.Sprintf("%s to %s", from, to))
		assert.Equal(t, want, fmt.Sprintf("%s to %s", o.From, o.To), test.name)
	}
}

func TestTicks(t *testing.T) {
	for _, test := range []struct {
		first, last string
		width       float64
		want        string
	}{
		{"2026-11-26", "2027-03-15", 800, "Dec 2026, Jan 2027, Feb 2027, Mar 2027"},
		{"2026-12-01", "2027-12-31", 400, "Jan 2027, Apr 2027, Jul 2027, Oct 2027"},
		{"2026-05-01", "2028-05-31", 812, "May 2026, Jul 2026, Sep 2026, Nov 2026, Jan 2027, Mar 2027, May 2027, Jul 2027, Sep 2027, Nov 2027, Jan 2028, Mar 2028, May 2028"},
		{"2012-01-02", "2016-12-31", 180, "2013, 2014, 2015, 2016"},
		{"2012-01-01", "2016-12-31", 100, "2012, 2014, 2016"},
		{"2026-11-26", "2026-11-29", 800, ""},
		{"9999-11-01", "9999-12-31", 800, "Nov 9999, Dec 9999"},
	} {
		var labels []string
		for _, tick := range chart.Ticks(date(t, test.first), date(t, test.last), test.width) {
			labels = append(labels, tick.Label)
		}
		assert.Equal(t, test.want, strings.Join(labels, ", "), "%s to %s on %g", test.first, test.last, test.width)
	}
}

// amended ends SMETS2 v4.2, and GBCS v3.2 before SMETS2 v4.3, which has other
// GBCS versions.
func amended(t *testing.T) ivp.Checker {
	entry := func(family ivp.Family, version string, to ivp.Bound) ivp.Entry {
		return ivp.Entry{Spec: ivp.Spec{Family: family, Version: version}, To: to, Unquoted: "invented"}
	}
	h, err := ivp.Published().Amend(ivp.Amendment{
		ID: "TRIAL", Title: "invented", InForce: date(t, "2026-11-01"), Citations: []ivp.Citation{{Document: "invented"}},
		Entries: []ivp.Entry{
			entry(ivp.SMETS, "4.2", ivp.On(date(t, "2027-01-15"))), entry(ivp.SMETS, "4.3", ivp.On(date(t, "2027-07-31"))),
			entry(ivp.SMETS, "5.1", ivp.Bound{Kind: ivp.Open}), entry(ivp.GBCS, "3.2", ivp.On(date(t, "2027-05-31"))),
			entry(ivp.GBCS, "4.0", ivp.Bound{Kind: ivp.Open}), entry(ivp.GBCS, "4.1", ivp.Bound{Kind: ivp.Open}),
		},
	})
	require.NoError(t, err)
	return ivp.Checker{History: h}
}

// near draws the days around a day, with some stock.
func near(t *testing.T, checker ivp.Checker, day ivp.Date, stock map[ivp.Spec]int) chart.Chart {
	t.Helper()
	from, to := chart.Around(day)
	return chart.New(checker, chart.Options{From: from, To: to, Stock: stock, Marks: chart.MarksOf(ivp.Date{}, date(t, "2019-01-01"), day)})
}

func smets(version string) ivp.Spec { return ivp.Spec{Family: ivp.SMETS, Version: version} }

func TestDaysShown(t *testing.T) {
	stock := map[ivp.Spec]int{smets("3.1"): 159, smets("4.2"): 1702, smets("4.3"): 1, smets("5.1"): 750, smets("9.9"): 3, {}: 223}
	drawn := near(t, amended(t), date(t, "2026-11-26"), stock)
	all := shapes(t, drawn.SVG())
	s := scaleOf(t, all)
	left, right := s.x(date(t, "2026-05-01")), s.x(date(t, "2028-06-01"))
	for _, b := range bars(all) {
		from, to := max(s.x(b.day(t, "data-from")), left), right
		if last := b.day(t, "data-to"); last.Before(date(t, "2028-05-31")) {
			to = s.x(last.AddDays(1))
		}
		assert.InDelta(t, from, b.length(t, "x"), 0.1, "%v", b.attrs)
		assert.InDelta(t, to-from, b.length(t, "width"), 0.1, "%v", b.attrs)
		assert.Positive(t, b.length(t, "width"), "%v is not on a day shown", b.attrs)
	}
	var rows []string
	for _, g := range drawn.Groups() {
		for _, r := range g.Rows {
			rows = append(rows, r.Name())
		}
	}
	assert.Equal(t, []string{"SMETS2 v3.1", "SMETS2 v4.2", "SMETS2 v4.3", "SMETS2 v4.3 with GBCS v3.2", "SMETS2 v5.1"}, rows)
	labels := strings.Join(append(texts(all), tspans(all)...), "\n")
	for _, want := range []string{"today, 26 Nov 2026", "159 devices", "1,702 devices", "1 device", "750 devices", " · to 15 Jan 2027", "to 31 Jul 2027", "to 31 May 2027", "no end set"} {
		assert.Contains(t, labels, want)
	}
	assert.NotContains(t, labels, "tables of", "a mark that is not shown")
	assert.Equal(t, []string{"today, 26 Nov 2026"}, []string{drawn.Marks()[0].Label})
	assert.NotContains(t, labels, "the tables changed", "no such bar is drawn")
}

// TestGBCSThatDecides checks that an end that comes from GBCS names the version.
func TestGBCSThatDecides(t *testing.T) {
	h, err := amended(t).History.Amend(ivp.Amendment{
		ID: "SOONER", Title: "invented", InForce: date(t, "2026-11-01"), Citations: []ivp.Citation{{Document: "invented"}},
		Entries: []ivp.Entry{{Spec: ivp.Spec{Family: ivp.GBCS, Version: "3.2"}, To: ivp.On(date(t, "2026-12-31")), Unquoted: "invented"}},
	})
	require.NoError(t, err)
	drawn := near(t, ivp.Checker{History: h}, date(t, "2026-11-26"), map[ivp.Spec]int{smets("4.2"): 2})
	all := shapes(t, drawn.SVG())
	assert.Contains(t, strings.Join(texts(all), "\n"), "to 31 Dec 2026, by GBCS v3.2")
}

// TestBarsAtTheEdge checks the first and the last day shown, and the days beside
// them: a bar that ends or begins beyond is not drawn.
func TestBarsAtTheEdge(t *testing.T) {
	checker, end := latest(), date(t, "2023-04-27") // of SMETS2 v3.1
	start := date(t, "2018-11-08")
	for _, test := range []struct {
		from, to ivp.Date
		eligible bool
	}{
		{end.AddDays(1), end.AddDays(99), false}, {end, end.AddDays(99), true},
		{start.AddDays(-99), start.AddDays(-1), false}, {start.AddDays(-99), start, true},
	} {
		drawn := chart.New(checker, chart.Options{From: test.from, To: test.to, Stock: map[ivp.Spec]int{smets("3.1"): 1}})
		eligible := slices.ContainsFunc(bars(shapes(t, drawn.SVG())), func(b shape) bool { return b.attrs["data-outcome"] == "eligible" })
		assert.Equal(t, test.eligible, eligible, "%s to %s", test.from, test.to)
	}
}

func tspans(all []shape) (found []string) {
	for _, s := range all {
		if s.name == "tspan" {
			found = append(found, s.text)
		}
	}
	return found
}

// TestLabelsDoNotOverlap draws each version on many days: each count is written
// once, inside the picture, and over no other label.
func TestLabelsDoNotOverlap(t *testing.T) {
	type label struct {
		text     string
		from, to float64
	}
	stock := map[ivp.Spec]int{}
	for i, spec := range ivp.Published().Specs() {
		if spec.Family != ivp.GBCS {
			stock[spec] = 1000 + i
		}
	}
	for _, checker := range []ivp.Checker{amended(t), latest(), {History: ivp.Published(), LastDayExcluded: true}} {
		for day := date(t, "2012-01-15"); day.Before(date(t, "2031-01-01")); day = day.AddDays(83) {
			all := shapes(t, near(t, checker, day, stock).SVG())
			rows, counts := map[float64][]label{}, map[string]int{}
			for i, s := range all {
				if s.name != "text" {
					continue
				}
				text, bold := s.text, 0
				if i+1 < len(all) && all[i+1].name == "tspan" {
					text, bold = all[i+1].text+text, len(all[i+1].text)
				}
				if strings.Contains(s.attrs["class"], "tl-stock") {
					bold = len(text)
				}
				if at := strings.Index(text, " devices"); at > 0 {
					counts[text[:at+8]]++
				}
				length := 6*float64(utf8.RuneCountInString(text)) + float64(bold)
				l := label{text, s.length(t, "x"), s.length(t, "x") + length}
				if s.attrs["text-anchor"] == "end" {
					l.from, l.to = l.from-length, l.from
				}
				y := s.length(t, "y")
				for _, other := range rows[y] {
					assert.False(t, l.from < other.to && other.from < l.to, "around %s %q is over %q", day, l.text, other.text)
				}
				assert.True(t, l.from >= 0 && l.to <= 960, "around %s %q is outside", day, l.text)
				rows[y] = append(rows[y], l)
			}
			for _, n := range slices.Sorted(maps.Values(stock)) {
				text := fmt.Sprintf("%d,%03d devices", n/1000, n%1000)
				require.Equal(t, 1, counts[text], "%s around %s", text, day)
			}
		}
	}
}
