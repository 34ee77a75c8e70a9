package sample

import (
	"strings"

	"github.com/mp196/ivp/ivp"
)

// spelling is a way to write versions, of which inventories have many.
type spelling uint8

const (
	plain    spelling = iota // SMETS V4.2, 3.2
	official                 // SMETS2 v4.2, GBCS v3.2
	trailing                 // as the Central Products List does: "SMETS V4.2 ", "GBCS Version 3.2  "
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

// other is another spelling. It names the family, so that it can be read beside
// any type.
func (s spelling) other() spelling {
	if s == plain {
		return official
	}
	return plain
}

// whole is what a spreadsheet leaves of a version such as 4.0.
func whole(v ivp.Spec) string {
	major, _, _ := strings.Cut(v.Version, ".")
	return major
}
