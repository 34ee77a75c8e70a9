package report

import (
	"html/template"

	"github.com/mp196/ivp/cmd/internal/evidence"
	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/ivp"
)

// tile is one headline count.
type tile struct {
	Class, Count, Word, Share string
}

func tilesOf(count devices.OutcomeCount) []tile {
	var tiles []tile
	for _, o := range ivp.Outcomes() {
		tiles = append(tiles, tile{outcomeClasses[o], thousands(count[o]), outcomeWords[o], share(count[o], total(count))})
	}
	return tiles
}

// countTable counts devices by something.
type countTable struct {
	Caption, Heading string
	Rows             []countRow
}

// countRow is one line of a count table.
type countRow struct {
	Name                                       string
	Eligible, NotEligible, Undetermined, Total string
	Bar                                        template.HTML
}

func (t *countTable) add(name string, count devices.OutcomeCount, largest int) {
	t.Rows = append(t.Rows, countRow{
		name, thousands(count[ivp.Eligible]), thousands(count[ivp.NotEligible]), thousands(count[ivp.Undetermined]),
		thousands(total(count)), miniBar(count, largest),
	})
}

func versionTable(s *devices.Summary) countTable {
	t := countTable{Caption: "Devices by version of the technical specification", Heading: "Version"}
	largest := max(1, total(s.OtherSpecs))
	for _, count := range s.Specs {
		largest = max(largest, total(*count))
	}
	for _, spec := range s.SortedSpecs() {
		t.add(evidence.SpecName(spec), *s.Specs[spec], largest)
	}
	if s.OtherSpecs != (devices.OutcomeCount{}) {
		t.add("other versions", s.OtherSpecs, largest)
	}
	return t
}

func typeTable(s *devices.Summary) countTable {
	t := countTable{Caption: "Devices by type", Heading: "Device type"}
	largest := 1
	for _, count := range s.Types {
		largest = max(largest, total(*count))
	}
	for _, kind := range s.SortedTypes() {
		t.add(evidence.TypeName(kind), *s.Types[kind], largest)
	}
	return t
}

// reasonRow is one line of the table of reasons.
type reasonRow struct {
	Reason, Class, Outcome, Count, Share, Sentence string
	Bar                                            template.HTML
}

func reasonRows(s *devices.Summary) []reasonRow {
	var rows []reasonRow
	largest := 1
	for _, n := range s.Reasons {
		largest = max(largest, n)
	}
	for _, r := range ivp.Reasons() {
		n := s.Reasons[r]
		if n == 0 {
			continue
		}
		var count devices.OutcomeCount
		count[r.Outcome()] = n
		rows = append(rows, reasonRow{
			r.String(), outcomeClasses[r.Outcome()], outcomeWords[r.Outcome()], thousands(n), share(n, s.Devices), r.Sentence(), miniBar(count, largest),
		})
	}
	return rows
}

func outcomeCount(s *devices.Summary) (count devices.OutcomeCount) {
	for _, o := range ivp.Outcomes() {
		count[o] = s.Count(o)
	}
	return count
}
