package devices

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mp196/ivp/ivp"
)

// cachedPass checks rows in a cache and returns the output and the summary.
func cachedPass(t require.TestingT, cache *Cache, judge Judge, why bool, heading string, rows []string) (string, *Summary) {
	var out strings.Builder
	reader, err := NewReader(strings.NewReader(heading+strings.Join(rows, "")), ReaderOptions{})
	require.NoError(t, err)
	reader.SetDates(ISODates)
	pass := Bulk{Judge: judge, Why: why, Workers: 1, Cache: cache}.Begin([]*BulkOutput{{W: &out}})
	require.NoError(t, pass.Input(context.Background(), reader))
	return out.String(), pass.Summary()
}

// TestCache checks that passes on other terms, with other columns or at the same time get
// the answers that they get without a cache.
func TestCache(t *testing.T) {
	var cache Cache
	type use struct {
		judge   Judge
		why     bool
		heading string
	}
	uses := []use{
		{bulkJudge, false, bulkHeading}, {bulkJudge, true, bulkHeading}, {bulkJudge, false, "device_id,device_type,gbcs,spec,install_date,scope\n"},
		{bulkJudge, false, strings.ReplaceAll(bulkHeading, ",", ";")},
	}
	for _, change := range []func(*Judge){
		func(j *Judge) { j.Checker.AsAt = day(t, "2022-02-23") }, func(j *Judge) { j.Checker.LastDayExcluded = true }, func(j *Judge) { j.Checker.AssumeOpen = true },
		func(j *Judge) { j.On = day(t, "2023-04-28") }, func(j *Judge) { j.ScopeGiven, j.Scope = true, "prepayment" }, func(j *Judge) { j.ScopeGiven = true },
		func(j *Judge) { j.Today = day(t, "2022-01-01") }, func(j *Judge) { j.Checker.History = ivp.History{} }, func(j *Judge) { j.WithinAsked, j.Within = true, 1000 },
	} {
		judge := bulkJudge
		change(&judge)
		uses = append(uses, use{judge, false, bulkHeading})
	}
	var group sync.WaitGroup
	for range 4 {
		for _, u := range uses {
			group.Go(func() {
				rows := hostileRows
				if strings.Contains(u.heading, ";") {
					rows = []string{strings.ReplaceAll(strings.Join(hostileRows[:5], ""), ",", ";")}
				}
				want, wantSummary := cachedPass(t, nil, u.judge, u.why, u.heading, rows)
				for range 3 {
					got, summary := cachedPass(t, &cache, u.judge, u.why, u.heading, rows)
					assert.Equal(t, want, got)
					assert.Equal(t, wantSummary, summary)
				}
			})
		}
	}
	group.Wait()
	assert.Len(t, cache.kept, cachedMemos)
}

// TestCacheIsBounded checks that rows of other passes are not kept without limit.
func TestCacheIsBounded(t *testing.T) {
	var cache Cache
	rows := func(from, n int) (rows []string) {
		for i := range n {
			row := fmt.Sprintf("a,ESME,SMETS2 v4.2,,2022-06-01,%d.%0400d\n", i, from+i)
			rows = append(rows, row, row, row)
		}
		return rows
	}
	judge := bulkJudge
	judge.Checker.AssumeOpen = true
	kept := func() (profiles int) {
		for _, k := range cache.kept {
			profiles += len(k.memo.profiles)
		}
		return profiles
	}
	for i := range 20 {
		judge.Today = day(t, "2022-06-01").AddDays(i)
		cachedPass(t, &cache, judge, false, strings.Replace(bulkHeading, "scope", "entry_status", 1), rows(0, 100))
	}
	assert.Len(t, cache.kept, cachedMemos)
	assert.Equal(t, cachedMemos*100, kept())
	for range 3 {
		cachedPass(t, &cache, judge, false, strings.Replace(bulkHeading, "scope", "entry_status", 1), rows(1000, 1000))
	}
	assert.Less(t, kept(), cachedMemos*100, "a memo of more than cachedBytes is dropped")
}
