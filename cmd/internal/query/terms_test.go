package query

import (
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/ivp"
)

func published() ivp.Checker { return ivp.Checker{History: ivp.Published()} }

func queryOf(t *testing.T, text string) url.Values {
	q, err := url.ParseQuery(text)
	require.NoError(t, err)
	return q
}

func TestParseTerms(t *testing.T) {
	none, err := ParseTerms(nil, published())
	require.NoError(t, err)
	assert.Equal(t, Terms{Judge: devices.Judge{Checker: published()}}, none, "no term is the law of the day")

	all, err := ParseTerms(queryOf(t, "as_at=2022-02-23&on=2022-06-01&scope=prepayment&last_day=excluded&assume_open=true&why=true"), published())
	require.NoError(t, err)
	assert.Equal(t, "2022-02-23", all.Judge.Checker.AsAt.String())
	assert.Equal(t, "2022-06-01", all.Judge.On.String())
	assert.True(t, all.Judge.ScopeGiven && all.Judge.Checker.LastDayExcluded && all.Judge.Checker.AssumeOpen && all.Why)
	assert.Equal(t, "prepayment", all.Judge.Scope)

	latest, err := ParseTerms(queryOf(t, "as_at=latest&scope="), published())
	require.NoError(t, err)
	assert.Equal(t, ivp.Published().Latest(), latest.Judge.Checker.AsAt)
	assert.True(t, latest.Judge.ScopeGiven, "a scope that is empty is the general case for every row")

	for query, says := range map[string]string{
		"as_at=never": `as_at: "never": want a day, YYYY-MM-DD, or latest`, "on=latest": `on: "latest": want a day`, "on=2022-02-30": "want a day",
		"last_day=out": "want included or excluded", "assume_open=perhaps": "want true or false", "why=perhaps": "want true or false", "why=1": "want true or false", "why=TRUE": "want true or false",
		"asat=latest": "asat: not allowed here: want each of as_at, on", "on=2022-01-01&on=2022-01-02": "at most once", "only=eligible": "only: not allowed here: want each of",
	} {
		_, err := ParseTerms(queryOf(t, query), published())
		assert.ErrorContains(t, err, says, query)
	}
}

// TestParseQuery checks that the parts of a query which net/url ignores are refused.
func TestParseQuery(t *testing.T) {
	query, err := ParseQuery("last_day=excluded&scope=a%3Bb+c")
	require.NoError(t, err)
	assert.Equal(t, url.Values{"last_day": {"excluded"}, "scope": {"a;b c"}}, query)
	for _, text := range []string{"last_day=excluded;", "last_day=excluded&%zz", "last_day=%zz", "a;b=c", "%", strings.Repeat("map=spec=a&", 10_001)} {
		_, err := ParseQuery(text)
		assert.ErrorContains(t, err, "the query cannot be read", text[:min(len(text), 30)])
	}
}

func TestNamesOfAQuery(t *testing.T) {
	for text, says := range map[string]string{
		"last_day=excluded&last_day=included": "last_day: given 2 times", "last_day=excluded&last_day=excluded": "given 2 times", "Last_Day=excluded": "Last_Day: not allowed here: want each of",
		" last_day=excluded": " last_day: not allowed here: want each of", "=excluded": ": not allowed here: want each of", "last_day=": "last_day: no value is given", "last_day": "no value is given", "on=": "no value", "as_at": "no value",
		"scope=a&scope=b": "given 2 times", "expect_rules=": "no value", "expect_rules=abc": `expect_rules: "abc" is not a SHA-256 digest`,
	} {
		_, err := ParseTerms(queryOf(t, text), published())
		assert.ErrorContains(t, err, says, text)
	}
	for _, text := range []string{"only=", "map=", "map=spec=A&map=", "delimiter=", "header_row=", "recheck="} {
		_, err := ParseInventoryTerms(queryOf(t, text), published())
		assert.Error(t, err, text)
	}
	_, err := ParseNamed(queryOf(t, "as_at=latest"), published(), nil)
	assert.ErrorContains(t, err, `"as_at": no query is allowed here`)
}

func TestExpectedRules(t *testing.T) {
	h := ivp.Published()
	other, err := h.Without("MP196")
	require.NoError(t, err)
	for _, digest := range []string{h.Digest(), strings.ToUpper(h.Digest())} {
		_, err := ParseTerms(url.Values{ExpectName: {digest}}, published())
		assert.NoError(t, err)
		_, err = ParseInventoryTerms(url.Values{ExpectName: {digest}}, ivp.Checker{History: other})
		assert.ErrorContains(t, err, h.Digest())
		assert.ErrorContains(t, err, other.Digest())
	}
}

func TestParseInventoryTerms(t *testing.T) {
	terms, err := ParseInventoryTerms(queryOf(t, "only=undetermined&date_format=day-first&delimiter=tab&encoding=windows-1252&header_row=3&map=spec=V&map=install_date=Date+Fitted&recheck=true&on=2022-06-01&scope="), published())
	require.NoError(t, err)
	assert.True(t, terms.Only.Has(ivp.NotListed))
	assert.Equal(t, "Windows-1252", terms.Encoding.String())
	assert.Equal(t, devices.ReaderOptions{Delimiter: '\t', HeaderRow: 3, Columns: devices.ColumnOptions{
		Dates: new(devices.DayFirst), OnGiven: true, ScopeGiven: true, Recheck: true, Map: map[devices.Field]string{devices.Spec: "V", devices.InstallDate: "Date Fitted"},
	}}, terms.reader)
	for query, says := range map[string]string{
		"only=good": "only:", "only=closing": "closing is available only on the command line", "date_format=x": "date_format:", "delimiter=ab": "cannot be a delimiter", "delimiter=a": "cannot be a delimiter",
		"encoding=ebcdic": "encoding:", "header_row=0": "want the number of a line", "header_row=x": "want the number of a line", "recheck=x": "want true or false",
		"map=spec": "want FIELD=HEADING", "map=colour=Red": "want FIELD=HEADING", "map=spec=A&map=spec=B": "mapped twice", "only=eligible&only=undetermined": "at most once",
	} {
		_, err := ParseInventoryTerms(queryOf(t, query), published())
		assert.ErrorContains(t, err, says, query)
	}
}
