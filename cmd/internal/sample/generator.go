package sample

import (
	"errors"
	"fmt"
)

// How often what happens, one in so many rows.
const (
	quotedModel  = 200
	blankGBCS    = 30
	prepayment   = 100 // of those with SMETS1
	unreadable   = 500
	outOfTheTime = 16
)

const unknownType = "Smart Meter"

// generator makes rows. It allocates nothing for a row.
type generator struct {
	random
	stock      []product
	shares     []uint32 // indices into stock, each as often as its share is large
	days       calendar
	impossible string // a date that no calendar holds
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

// appendRow appends the row of the next device.
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
			spec = p.whole
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

// date returns a day of the product's time, more likely one in the middle of
// it, and now and then any day at all.
func (g *generator) date(p *product) string {
	if g.oneIn(outOfTheTime) {
		return g.days.text(g.below(g.days.count()))
	}
	return g.days.text(p.from + (g.below(p.span)+g.below(p.span))/2)
}
