package sample

import (
	"slices"

	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/ivp"
)

// How common the devices of one entry are, by how they are written.
const (
	claimed   = 6 // with the version that the list gives them
	unclaimed = 6 // without a version
	strange   = 1 // with a firmware that is on no list
)

// unlistedFirmware is a firmware that stands on no list.
const unlistedFirmware = "FFFFFFFE"

// newListedStock returns the products that a list gives: for each entry the
// device as it is listed, the same without a version, and one with unlisted
// firmware. An entry marked Removed is as common as any: such devices stand in
// inventories.
func newListedStock(entries []devices.CatalogueEntry, days int) []product {
	ranks := rankSpecs(entries)
	var stock []product
	for _, e := range entries {
		family := ranks[e.Spec.Family]
		from, span := lifetime(slices.Index(family, e.Spec), len(family), days)
		for _, p := range listedProducts(e) {
			p.from, p.span = from, span
			stock = append(stock, p)
		}
	}
	return stock
}

// rankSpecs returns the versions of each family, from the oldest.
func rankSpecs(entries []devices.CatalogueEntry) map[ivp.Family][]ivp.Spec {
	ranks := map[ivp.Family][]ivp.Spec{}
	for _, e := range entries {
		if !slices.Contains(ranks[e.Spec.Family], e.Spec) {
			ranks[e.Spec.Family] = append(ranks[e.Spec.Family], e.Spec)
		}
	}
	for _, specs := range ranks {
		slices.SortFunc(specs, ivp.CompareSpecs)
	}
	return ranks
}

func listedProducts(e devices.CatalogueEntry) []product {
	m := e.Model
	hardware := "," + m.HardwareVersion + m.HardwareRevision + ","
	p := product{
		prefix:   "02-" + m.Manufacturer[:2] + "-" + m.Manufacturer[2:],
		kind:     e.Type.Name(),
		identity: m.Manufacturer + "," + m.Model + hardware + m.Firmware,
		quoted:   m.Manufacturer + ",\"" + m.Model + "\"" + hardware + m.Firmware,
		spec:     plain.spec(e.Spec),
		whole:    whole(e.Spec),
		gbcs:     plain.gbcs(e.GBCS),
		smets1:   e.Spec.IsSMETS1(),
		share:    claimed,
	}
	blank, unlisted := p, p
	blank.spec, blank.gbcs, blank.share = "", "", unclaimed
	unlisted.identity = m.Manufacturer + "," + m.Model + hardware + unlistedFirmware
	unlisted.quoted = m.Manufacturer + ",\"" + m.Model + "\"" + hardware + unlistedFirmware
	unlisted.share = strange
	return []product{p, blank, unlisted}
}
