package warehouse

import (
	"slices"
	"strings"

	"github.com/mp196/ivp/ivp"
)

// spelling is one way to write a name. What is written is compared in capitals
// and without outer spaces.
type spelling struct {
	what    string // type, spec, gbcs or scope
	of      string // the device type that a bare version belongs to; empty for any
	written string
	meant   string
}

// spellings are the ways to write what is on record that people and programs
// use. Each is one that the library reads so.
func spellings(h ivp.History) (all []spelling) {
	for _, t := range ivp.DeviceTypes() {
		for _, written := range []string{t.String(), t.Name()} {
			all = append(all, spelling{"type", "", strings.ToUpper(written), t.String()})
		}
	}
	for _, scope := range h.Scopes() {
		for _, written := range []string{strings.ToUpper(scope), asciiUpper(scope)} {
			all = append(all, spelling{"scope", "", strings.TrimSpace(written), scope})
		}
	}
	for _, s := range append(h.Specs(), ivp.Spec{Family: ivp.GBCS, Version: "0.0"}) {
		if s.Family == ivp.GBCS {
			all = append(all, spelled("gbcs", "", s, ivp.GBCS, "GBCS", "")...)
			continue
		}
		all = append(all, spelled("spec", "", s, 0, "SMETS2", "SMETS2+", "SMETS1", "SMETS", "CHTS")...)
		for _, t := range ivp.DeviceTypes() {
			all = append(all, spelled("spec", t.String(), s, t.BareFamily(), "")...)
		}
	}
	slices.SortFunc(all, func(a, b spelling) int {
		return strings.Compare(a.what+"|"+a.of+"|"+a.written, b.what+"|"+b.of+"|"+b.written)
	})
	return slices.Compact(all)
}

// spelled returns the spellings of a version that the library reads as it.
func spelled(what, of string, s ivp.Spec, bare ivp.Family, families ...string) (all []spelling) {
	for _, family := range families {
		for _, word := range []string{"V", " V", "VERSION ", " VERSION ", "", " "} {
			written := strings.TrimSpace(family + word + s.Version)
			if read, err := ivp.ParseSpec(written, bare); err == nil && read == s {
				all = append(all, spelling{what, of, written, s.String()})
			}
		}
	}
	return all
}

// asciiUpper writes a text in capitals as engines do that know those of ASCII
// alone: what they leave small must be found too, or a device would be judged
// outside of its scope.
func asciiUpper(text string) string {
	return strings.Map(func(r rune) rune {
		if 'a' <= r && r <= 'z' {
			r -= 'a' - 'A'
		}
		return r
	}, text)
}
