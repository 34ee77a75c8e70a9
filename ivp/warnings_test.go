package ivp

import (
	"go/ast"
	goparser "go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// warned returns the code, the amendment and the value of each warning.
func warned(h History, today Date) (lines []string) {
	for _, w := range Lint(h, today) {
		lines = append(lines, w.Code+" "+w.Amendment+" "+w.Value)
	}
	return lines
}

func TestLintOfTheShippedRecord(t *testing.T) {
	assert.Equal(t, []string{"no-pair  SMETS1 v1.1"}, warned(Published(), theDay("2026-11-26")))
	assert.Empty(t, Lint(History{}, Date{}))
}

func TestLintWarns(t *testing.T) {
	today := theDay("2026-11-26")
	v42, gbcs := Spec{SMETS, "4.2"}, Spec{GBCS, "3.2"}
	until := func(day string) Bound { return On(theDay(day)) }
	both := func(inForce, ts, gbcsEnd string) Amendment {
		return madeUp("ACME-1", inForce, Entry{Spec: v42, To: until(ts)}, Entry{Spec: gbcs, To: until(gbcsEnd)})
	}
	for _, c := range []struct {
		name  string
		added []Amendment
		want  []string
	}{
		{"on the day of the last amendment", []Amendment{both("2022-02-24", "2027-06-30", "2027-06-30")}, nil},
		{"the day before it", []Amendment{both("2022-02-23", "2027-06-30", "2027-06-30")}, []string{"in-force-early ACME-1 2022-02-23"}},
		{"in force today", []Amendment{both("2026-11-26", "2027-06-30", "2027-06-30")}, nil},
		{"in force tomorrow", []Amendment{both("2026-11-27", "2027-06-30", "2027-06-30")}, []string{"in-force-future ACME-1 2026-11-27"}},
		{"GBCS ends on the same day", []Amendment{both("2026-11-01", "2027-06-30", "2027-06-30")}, nil},
		{"GBCS ends the day before, which is on record", []Amendment{both("2026-11-01", "2027-06-30", "2027-06-29")}, nil},
		{"nothing of GBCS", []Amendment{madeUp("ACME-1", "2026-11-01", Entry{Spec: v42, To: until("2027-06-30")})}, []string{"gbcs-closes-first ACME-1 SMETS2 v4.2"}},
		{"an open end, and nothing of GBCS", []Amendment{madeUp("ACME-1", "2026-11-01", Entry{Spec: v42, To: endOpen})}, []string{"gbcs-closes-first ACME-1 SMETS2 v4.2"}},
		{"GBCS confirmed up to the end", []Amendment{madeUp("ACME-1", "2026-11-01", Entry{Spec: v42, To: until("2027-06-30")}, Entry{Spec: gbcs, Confirmed: theDay("2027-06-30")})}, nil},
		{"GBCS confirmed up to the day before", []Amendment{madeUp("ACME-1", "2026-11-01", Entry{Spec: v42, To: until("2027-06-30")}, Entry{Spec: gbcs, Confirmed: theDay("2027-06-29")})}, []string{"gbcs-closes-first ACME-1 SMETS2 v4.2"}},
		{"an entry that the record overrides", []Amendment{madeUp("ACME-1", "2020-01-01", Entry{Spec: Spec{SMETS, "3.1"}, To: until("2021-01-01")})},
			[]string{"in-force-early ACME-1 2020-01-01", "overridden ACME-1 SMETS2 v3.1"}},
		{"a later amendment is no override", []Amendment{
			madeUp("ACME-1", "2026-01-01", Entry{Spec: gbcs, To: until("2027-06-30")}, Entry{Spec: v42, To: until("2027-06-30")}),
			madeUp("ACME-2", "2026-02-01", Entry{Spec: v42, To: until("2027-01-31")})}, nil},
		{"a new version without a pair", []Amendment{madeUp("ACME-1", "2022-09-21", Entry{Spec: v90, From: notOnRec, To: until("2022-09-21")})},
			[]string{"no-pair  SMETS2 v9.0"}},
	} {
		h := Published()
		for _, a := range c.added {
			var err error
			h, err = h.Amend(a)
			assert.NoError(t, err, c.name)
		}
		var got []string
		for _, line := range warned(h, today) {
			if line != "no-pair  SMETS1 v1.1" {
				got = append(got, line)
			}
		}
		assert.Equal(t, c.want, got, c.name)
	}
}

// TestOverrides checks that the first of several overriding amendments is named.
func TestOverrides(t *testing.T) {
	h := amended(t, madeUp("ACME-1", "2019-01-01", Entry{Spec: Spec{SMETS, "3.1"}, To: On(theDay("2021-01-01"))}, Entry{Spec: v90, From: notOnRec, To: endOpen}))
	overrides := h.Overrides()
	if assert.Len(t, overrides, 1) {
		assert.Equal(t, "ACME-1", overrides[0].Amendment)
		assert.Equal(t, "SMETS2 v3.1", overrides[0].Entry.Spec.String())
		assert.Equal(t, "BEIS-2019-07", overrides[0].By)
	}
	assert.Empty(t, Published().Overrides())
}

// faultCodes are the codes of all faults and warnings. Programs suppress faults
// by code, so a code may be added here, but not changed.
var faultCodes = strings.Fields(`
	backward-window bad-address bad-bound bad-date bad-id bad-pair bad-perhaps bad-schema bad-text bad-type
	bad-version bad-vouched breaks-later early-confirmed empty-entry gbcs-closes-first in-force-early
	in-force-future lost-character missing-key needless-confirmed no-change no-citation no-end no-pair
	not-a-pair not-a-text not-an-array not-an-object not-json not-listed not-true not-utf8 out-of-order
	overridden remove-and-more repeated-entry repeated-id repeated-key repeated-pair scope-of-gbcs template
	too-deep too-long too-many-amendments too-many-doubts too-many-scopes unknown-key unquoted`)

// TestFaultCodesAreStable compares the codes in the source with the list above.
func TestFaultCodesAreStable(t *testing.T) {
	files, err := filepath.Glob("*.go")
	require.NoError(t, err)
	var codes []string
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := goparser.ParseFile(token.NewFileSet(), name, nil, 0)
		require.NoError(t, err)
		ast.Inspect(f, func(n ast.Node) bool {
			if pair, ok := n.(*ast.KeyValueExpr); ok {
				if key, ok := pair.Key.(*ast.Ident); ok && key.Name == "Code" {
					literal, ok := pair.Value.(*ast.BasicLit)
					require.True(t, ok, "%s: a code is a literal", name)
					code, err := strconv.Unquote(literal.Value)
					require.NoError(t, err)
					codes = append(codes, code)
				}
			}
			return true
		})
	}
	slices.Sort(codes)
	assert.Equal(t, faultCodes, slices.Compact(codes))
}
