package devices

import (
	"errors"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode"

	"github.com/mp196/ivp/ivp"
)

// readSpec reads the version of a technical specification; blank is none.
func readSpec(text string, t ivp.DeviceType) (ivp.Spec, error) {
	if isBlank(text) {
		return ivp.Spec{}, nil
	}
	spec, err := ParseTSVersion(text, t)
	if err != nil {
		return ivp.UnreadableSpec(), err
	}
	return spec, nil
}

// readGBCS reads a version of GBCS; blank is none.
func readGBCS(text string) (ivp.Spec, error) {
	if isBlank(text) {
		return ivp.Spec{}, nil
	}
	spec, err := ParseGBCSVersion(text)
	if err != nil {
		return ivp.UnreadableSpec(), err
	}
	return spec, nil
}

// ParseTSVersion reads the version of a technical specification. One without a
// family takes it from the device type. It fails on a version of GBCS too.
func ParseTSVersion(text string, t ivp.DeviceType) (ivp.Spec, error) {
	spec, err := ivp.ParseSpec(text, t.BareFamily())
	if err != nil {
		return ivp.Spec{}, refusedVersion(err)
	}
	if spec.Family == ivp.GBCS {
		return ivp.Spec{}, &ivp.SpecError{Text: text, Want: "a version of SMETS or CHTS", Hint: "a GBCS version belongs in the GBCS column"}
	}
	return spec, nil
}

// ParseGBCSVersion reads a version of GBCS, with or without the family. It
// fails on a version of another family.
func ParseGBCSVersion(text string) (ivp.Spec, error) {
	spec, err := ivp.ParseSpec(text, ivp.GBCS)
	if err != nil {
		return ivp.Spec{}, refusedVersion(err)
	}
	if spec.Family != ivp.GBCS {
		return ivp.Spec{}, &ivp.SpecError{Text: text, Want: "a version of GBCS such as 3.2", Hint: "a SMETS or CHTS version belongs in the version column"}
	}
	return spec, nil
}

// refusedVersion adds to the error of a version what it may be instead. A version
// is named, never assumed.
func refusedVersion(err error) error {
	var fault *ivp.SpecError
	if !errors.As(err, &fault) || fault.Hint != "" {
		return err
	}
	return refused{fault}
}

// refused is the error of a version with what it may be instead, which is found out
// when it is shown: of many rows few are.
type refused struct{ fault *ivp.SpecError }

// Unwrap returns the error of the version, with the hint.
func (r refused) Unwrap() error {
	hinted := *r.fault
	hinted.Hint = versionHint(strings.TrimSpace(r.fault.Text))
	return &hinted
}

// Error says what was expected, and what the text may be.
func (r refused) Error() string { return r.Unwrap().Error() }

var (
	// meterType is a meter type of registration data: the generation, and letters.
	meterType = regexp.MustCompile(`^(?i:S[12][A-Z]{0,4})$`)
	// firmware is a number of three or more parts, or eight hexadecimal digits.
	firmware = regexp.MustCompile(`^(?i:v?\d+(\.\d+){2,}|[0-9a-f]{2}(:?[0-9a-f]{2}){3})$`)
)

// versionHint says what a text that is no version may be; "" where there is
// nothing to say.
func versionHint(text string) string {
	// A spreadsheet makes 4.2 and 4.20 the fourth of February or the like.
	if day, month, ok := dayInVersion(text); ok {
		return fmt.Sprintf("%d.%d? a spreadsheet may have read it as a date", day, month)
	}
	if meterType.MatchString(text) {
		return "this looks like a meter type, which says the generation alone: the version is in another column"
	}
	if firmware.MatchString(text) {
		return "this looks like a firmware version, which is no version of a specification"
	}
	plain, from, to := plainLetters(text)
	if plain == text {
		return ""
	}
	if spec, err := ivp.ParseSpec(plain, ivp.SMETS); err != nil || spec.IsZero() {
		return ""
	}
	switch {
	case from == ',':
		return fmt.Sprintf("%s? there is a comma where a point was expected", plain)
	case to == 0:
		return fmt.Sprintf("%s? it holds %+q, which does not show", plain, from)
	}
	return fmt.Sprintf("%s? it holds %+q where %q was expected", plain, from, to)
}

// lookAlikes are characters that look like those of a version, or do not show;
// they stand for these, and for nothing where it is 0.
var lookAlikes = map[rune]rune{
	',': '.', '\u00b7': '.', '\u2024': '.', '\u00ad': 0, '\u200b': 0, '\u200c': 0, '\u200d': 0, '\u2060': 0, '\ufeff': 0,
	'\u2010': '-', '\u2011': '-', '\u2012': '-', '\u2013': '-', '\u2014': '-', '\u2212': '-',
	'\u0405': 'S', '\u041c': 'M', '\u0415': 'E', '\u0422': 'T', '\u0421': 'C', '\u041d': 'H', '\u0412': 'B',
	'\u0455': 's', '\u043c': 'm', '\u0435': 'e', '\u0442': 't', '\u0441': 'c', '\u0475': 'v', '\u03bd': 'v',
	'\u039c': 'M', '\u0395': 'E', '\u03a4': 'T', '\u0397': 'H', '\u0392': 'B',
}

// plainLetters returns a text with the characters of a version in the place of
// those that look like them, and the first that it replaced. O, l and I are
// replaced where a digit was expected: beside a point, or another such letter
// or digit.
func plainLetters(text string) (plain string, from, to rune) {
	runes := []rune(text)
	var b strings.Builder
	for i, r := range runes {
		instead, found := lookAlikes[r]
		if !found && r >= 0xff01 && r <= 0xff5e { // of full width
			instead, found = r-0xff01+'!', true
		}
		if !found && i > 0 && (strings.ContainsRune(".,0123456789 ", runes[i-1]) || unicode.ToLower(runes[i-1]) == 'v') {
			switch r {
			case 'O', 'o':
				instead, found = '0', true
			case 'l', 'I', '|':
				instead, found = '1', true
			}
		}
		if !found {
			b.WriteRune(r)
			continue
		}
		if from == 0 {
			from, to = r, instead
		}
		if instead != 0 {
			b.WriteRune(instead)
		}
	}
	return b.String(), from, to
}

// dayAndMonth is a date as a spreadsheet shows one without a year.
var dayAndMonth = regexp.MustCompile(`^(\d{1,2})[- /]([A-Za-z]{3,9})$`)

// dayInVersion reads a day and a month in the place of a version.
func dayInVersion(text string) (day, month int, ok bool) {
	if m := dayAndMonth.FindStringSubmatch(text); m != nil {
		day, _ := strconv.Atoi(m[1])
		month, ok := monthNamed(m[2])
		return day, int(month), ok && day >= 1 && day <= 31
	}
	on, err := ReadDate(text, DayFirst)
	if err != nil || !on.Valid() {
		if on, ok = serialDay(text); !ok {
			return 0, 0, false
		}
	}
	_, of, day := on.Civil()
	return day, int(of), true
}

// serialDay reads a spreadsheet's day number, of the days that a version may
// have been taken for: those of the years about now.
func serialDay(text string) (ivp.Date, bool) {
	n, err := strconv.Atoi(text)
	if err != nil || n < firstSerial || n > lastSerial {
		return ivp.Date{}, false
	}
	return serialZero.AddDays(n), true
}

const (
	firstSerial = 36526 // 1 January 2000
	lastSerial  = 54788 // 31 December 2049
)

// serialZero is the day before the first by the count of spreadsheets, as it
// holds since 1 March 1900.
var serialZero, _ = ivp.NewDate(1899, 12, 30)

// typeSpellings are the ways in which people write device types, besides the
// DUIS code and the name on the Central Products List. Each means one type
// alone. The letters that some write after ESME are its variant, on which no
// answer depends.
var typeSpellings = map[ivp.DeviceType][]string{
	ivp.ESME: {
		"Electricity Meter", "Electric Meter", "Elec Meter", "Smart Electricity Meter", "Smart Electric Meter",
		"Electricity Smart Meter", "Electric Smart Meter", "Electricity Metering Equipment",
		"ESME (A)", "ESME (B)", "ESME (C)", "ESME (D)", "ESME (AD)", "ESME (AE)", "ESME (ADE)", "ESME (BD)", "ESME (BE)", "ESME (BDE)", "ESME (CD)", "ESME (CE)", "ESME (CDE)",
	},
	ivp.SingleElement: {"Single Element", "Single Element ESME", "Single Element Meter", "Single Element Electricity Meter", "ESME Single Element"},
	ivp.TwinElement:   {"Twin Element", "Twin Element ESME", "Twin Element Meter", "Twin Element Electricity Meter", "ESME Twin Element"},
	ivp.Polyphase:     {"Polyphase", "Polyphase ESME", "Polyphase Meter", "Polyphase Electricity Meter", "ESME Polyphase"},
	ivp.SAPC:          {"Standalone APC"},
	ivp.GSME:          {"Gas Meter", "Smart Gas Meter", "Gas Smart Metering Equipment", "Gas Metering Equipment"},
	ivp.CommunicationsHub: {
		"Comms Hub", "Comm Hub", "Communication Hub", "CH", "Smart Comms Hub",
		"Single Band CH", "Single Band Comms Hub", "Single Band Communications Hub", "SBCH",
		"Dual Band CH", "Dual Band Comms Hub", "Dual Band Communications Hub", "DBCH", "4G CH", "4G Comms Hub", "4G Communications Hub",
	},
	ivp.CHF:    {"Comms Hub Function", "Communication Hub Function"},
	ivp.HCALCS: {"ALCS", "HAN Connected ALCS", "Auxiliary Load Control Switch"},
	ivp.PPMID:  {"Prepayment Meter Interface Device", "Prepayment Interface"},
	ivp.IHD:    {"In Home Display Unit"},
}

// TypeSpellings returns the ways to write a device type that are read: its code
// and its name first. They are compared by their letters and digits alone,
// without case.
func TypeSpellings(t ivp.DeviceType) []string {
	all := append([]string{t.String(), t.Name()}, typeSpellings[t]...)
	return slices.Compact(all)
}

// typesBySpelling gives, for a spelling as it is compared, the device type.
var typesBySpelling = sync.OnceValue(func() map[string]ivp.DeviceType {
	types := map[string]ivp.DeviceType{}
	for _, t := range ivp.DeviceTypes() {
		for _, written := range TypeSpellings(t) {
			types[lettersAndDigits(written)] = t
		}
	}
	return types
})

func lettersAndDigits(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, text)
}

// ParseDeviceType reads a device type as people write it: see [TypeSpellings].
// Blank text is no type and no error. Other text gives [ivp.UnknownType] and an
// error that lists the types.
func ParseDeviceType(text string) (ivp.DeviceType, error) {
	if isBlank(text) {
		return 0, nil
	}
	if t, known := typesBySpelling()[lettersAndDigits(text)]; known {
		return t, nil
	}
	return ivp.ParseDeviceType(text)
}

// isBlank reports whether the text of a version, a GBCS version or a device type
// is none: it is empty, or says so.
func isBlank(text string) bool {
	switch strings.ToUpper(strings.TrimSpace(text)) {
	case "", "NONE", "N/A", "-":
		return true
	}
	return false
}

// ParsePence reads an amount of pounds, such as "45", "45.50" or "£1,234.50",
// as whole pence. Blank is not an amount. It fails on a negative amount, on
// parts of a penny, and on anything else.
func ParsePence(text string) (int64, error) {
	wrong := fmt.Errorf("%q is no amount of pounds: want one such as 45, 45.50 or £1,234.50", text)
	amount := strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(text), "£"))
	pounds, pence, parted := strings.Cut(amount, ".")
	if parted && (len(pence) < 1 || len(pence) > 2) || !groupedByThousand(pounds) {
		return 0, wrong
	}
	whole := strings.ReplaceAll(pounds, ",", "") + (pence + "00")[:2]
	for _, c := range []byte(whole) {
		if c < '0' || c > '9' {
			return 0, wrong
		}
	}
	n, err := strconv.ParseInt(whole, 10, 64)
	if err != nil || n > math.MaxInt64/mostDevicesCosted {
		return 0, wrong
	}
	return n, nil
}

// mostDevicesCosted is how many devices can cost the most that is read without
// their sum overflowing.
const mostDevicesCosted = 1 << 34

// groupedByThousand reports whether the commas of a number, if it has any, stand
// between groups of three digits: 1,5 is no thousand, but another country's 1.5.
func groupedByThousand(number string) bool {
	groups := strings.Split(number, ",")
	for n, group := range groups {
		if len(group) == 0 || n > 0 && len(group) != 3 || n == 0 && len(groups) > 1 && len(group) > 3 {
			return false
		}
	}
	return true
}
