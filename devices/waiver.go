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
	// ID is its name in reports; may be empty.
	ID string
	// DeviceIDs, Models and Specs say which rows: each kind that names any must
	// fit the row by one of them. A model is that of the model column, or of the
	// column of model and hardware joined. Texts are compared without case and
	// outer spaces, and ids without hyphens and colons too.
	DeviceIDs []string
	Models    []string
	Specs     []ivp.Spec
	// Until is the last day, of the run, on which it holds.
	Until ivp.Date
	// Reason and Approver are for the reader.
	Reason   string
	Approver string
	// Line is where it stands in its file, 0 where it comes from Go code.
	Line int

	place   int
	expired bool
	cell    string // what the column ivp_waiver shows
}

// Expired reports whether its last day was over on the day of the run.
func (w *Waiver) Expired() bool { return w.expired }

// String says what the waiver is, as the column ivp_waiver shows it.
func (w *Waiver) String() string {
	s := fmt.Sprintf("%s; approved by %s; until %s", w.Reason, w.Approver, w.Until)
	if w.ID != "" {
		s = w.ID + ": " + s
	}
	return s
}

// Waivers are the waivers of a run. A nil *Waivers waives nothing.
type Waivers struct {
	all     []Waiver
	general []*Waiver            // those that name no device, in order
	byID    map[string][]*Waiver // those that name a device, by its id
}

// NewWaivers returns the waivers as they hold on the day of the run. Those whose
// last day is over are expired and waive nothing, and so do those that name no
// row.
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
				if name := idName(id); name != "" { // nobody means every device without an id
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

// Expired returns those whose last day is over.
func (w *Waivers) Expired() (all []Waiver) {
	for _, one := range w.all {
		if one.expired {
			all = append(all, one)
		}
	}
	return all
}

// find returns the first waiver that fits a row, nil where none does.
func (w *Waivers) find(id string, m waivedModel) *Waiver {
	return first(m.find(w.general), m.find(w.byID[idName(id)]))
}

func first(a, b *Waiver) *Waiver {
	if a == nil || b != nil && b.place < a.place {
		return b
	}
	return a
}

// waivedModel is what a waiver may ask of a row but its id.
type waivedModel struct {
	model, joined string // as they are compared
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

// waiverFinder finds waivers for rows of one profile and answer after another:
// the device's id alone is looked up row by row, without making a text of it.
type waiverFinder struct {
	waivers *Waivers
	name    []byte
}

// find returns the waiver of a row; general is that which its profile and answer
// have without the id.
func (f *waiverFinder) find(id []byte, general *Waiver, m *waivedModel) *Waiver {
	f.name = appendIDName(f.name[:0], id)
	return first(general, m.find(f.waivers.byID[string(f.name)]))
}

// idName is a device's id as it is compared: 00-1D-24-02 is 001d2402.
func idName(id string) string { return cellName(idNoise.Replace(id)) }

var idNoise = strings.NewReplacer("-", "", ":", "")

// appendIDName appends the id as idName writes it.
func appendIDName(dst, id []byte) []byte {
	for _, c := range id {
		switch {
		case c >= 0x80:
			return append(dst[:0], idName(string(id))...)
		case c == '-' || c == ':':
			continue
		case c >= 'A' && c <= 'Z':
			c += 'a' - 'A'
		}
		dst = append(dst, c)
	}
	return bytes.TrimSpace(dst)
}

// waiverCell is the cell of the column ivp_waiver.
func waiverCell(w *Waiver) string {
	if w == nil {
		return ""
	}
	return w.cell
}
