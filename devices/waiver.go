package devices

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/mp196/ivp/ivp"
)

// Waiver lets rows that are not eligible pass without failing the run. It
// changes no answer.
type Waiver struct {
	// ID is its name in reports, and optional.
	ID string
	// DeviceIDs, Models and Specs select rows. A row must match one of each list that
	// is not empty. Models are compared with the model column, and with the column of
	// the model joined with its hardware. Texts are compared without case and outer
	// spaces, ids also without hyphens and colons.
	DeviceIDs []string
	Models    []string
	Specs     []ivp.Spec
	// Until is the last day of a run on which the waiver is valid.
	Until ivp.Date
	// Reason and Approver are shown in reports.
	Reason   string
	Approver string
	// Line is its line in its file, or 0.
	Line int

	place   int
	expired bool
	cell    string // the cell of the column ivp_waiver
}

// Expired reports whether Until is before the day of the run.
func (w *Waiver) Expired() bool { return w.expired }

// String returns the waiver as the column ivp_waiver shows it.
func (w *Waiver) String() string {
	s := fmt.Sprintf("%s; approved by %s; until %s", w.Reason, w.Approver, w.Until)
	if w.ID != "" {
		s = w.ID + ": " + s
	}
	return s
}

// Waivers are the waivers of a run. Nil is none.
type Waivers struct {
	all     []Waiver
	general []*Waiver            // without device ids
	byID    map[string][]*Waiver // with device ids, by IDName
}

// NewWaivers returns the waivers for a run on the day today. Expired waivers, and those
// that select no rows, have no effect.
func NewWaivers(all []Waiver, today ivp.Date) *Waivers {
	w := &Waivers{all: slices.Clone(all), byID: map[string][]*Waiver{}}
	for i := range w.all {
		one := &w.all[i]
		one.place, one.expired = i, one.Until.Before(today)
		one.cell = strings.Join(strings.Fields(one.String()), " ")
		switch {
		case one.expired:
		case len(one.DeviceIDs) > 0:
			for _, id := range one.DeviceIDs {
				if name := IDName(id); name != "" { // a blank does not select the devices without an id
					w.byID[name] = append(w.byID[name], one)
				}
			}
		case len(one.Models)+len(one.Specs) > 0:
			w.general = append(w.general, one)
		}
	}
	return w
}

// All returns every waiver. The caller must not change them.
func (w *Waivers) All() []Waiver { return w.all }

// find returns the first waiver that fits a row, or nil.
func (w *Waivers) find(id string, m waivedModel) *Waiver {
	return first(m.find(w.general), m.find(w.byID[IDName(id)]))
}

func first(a, b *Waiver) *Waiver {
	if a == nil || b != nil && b.place < a.place {
		return b
	}
	return a
}

// waivedModel is what waivers compare with a row, except its id.
type waivedModel struct {
	model, joined string // Model and ModelHardware, by cellName
	spec          ivp.Spec
}

func newWaivedModel(d Device, spec ivp.Spec) waivedModel {
	return waivedModel{cellName(d.Model), cellName(d.ModelHardware), spec}
}

func (m *waivedModel) find(candidates []*Waiver) *Waiver {
	for _, w := range candidates {
		if (len(w.Models) == 0 || slices.ContainsFunc(w.Models, m.is)) && (len(w.Specs) == 0 || slices.Contains(w.Specs, m.spec)) {
			return w
		}
	}
	return nil
}

func (m *waivedModel) is(model string) bool {
	name := cellName(model)
	return name != "" && (name == m.model || name == m.joined)
}

// waiverFinder finds the waivers of rows whose profile and answer are known: only the
// device id is looked up for each row, without an allocation.
type waiverFinder struct {
	waivers *Waivers
	name    []byte
}

// find returns the waiver of a row. general is the one that fits without the id.
func (f *waiverFinder) find(id []byte, general *Waiver, m *waivedModel) *Waiver {
	f.name = appendIDName(f.name[:0], id)
	return first(general, m.find(f.waivers.byID[string(f.name)]))
}

// IDName returns a device's id as ids are compared: without hyphens, colons, outer
// spaces and case. 00-1D-24-02 gives 001d2402.
func IDName(id string) string { return cellName(idNoise.Replace(id)) }

var idNoise = strings.NewReplacer("-", "", ":", "")

// appendIDName appends IDName(id).
func appendIDName(dst, id []byte) []byte {
	for _, c := range id {
		switch {
		case c >= 0x80:
			return append(dst[:0], IDName(string(id))...)
		case c == '-' || c == ':':
			continue
		case c >= 'A' && c <= 'Z':
			c += 'a' - 'A'
		}
		dst = append(dst, c)
	}
	return bytes.TrimSpace(dst)
}

func waiverCell(w *Waiver) string {
	if w == nil {
		return ""
	}
	return w.cell
}
