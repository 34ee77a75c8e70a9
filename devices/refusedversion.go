package devices

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode"

	"github.com/mp196/ivp/ivp"
)

// refusedVersion adds to the error of a version what it may be instead. A version
// is named, never assumed.
func refusedVersion(text string, err error) error {
	var fault *ivp.SpecError
	if !errors.As(err, &fault) || fault.Hint != "" {
		return err
	}
	told := *fault
	told.Hint = versionHint(strings.TrimSpace(text))
	return &told
}

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
