package main

import (
	"fmt"
	"strings"

	"github.com/mp196/ivp/cmd/internal/config"
	"github.com/mp196/ivp/cmd/internal/evidence"
	"github.com/mp196/ivp/cmd/internal/exit"
	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/ivp"
)

// loadWaivers reads the waivers as they hold today; nil where no file is named.
func (c *Command) loadWaivers(path string) (*devices.Waivers, error) {
	if path == "" {
		return nil, nil
	}
	all, err := config.LoadWaivers(path)
	if err != nil {
		return nil, exit.With(exit.Usage, fmt.Errorf("--waivers: %w", err))
	}
	today, err := c.clockDay()
	if err != nil {
		return nil, exit.With(exit.Usage, fmt.Errorf("--waivers: which have expired: %w", err))
	}
	return devices.NewWaivers(all, today), nil
}

// waiverNotes say what the waivers did, and which did nothing.
func waiverNotes(path string, w *devices.Waivers, s *devices.Summary) []string {
	if w == nil {
		return nil
	}
	total, by := 0, []string{}
	for _, o := range []ivp.Outcome{ivp.NotEligible, ivp.Undetermined} {
		n := 0
		for r, count := range s.Waived {
			if r.Outcome() == o {
				n += count
			}
		}
		if total += n; n > 0 {
			by = append(by, fmt.Sprintf("%d %s", n, o))
		}
	}
	notes := []string{fmt.Sprintf("waived: %d devices, which keep their outcome and do not fail the run", total)}
	switch total {
	case 0:
		notes[0] = "waived: no device"
	case 1:
		notes[0] = "waived: 1 device, which keeps its outcome and does not fail the run"
	}
	if len(by) > 0 {
		notes[0] += " (" + strings.Join(by, ", ") + ")"
	}
	for place, one := range w.All() {
		switch {
		case one.Expired():
			notes = append(notes, fmt.Sprintf("%s:%d: waiver %s expired on %s and waives nothing: take it away, or have it approved anew", path, one.Line, waiverName(one), one.Until))
		case place >= len(s.WaivedBy) || s.WaivedBy[place] == 0:
			notes = append(notes, fmt.Sprintf("%s:%d: waiver %s was not needed: no row that is not eligible fits it, or one above it fits", path, one.Line, waiverName(one)))
		}
	}
	return notes
}

func waiverName(w devices.Waiver) string {
	if w.ID != "" {
		return w.ID
	}
	return fmt.Sprintf("%q", w.Reason)
}

// waiverEvidence names the file of waivers, and what each did.
func waiverEvidence(path string, w *devices.Waivers, s *devices.Summary) *evidence.Waivers {
	if w == nil {
		return nil
	}
	e := &evidence.Waivers{File: *fileEvidence(path)}
	for place, one := range w.All() {
		used := evidence.Waiver{ID: one.ID, Reason: one.Reason, Approver: one.Approver, Until: one.Until.String(), Expired: one.Expired()}
		if place < len(s.WaivedBy) {
			used.Devices = s.WaivedBy[place]
		}
		e.Waivers = append(e.Waivers, used)
	}
	return e
}
