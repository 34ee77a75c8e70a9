package main

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/ivp"
)

// TestExtendIsWhatMP196Was moves the ends that MP196 moved, in the record without it.
// Every device has the answer that it has by MP196, on every day around a bound.
func TestExtendIsWhatMP196Was(t *testing.T) {
	h, err := ivp.Published().Without("MP196")
	require.NoError(t, err)
	before, err := parseState("latest", h, today(t))
	require.NoError(t, err)
	after, w, err := before.extend([]string{"SMETS2 v3.1=12m", "SMETS2 v2.0=27/04/2023"})
	require.NoError(t, err)
	assert.Contains(t, after.Words, "what-if")
	assert.Len(t, w.moves, 2)
	is, was := ivp.Checker{History: after.History, AsAt: after.AsAt}, ivp.Checker{History: ivp.Published(), AsAt: ivp.Published().Latest()}
	gbcs := []ivp.Spec{{}}
	for _, spec := range h.Specs() {
		if spec.Family == ivp.GBCS {
			gbcs = append(gbcs, spec)
		}
	}
	compared := 0
	for _, day := range ivp.Published().Breaks() {
		for _, on := range []ivp.Date{day.AddDays(-1), day} {
			for _, spec := range h.Specs() {
				for _, g := range gbcs {
					i := ivp.Installation{Spec: spec, GBCS: g, Type: ivp.ESME, On: on}
					a, b := is.Check(i), was.Check(i)
					require.Equal(t, b.Reason, a.Reason, "%v", i)
					require.Equal(t, b.Window.To, a.Window.To, "%v", i)
					compared++
				}
			}
		}
	}
	assert.Greater(t, compared, 1000)
}

// TestNewEnd moves an end by a span or to a day: the day before, the day itself and the
// day after the end on record.
func TestNewEnd(t *testing.T) {
	day := func(text string) ivp.Date {
		d, err := ivp.ParseDate(text)
		require.NoError(t, err)
		return d
	}
	dated := ivp.Window{Spec: ivp.Spec{Family: ivp.SMETS, Version: "3.1"}, To: ivp.On(day("2023-01-31"))}
	open, unknown := dated, dated
	open.To = ivp.Bound{Kind: ivp.Open}
	unknown.To = ivp.Bound{Kind: ivp.NotOnRecord, Day: day("2022-09-21")}
	for text, want := range map[string]string{
		"1m": "2023-02-28", "12m": "2024-01-31", "13 months": "2024-02-29", "1y": "2024-01-31", "2 years": "2025-01-31", "1d": "2023-02-01", " 90 days ": "2023-05-01",
		"2023-02-01": "2023-02-01", "01/02/2023": "2023-02-01", "1 February 2023": "2023-02-01",
		"2023-01-31": "", "2023-01-30": "", "0m": "", "-1m": "", "m": "", "9999y": "", "soon": "", "": "",
	} {
		end, err := newEnd(dated, text)
		assert.Equal(t, want, map[bool]string{true: end.String()}[err == nil], text)
	}
	for text, want := range map[string]string{"12m": "not on record", "2022-09-21": "is not after 21 September 2022"} {
		_, err := newEnd(unknown, text)
		assert.ErrorContains(t, err, want)
	}
	end, err := newEnd(unknown, "2022-09-22")
	require.NoError(t, err)
	assert.Equal(t, "2022-09-22", end.String())
	for _, text := range []string{"12m", "2030-01-01"} {
		_, err := newEnd(open, text)
		assert.ErrorContains(t, err, "set no end")
	}
}

// TestEveryOutputSaysThatItIsAWhatIf: none is taken for what the rules say.
func TestEveryOutputSaysThatItIsAWhatIf(t *testing.T) {
	t.Chdir(t.TempDir())
	require.NoError(t, os.WriteFile("in.csv", []byte("spec,install_date,Unit Cost\nSMETS2 v4.2,2022-06-01,50\nSMETS2 v3.1,2023-04-28,50\n"), 0o666))
	for _, format := range []string{"csv", "json", "jsonl", "table", "markdown", "html"} {
		var p program
		require.Zero(t, p.run("impact", "--extend", "SMETS2 v3.1=12m", "--rows", "all", "in.csv", "--format", format), p.stderr.String())
		for _, line := range strings.Split(strings.TrimSpace(p.stdout.String()), "\n") {
			said := strings.ToLower(strings.NewReplacer("-", "", "_", "", " ", "").Replace(p.stdout.String()))
			if format == "jsonl" {
				said = strings.ToLower(strings.ReplaceAll(line, "_", ""))
			}
			assert.Contains(t, said, "whatif", format)
		}
		assert.True(t, strings.HasPrefix(p.stderr.String(), "A what-if, and no rule: if SMETS2 v3.1 ends on 27 April 2024, and not on 27 April 2023, 1 more of 2 devices may be installed on their dates, worth £50.00."), p.stderr.String())
	}
	assert.Equal(t, len(devices.DifferenceColumns(true)), len(devices.WhatIfColumns(true)))
}
