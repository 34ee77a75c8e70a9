package report

import (
	"strings"

	"github.com/mp196/ivp/cmd/internal/chart"
	"github.com/mp196/ivp/cmd/internal/evidence"
	"github.com/mp196/ivp/ivp"
)

// questionWords say the terms of the question, a sentence each. run may be nil:
// then what only it knows is left out.
func questionWords(checker ivp.Checker, run *evidence.Run) []string {
	var words []string
	if run != nil {
		words = append(words, dayWords(run.Question))
	}
	if checker.AsAt.Valid() {
		words = append(words, "The tables asked are those that stood on "+checker.AsAt.String()+".")
	} else {
		words = append(words, "The tables asked are those that stood on the installation day itself.")
	}
	if checker.LastDayExcluded {
		words = append(words, "The end date of a window is outside it.")
	} else {
		words = append(words, "The end date of a window is inside it: a device may still be installed on that day.")
	}
	if checker.AssumeOpen {
		words = append(words, "An end that is not on record is taken to be open.")
	} else {
		words = append(words, "An end that is not on record is not taken to be open: beyond what the record vouches for, the answer is undetermined.")
	}
	if run == nil {
		return words
	}
	if scope := run.Question.Scope; scope != nil {
		words = append(words, scopeWords(*scope))
	}
	if run.Catalogue != nil {
		words = append(words, "Devices were looked up in the Central Products List: "+run.Catalogue.Says+".")
	}
	return words
}

func dayWords(q evidence.Question) string {
	if q.On == "" {
		return "Each device is judged for the installation date in its own row."
	}
	return "Every device is judged for installation on " + q.On + "."
}

func scopeWords(scope string) string {
	if strings.TrimSpace(scope) == "" {
		return "Every device is judged in the general case, without a scope."
	}
	return "Every device is judged in the scope " + scope + "."
}

// marksOf are the days that the timeline points out: the day asked about, or
// the day whose tables are asked; today where there is neither.
func marksOf(options Options, run *evidence.Run) []chart.Mark {
	var on ivp.Date
	if run != nil {
		on, _ = ivp.ParseDate(run.Question.On) // no date where none was asked about
	}
	return chart.MarksOf(on, options.Checker.AsAt, options.Today)
}

// markWords say which days the timeline points out.
func markWords(marks []chart.Mark) string {
	var labels []string
	for _, m := range marks {
		labels = append(labels, m.Label)
	}
	if len(labels) == 0 {
		return ""
	}
	return "The line across it marks " + strings.Join(labels, " and ") + "."
}
