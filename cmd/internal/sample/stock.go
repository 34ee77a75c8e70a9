package sample

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/mp196/ivp/ivp"
)

// product is a model with one firmware: what a row copies, ready to be copied.
type product struct {
	prefix           string // of its device identifiers
	kind             string
	identity, quoted string // manufacturer to firmware; the model name plain, or with a comma
	spec, whole      string
	gbcs             string
	smets1           bool
	from, span       int // the days of its time
	share            int
}

// newStock returns every product of the models whose type has pairs.
func newStock(pairs []ivp.Pair, days int) []product {
	byType := map[ivp.DeviceType][]ivp.Pair{}
	for _, p := range sorted(pairs) {
		byType[p.Type] = append(byType[p.Type], p)
	}
	siblings, elder := count(models), map[ivp.DeviceType]int{}
	var stock []product
	for _, m := range models {
		held := byType[m.listed]
		from, to := portion(len(held), elder[m.listed], siblings[m.listed])
		elder[m.listed]++
		for rank := from; rank < to; rank++ {
			start, span := lifetime(rank, len(held), days)
			for _, p := range m.products(held[rank], rank) {
				p.from, p.span = start, span
				p.share = max(1, p.share/(to-from))
				stock = append(stock, p)
			}
		}
	}
	return stock
}

// sorted returns the pairs from the oldest version to the newest, which their
// numbers tell well enough.
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

// portion returns which of a type's pairs one of its models holds: an equal
// part and the next pair, so that neighbours overlap and none is left out.
func portion(pairs, elder, siblings int) (from, to int) {
	return pairs * elder / siblings, min(pairs, pairs*(elder+1)/siblings+1)
}

// lifetime returns the days in which a version of that rank is installed: half
// the range, beginning the later the newer it is. The first sixth of the range
// is left to the few whose date is out of their time.
func lifetime(rank, ranks, days int) (from, span int) {
	from = days * (ranks + 4*rank) / (6 * ranks)
	return from, min(days-from, max(1, days/2))
}

// releases is how many firmwares a model has for one pair of versions. The
// last of them was typed in by someone who spells versions in another way.
const releases = 4

// scale is how many shares a thousandth is, so that it can be divided.
const scale = 20

// products returns the model's firmwares that hold a pair.
func (m model) products(pair ivp.Pair, rank int) []product {
	all := make([]product, releases)
	for release := range all {
		spelled := m.spelling
		if release == releases-1 {
			spelled = spelled.other()
		}
		rest := fmt.Sprintf("%s,%02X%02X%04X", m.hardware, rank+1, release*8, 0x10*rank+release)
		p := product{
			prefix:   "02-" + m.manufacturer[:2] + "-" + m.manufacturer[2:],
			kind:     m.kind,
			identity: m.manufacturer + "," + m.name + "," + rest,
			quoted:   m.manufacturer + ",\"" + m.name + ", rev B\"," + rest,
			spec:     spelled.spec(pair.Spec),
			whole:    whole(pair.Spec),
			gbcs:     spelled.gbcs(pair.GBCS),
			smets1:   pair.Spec.IsSMETS1(),
			share:    m.share * scale / releases,
		}
		if m.noGBCS {
			p.gbcs = ""
		}
		all[release] = p
	}
	return all
}
