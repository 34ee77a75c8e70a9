package xlsx

import "strings"

// builtinShowsDay reports whether a number format without a code of its own
// shows a day. Formats 27 to 36 and 50 to 58 are those of East Asia; of these 32
// and 33 show a time of day in every language, as 18 to 21 and 45 to 47 do.
func builtinShowsDay(format int) bool {
	switch {
	case format == 32 || format == 33:
		return false
	case format >= 14 && format <= 17, format == 22, format >= 27 && format <= 36, format >= 50 && format <= 58:
		return true
	}
	return false
}

// showsDay reports whether the code of a number format shows a number as a day,
// with or without a time. A time of day or a duration alone is no day.
func showsDay(code string) bool {
	for _, section := range strings.Split(bareCode(code), ";") {
		if sectionShowsDay(section) {
			return true
		}
	}
	return false
}

// bareCode returns the letters of a format's code that stand for something, in
// lower case: no quoted text, no escaped character, no colour or language. What
// is counted in brackets, as in [h], is kept.
func bareCode(code string) string {
	var bare strings.Builder
	code = strings.ToLower(code)
	for i := 0; i < len(code); i++ {
		switch code[i] {
		case '\\', '_', '*': // the next character is itself, a width or a filling
			i++
		case '"':
			i += until(code[i+1:], '"')
		case '[':
			end := until(code[i+1:], ']')
			bare.WriteString(elapsed(code[i+1 : i+end]))
			i += end
		default:
			bare.WriteByte(code[i])
		}
	}
	return words.Replace(bare.String())
}

// words are the words of a code: those of the halves of a day, which go with
// hours, and the one of a plain number.
var words = strings.NewReplacer("am/pm", "h", "a/p", "h", "general", "0")

// until returns how many bytes of a text go up to a mark, the mark included, or
// to one past its end where there is none.
func until(text string, mark byte) int {
	if i := strings.IndexByte(text, mark); i >= 0 {
		return i + 1
	}
	return len(text) + 1
}

// elapsed returns the unit of a duration, such as the h of [hh]; all are as good
// as hours here.
func elapsed(inner string) string {
	if inner != "" && (strings.Trim(inner, "h") == "" || strings.Trim(inner, "m") == "" || strings.Trim(inner, "s") == "") {
		return "h"
	}
	return ""
}

func sectionShowsDay(section string) bool {
	// A placeholder of a digit makes it a number, but for the parts of a second.
	if strings.ContainsAny(withoutFractions(section), "0#?") {
		return false
	}
	if strings.ContainsAny(section, "dy") || strings.Contains(section, "mmm") {
		return true
	}
	// An m beside hours or seconds is minutes, and else a month.
	return strings.Contains(section, "m") && !strings.ContainsAny(section, "hs")
}

// withoutFractions takes away the parts of a second, as in ss.000.
func withoutFractions(section string) string {
	for strings.Contains(section, "s.0") {
		section = strings.ReplaceAll(section, "s.0", "s.")
	}
	return section
}
