package typedtable

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/mp196/ivp/cmd/internal/exit"
	"github.com/mp196/ivp/cmd/internal/source"
	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/ivp"
)

// Pairs is a table of permitted pairs, as it was typed. Make one with
// [ReadPairs]; a nil *Pairs holds none.
type Pairs struct {
	sheet *sheet
	pairs []pair
}

type pair struct {
	row
	ivp.Pair
}

// ReadPairs reads permitted pairs: CSV, or a workbook, with the columns
// device_type, spec and gbcs. The error names every fault; its exit code says of
// which kind.
func ReadPairs(ctx context.Context, name string, stdin io.Reader, options source.Options) (*Pairs, error) {
	s, err := readSheet(ctx, name, stdin, options, []column{typeColumn, specColumn, gbcsColumn}, 3)
	if err != nil {
		return nil, err
	}
	p := &Pairs{sheet: s}
	faults := s.faults
	for _, r := range s.rows {
		read, wrong := p.read(r)
		faults = append(faults, wrong...)
		p.pairs = append(p.pairs, read)
	}
	switch {
	case len(faults) > 0:
		return nil, exit.With(exit.Usage, sorted(faults))
	case len(p.pairs) == 0:
		return nil, exit.With(exit.Empty, fmt.Errorf("%s: no row follows the heading", s.name))
	}
	return p, nil
}

// Notes say what the user should know of how the table was read.
func (p *Pairs) Notes() []string { return p.sheet.notes }

func (p *Pairs) read(r row) (read pair, faults Faults) {
	s := p.sheet
	read.row = r
	var err error
	if read.Type, err = devices.ParseDeviceType(s.cell(r, typeColumn)); err != nil || read.Type == 0 {
		faults = append(faults, s.fault(r, typeColumn, "this is not a device type", "one of "+typeNames(), "choose the one that is meant"))
	}
	if read.Spec, err = devices.ParseTSVersion(s.cell(r, specColumn), read.Type); err != nil {
		faults = append(faults, s.versionFault(r, specColumn, err))
	}
	if read.GBCS, err = devices.ParseGBCSVersion(s.cell(r, gbcsColumn)); err != nil {
		faults = append(faults, s.versionFault(r, gbcsColumn, err))
	}
	return read, faults
}

func typeNames() string {
	var names []string
	for _, t := range ivp.DeviceTypes() {
		names = append(names, t.String())
	}
	return strings.Join(names, ", ")
}

// added returns the pairs that the record does not permit on the in-force day,
// each once; the rest, such as those of a table taken whole, need not be said
// again.
func (p *Pairs) added(h ivp.History, inForce ivp.Date) (added []pair) {
	if p == nil {
		return nil
	}
	var known []ivp.Pair
	for _, permitted := range h.PermittedPairs(inForce) {
		if !permitted.Perhaps {
			known = append(known, permitted.Pair)
		}
	}
	for _, read := range p.pairs {
		if !slices.Contains(known, read.Pair) {
			known = append(known, read.Pair)
			added = append(added, read)
		}
	}
	return added
}
