package warehouse

import (
	"bufio"
	_ "embed"
	"fmt"
	"io"
	"strings"

	"github.com/mp196/ivp/ivp"
)

//go:embed view.sql
var viewText string

// insertRows is how many rows one statement inserts: engines bound its length.
const insertRows = 250

// Write writes the rules as SQL: three tables, and a view that joins them to the
// table of an inventory. terms says in words on which terms they were asked.
func Write(w io.Writer, d Dialect, c ivp.Checker, terms, inventory string) error {
	out := bufio.NewWriter(w)
	h := c.History
	fmt.Fprintf(out, "-- Installation Validity Periods: edition %s, sha256 %s.\n-- %s. The record vouches for nothing after %s. The Code prevails.\n\n", h.Edition(), h.Digest(), terms, h.VouchedTo(ivp.Date{}))
	a := newAnswers(c)
	table(out, "ivp_spelling", []string{"what " + d.text, "of_type " + d.text, "written " + d.text, "meant " + d.text}, texts(spellings(h), func(s spelling) []string {
		return []string{d.quote(s.what), d.quote(s.of), d.quote(s.written), d.quote(s.meant)}
	}))
	table(out, "ivp_profile", []string{"device_type " + d.text, "spec " + d.text, "gbcs " + d.text, "scope " + d.text, "answers " + d.number}, texts(a.profiles, func(p profile) []string {
		return []string{d.quote(p.kind), d.quote(p.spec), d.quote(p.gbcs), d.quote(p.scope), fmt.Sprint(p.answers)}
	}))
	table(out, "ivp_period", []string{
		"answers " + d.number, "first_day " + d.date, "last_day " + d.date, "outcome " + d.text, "reason " + d.text,
		"from_day " + d.date, "to_day " + d.date, "end_kind " + d.text, "amendment " + d.text,
	}, texts(a.periods, func(p period) []string {
		return []string{
			fmt.Sprint(p.answers), d.day(p.first), d.day(p.last), d.quote(p.reason.Outcome().String()), d.quote(p.reason.String()),
			d.day(p.from), d.day(p.to), d.quote(p.end.String()), d.quote(p.amendment),
		}
	}))
	out.WriteString(strings.ReplaceAll(viewText, "{inventory}", inventory))
	return out.Flush()
}

func texts[T any](all []T, row func(T) []string) (rows []string) {
	for _, one := range all {
		rows = append(rows, "("+strings.Join(row(one), ", ")+")")
	}
	return rows
}

// table makes a table and fills it.
func table(out *bufio.Writer, name string, columns, rows []string) {
	fmt.Fprintf(out, "CREATE TABLE %s (%s);\n", name, strings.Join(columns, ", "))
	for start := 0; start < len(rows); start += insertRows {
		end := min(start+insertRows, len(rows))
		fmt.Fprintf(out, "INSERT INTO %s VALUES\n%s;\n", name, strings.Join(rows[start:end], ",\n"))
	}
	out.WriteByte('\n')
}
