package chart_test

import (
	"encoding/xml"
	"io"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mp196/ivp/cmd/internal/chart"
	"github.com/mp196/ivp/ivp"
)

// shape is an element of a picture, with the text directly in it.
type shape struct {
	name  string
	attrs map[string]string
	text  string
}

func (s shape) length(t *testing.T, attr string) float64 {
	t.Helper()
	x, err := strconv.ParseFloat(s.attrs[attr], 64)
	require.NoError(t, err, "%s of a %s", attr, s.name)
	return x
}

func (s shape) day(t *testing.T, attr string) ivp.Date { return date(t, s.attrs[attr]) }

// shapes parses a picture as strictly as a browser parses an .svg file.
func shapes(t *testing.T, svg []byte) []shape {
	t.Helper()
	var all []shape
	var open []int
	decoder := xml.NewDecoder(strings.NewReader(string(svg)))
	for {
		token, err := decoder.Token()
		if err == io.EOF {
			return all
		}
		require.NoError(t, err)
		switch token := token.(type) {
		case xml.StartElement:
			s := shape{name: token.Name.Local, attrs: map[string]string{}}
			for _, a := range token.Attr {
				s.attrs[a.Name.Local] = a.Value
			}
			open = append(open, len(all))
			all = append(all, s)
		case xml.CharData:
			if len(open) > 0 {
				all[open[len(open)-1]].text += string(token)
			}
		case xml.EndElement:
			open = open[:len(open)-1]
		}
	}
}

func date(t *testing.T, text string) ivp.Date {
	t.Helper()
	d, err := ivp.ParseDate(text)
	require.NoError(t, err)
	return d
}

func bars(all []shape) []shape {
	var found []shape
	for _, s := range all {
		if s.name == "rect" && s.attrs["data-spec"] != "" {
			found = append(found, s)
		}
	}
	return found
}

// scale is taken from the picture's ticks.
type scale struct {
	zero, last ivp.Date
	x0, perDay float64
}

func scaleOf(t *testing.T, all []shape) scale {
	t.Helper()
	var s scale
	for _, tick := range all {
		if tick.attrs["data-tick"] == "" {
			continue
		}
		day, x := date(t, tick.attrs["data-tick"]), tick.length(t, "x1")
		if s.zero.IsZero() {
			s.zero, s.x0 = day, x
			continue
		}
		s.perDay, s.last = (x-s.x0)/float64(s.zero.DaysUntil(day)), day
	}
	require.Positive(t, s.perDay, "there are no two ticks")
	return s
}

func (s scale) x(day ivp.Date) float64 { return s.x0 + s.perDay*float64(s.zero.DaysUntil(day)) }

func published() ivp.Checker { return ivp.Checker{History: ivp.Published()} }

func latest() ivp.Checker {
	h := ivp.Published()
	return ivp.Checker{History: h, AsAt: h.Latest()}
}

func TestBarsStandAtTheirDays(t *testing.T) {
	for _, checker := range []ivp.Checker{published(), latest()} {
		all := shapes(t, chart.New(checker, chart.Options{GBCS: true, Marks: []chart.Mark{{Day: date(t, "2026-11-24")}}}).SVG())
		s := scaleOf(t, all)
		left, right := s.x(date(t, "2012-12-31").AddDays(-366)), s.x(date(t, "2026-11-24").AddDays(366+1))
		for _, b := range bars(all) {
			from, to := b.day(t, "data-from"), b.day(t, "data-to")
			x, end := left, right
			if from != ivp.MinDate() {
				x = s.x(from)
			}
			if to != ivp.MaxDate() {
				end = s.x(to.AddDays(1))
			}
			assert.InDelta(t, x, b.length(t, "x"), 0.05, "%v", b.attrs)
			assert.InDelta(t, end-x, b.length(t, "width"), 0.05, "%v", b.attrs)
		}
	}
}

// TestBarsAreThePeriods compares every bar with the answers for its first and
// last day, and checks that no day of a row is missing.
func TestBarsAreThePeriods(t *testing.T) {
	for _, checker := range []ivp.Checker{published(), latest(), {History: ivp.Published(), LastDayExcluded: true, AssumeOpen: true}} {
		rows := map[string]ivp.Date{}
		for _, b := range bars(shapes(t, chart.New(checker, chart.Options{}).SVG())) {
			spec, err := ivp.ParseSpec(b.attrs["data-spec"], 0)
			require.NoError(t, err)
			row := b.attrs["data-spec"] + "/" + b.attrs["data-scope"]
			if last, begun := rows[row]; begun {
				assert.Equal(t, last.AddDays(1), b.day(t, "data-from"), "%s has a gap", row)
			} else {
				assert.Equal(t, ivp.MinDate(), b.day(t, "data-from"), row)
			}
			rows[row] = b.day(t, "data-to")
			for _, attr := range []string{"data-from", "data-to"} {
				v := checker.Check(ivp.Installation{Spec: spec, Scope: b.attrs["data-scope"], On: b.day(t, attr)})
				assert.Equal(t, v.Outcome().String(), b.attrs["data-outcome"], "%s on %s", row, b.attrs[attr])
				assert.Equal(t, v.Reason.String(), b.attrs["data-reason"], "%s on %s", row, b.attrs[attr])
			}
		}
		for _, spec := range checker.History.Specs() {
			if spec.Family != ivp.GBCS {
				assert.Equal(t, ivp.MaxDate(), rows[spec.String()+"/"], "%s has no row to the last day", spec)
			}
		}
	}
}

func TestOutcomesAreDrawnApart(t *testing.T) {
	looks := map[string]map[string]bool{}
	for _, b := range bars(shapes(t, chart.New(published(), chart.Options{}).SVG())) {
		outcome := b.attrs["data-outcome"]
		if looks[outcome] == nil {
			looks[outcome] = map[string]bool{}
		}
		looks[outcome][b.attrs["class"]+" "+b.attrs["fill"]+" "+b.attrs["height"]] = true
	}
	assert.Equal(t, map[string]map[string]bool{
		"eligible": {"tl-yes  14": true}, "not_eligible": {"tl-no  2": true}, "undetermined": {"tl-unknown url(#timeline-hatch) 14": true},
	}, looks)
}

func titles(all []shape) []string {
	var found []string
	for _, s := range all {
		if s.name == "title" {
			found = append(found, s.text)
		}
	}
	return found
}

func TestTitlesSayTheBars(t *testing.T) {
	byLaw := titles(shapes(t, chart.New(published(), chart.Options{GBCS: true}).SVG()))
	atLatest := titles(shapes(t, chart.New(latest(), chart.Options{}).SVG()))
	assert.Contains(t, atLatest, "SMETS2 v3.1: may be installed 8 November 2018 to 27 April 2023 (MP196)")
	assert.Contains(t, atLatest, "SMETS2 v2.0: not on record before 20 April 2017 (CPL-FIRST-S2)")
	assert.Contains(t, atLatest, "SMETS2 v4.2: not on record after 21 September 2022 (SEC-6.21)")
	assert.Contains(t, atLatest, "SMETS2 v3.1: may not be installed before 8 November 2018 (SEC-6.2)")
	assert.Contains(t, atLatest, "SMETS2 v3.0: not listed by any table on record on any day (SEC-6.2)")
	assert.Contains(t, byLaw, "SMETS2 v3.1: unsettled, since readings of the record differ, 28 October 2020 to 21 February 2022 (PRE-MP196)")
	assert.Contains(t, byLaw, "SMETS1 v1.2, prepayment: may be installed 4 October 2018 to 15 March 2019 (SEC-5.23)")
	assert.Contains(t, byLaw, "GBCS v1.0: does not apply after 7 May 2018 (GBCS-1.0-END)")
}

func TestOpenAndAssumedEnds(t *testing.T) {
	checker := published()
	checker.AssumeOpen = true
	assert.Contains(t, titles(shapes(t, chart.New(checker, chart.Options{}).SVG())),
		"SMETS2 v4.2: may be installed, if its end, which is not on record, is taken to be open, from 22 September 2022, no end set (SEC-6.21)")
}

func TestScopesHaveRowsWhereTheyDiffer(t *testing.T) {
	scopes := func(checker ivp.Checker) []string {
		var found []string
		for _, g := range chart.New(checker, chart.Options{}).Groups() {
			for _, r := range g.Rows {
				if r.Scope != "" {
					found = append(found, r.Name())
				}
			}
		}
		return found
	}
	assert.Equal(t, []string{"SMETS1 v1.1, prepayment", "SMETS1 v1.2, prepayment"}, scopes(latest()))
	before := ivp.Checker{History: ivp.Published(), AsAt: date(t, "2018-10-03")}
	assert.Empty(t, scopes(before), "prepayment had no window of its own yet")
}

func TestGBCSOnlyWhereAsked(t *testing.T) {
	families := func(gbcs bool) []ivp.Family {
		var found []ivp.Family
		for _, g := range chart.New(published(), chart.Options{GBCS: gbcs}).Groups() {
			found = append(found, g.Family)
		}
		return found
	}
	assert.Equal(t, []ivp.Family{ivp.SMETS, ivp.CHTS}, families(false))
	assert.Equal(t, []ivp.Family{ivp.SMETS, ivp.CHTS, ivp.GBCS}, families(true))
}

func TestMarkedDay(t *testing.T) {
	marks := []chart.Mark{{Day: date(t, "2031-06-15"), Label: "later"}, {Label: "no day"}, {Day: date(t, "2005-06-15"), Label: "earlier"}}
	all := shapes(t, chart.New(published(), chart.Options{Marks: marks}).SVG())
	s := scaleOf(t, all)
	assert.InDelta(t, s.x(date(t, "2005-06-15").AddDays(-366)), bars(all)[0].length(t, "x"), 0.2, "there should be a year before the first")
	assert.False(t, s.last.Before(date(t, "2032-01-01")), "a year after the last mark should be shown")
	drawn := map[string]float64{}
	for _, line := range all {
		if day := line.attrs["data-day"]; day != "" {
			drawn[day] = line.length(t, "x1")
		}
	}
	require.Len(t, drawn, 2)
	for day, x := range drawn {
		assert.InDelta(t, s.x(date(t, day)), x, 0.2)
	}
}

// TestFarDays checks that days at the edge of the calendar are drawn, with as
// many years labelled as there is room for.
func TestFarDays(t *testing.T) {
	marks := []chart.Mark{{Day: ivp.MinDate()}, {Day: ivp.MaxDate()}}
	all := shapes(t, chart.New(published(), chart.Options{Marks: marks}).SVG())
	years := 0
	for _, s := range all {
		if s.attrs["data-tick"] != "" {
			years++
		}
	}
	assert.Less(t, years, 30)
	assert.Greater(t, years, 5)
}

func TestEmptyRecord(t *testing.T) {
	all := shapes(t, chart.New(ivp.Checker{}, chart.Options{GBCS: true}).SVG())
	assert.Empty(t, bars(all))
	assert.Contains(t, texts(all), "No version is on record.")
}

func texts(all []shape) []string {
	var found []string
	for _, s := range all {
		if s.name == "text" {
			found = append(found, s.text)
		}
	}
	return found
}

// TestLabelsPromiseNoEnd checks that a bar shows an end only if there is one, and
// not where only the record stops.
func TestLabelsPromiseNoEnd(t *testing.T) {
	labels := texts(shapes(t, chart.New(latest(), chart.Options{}).SVG()))
	assert.Contains(t, labels, "to 27 Apr 2023")
	assert.Contains(t, labels, "not known after 21 Sep 2022")
	assert.NotContains(t, labels, "to 21 Sep 2022")
}

func TestWhatIsGivenIsEscaped(t *testing.T) {
	const evil = "<script>\"'&\x01"
	h, err := ivp.Published().Amend(ivp.Amendment{
		ID: "X", InForce: date(t, "2022-03-01"), Title: "x", Citations: []ivp.Citation{{Document: "x"}},
		Entries: []ivp.Entry{{Spec: ivp.Spec{Family: ivp.SMETS, Version: "3.1"}, Scope: "<script>&", To: ivp.On(date(t, "2024-01-01")), Inferred: "a test"}},
	})
	require.NoError(t, err)
	options := chart.Options{Standalone: true, Title: evil, Marks: []chart.Mark{{Day: date(t, "2022-01-01"), Label: evil}}}
	svg := chart.New(ivp.Checker{History: h}, options).SVG()
	all := shapes(t, svg)
	assert.NotContains(t, string(svg), "<script")
	scoped := 0
	for _, b := range bars(all) {
		if b.attrs["data-scope"] == "<script>&" {
			scoped++
		}
	}
	assert.NotZero(t, scoped)
}

func TestPictureStandsAlone(t *testing.T) {
	options := chart.Options{GBCS: true, Standalone: true, ID: "mine"}
	svg := chart.New(published(), options).SVG()
	assert.Equal(t, svg, chart.New(published(), options).SVG(), "the same chart gives other bytes")
	assert.NotRegexp(t, regexp.MustCompile(`(?i)<script|@import|href=|src=|url\([^#]`), string(svg))
	ids := map[string]bool{}
	for _, s := range shapes(t, svg) {
		if id := s.attrs["id"]; id != "" {
			assert.False(t, ids[id], "%s appears twice", id)
			assert.True(t, strings.HasPrefix(id, "mine-"), id)
			ids[id] = true
		}
	}
	root := shapes(t, svg)[0]
	assert.Equal(t, "img", root.attrs["role"])
	for id := range strings.FieldsSeq(root.attrs["aria-labelledby"]) {
		assert.True(t, ids[id], "%s is nowhere", id)
	}
}
