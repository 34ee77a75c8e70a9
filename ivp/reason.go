package ivp

import "fmt"

// Outcome is the answer in one word. The zero value is Undetermined.
type Outcome uint8

// The three outcomes.
const (
	Undetermined Outcome = iota
	NotEligible
	Eligible
)

var outcomeNames = [...]string{"undetermined", "not_eligible", "eligible"}

// Outcomes returns the three outcomes, Eligible first and Undetermined last.
func Outcomes() []Outcome { return []Outcome{Eligible, NotEligible, Undetermined} }

// String returns "eligible", "not_eligible" or "undetermined".
func (o Outcome) String() string {
	if int(o) < len(outcomeNames) {
		return outcomeNames[o]
	}
	return outcomeNames[Undetermined]
}

// MarshalText returns what String returns; it never fails.
func (o Outcome) MarshalText() ([]byte, error) { return []byte(o.String()), nil }

// UnmarshalText reads the text that String returns.
func (o *Outcome) UnmarshalText(text []byte) error {
	for i, name := range outcomeNames {
		if name == string(text) {
			*o = Outcome(i)
			return nil
		}
	}
	return fmt.Errorf("%q is not an outcome: want eligible, not_eligible or undetermined", clip(string(text)))
}

// Reason says why the outcome is what it is. Each reason has one outcome. The
// zero value means that nothing was judged; its outcome is Undetermined.
type Reason uint8

// The reasons; [Reason.Sentence] says what each means. WithinPeriod is eligible;
// BeforeStart, AfterEnd, GBCSEnded and RemovedFromCPL are not eligible; all
// others are undetermined. A [Checker] gives no reason that needs a Central
// Products List, and no BadRow: these are for inventories of devices.
const (
	WithinPeriod Reason = iota + 1
	BeforeStart
	AfterEnd
	GBCSEnded
	RemovedFromCPL
	NotListed
	BeyondRecord
	GBCSBeyondRecord
	Unsettled
	UnknownScope
	UnlistedPair
	UnknownDeviceType
	NotOnCPL
	AmbiguousModel
	CPLConflict
	NoVersion
	BadVersion
	NoDate
	BadDate
	BadRow
	reasonCount = iota
)

// reasonFact is a row of the table of reasons, the only place in which they are
// described.
type reasonFact struct {
	name     string
	outcome  Outcome
	phrase   string
	sentence string
	// needsCPL is true for reasons that occur only if devices are looked up in a
	// Central Products List.
	needsCPL bool
}

var reasonFacts = [...]reasonFact{
	WithinPeriod:      {"within-period", Eligible, "inside its period", "The day is inside the version's installation validity period.", false},
	BeforeStart:       {"before-start", NotEligible, "before its period starts", "The day is before the version's installation validity period starts.", false},
	AfterEnd:          {"after-end", NotEligible, "after its period ended", "The day is after the version's installation validity period ended.", false},
	GBCSEnded:         {"gbcs-ended", NotEligible, "GBCS version no longer applies", "The day is after the device's GBCS version stopped applying.", false},
	RemovedFromCPL:    {"removed-from-cpl", NotEligible, "removed from the Central Products List", "Every entry of the Central Products List that fits the device is marked Removed.", true},
	NotListed:         {"not-listed", Undetermined, "version in no table of this date", "No table on record lists the version on that day.", false},
	BeyondRecord:      {"beyond-record", Undetermined, "rules not known for this date", "The day lies outside what the record vouches for; the bound that matters is not on record.", false},
	GBCSBeyondRecord:  {"gbcs-beyond-record", Undetermined, "rules of the GBCS version not known for this date", "The day lies outside what the record vouches for of the device's GBCS version; the bound that matters is not on record.", false},
	Unsettled:         {"unsettled", Undetermined, "sources differ on the rules of this date", "The record admits several readings on that day, and they give different answers.", false},
	UnknownScope:      {"unknown-scope", Undetermined, "scope in no rule of this date", "No rule of that day names the device's scope, and the answer depends on the scope.", false},
	UnlistedPair:      {"unlisted-pair", Undetermined, "no permitted pair on record", "No permitted pair on record fits the device's type, version and GBCS version together.", false},
	UnknownDeviceType: {"unknown-type", Undetermined, "device type not known", "A device type is given that is not known.", false},
	NotOnCPL:          {"not-on-cpl", Undetermined, "model not on the Central Products List", "No entry of the Central Products List fits the device.", true},
	AmbiguousModel:    {"ambiguous-model", Undetermined, "model with entries that give different answers", "Several entries of the Central Products List fit the device, and they give different answers.", true},
	CPLConflict:       {"cpl-conflict", Undetermined, "version differs from the Central Products List", "The version claimed and the version on the Central Products List give different answers.", true},
	NoVersion:         {"no-version", Undetermined, "no version given", "The row gives no specification version.", false},
	BadVersion:        {"bad-version", Undetermined, "version cannot be read", "A version is given that cannot be read.", false},
	NoDate:            {"no-date", Undetermined, "no installation date given", "The row gives no installation date.", false},
	BadDate:           {"bad-date", Undetermined, "installation date cannot be read", "An installation date is given that cannot be read.", false},
	BadRow:            {"bad-row", Undetermined, "row cannot be read", "The row is malformed, or has more or fewer cells than the heading.", false},
}

// Reasons returns every reason, in the order of the constants.
func Reasons() []Reason {
	all := make([]Reason, 0, reasonCount)
	for r := WithinPeriod; int(r) <= reasonCount; r++ {
		all = append(all, r)
	}
	return all
}

func (r Reason) fact() reasonFact {
	if int(r) < len(reasonFacts) {
		return reasonFacts[r]
	}
	return reasonFact{}
}

// Outcome returns the outcome of the reason.
func (r Reason) Outcome() Outcome { return r.fact().outcome }

// Phrase returns the reason in a few plain words, for people: "rules not known for
// this date" for beyond-record. It returns "" for the zero value.
func (r Reason) Phrase() string { return r.fact().phrase }

// Sentence returns a sentence that says what the reason means.
func (r Reason) Sentence() string { return r.fact().sentence }

// NeedsCPL reports whether the reason occurs only if devices are looked up in a
// Central Products List.
func (r Reason) NeedsCPL() bool { return r.fact().needsCPL }

// String returns the name of the reason, such as "within-period". It returns ""
// for the zero value.
func (r Reason) String() string { return r.fact().name }

// MarshalText returns what String returns; it never fails.
func (r Reason) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// UnmarshalText reads the text that String returns.
func (r *Reason) UnmarshalText(text []byte) error {
	for _, candidate := range Reasons() {
		if candidate.String() == string(text) {
			*r = candidate
			return nil
		}
	}
	return fmt.Errorf("%q is not a reason", clip(string(text)))
}
