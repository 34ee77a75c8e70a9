package ivp

import (
	"cmp"
	"fmt"
	"strings"
)

// Family is the specification that a version belongs to. The zero value is none.
type Family uint8

// The families of versions in the Tables.
const (
	// SMETS is the Smart Metering Equipment Technical Specifications of every
	// generation, with their parts for HCALCS, PPMID and IHD.
	SMETS Family = iota + 1
	// CHTS is the Communications Hub Technical Specifications.
	CHTS
	// GBCS is the Great Britain Companion Specification, the protocol of a device.
	// A device has a version of SMETS or CHTS and a version of GBCS.
	GBCS
	unreadableFamily
)

var familyNames = [...]string{"", "SMETS", "CHTS", "GBCS", "unreadable"}

// String returns "SMETS", "CHTS" or "GBCS". It returns "" for the zero value.
func (f Family) String() string {
	if int(f) < len(familyNames) {
		return familyNames[f]
	}
	return fmt.Sprintf("Family(%d)", uint8(f))
}

// Spec is one version of a specification. The zero value is none. Specs are
// comparable with ==.
type Spec struct {
	Family Family
	// Version is a name, not a number: "4.20" is not "4.2".
	Version string
}

// UnreadableSpec returns the mark of a version that was given but could not be
// read. The answer for a device with this version is bad-version.
func UnreadableSpec() Spec { return Spec{Family: unreadableFamily} }

// IsZero reports whether s is no version.
func (s Spec) IsZero() bool { return s == Spec{} }

// IsUnreadable reports whether s is the mark that [UnreadableSpec] returns.
func (s Spec) IsUnreadable() bool { return s.Family == unreadableFamily }

// NoGBCS reports whether s is GBCS 0.0, the mark that SECAS uses for "SMETS1: no
// GBCS".
func (s Spec) NoGBCS() bool { return s.Family == GBCS && s.Version == "0.0" }

// IsSMETS1 reports whether s is a SMETS version of the first generation, 1.0 to
// 1.9. SMETS V1.58, a draft of SMETS2 of 2014, is not.
func (s Spec) IsSMETS1() bool {
	return s.Family == SMETS && len(s.Version) == 3 && strings.HasPrefix(s.Version, "1.")
}

// String returns the version in its usual form: "SMETS2 v4.2", "SMETS1 v1.2",
// "CHTS v1.0", "GBCS v3.2". A SMETS version of neither generation has no
// generation in its text: "SMETS v1.58". String returns "" for the zero value.
func (s Spec) String() string {
	if s.IsZero() || s.IsUnreadable() {
		return s.Family.String()
	}
	return s.Family.String() + s.generation() + " v" + s.Version
}

func (s Spec) generation() string {
	switch {
	case s.Family != SMETS:
		return ""
	case s.IsSMETS1():
		return "1"
	case s.Version == "" || s.Version[0] == '0' || strings.HasPrefix(s.Version, "1."):
		return ""
	}
	return "2"
}

// MarshalText returns what String returns; it never fails.
func (s Spec) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads a version as [ParseSpec] does, and empty text as no
// version.
func (s *Spec) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*s = Spec{}
		return nil
	}
	parsed, err := ParseSpec(string(text), 0)
	if err != nil {
		return err
	}
	*s = parsed
	return nil
}

// CompareSpecs is a comparison function for slices.SortFunc. It orders versions
// by family (SMETS, CHTS, GBCS), then by the two numbers of the version, then by
// its text.
func CompareSpecs(a, b Spec) int {
	if a.Family != b.Family {
		return int(a.Family) - int(b.Family)
	}
	aMajor, aMinor := versionParts(a.Version)
	bMajor, bMinor := versionParts(b.Version)
	switch {
	case aMajor != bMajor:
		return aMajor - bMajor
	case aMinor != bMinor:
		return aMinor - bMinor
	}
	return strings.Compare(a.Version, b.Version)
}

func versionParts(version string) (major, minor int) {
	first, second, _ := strings.Cut(version, ".")
	major, _ = digits(first)
	minor, _ = digits(second)
	return major, minor
}

// SpecError says why a text is not a version, and what to do about it.
type SpecError struct {
	Text string // the text that was given
	Want string // what was expected
	Hint string // the probable cause, or what to do next; may be empty
}

// Error returns the whole message in one line.
func (e *SpecError) Error() string {
	msg := fmt.Sprintf("%q is not a version: want %s", clip(e.Text), e.Want)
	if e.Hint != "" {
		msg += "; " + e.Hint
	}
	return msg
}

// Unwrap returns [ErrBadVersion].
func (e *SpecError) Unwrap() error { return ErrBadVersion }

// ParseSpec reads a version in any of the usual forms: "SMETS2 v4.2",
// "SMETS V4.2 ", "SMETS2+ v4.2", "SMETS2-4.2", "SMETS2 (4.2)", "SMETS2 v.4.2",
// "CHTS V1.0", "GBCS Version 3.2". It ignores case and outer spaces. A version
// without a family, "V4.2" or "4.2", belongs to the family bare; it is an error
// if bare is zero. Every error is a [*SpecError].
func ParseSpec(text string, bare Family) (Spec, error) {
	trimmed := strings.TrimSpace(text)
	family, rest := cutFamily(trimmed)
	number, generation, ok := cutNumber(rest, family)
	refuse := func(want, hint string) (Spec, error) {
		return Spec{}, &SpecError{Text: text, Want: want, Hint: hint}
	}
	switch {
	case !ok:
		return refuse(wantVersion(family, bare), "")
	case number == "" && family != 0:
		return refuse("a version number after "+family.String()+generation, "the family alone does not say which version")
	case number == "" || !strings.Contains(number, "."):
		return refuse(wantVersion(family, bare), wholeNumberHint(number, cmp.Or(family, bare)))
	case family == 0 && bare == 0:
		return refuse("the family before the number, as in SMETS2 v4.2", "the device type does not say which family a version without one belongs to")
	}
	if family == 0 {
		family = bare
	}
	spec := Spec{family, number}
	if generation != "" && generation != spec.generation() {
		return refuse("a number of generation "+family.String()+generation, "v"+number+" contradicts "+family.String()+generation)
	}
	return spec, nil
}

func wantVersion(family, bare Family) string {
	switch {
	case family == GBCS || family == 0 && bare == GBCS:
		return "a version such as GBCS v3.2 or 3.2"
	case family == CHTS || family == 0 && bare == CHTS:
		return "a version such as CHTS v1.3"
	}
	return "a version such as SMETS2 v4.2 or CHTS v1.3"
}

// wholeNumberHint says what a number without a point may mean. Only SMETS has
// generations.
func wholeNumberHint(number string, family Family) string {
	switch {
	case number == "":
		return ""
	case (number == "1" || number == "2") && (family == SMETS || family == 0):
		return number + " may be the generation, SMETS" + number + ", which is not a version; or " + number + ".0, of which a spreadsheet has dropped the .0"
	}
	return number + ".0? a spreadsheet may have dropped the .0"
}

// cutFamily splits a leading family name off s.
func cutFamily(s string) (Family, string) {
	for f := SMETS; f <= GBCS; f++ {
		name := f.String()
		if len(s) >= len(name) && strings.EqualFold(s[:len(name)], name) {
			return f, s[len(name):]
		}
	}
	return 0, s
}

// cutNumber reads the text after the family: an optional generation (SMETS
// only), an optional hyphen or brackets, an optional "v", "v.", "ver", "ver."
// or "version", and the number, which is empty if there is none. ok is false
// for any other text.
func cutNumber(s string, family Family) (number, generation string, ok bool) {
	s = strings.TrimSpace(s)
	if family == SMETS {
		generation, s = cutGeneration(s)
		s = strings.TrimSpace(s)
	}
	if family != 0 {
		s = cutBrackets(s)
	}
	for _, word := range []string{"version", "ver.", "ver", "v.", "v"} {
		if rest, found := cutWord(s, word); found {
			s = rest
			break
		}
	}
	s = strings.TrimSpace(s)
	return s, generation, s == "" || isVersionName(s)
}

// cutBrackets removes a hyphen before the version, or brackets around it.
func cutBrackets(s string) string {
	if rest, found := strings.CutPrefix(s, "-"); found && rest != "" {
		return strings.TrimSpace(rest)
	}
	if inner, found := strings.CutPrefix(s, "("); found {
		if inner, found = strings.CutSuffix(inner, ")"); found && inner != "" {
			return strings.TrimSpace(inner)
		}
	}
	return s
}

// cutGeneration splits the generation of SMETS1, SMETS2 or SMETS2+ off s. In
// SMETS 2.0 the 2 is not a generation, but the first part of the version.
func cutGeneration(s string) (generation, rest string) {
	if s == "" || (s[0] != '1' && s[0] != '2') {
		return "", s
	}
	rest = s[1:]
	if s[0] == '2' {
		rest = strings.TrimPrefix(rest, "+")
	}
	if rest != "" && (rest[0] == '.' || rest[0] >= '0' && rest[0] <= '9') {
		return "", s
	}
	return s[:1], rest
}

func cutWord(s, word string) (rest string, found bool) {
	if len(s) < len(word) || !strings.EqualFold(s[:len(word)], word) {
		return s, false
	}
	return s[len(word):], true
}

// isVersionName reports whether s is one to three digits, optionally followed by
// a point and one to three digits.
func isVersionName(s string) bool {
	major, minor, pointed := strings.Cut(s, ".")
	return isNumeral(major) && (!pointed || isNumeral(minor)) && (len(major) == 1 || major[0] != '0')
}

func isNumeral(s string) bool {
	if len(s) < 1 || len(s) > 3 {
		return false
	}
	_, ok := digits(s)
	return ok
}
