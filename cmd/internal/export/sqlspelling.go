package export

import (
	"fmt"
	"slices"
	"strings"

	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/ivp"
)

// spelling is one way to write a name, in capitals and without outer spaces, as
// the view compares.
type spelling struct{ written, meant string }

// bareSpelling is a way to write a version of a technical specification for a
// device whose type gives a bare version its family.
type bareSpelling struct {
	family ivp.Family
	spelling
}

// reader reads the cells of a device as the library reads those of an inventory.
type reader struct{ columns devices.Columns }

func newReader() (reader, error) {
	columns, err := devices.MapColumns([]string{"device_type", "spec", "gbcs", "install_date", "scope"}, devices.ColumnOptions{})
	return reader{columns}, err
}

func (r reader) read(kind, spec, gbcs, scope string) ivp.Installation {
	return r.columns.Device([]string{kind, spec, gbcs, "", scope}).Installation
}

// blanks are the ways to write a blank. The tables contain those that the library
// reads as one.
var blanks = []string{"", "NONE", "N/A", "-"}

// kindSpellings returns the ways to write a device type.
func (r reader) kindSpellings() []spelling {
	candidates := slices.Clone(blanks)
	for _, t := range ivp.DeviceTypes() {
		candidates = append(candidates, devices.TypeSpellings(t)...)
	}
	return spellings(candidates, func(text string) (string, bool) {
		t := r.read(text, "", "", "").Type
		return t.String(), t != ivp.UnknownType
	})
}

// specSpellings returns the ways to write a version of a technical specification
// on record, for each family that a type may give to a bare version, and for
// none.
func (r reader) specSpellings(h ivp.History) (all []bareSpelling) {
	candidates := versions(h, func(f ivp.Family) bool { return f != ivp.GBCS }, "SMETS2", "SMETS2+", "SMETS1", "SMETS", "CHTS", "")
	families := map[ivp.Family]bool{}
	for _, t := range append([]ivp.DeviceType{0}, ivp.DeviceTypes()...) {
		family := t.BareFamily()
		if families[family] {
			continue
		}
		families[family] = true
		for _, s := range spellings(candidates, func(text string) (string, bool) {
			s := r.read(t.String(), text, "", "").Spec
			return s.String(), s.IsZero() || slices.Contains(h.Specs(), s)
		}) {
			all = append(all, bareSpelling{family, s})
		}
	}
	return all
}

// gbcsSpellings returns the ways to write a version of GBCS on record.
func (r reader) gbcsSpellings(h ivp.History) []spelling {
	candidates := versions(h, func(f ivp.Family) bool { return f == ivp.GBCS }, "GBCS", "")
	return spellings(candidates, func(text string) (string, bool) {
		s := r.read("", "", text, "").GBCS
		return s.String(), s.IsZero() || s.NoGBCS() || slices.Contains(h.Specs(), s)
	})
}

// scopeSpellings returns the ways to write a scope on record. Some engines
// capitalise only ASCII letters: their spelling is included too, or a device
// would be judged outside its scope.
func (r reader) scopeSpellings(h ivp.History) []spelling {
	candidates := []string{""}
	for _, scope := range h.Scopes() {
		candidates = append(candidates, scope, asciiUpper(scope))
	}
	return spellings(candidates, func(text string) (string, bool) {
		scope := r.read("", "", "", text).Scope
		at := slices.IndexFunc(h.Scopes(), func(named string) bool { return strings.EqualFold(named, scope) })
		if at < 0 {
			return "", scope == ""
		}
		return h.Scopes()[at], true
	})
}

// spellings returns the candidates that the library can read, sorted and without
// duplicates.
func spellings(candidates []string, read func(text string) (name string, ok bool)) (all []spelling) {
	for _, text := range candidates {
		for _, written := range []string{strings.ToUpper(text), asciiUpper(text)} {
			written = strings.TrimSpace(written)
			if name, ok := read(written); ok {
				all = append(all, spelling{written, name})
			}
		}
	}
	slices.SortFunc(all, func(a, b spelling) int { return strings.Compare(a.written, b.written) })
	return slices.Compact(all)
}

// versions returns the ways in which people and programs write the versions of
// some families, and blanks. The library may not read all of them.
func versions(h ivp.History, wanted func(ivp.Family) bool, families ...string) []string {
	all := slices.Clone(blanks)
	for _, s := range append(h.Specs(), noGBCS) {
		if !wanted(s.Family) {
			continue
		}
		for _, family := range families {
			for _, pattern := range []string{"%s%s", "%s %s", "%s-%s", "%s (%s)", "%sV%s", "%s V%s", "%sV.%s", "%s V.%s", "%s VERSION %s", "%sVERSION %s"} {
				all = append(all, fmt.Sprintf(pattern, family, s.Version))
			}
		}
	}
	return all
}

// asciiUpper capitalises ASCII letters.
func asciiUpper(text string) string {
	return strings.Map(func(r rune) rune {
		if 'a' <= r && r <= 'z' {
			r -= 'a' - 'A'
		}
		return r
	}, text)
}

// The shapes of versions, with 9 for each digit, by which the view recognises
// versions that are not on record. It cannot read others.
var (
	specShapes = shapes("CHTS V", "SMETS V", "SMETS9 V", "V", "")
	gbcsShapes = shapes("GBCS V", "V", "")
)

func shapes(prefixes ...string) (all []string) {
	for _, prefix := range prefixes {
		for major := 1; major <= 3; major++ {
			for minor := 1; minor <= 3; minor++ {
				all = append(all, prefix+strings.Repeat("9", major)+"."+strings.Repeat("9", minor))
			}
		}
	}
	return all
}
