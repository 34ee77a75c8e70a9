package query

import (
	"github.com/mp196/ivp/cmd/internal/chart"
	"github.com/mp196/ivp/ivp"
)

// Timeline is, for every version on record, when it may be installed.
type Timeline struct {
	// SVG is the picture, and Says how it is read.
	SVG  string `json:"svg"`
	Says string `json:"says"`
	// Versions are the same in words.
	Versions []TimelineVersion `json:"versions"`
}

// TimelineVersion is one version, or one scope of it.
type TimelineVersion struct {
	Name string         `json:"name"`
	Days []TimelineDays `json:"days"`
}

// TimelineDays is a run of days with one answer.
type TimelineDays struct {
	Days      string `json:"days"`
	Says      string `json:"says"`
	Amendment string `json:"amendment,omitempty"`
}

// NewTimeline draws the timeline on some terms. The day that the terms are about
// is pointed out, or else today where it is given.
func NewTimeline(t Terms, today ivp.Date) Timeline {
	chart := chart.New(t.Judge.Checker, chart.Options{Marks: chart.MarksOf(t.Judge.On, t.Judge.Checker.AsAt, today)})
	drawn := Timeline{SVG: string(chart.SVG()), Says: chart.Says(), Versions: []TimelineVersion{}}
	for _, group := range chart.Groups() {
		for _, row := range group.Rows {
			v := TimelineVersion{Name: row.Name()}
			for _, bar := range row.Bars {
				v.Days = append(v.Days, TimelineDays{bar.Days(), bar.Says(), bar.Verdict.Amendment()})
			}
			drawn.Versions = append(drawn.Versions, v)
		}
	}
	return drawn
}
