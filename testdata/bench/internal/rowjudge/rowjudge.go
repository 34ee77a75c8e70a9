// Package rowjudge judges one row after another for the peers of the benchmark
// that are written in Go: the judging is the same for all, so that they differ
// only in how they read and write.
package rowjudge

import (
	"strconv"
	"strings"

	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/ivp"
)

// Cells are a row's added cells, in the order of [devices.AddedColumns].
type Cells [6]string

// Judge judges rows by the shipped rules. It remembers how versions, types and
// days are written, since a file has few spellings of many devices: without
// that the peers would be slower. Make one with [New].
type Judge struct {
	checker ivp.Checker
	types   map[string]ivp.DeviceType
	specs   map[string][ivp.UnknownType + 1]version
	gbcs    map[string]ivp.Spec
	days    map[ivp.Date]string
}

// version is a version that was read, and as it is printed.
type version struct {
	spec ivp.Spec
	text string
	read bool
}

// New returns a judge that has seen nothing yet.
func New() *Judge {
	return &Judge{
		checker: ivp.Checker{History: ivp.Published()},
		types:   map[string]ivp.DeviceType{},
		specs:   map[string][ivp.UnknownType + 1]version{},
		gbcs:    map[string]ivp.Spec{},
		days:    map[ivp.Date]string{},
	}
}

// Row judges one row by the cells that count.
func (j *Judge) Row(deviceType, spec, gbcs, installDate, scope string) Cells {
	kind := j.deviceType(deviceType)
	v := j.spec(spec, kind)
	i := ivp.Installation{Type: kind, Spec: v.spec, GBCS: j.gbcsVersion(gbcs), Scope: scope, On: day(installDate)}
	verdict := j.checker.Check(i)
	cells := Cells{verdict.Outcome().String(), verdict.Reason.String(), v.text, "", "", verdict.Amendment()}
	if to, ok := verdict.To(); ok {
		cells[3] = j.dayText(to)
		cells[4] = strconv.Itoa(i.On.DaysUntil(to))
	}
	return cells
}

func (j *Judge) deviceType(text string) ivp.DeviceType {
	kind, seen := j.types[text]
	if !seen {
		kind, _ = ivp.ParseDeviceType(text) // what we do not know is a type too
		j.types[strings.Clone(text)] = kind
	}
	return kind
}

func (j *Judge) spec(text string, kind ivp.DeviceType) version {
	seen := j.specs[text]
	if v := seen[kind]; v.read {
		return v
	}
	v := version{read: true}
	if strings.TrimSpace(text) != "" {
		spec, err := devices.ParseTSVersion(text, kind)
		v.spec, v.text = spec, spec.String()
		if err != nil {
			v.spec, v.text = ivp.UnreadableSpec(), ""
		}
	}
	seen[kind] = v
	j.specs[strings.Clone(text)] = seen
	return v
}

func (j *Judge) gbcsVersion(text string) ivp.Spec {
	spec, seen := j.gbcs[text]
	if seen {
		return spec
	}
	if strings.TrimSpace(text) != "" {
		var err error
		if spec, err = devices.ParseGBCSVersion(text); err != nil {
			spec = ivp.UnreadableSpec()
		}
	}
	j.gbcs[strings.Clone(text)] = spec
	return spec
}

func (j *Judge) dayText(day ivp.Date) string {
	text, seen := j.days[day]
	if !seen {
		text = day.String()
		j.days[day] = text
	}
	return text
}

// day reads an installation day as a sample writes it: without a time.
func day(text string) ivp.Date {
	if strings.TrimSpace(text) == "" {
		return ivp.Date{}
	}
	on, err := ivp.ParseDate(text)
	if err != nil {
		return ivp.UnreadableDate()
	}
	return on
}
