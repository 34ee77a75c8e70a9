// Package sample makes a realistic inventory of invented devices, to try and to
// measure the program with.
package sample

import (
	"errors"
	"fmt"
	"io"
	"math/rand/v2"

	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/ivp"
)

// heading names the canonical columns, in their order.
const heading = "device_id,device_type,manufacturer,model,hardware_version,firmware,spec,gbcs,install_date,scope\n"

// maxRows is the number of device identifiers.
const maxRows = 1 << serialBits

// Options describe the inventory to make.
type Options struct {
	// Rows is the number of devices.
	Rows int
	// Seed chooses the inventory. Zero is a seed like any other.
	Seed uint64
	// Pairs are the versions of the devices: the pairs that are on record. Their
	// order does not matter.
	Pairs []ivp.Pair
	// Entries, if not empty, are those of a Central Products List, from which the
	// models and versions are drawn instead. Each must have all parts of its
	// model.
	Entries []devices.CatalogueEntry
	// First and Last are the first and last day of installation.
	First, Last ivp.Date
}

// Write writes an inventory as CSV: a heading, and a row for each device. The
// devices have all types, by their codes and by their names on the Central
// Products List; about forty invented models, each with firmware for the versions
// of Pairs, older versions mostly installed earlier; and the faults of real
// inventories: versions in several spellings, blank GBCS cells, model names with
// a comma in quotes and, in about one row of 500, a cell that cannot be read. The
// same options give the same bytes, on every system and with every release of Go:
// random numbers come only from the PCG generator, whose output is fixed, by
// integer arithmetic, and nothing depends on the clock. If the options are wrong,
// nothing is written. Any other error is that of w, and the output is then
// incomplete.
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
		return fmt.Errorf("a sample from %q to %q: want two days, the second not before the first", o.First, o.Last)
	}
	return nil
}

// How often each oddity occurs: in one of so many rows.
const (
	quotedModel     = 200
	blankGBCS       = 30
	prepayment      = 100 // of the rows with SMETS1
	unreadable      = 500
	outsideLifetime = 16
)

const unknownType = "Smart Meter"

// generator makes rows, without allocating memory for a row.
type generator struct {
	random
	stock      []product
	shares     []uint32 // indices into stock, each repeated by its share
	days       calendar
	impossible string // a date that does not exist
	serial     uint64
}

func newGenerator(options Options) (*generator, error) {
	if err := options.check(); err != nil {
		return nil, err
	}
	days := newCalendar(options.First, options.Last)
	stock := options.stock(days.count())
	if len(stock) == 0 {
		return nil, errors.New("a sample needs pairs of versions for some type of device: the rules have none on record")
	}
	year, _, _ := options.Last.Civil()
	g := &generator{
		random:     newRandom(options.Seed),
		stock:      stock,
		days:       days,
		impossible: fmt.Sprintf("31/04/%04d", year),
	}
	for i, p := range stock {
		for range p.share {
			g.shares = append(g.shares, uint32(i))
		}
	}
	g.serial = g.pcg.Uint64()
	return g, nil
}

func (o Options) stock(days int) []product {
	if len(o.Entries) > 0 {
		return newListedStock(o.Entries, days)
	}
	return newStock(o.Pairs, days)
}

// appendRow appends the next device's row.
func (g *generator) appendRow(b []byte) []byte {
	p := &g.stock[g.shares[g.below(len(g.shares))]]
	kind, identity, spec, gbcs, date, scope := p.kind, p.identity, p.spec, p.gbcs, g.date(p), ""
	if g.oneIn(quotedModel) {
		identity = p.quoted
	}
	if g.oneIn(blankGBCS) {
		gbcs = ""
	}
	if p.smets1 && g.oneIn(prepayment) {
		scope = "prepayment"
	}
	if g.oneIn(unreadable) {
		switch g.below(4) {
		case 0:
			date = ""
		case 1:
			date = g.impossible
		case 2:
			spec = p.wholeSpec
		case 3:
			kind = unknownType
		}
	}
	b = appendDeviceID(b, p.prefix, g.nextSerial())
	b = append(append(b, ','), kind...)
	b = append(append(b, ','), identity...)
	b = append(append(b, ','), spec...)
	b = append(append(b, ','), gbcs...)
	b = append(append(b, ','), date...)
	b = append(append(b, ','), scope...)
	return append(b, '\n')
}

// date returns a day of the product's lifetime, more likely in its middle, and
// sometimes any day of the range.
func (g *generator) date(p *product) string {
	if g.oneIn(outsideLifetime) {
		return g.days.text(g.below(g.days.count()))
	}
	return g.days.text(p.from + (g.below(p.span)+g.below(p.span))/2)
}

// random is a source of random numbers that is the same everywhere. It uses only
// the generator of math/rand/v2: its other functions may change in a later
// release of Go.
type random struct{ pcg rand.PCG }

// stream is the second half of the generator's seed; its value does not matter.
const stream = 0x5eed_0f_de_1ce5

func newRandom(seed uint64) random { return random{*rand.NewPCG(seed, stream)} }

// below returns a uniform number in [0,n), with a bias of less than n/2^32.
func (r *random) below(n int) int { return int(r.pcg.Uint64() >> 32 * uint64(n) >> 32) }

func (r *random) oneIn(n int) bool { return r.below(n) == 0 }

const dateWidth = len("2006-01-02")

// calendar is the text of every day of a range, joined.
type calendar string

func newCalendar(first, last ivp.Date) calendar {
	count := first.DaysUntil(last) + 1
	all := make([]byte, 0, count*dateWidth)
	for n := range count {
		all, _ = first.AddDays(n).AppendText(all) // it never fails
	}
	return calendar(all)
}

func (c calendar) count() int { return len(c) / dateWidth }

func (c calendar) text(day int) string { return string(c[day*dateWidth : (day+1)*dateWidth]) }
