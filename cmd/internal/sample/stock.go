package sample

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/ivp"
)

// product is a model with one firmware, as the texts that a row consists of.
type product struct {
	prefix           string // of its device identifiers
	kind             string
	identity, quoted string // manufacturer to firmware, with a plain model name, and with a comma in it
	spec, wholeSpec  string
	gbcs             string
	smets1           bool
	from, span       int // the days of its lifetime
	share            int
}

// newStock returns all products of the models whose type has pairs.
func newStock(pairs []ivp.Pair, days int) []product {
	byType := map[ivp.DeviceType][]ivp.Pair{}
	for _, p := range sorted(pairs) {
		byType[p.Type] = append(byType[p.Type], p)
	}
	siblings, earlier := count(models), map[ivp.DeviceType]int{}
	var stock []product
	for _, m := range models {
		versions := byType[m.listed]
		from, to := portion(len(versions), earlier[m.listed], siblings[m.listed])
		earlier[m.listed]++
		for rank := from; rank < to; rank++ {
			start, span := lifetime(rank, len(versions), days)
			for _, p := range m.products(versions[rank], rank) {
				p.from, p.span = start, span
				p.share = max(1, p.share/(to-from))
				stock = append(stock, p)
			}
		}
	}
	return stock
}

// sorted returns the pairs from the oldest version to the newest, by their
// numbers.
func sorted(pairs []ivp.Pair) []ivp.Pair {
	return slices.SortedFunc(slices.Values(pairs), func(a, b ivp.Pair) int {
		return cmp.Or(
			cmp.Compare(a.Type, b.Type),
			cmp.Compare(a.Spec.Family, b.Spec.Family), cmp.Compare(a.Spec.Version, b.Spec.Version),
			cmp.Compare(a.GBCS.Version, b.GBCS.Version),
		)
	})
}

func count(models []model) map[ivp.DeviceType]int {
	n := map[ivp.DeviceType]int{}
	for _, m := range models {
		n[m.listed]++
	}
	return n
}

// portion returns which of a type's pairs one of its models has: an equal part
// and the next pair, so that neighbours overlap and none is left out.
func portion(pairs, earlier, siblings int) (from, to int) {
	return pairs * earlier / siblings, min(pairs, pairs*(earlier+1)/siblings+1)
}

// lifetime returns the days in which a version of that rank is installed: half
// the range, starting later for newer versions. In the first sixth of the range
// there are only the few devices dated outside their lifetime.
func lifetime(rank, ranks, days int) (from, span int) {
	from = days * (ranks + 4*rank) / (6 * ranks)
	return from, min(days-from, max(1, days/2))
}

// releases is how many firmwares a model has for one pair of versions. The last
// of them spells versions differently.
const releases = 4

// scale is how many shares a thousandth has, so that it can be divided.
const scale = 20

// products returns the model's firmwares for a pair.
func (m model) products(pair ivp.Pair, rank int) []product {
	all := make([]product, releases)
	for release := range all {
		spelled := m.spelling
		if release == releases-1 {
			spelled = spelled.other()
		}
		rest := fmt.Sprintf("%s,%02X%02X%04X", m.hardware, rank+1, release*8, 0x10*rank+release)
		p := product{
			prefix:    "02-" + m.manufacturer[:2] + "-" + m.manufacturer[2:],
			kind:      m.kind,
			identity:  m.manufacturer + "," + m.name + "," + rest,
			quoted:    m.manufacturer + ",\"" + m.name + ", rev B\"," + rest,
			spec:      spelled.spec(pair.Spec),
			wholeSpec: wholeNumber(pair.Spec),
			gbcs:      spelled.gbcs(pair.GBCS),
			smets1:    pair.Spec.IsSMETS1(),
			share:     m.share * scale / releases,
		}
		if m.noGBCS {
			p.gbcs = ""
		}
		all[release] = p
	}
	return all
}

// model is an invented device model. No manufacturer on the Central Products List
// has an identifier that begins with E.
type model struct {
	manufacturer, name, hardware string
	kind                         string         // the device type as it is written
	listed                       ivp.DeviceType // the type whose pairs it may have
	share                        int            // how common it is, in about thousandths
	spelling                     spelling
	noGBCS                       bool // its GBCS cell is always blank
}

const (
	hubName       = "Communications Hub"
	gasName       = "Gas Smart Meter"
	singleName    = "Single Element Electricity Metering Equipment"
	twinName      = "Twin Element Electricity Metering Equipment"
	polyphaseName = "Polyphase Electricity Metering Equipment"
	switchName    = "HAN Connected Auxiliary Load Control Switch"
	interfaceName = "Pre-Payment Interface Device"
)

var models = []model{
	{"E1A4", "0041", "00AC", "ESME", ivp.SingleElement, 70, plain, false},
	{"E1A4", "0042", "00AD", "ESME", ivp.SingleElement, 50, plain, false},
	{"E20B", "1F07", "0100", "ESME", ivp.SingleElement, 60, bare, false},
	{"E20B", "1F08", "0101", "ESME", ivp.SingleElement, 40, bare, false},
	{"E2C7", "5512", "0003", "ESME", ivp.SingleElement, 50, official, false},
	{"E35D", "A001", "0010", "ESME", ivp.SingleElement, 40, number, false},
	{"E3F0", "00E1", "001E", "ESME", ivp.SingleElement, 40, trailing, false},
	{"E48A", "7730", "0200", singleName, ivp.SingleElement, 12, plain, false},
	{"E1A4", "0047", "00AC", "ESME", ivp.TwinElement, 15, plain, false},
	{"E20B", "1F17", "0100", twinName, ivp.TwinElement, 5, trailing, false},
	{"E2C7", "5521", "0003", "ESME", ivp.Polyphase, 12, official, false},
	{"E48A", "7733", "0200", polyphaseName, ivp.Polyphase, 5, plain, false},
	{"E35D", "A0F1", "0010", "SAPC", ivp.SingleElement, 3, official, false},

	{"E1A4", "0061", "00B0", "GSME", ivp.GSME, 60, plain, false},
	{"E1A4", "0062", "00B1", "GSME", ivp.GSME, 50, plain, false},
	{"E20B", "2A01", "0110", "GSME", ivp.GSME, 50, bare, false},
	{"E2C7", "5601", "0004", "GSME", ivp.GSME, 40, official, false},
	{"E35D", "A101", "0012", "GSME", ivp.GSME, 30, number, false},
	{"E3F0", "01E2", "001F", "GSME", ivp.GSME, 30, trailing, false},
	{"E48A", "7740", "0201", gasName, ivp.GSME, 20, plain, false},
	{"E48A", "7741", "0202", gasName, ivp.GSME, 15, trailing, false},

	{"E51C", "4331", "00AC", "CHF", ivp.CommunicationsHub, 45, plain, false},
	{"E51C", "4331", "00AC", "GPF", ivp.CommunicationsHub, 45, plain, false},
	{"E51C", "4332", "00AD", "CHF", ivp.CommunicationsHub, 25, bare, false},
	{"E51C", "4332", "00AD", "GPF", ivp.CommunicationsHub, 25, bare, false},
	{"E5E6", "0E10", "0020", "CHF", ivp.CommunicationsHub, 20, official, false},
	{"E5E6", "0E10", "0020", "GPF", ivp.CommunicationsHub, 20, official, false},
	{"E51C", "4431", "00AE", hubName, ivp.CommunicationsHub, 25, trailing, false},
	{"E5E6", "0E11", "0021", hubName, ivp.CommunicationsHub, 15, plain, false},

	{"E35D", "B001", "0001", "HCALCS", ivp.HCALCS, 6, official, false},
	{"E2C7", "5701", "0001", "HCALCS", ivp.HCALCS, 4, plain, false},
	{"E48A", "7790", "0001", switchName, ivp.HCALCS, 2, trailing, false},

	{"E3F0", "0901", "0030", "PPMID", ivp.PPMID, 20, plain, false},
	{"E3F0", "0902", "0031", "PPMID", ivp.PPMID, 15, bare, false},
	{"E64F", "C001", "0002", "PPMID", ivp.PPMID, 15, official, false},
	{"E64F", "C002", "0003", interfaceName, ivp.PPMID, 5, trailing, false},

	// These types have no pair on record, but inventories contain them, with the
	// versions of the devices that they came with.
	{"E64F", "D001", "0001", "IHD", ivp.PPMID, 8, plain, true},
	{"E64F", "D002", "0002", "IHD", ivp.PPMID, 4, official, true},
	{"E35D", "D101", "0001", "CAD", ivp.PPMID, 2, plain, true},
}

// How common the devices of one entry are, by how they are written.
const (
	claimed   = 6 // with the version on the list
	unclaimed = 6 // without a version
	strange   = 1 // with firmware that is not on the list
)

// unlistedFirmware is firmware that is not on any list.
const unlistedFirmware = "FFFFFFFE"

// newListedStock returns three products for each entry of a list: the device as
// listed, the same without a version, and one with unlisted firmware. Entries
// marked Removed are as common as others, since inventories contain such devices.
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

// rankSpecs returns the versions of each family, oldest first.
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
		prefix:    "02-" + m.Manufacturer[:2] + "-" + m.Manufacturer[2:],
		kind:      e.Type.Name(),
		identity:  m.Manufacturer + "," + m.Model + hardware + m.Firmware,
		quoted:    m.Manufacturer + ",\"" + m.Model + "\"" + hardware + m.Firmware,
		spec:      plain.spec(e.Spec),
		wholeSpec: wholeNumber(e.Spec),
		gbcs:      plain.gbcs(e.GBCS),
		smets1:    e.Spec.IsSMETS1(),
		share:     claimed,
	}
	blank, unlisted := p, p
	blank.spec, blank.gbcs, blank.share = "", "", unclaimed
	unlisted.identity = m.Manufacturer + "," + m.Model + hardware + unlistedFirmware
	unlisted.quoted = m.Manufacturer + ",\"" + m.Model + "\"" + hardware + unlistedFirmware
	unlisted.share = strange
	return []product{p, blank, unlisted}
}

// spelling is one of the ways in which inventories write versions.
type spelling uint8

const (
	plain    spelling = iota // SMETS V4.2, 3.2
	official                 // SMETS2 v4.2, GBCS v3.2
	trailing                 // as on the Central Products List: "SMETS V4.2 ", "GBCS Version 3.2  "
	bare                     // V4.2, 3.2: the family follows from the type
	number                   // 4.2, 3.2
)

func (s spelling) spec(v ivp.Spec) string {
	switch s {
	case official:
		return v.String()
	case trailing:
		return v.Family.String() + " V" + v.Version + " "
	case bare:
		return "V" + v.Version
	case number:
		return v.Version
	}
	return v.Family.String() + " V" + v.Version
}

func (s spelling) gbcs(v ivp.Spec) string {
	switch s {
	case official:
		return v.String()
	case trailing:
		return "GBCS Version " + v.Version + "  "
	}
	return v.Version
}

// other returns a different spelling. It names the family, so that it can be read
// with any type.
func (s spelling) other() spelling {
	if s == plain {
		return official
	}
	return plain
}

// wholeNumber returns what a spreadsheet makes of a version such as 4.0.
func wholeNumber(v ivp.Spec) string {
	major, _, _ := strings.Cut(v.Version, ".")
	return major
}

// serialBits is the size of the part of a device identifier that differs between
// devices.
const serialBits = 40

// stride is added to a serial number for the next one. Because it is odd, all
// numbers occur before one repeats, and neighbours look different.
const stride = 0x9e3779b97f4a7c15

func (g *generator) nextSerial() uint64 {
	g.serial += stride
	return g.serial
}

// appendDeviceID appends an EUI-64 as eight pairs of hexadecimal digits: three of
// the manufacturer and five of the serial number.
func appendDeviceID(b []byte, prefix string, serial uint64) []byte {
	const hex = "0123456789ABCDEF"
	b = append(b, prefix...)
	for shift := serialBits - 8; shift >= 0; shift -= 8 {
		pair := serial >> shift
		b = append(b, '-', hex[pair>>4&15], hex[pair&15])
	}
	return b
}
