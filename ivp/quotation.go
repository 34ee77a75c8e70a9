package ivp

import (
	"fmt"
	"regexp"
	"slices"
)

// Quotes reports whether the citation's quotation holds the day as sources
// write it: 27 April 2023, 27th April 2023, 27/04/2023 or 2023-04-27. It is
// false for what is no day.
func (c Citation) Quotes(day Date) bool {
	return day.Valid() && quotedShape(day).MatchString(c.Quote)
}

// quoted holds that a date stands in one of the amendment's quotations.
func (p *placed) quoted(line int, field string, day Date) Faults {
	found, sought := p.quotes[day]
	if !sought {
		shape := quotedShape(day)
		found = slices.ContainsFunc(p.Citations, func(c Citation) bool { return shape.MatchString(c.Quote) })
		if p.quotes == nil {
			p.quotes = map[Date]bool{}
		}
		p.quotes[day] = found
	}
	if found {
		return nil
	}
	return Faults{{Code: "unquoted", Amendment: p.ID, Line: line, Field: field, Value: day.String(), Problem: "the date is in none of the amendment's quotations", Want: "a quote with " + quotedSpellings(day),
		Do: "quote the words that give it; if it is in a table, say so in unquoted; if no source says it, say in inferred why it is so"}}
}

// quotedShape matches the ways in which sources write a day, and no longer
// number that begins or ends with it.
func quotedShape(day Date) *regexp.Regexp {
	year, month, d := day.Civil()
	return regexp.MustCompile(fmt.Sprintf(`(^|[^0-9])(0?%d(st|nd|rd|th)? %s %d|%02d/%02d/%d|%s)($|[^0-9])`,
		d, month, year, d, int(month), year, day))
}

// quotedSpellings names the ways in which the day is sought.
func quotedSpellings(day Date) string {
	year, month, d := day.Civil()
	return fmt.Sprintf("%d %s %d, %d%s %s %d, %02d/%02d/%d or %s", d, month, year, d, ordinal(d), month, year, d, int(month), year, day)
}

// ordinal is what English writes after the day of a month.
func ordinal(day int) string {
	if day/10 == 1 {
		return "th"
	}
	switch day % 10 {
	case 1:
		return "st"
	case 2:
		return "nd"
	case 3:
		return "rd"
	}
	return "th"
}
