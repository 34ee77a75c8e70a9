package devices

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/mp196/ivp/ivp"
)

func published(t require.TestingT, without ...string) ivp.History {
	h := ivp.Published()
	for _, id := range without {
		var err error
		h, err = h.Without(id)
		require.NoError(t, err)
	}
	return h
}

func latest(h ivp.History) ivp.Checker { return ivp.Checker{History: h, AsAt: h.Latest()} }

// comparedTyped is what Reader, Comparison and Writer make of an input, row by
// row.
func comparedTyped(t require.TestingT, input []byte, judge Judge, before ivp.Checker, least Differing, why bool) ([]byte, *Changes, *Summary) {
	reader, err := NewReader(bytes.NewReader(input), ReaderOptions{Name: "f"})
	require.NoError(t, err)
	var b bytes.Buffer
	w := newRowWriter(&b, reader, DifferenceColumns(why))
	w.writeHeading()
	changes, summary := &Changes{}, &Summary{}
	comparison := newComparison(judge, before)
	for {
		row, err := reader.Read()
		if err == io.EOF {
			merged, total := &Changes{}, &Summary{}
			merged.merge(changes)
			total.merge(summary)
			return b.Bytes(), merged, total
		}
		require.NoError(t, err)
		d := comparison.row(row)
		changes.addRow(d)
		summary.addResult(row, d.After)
		if d.Differing() >= least {
			w.writeRow(row, d.Cells(why))
		}
	}
}

func comparedBulk(t require.TestingT, input []byte, judge Judge, before ivp.Checker, out BulkOutput, why bool, workers, block int) ([]byte, *BulkPass) {
	reader, err := NewReader(bytes.NewReader(input), ReaderOptions{Name: "f"})
	require.NoError(t, err)
	var b bytes.Buffer
	out.W = &b
	pass := Bulk{Judge: judge, Before: &before, Why: why, Workers: workers, blockSize: block}.Begin([]*BulkOutput{&out})
	require.NoError(t, pass.Input(context.Background(), reader))
	return b.Bytes(), pass
}

func TestBulkComparesAsTheTypedPathDoes(t *testing.T) {
	states := []ivp.Checker{
		{History: published(t)}, latest(published(t)), latest(published(t, "MP196")), {History: published(t, "PRE-MP196", "SEC-6.2")},
		{History: published(t), AssumeOpen: true},
	}
	rapid.Check(t, func(t *rapid.T) {
		before, after := rapid.SampledFrom(states).Draw(t, "before"), rapid.SampledFrom(states).Draw(t, "after")
		least := rapid.SampledFrom([]Differing{0, AnswerDiffers, OutcomeDiffers}).Draw(t, "least")
		why, input := rapid.Bool().Draw(t, "why"), drawReadable(t)
		want, wantChanges, wantSummary := comparedTyped(t, input, Judge{Checker: after}, before, least, why)
		got, pass := comparedBulk(t, input, Judge{Checker: after}, before, BulkOutput{Differing: least}, why,
			rapid.IntRange(1, 4).Draw(t, "workers"), rapid.IntRange(1, 300).Draw(t, "block"))
		require.Equal(t, string(want), string(got))
		require.Equal(t, wantChanges, pass.Changes())
		require.Equal(t, wantSummary, pass.Summary())
	})
}

// drawReadable draws an input with a heading that can be read.
func drawReadable(t *rapid.T) []byte {
	input := drawInput(t)
	if _, err := NewReader(bytes.NewReader(input), ReaderOptions{}); err != nil {
		t.Skip("the heading cannot be read")
	}
	return input
}

// TestComparedWithItselfNothingChanges holds the first law of impact.
func TestComparedWithItselfNothingChanges(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		state := rapid.SampledFrom([]ivp.Checker{{History: published(t)}, latest(published(t)), latest(published(t, "MP196"))}).Draw(t, "state")
		_, pass := comparedBulk(t, drawReadable(t), Judge{Checker: state}, state, BulkOutput{}, false, 2, 200)
		require.Zero(t, pass.Changes().Changed)
		require.Empty(t, pass.Changes().Groups)
	})
}

// TestChangesAreTwoChecksCompared holds the second: the counts are those of two
// runs of the engine, each by itself.
func TestChangesAreTwoChecksCompared(t *testing.T) {
	states := []ivp.Checker{{History: published(t)}, latest(published(t)), latest(published(t, "MP196")), {History: published(t, "SEC-5.23")}}
	rapid.Check(t, func(t *rapid.T) {
		before, after := rapid.SampledFrom(states).Draw(t, "before"), rapid.SampledFrom(states).Draw(t, "after")
		input := drawReadable(t)
		_, pass := comparedBulk(t, input, Judge{Checker: after}, before, BulkOutput{}, false, 2, 200)
		was, is := checkedAlone(t, input, before), checkedAlone(t, input, after)
		require.Equal(t, len(is), pass.Changes().Devices)
		var want ChangeCount
		for n := range is {
			b, a := was[n], is[n]
			want.Devices++
			want.Outcomes[outcomeOf(t, b.Outcome)][outcomeOf(t, a.Outcome)]++
			if b.Outcome != a.Outcome {
				want.OutcomeChanged++
			}
			if b.Outcome != a.Outcome || b.Reason != a.Reason || b.To != a.To || b.End != a.End {
				want.Changed++
			}
		}
		require.Equal(t, want, pass.Changes().ChangeCount)
		total := 0
		for _, n := range pass.Changes().Groups {
			total += n
		}
		require.Equal(t, want.Changed, total)
	})
}

// checkedAlone returns the answers of one run, in order, of rows that hold a
// device.
func checkedAlone(t require.TestingT, input []byte, checker ivp.Checker) (all []Wire) {
	reader, err := NewReader(bytes.NewReader(input), ReaderOptions{Name: "f"})
	require.NoError(t, err)
	var b bytes.Buffer
	pass := Bulk{Judge: Judge{Checker: checker}}.Begin([]*BulkOutput{{W: &b, Lines: JSONLines}})
	require.NoError(t, pass.Input(context.Background(), reader))
	for decoder := json.NewDecoder(&b); decoder.More(); {
		var w Wire
		require.NoError(t, decoder.Decode(&w))
		if w.Outcome != "" {
			all = append(all, w)
		}
	}
	return all
}

func outcomeOf(t require.TestingT, name string) (o ivp.Outcome) {
	require.NoError(t, o.UnmarshalText([]byte(name)))
	return o
}

func TestDifferenceNamesWhatMP196Did(t *testing.T) {
	d := Device{}
	d.Installation.Spec, _ = ivp.ParseSpec("SMETS2 v3.1", 0)
	d.On, _ = ivp.ParseDate("2022-06-01")
	diff := newComparison(Judge{Checker: latest(published(t))}, latest(published(t, "MP196"))).device(d)
	assert.Equal(t, []string{"SMETS2 v3.1", "not_eligible", "after-end", "2022-04-27", "PRE-MP196",
		"eligible", "within-period", "2023-04-27", "MP196", "365", "MP196"}, diff.Cells(false))
	assert.Equal(t, OutcomeDiffers, diff.Differing())
}

func TestComparisonHandsOverBothAnswers(t *testing.T) {
	input := []byte("device_id,spec,install_date\na,SMETS2 v3.1,2022-05-31T23:30:00Z\nb,SMETS2 v4.2,2022-06-01\n")
	for _, why := range []bool{false, true} {
		var rows []TypedRow
		out := BulkOutput{Lines: TypedRows, Differing: AnswerDiffers, Rows: func(some []TypedRow) error {
			rows = append(rows, some...)
			return nil
		}}
		comparedBulk(t, input, Judge{Checker: latest(published(t))}, latest(published(t, "MP196")), out, why, 1, 0)
		require.Len(t, rows, 1)
		assert.Equal(t, 2, rows[0].Row.Line)
		assert.Equal(t, "2022-02-22", rows[0].Difference.Before.AsAt.String())
		assert.Equal(t, "2022-02-24", rows[0].Difference.After.AsAt.String())
		for _, r := range []Result{rows[0].Difference.Before, rows[0].Difference.After} {
			assert.Equal(t, "2022-06-01", r.Installation.On.String())
			assert.Equal(t, `"2022-05-31T23:30:00Z" is 2022-06-01 in Great Britain`, r.movedNote())
		}
	}
}

// TestObstacle extends SMETS2 v2.0 and v3.1 by a year, and then GBCS v2.1 too.
func TestObstacle(t *testing.T) {
	bound := func(text string) ivp.Bound {
		day, err := ivp.ParseDate(text)
		require.NoError(t, err)
		return ivp.On(day)
	}
	extended := func(specs ...string) ivp.Checker {
		a := ivp.Amendment{ID: "YEAR", Title: "invented", InForce: bound("2023-03-01").Day, Citations: []ivp.Citation{{Document: "invented"}}}
		for _, text := range specs {
			spec, err := ivp.ParseSpec(text, 0)
			require.NoError(t, err)
			a.Entries = append(a.Entries, ivp.Entry{Spec: spec, To: bound("2024-04-27"), Unquoted: "invented"})
		}
		h, err := published(t).Amend(a)
		require.NoError(t, err)
		return ivp.Checker{History: h}
	}
	ts := extended("SMETS2 v2.0", "SMETS2 v3.1")
	both := extended("SMETS2 v2.0", "SMETS2 v3.1", "GBCS v2.1")
	for _, c := range []struct {
		name       string
		after      ivp.Checker
		gbcs, on   string
		reason     ivp.Reason
		spec, pair string
	}{
		{"last day before the change", ts, "2.1", "2023-04-27", 0, "", ""},
		{"first day that the change was to make eligible", ts, "2.1", "2023-04-28", ivp.GBCSBeyondRecord, "GBCS v2.1", ""},
		{"last day that the change was to make eligible", ts, "2.1", "2024-04-27", ivp.GBCSBeyondRecord, "GBCS v2.1", ""},
		{"day after it", ts, "2.1", "2024-04-28", 0, "", ""},
		{"GBCS blank", ts, "", "2023-04-28", ivp.GBCSBeyondRecord, "GBCS v2.1", ""},
		{"GBCS extended", both, "2.1", "2024-04-27", 0, "", ""},
		{"another GBCS version", both, "1.0", "2024-04-27", ivp.GBCSEnded, "GBCS v1.0", "SMETS2 v3.1"},
		{"a change of another version", extended("SMETS2 v2.0"), "2.1", "2023-04-28", 0, "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := Device{}
			d.Type = ivp.GSME
			d.Spec, _ = ivp.ParseSpec("SMETS2 v3.1", 0)
			if c.gbcs != "" {
				d.GBCS, _ = ivp.ParseSpec(c.gbcs, ivp.GBCS)
			}
			d.On = bound(c.on).Day
			diff := newComparison(Judge{Checker: c.after}, ivp.Checker{History: published(t)}).device(d)
			o, ok := diff.obstacle()
			assert.Equal(t, c.reason != 0, ok)
			assert.Equal(t, c.reason, o.Reason)
			assert.Equal(t, c.spec, o.Window.Spec.String())
			assert.Equal(t, c.pair, o.Pair.Spec.String())
		})
	}
}

// TestDaysAndCountsOfAnAudit judges installations of chosen days, often enough that both
// ways of the engine are taken, and counts and selects them by their own day.
func TestDaysAndCountsOfAnAudit(t *testing.T) {
	var input bytes.Buffer
	input.WriteString("spec,install_date\n")
	for range 30 {
		for _, day := range []string{"2022-04-26", "2022-04-27", "2022-04-28", "2023-04-27", "2023-04-28", "2023-04-29", "", "31/04/2023", "short,row,wide"} {
			input.WriteString("SMETS2 v3.1," + day + "\n")
		}
		input.WriteString("\"SMETS2 v3.1\",2022-04-27\n\n")
	}
	day := func(text string) ivp.Date {
		d, err := ivp.ParseDate(text)
		require.NoError(t, err)
		return d
	}
	without := published(t, "MP196") // by which the end is 27 April 2022
	unlawful := Selection{}.WithReasonsOf(ivp.NotEligible)
	for _, workers := range []int{1, 3} {
		reader, err := NewReader(bytes.NewReader(input.Bytes()), ReaderOptions{})
		require.NoError(t, err)
		var out bytes.Buffer
		bulk := Bulk{
			Judge: Judge{Checker: latest(without)}, Before: &ivp.Checker{History: published(t)}, CountBefore: true,
			From: day("2022-04-27"), To: day("2023-04-28"), Workers: workers,
		}
		pass := bulk.Begin([]*BulkOutput{{W: &out, Only: &unlawful}})
		require.NoError(t, pass.Input(context.Background(), reader))
		s, c := pass.Summary(), pass.Changes()
		assert.Equal(t, 60, s.Outside, "the day before and the day after")
		assert.Equal(t, 30*8, s.Devices)
		assert.Equal(t, s.Devices, c.Devices)
		assert.Equal(t, 30*4, s.Count(ivp.Eligible), "27 April 2022 twice, the day after it, 27 April 2023")
		assert.Equal(t, 30, s.Count(ivp.NotEligible), "28 April 2023")
		assert.Equal(t, 30*3, s.Count(ivp.Undetermined), "no day, no such day, a bad row")
		assert.Equal(t, 30, c.Before[ivp.AfterEnd])
		assert.Equal(t, 30*3, c.After[ivp.AfterEnd])
		assert.Equal(t, 30, bytes.Count(out.Bytes(), []byte("2023-04-28,")))
		assert.Equal(t, 31, bytes.Count(out.Bytes(), []byte("\n")))
	}
}
