package vectors

import (
	"fmt"
	"net/url"
	"strings"

	"github.com/mp196/ivp/ivp"
)

// Terms are those on which a file is asked, in the words of a query.
type Terms struct {
	// AsAt is empty for the law of each row's own day, "latest", or a day.
	AsAt string
	// LastDay is "excluded" where the end date is the first day too late, and else
	// empty.
	LastDay string
	// AssumeOpen takes an end that is not on record to be open.
	AssumeOpen bool
}

// parseTerms reads the terms from the name of a file.
func parseTerms(name string) (terms Terms, err error) {
	for term := range strings.SplitSeq(name, ".") {
		asAt, dated := strings.CutPrefix(term, "as-at-")
		switch {
		case term == "law-of-the-day":
		case term == "assume-open":
			terms.AssumeOpen = true
		case term == "last-day-excluded":
			terms.LastDay = "excluded"
		case dated:
			terms.AsAt = asAt
			if _, err := ivp.ParseDate(asAt); err != nil && asAt != "latest" {
				return Terms{}, fmt.Errorf("%q: want as-at-latest or as-at-YYYY-MM-DD", term)
			}
		default:
			return Terms{}, fmt.Errorf("the name says the terms, and %q is none: want law-of-the-day, assume-open, last-day-excluded, as-at-latest or as-at-YYYY-MM-DD, with dots between them", term)
		}
	}
	return terms, nil
}

// Query returns the terms as the service takes them.
func (f File) Query() url.Values {
	query := url.Values{}
	if f.Terms.AsAt != "" {
		query.Set("as_at", f.Terms.AsAt)
	}
	if f.Terms.LastDay != "" {
		query.Set("last_day", f.Terms.LastDay)
	}
	if f.Terms.AssumeOpen {
		query.Set("assume_open", "true")
	}
	return query
}

// Checker returns the rules, asked on the file's terms.
func (f File) Checker(h ivp.History) ivp.Checker {
	c := ivp.Checker{History: h, LastDayExcluded: f.Terms.LastDay == "excluded", AssumeOpen: f.Terms.AssumeOpen}
	switch f.Terms.AsAt {
	case "":
	case "latest":
		c.AsAt = h.Latest()
	default:
		c.AsAt, _ = ivp.ParseDate(f.Terms.AsAt) // Files has read it before
	}
	return c
}
