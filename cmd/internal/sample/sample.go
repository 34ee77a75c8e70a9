// Package sample makes a believable inventory of devices that do not exist, to
// try the program on and to measure it with.
package sample

import (
	"fmt"
	"io"

	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/ivp"
)

// heading names the canonical columns, in their order.
const heading = "device_id,device_type,manufacturer,model,hardware_version,firmware,spec,gbcs,install_date,scope\n"

// maxRows is how many device identifiers there are.
const maxRows = 1 << serialBits

// Options say what inventory to make.
type Options struct {
	// Rows is the number of devices.
	Rows int
	// Seed chooses the inventory. Zero is a seed like any other.
	Seed uint64
	// Pairs are the versions that the devices hold: those that the rules have
	// on record. Their order does not matter.
	Pairs []ivp.Pair
	// Entries, if there are any, are those of a Central Products List, from
	// which the models and versions are drawn instead. Each must give all parts
	// of its model.
	Entries []devices.CatalogueEntry
	// First and Last are the first and the last day on which a device was
	// installed.
	First, Last ivp.Date
}

// Write writes an inventory as CSV: a heading, and a row for each device. The
// devices have all types, by their codes and by their names on the Central
// Products List; some forty made-up models, each with firmware that holds the
// versions of Pairs, older versions installed earlier for the most part; and
// the faults of real inventories: versions in several spellings, blank GBCS
// cells, model names with a comma in quotes and, in about one row of 500, a
// cell that cannot be read.
//
// The same options give the same bytes, on every system and with every release
// of Go: chance is drawn from the PCG generator alone, whose output is fixed,
// by integer arithmetic on its 64 bits, and nothing depends on the clock.
//
// Nothing is written where the options are at fault. Else the error is that of
// w, and what was written is not whole.
func Write(w io.Writer, options Options) error {
	g, err := newGenerator(options)
	if err != nil {
		return err
	}
	const full, longestRow = 64 << 10, 1 << 10
	buffer := append(make([]byte, 0, full+longestRow), heading...)
	for range options.Rows {
		buffer = g.appendRow(buffer)
		if len(buffer) < full {
			continue
		}
		if _, err := w.Write(buffer); err != nil {
			return err
		}
		buffer = buffer[:0]
	}
	_, err = w.Write(buffer)
	return err
}

func (o Options) check() error {
	switch {
	case o.Rows < 0 || int64(o.Rows) > maxRows:
		return fmt.Errorf("a sample of %d rows: want 0 to %d", o.Rows, int64(maxRows))
	case !o.First.Valid() || !o.Last.Valid() || o.Last.Before(o.First):
		return fmt.Errorf("a sample from %q to %q: want two days, the first not after the last", o.First, o.Last)
	}
	return nil
}
