package devices

import (
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

// readSpec reads a cell with the version of a technical specification. A blank cell
// is the zero value.
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

// readGBCS reads a cell with a version of GBCS. A blank cell is the zero value.
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

// ParseTSVersion reads the version of a technical specification, SMETS or CHTS. A
// bare version takes its family from the device type. The error is an
// *[ivp.SpecError].
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

// ParseGBCSVersion reads a version of GBCS, with or without the family. The error is
// an *[ivp.SpecError].
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

// refusedVersion adds a hint to the error of a version: what the text may be. The
// hint is for the message only, it is never assumed as the version.
func refusedVersion(err error) error {
	if fault, ok := err.(*ivp.SpecError); ok && fault.Hint == "" { // not errors.As, which takes a tenth of a row
		return refused{fault}
	}
	return err
}

// refused is the error of a version with a hint. The hint is worked out when the error
// is shown, because few of many errors are.
type refused struct{ fault *ivp.SpecError }

func (r refused) Unwrap() error {
	hinted := *r.fault
	hinted.Hint = versionHint(strings.TrimSpace(r.fault.Text))
	return &hinted
}

func (r refused) Error() string { return r.Unwrap().Error() }

var (
	// meterType is a meter type of registration data: the generation and letters.
	meterType = regexp.MustCompile(`^(?i:S[12][A-Z]{0,4})$`)
	// firmware is a number of three or more parts, or eight hexadecimal digits.
	firmware = regexp.MustCompile(`^(?i:v?\d+(\.\d+){2,}|[0-9a-f]{2}(:?[0-9a-f]{2}){3})$`)
)

// versionHint returns what a text that is not a version may be, or "".
func versionHint(text string) string {
	// A spreadsheet makes 4.2 and 4.20 the fourth of February or the like.
	if day, month, ok := dayInVersion(text); ok {
		return fmt.Sprintf("%d.%d? a spreadsheet may have read it as a date", day, month)
	}
	if meterType.MatchString(text) {
		return "this looks like a meter type, which gives only the generation: the version is in another column"
	}
	if firmware.MatchString(text) {
		return "this looks like a firmware version, which is not the version of a specification"
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
		return fmt.Sprintf("%s? it contains the invisible character %+q", plain, from)
	}
	return fmt.Sprintf("%s? it contains %+q where %q was expected", plain, from, to)
}

// lookAlikes maps characters that look like those of a version to these, and invisible
// characters to 0.
var lookAlikes = map[rune]rune{
	',': '.', '\u00b7': '.', '\u2024': '.', '\u00ad': 0, '\u200b': 0, '\u200c': 0, '\u200d': 0, '\u2060': 0, '\ufeff': 0,
	'\u2010': '-', '\u2011': '-', '\u2012': '-', '\u2013': '-', '\u2014': '-', '\u2212': '-',
	'\u0405': 'S', '\u041c': 'M', '\u0415': 'E', '\u0422': 'T', '\u0421': 'C', '\u041d': 'H', '\u0412': 'B',
	'\u0455': 's', '\u043c': 'm', '\u0435': 'e', '\u0442': 't', '\u0441': 'c', '\u0475': 'v', '\u03bd': 'v',
	'\u039c': 'M', '\u0395': 'E', '\u03a4': 'T', '\u0397': 'H', '\u0392': 'B',
}

// plainLetters replaces lookAlikes in a text, and returns the first replacement. O, l
// and I are replaced by digits after a digit, a point, a comma, a space or a v.
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

// dayAndMonth is a date without a year, as spreadsheets show it.
var dayAndMonth = regexp.MustCompile(`^(\d{1,2})[- /]([A-Za-z]{3,9})$`)

// dayInVersion reads a day and a month from a cell that should be a version.
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

// serialDay reads a spreadsheet's day number. Only days of recent years are read,
// because a spreadsheet adds the current year to a day and a month.
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

// serialZero is day 0 of spreadsheets, correct for days from 1 March 1900.
var serialZero, _ = ivp.NewDate(1899, 12, 30)

// typeSpellings are common spellings of device types, besides the DUIS code and the
// name on the Central Products List. Each spelling means one type. The letters after
// ESME are its variant, on which no answer depends.
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

// TypeSpellings returns the spellings of a device type that are read, its code and its
// name first. Only their letters and digits are compared, without case.
func TypeSpellings(t ivp.DeviceType) []string {
	all := append([]string{t.String(), t.Name()}, typeSpellings[t]...)
	return slices.Compact(all)
}

// typesBySpelling maps the letters and digits of spellings to device types.
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

// ParseDeviceType reads a device type in one of the [TypeSpellings]. Blank text gives
// 0 without an error, other text [ivp.UnknownType] and an error that lists the types.
func ParseDeviceType(text string) (ivp.DeviceType, error) {
	if isBlank(text) {
		return 0, nil
	}
	if t, known := typesBySpelling()[lettersAndDigits(text)]; known {
		return t, nil
	}
	return ivp.ParseDeviceType(text)
}

// isBlank reports whether a cell with a version or a device type gives none.
func isBlank(text string) bool {
	text = strings.TrimSpace(text)
	if len(text) > len("NONE") {
		return false
	}
	switch strings.ToUpper(text) {
	case "", "NONE", "N/A", "-":
		return true
	}
	return false
}

// ParsePence reads an amount in pounds, such as "45", "45.50" or "£1,234.50", and
// returns whole pence. Blank text, a negative amount and parts of a penny are errors.
func ParsePence(text string) (int64, error) {
	wrong := fmt.Errorf("%q is not an amount in pounds: want one such as 45, 45.50 or £1,234.50", text)
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

// mostDevicesCosted is the number of devices with the highest cost that is read whose
// sum does not overflow.
const mostDevicesCosted = 1 << 34

// groupedByThousand reports whether the commas of a number, if any, separate groups of
// three digits. The 1,5 of another country is 1.5.
func groupedByThousand(number string) bool {
	groups := strings.Split(number, ",")
	for n, group := range groups {
		if len(group) == 0 || n > 0 && len(group) != 3 || n == 0 && len(groups) > 1 && len(group) > 3 {
			return false
		}
	}
	return true
}
