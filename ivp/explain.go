package ivp

import "slices"

// Explanation is an answer with everything that it rests on.
type Explanation struct {
	Installation Installation
	// AsAt is the day whose tables were asked.
	AsAt    Date
	Verdict Verdict
	// Sentence is the answer in plain words, with its window, amendment and
	// citation.
	Sentence string
	// Findings are those that were asked, in the order TS, GBCS, pair.
	Findings []ExplainedFinding
	// Readings are those behind the findings; of interest where there are
	// several.
	Readings []Reading
	// Unknown says, a sentence each, what the record does not know and what
	// was not asked.
	Unknown []string
}

// ExplainedFinding is a finding in words, with its authority.
type ExplainedFinding struct {
	// Subject is "TS version", "GBCS version" or "pair".
	Subject   string
	Finding   Finding
	Sentence  string
	Amendment Amendment // the one named, zero where none is
}

// Explain judges an installation and says why.
func (c Checker) Explain(i Installation) Explanation {
	v := c.Check(i)
	e := Explanation{
		Installation: i,
		AsAt:         c.asAt(i.On),
		Verdict:      v,
		Sentence:     c.Sentence(i, v),
		Readings:     c.Readings(i),
		Unknown:      c.unknown(i, v),
	}
	for _, asked := range [...]struct {
		subject string
		finding Finding
	}{{"TS version", v.TS}, {"GBCS version", v.GBCS}, {"pair", v.Pair}} {
		if asked.finding.Asked() {
			e.Findings = append(e.Findings, c.explain(i, asked.subject, asked.finding))
		}
	}
	return e
}

func (c Checker) explain(i Installation, subject string, f Finding) ExplainedFinding {
	a, _ := c.History.Amendment(f.Window.Amendment)
	return ExplainedFinding{subject, f, c.FindingSentence(i, f), a}
}

// Citations returns the citations of every amendment that the findings name,
// each once.
func (e Explanation) Citations() []Citation {
	var citations []Citation
	for _, f := range e.Findings {
		for _, c := range f.Amendment.Citations {
			if !slices.Contains(citations, c) {
				citations = append(citations, c)
			}
		}
	}
	return citations
}
