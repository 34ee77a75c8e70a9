package xlsx

import (
	"strconv"
	"strings"
)

// Format is the number format of a cell. The zero value is General.
type Format struct {
	// ID is the number of a built-in format, such as 14 for a day in the form of
	// the user's country.
	ID int
	// Code is the code of a format that the workbook defines, such as
	// "£"#,##0.00; empty for a built-in format.
	Code string
}

// builtinCodes are the codes of the built-in formats that show a plain number.
var builtinCodes = map[int]string{
	0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%",
	37: "#,##0 ;(#,##0)", 38: "#,##0 ;[Red](#,##0)", 39: "#,##0.00;(#,##0.00)", 40: "#,##0.00;[Red](#,##0.00)", 49: "@",
}

// code returns the code of the format, and "" for a built-in format that does not
// show a plain number, such as a date.
func (f Format) code() string {
	if f.Code != "" {
		return f.Code
	}
	return builtinCodes[f.ID]
}

// Pads reports whether the format shows whole numbers with leading zeros.
func (f Format) Pads() bool {
	sections, ok := splitSections(f.code())
	if !ok {
		return false
	}
	p, ok := parsePattern(sections[0])
	return ok && p.least > 1
}

// ShowsDay reports whether the format shows a number as a day.
func (f Format) ShowsDay() bool {
	if f.Code != "" {
		return showsDay(f.Code)
	}
	return builtinShowsDay(f.ID)
}

// Show returns what a spreadsheet shows for a number in this format, in a cell
// that is wide enough, with a decimal point. ok is false if that is not certain
// or is empty: for negative numbers, dates, times, fractions, exponents,
// conditions, and the digits of other scripts.
func (f Format) Show(number float64) (text string, ok bool) {
	if number < 0 {
		return "", false
	}
	sections, ok := splitSections(f.code())
	if !ok {
		return "", false
	}
	section := sections[0]
	if number == 0 && len(sections) > 2 {
		section = sections[2]
	}
	p, ok := parsePattern(section)
	if !ok {
		return "", false
	}
	text, ok = p.show(number)
	return text, ok && strings.TrimSpace(text) != ""
}

// splitSections splits a code at the semicolons outside quotes and brackets. ok
// is false if quotes or brackets are not closed.
func splitSections(code string) (sections []string, ok bool) {
	from := 0
	for i := 0; i < len(code); i++ {
		switch code[i] {
		case '\\', '_', '*':
			i++
		case '"', '[':
			end := byte('"')
			if code[i] == '[' {
				end = ']'
			}
			if i += until(code[i+1:], end); i >= len(code) {
				return nil, false
			}
		case ';':
			sections, from = append(sections, code[from:i]), i+1
		}
	}
	return append(sections, code[from:]), true
}

// pattern is one section of a code that shows a plain number.
type pattern struct {
	tokens  []patternToken
	whole   int // placeholders before the decimal point
	places  int // placeholders after it
	least   int // whole digits that are always shown
	kept    int // decimal places that are always shown
	shift   int // the power of ten of percent signs and of commas at the end
	grouped bool
	general bool
}

// patternToken is a placeholder 0, # or ?, a decimal point, the word General (G),
// or a text.
type patternToken struct {
	kind byte
	text string
}

const literal = '"'

// parsePattern parses a section. ok is false if it does not show a plain number.
func parsePattern(section string) (p pattern, ok bool) {
	commas, pointed := 0, false // commas since the last placeholder
	for i := 0; i < len(section); i++ {
		c := section[i]
		if rest := section[i:]; len(rest) >= len("general") && strings.EqualFold(rest[:len("general")], "general") {
			p.add('G', "")
			i += len("general") - 1
			continue
		}
		switch {
		case c == '"':
			n := until(section[i+1:], '"')
			p.add(literal, section[i+1:i+n])
			i += n
		case c == '\\' && i+1 < len(section):
			text := firstCharacter(section[i+1:])
			p.add(literal, text)
			i += len(text)
		case c == '_' && i+1 < len(section): // a space as wide as the next character
			p.add(literal, " ")
			i += len(firstCharacter(section[i+1:]))
		case c == '*' && i+1 < len(section): // the next character fills the cell
			i += len(firstCharacter(section[i+1:]))
		case c == '[':
			n := until(section[i+1:], ']')
			text, ok := bracketed(section[i+1 : i+n])
			if !ok {
				return p, false
			}
			p.add(literal, text)
			i += n
		case c == '@':
			p.add('G', "")
		case c == '.' && !pointed:
			pointed = true
			p.add('.', "")
			p.shift, commas = p.shift-3*commas, 0
		case c == '.':
			return p, false
		case c == ',':
			if kinds := p.kinds(); kinds == "" || strings.IndexByte("0#?", kinds[len(kinds)-1]) < 0 {
				return p, false
			}
			commas++
		case c == '0' || c == '#' || c == '?':
			if commas > 0 {
				if pointed || p.whole == 0 {
					return p, false
				}
				p.grouped, commas = true, 0
			}
			if !pointed && p.least > 0 && c != '0' { // 0#: spreadsheets differ
				return p, false
			}
			p.placeholder(c, pointed)
		case c == '%':
			p.add(literal, "%")
			p.shift += 2
		case strings.IndexByte("$-+():!^&'~{}<>= ", c) >= 0 || c >= 0x80:
			p.add(literal, section[i:i+1])
		default: // a day, a time, an exponent, a fraction
			return p, false
		}
	}
	p.shift -= 3 * commas
	return p, p.plain(commas)
}

func (p *pattern) add(kind byte, text string) {
	if kind == 'G' {
		p.general = true
	}
	p.tokens = append(p.tokens, patternToken{kind, text})
}

func (p *pattern) placeholder(c byte, pointed bool) {
	p.add(c, "")
	switch {
	case !pointed:
		p.whole++
		if c == '0' {
			p.least++
		}
	default:
		p.places++
		if c == '0' {
			p.kept = p.places
		}
	}
}

// plain reports whether show supports the pattern.
func (p *pattern) plain(commas int) bool {
	if p.general {
		return p.whole+p.places == 0 && p.shift == 0 && commas == 0 && strings.Count(p.kinds(), "G") == 1 && !strings.Contains(p.kinds(), ".")
	}
	// With texts between grouped digits, spreadsheets differ.
	return p.whole+p.places > 0 && !(p.grouped && strings.Contains(strings.Trim(p.kinds(), string(literal)), string(literal)))
}

func (p *pattern) kinds() string {
	var kinds []byte
	for _, t := range p.tokens {
		kinds = append(kinds, t.kind)
	}
	return string(kinds)
}

func firstCharacter(text string) string {
	for i := range text {
		if i > 0 {
			return text[:i]
		}
	}
	return text
}

// bracketed returns what a part in brackets shows: nothing for a colour, the
// currency for a currency. ok is false for conditions, durations, and digits of
// other scripts.
func bracketed(inner string) (text string, ok bool) {
	if currency, isLocale := strings.CutPrefix(inner, "$"); isLocale {
		symbol, locale, _ := strings.Cut(currency, "-")
		return symbol, len(locale) <= len("0809")
	}
	switch strings.ToLower(strings.TrimRight(inner, "0123456789")) {
	case "black", "blue", "cyan", "green", "magenta", "red", "white", "yellow", "color":
		return "", true
	}
	return "", false
}

// show formats a number that is not negative.
func (p *pattern) show(number float64) (string, bool) {
	if p.general {
		text, ok := showGeneral(number)
		var b strings.Builder
		for _, t := range p.tokens {
			if t.kind == 'G' {
				b.WriteString(text)
			}
			b.WriteString(t.text)
		}
		return b.String(), ok
	}
	whole, fraction := decimalOf(number, p.shift, p.places)
	for len(fraction) > p.kept && strings.HasSuffix(fraction, "0") {
		fraction = fraction[:len(fraction)-1]
	}
	if fraction == "" && strings.Contains(p.kinds(), ".") { // 2. or 2: spreadsheets differ
		return "", false
	}
	whole = strings.Repeat("0", max(0, p.least-len(whole))) + whole
	var b strings.Builder
	seen := 0         // placeholders
	begin := func() { // the digits without a placeholder
		if seen == 0 && len(whole) > p.whole {
			for i := range whole[:len(whole)-p.whole] {
				p.digit(&b, whole, i)
			}
		}
	}
	for _, t := range p.tokens {
		switch {
		case t.kind == literal:
			b.WriteString(t.text)
			continue
		case t.kind == '.':
			if p.whole == 0 {
				begin()
			}
			b.WriteByte('.')
			continue
		case seen < p.whole:
			begin()
			if i := len(whole) - p.whole + seen; i >= 0 {
				p.digit(&b, whole, i)
			} else if t.kind == '?' {
				b.WriteByte(' ')
			}
		default:
			if i := seen - p.whole; i < len(fraction) {
				b.WriteByte(fraction[i])
			} else if t.kind == '?' {
				b.WriteByte(' ')
			}
		}
		seen++
	}
	return b.String(), true
}

// digit writes one digit of the whole part, and the comma after it, if any.
func (p *pattern) digit(b *strings.Builder, whole string, i int) {
	b.WriteByte(whole[i])
	if after := len(whole) - 1 - i; p.grouped && after > 0 && after%3 == 0 {
		b.WriteByte(',')
	}
}

// significant is the greatest number of digits that a spreadsheet shows.
const significant = 15

// decimalOf returns the digits of number × 10^shift before and after the point,
// rounded half up to the given places. Like spreadsheets, it rounds the decimal
// digits, not the binary number. The whole part of a number under 1 is empty.
func decimalOf(number float64, shift, places int) (whole, fraction string) {
	mantissa, exponent, _ := strings.Cut(strconv.FormatFloat(number, 'e', significant-1, 64), "e")
	power, _ := strconv.Atoi(exponent)
	digits := strings.Replace(mantissa, ".", "", 1)
	point := power + 1 + shift // digits before the point
	if point < 0 {
		digits, point = strings.Repeat("0", -point)+digits, 0
	}
	digits += strings.Repeat("0", max(0, point+places+1-len(digits)))
	up := digits[point+places] >= '5'
	kept := []byte(digits[:point+places])
	for i := len(kept) - 1; up && i >= 0; i-- {
		if up = kept[i] == '9'; up {
			kept[i] = '0'
		} else {
			kept[i]++
		}
	}
	if up {
		kept, point = append([]byte{'1'}, kept...), point+1
	}
	return strings.TrimLeft(string(kept[:point]), "0"), string(kept[point:])
}

// showGeneral formats a number as a cell without a format shows it, in eleven
// characters. ok is false if it would have an exponent.
func showGeneral(number float64) (string, bool) {
	const most, least, widest = 1e11, 1e-4, 11
	if number >= most || number > 0 && number < least {
		return "", false
	}
	whole, fraction := decimalOf(number, 0, max(0, widest-1-len(strconv.FormatInt(int64(number), 10))))
	if len(whole) > widest {
		return "", false
	}
	if whole == "" {
		whole = "0"
	}
	if fraction = strings.TrimRight(fraction, "0"); fraction != "" {
		return whole + "." + fraction, true
	}
	return whole, true
}

// builtinShowsDay reports whether a built-in number format shows a day. Formats
// 27 to 36 and 50 to 58 are those of East Asia; 32 and 33 of them show a time of
// day in every language, as 18 to 21 and 45 to 47 do.
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
// with or without a time. A time of day or a duration is not a day.
func showsDay(code string) bool {
	for _, section := range strings.Split(bareCode(code), ";") {
		if sectionShowsDay(section) {
			return true
		}
	}
	return false
}

// bareCode returns the significant letters of a format's code in lower case,
// without quoted texts, escaped characters, colours and languages. Durations in
// brackets, such as [h], are kept.
func bareCode(code string) string {
	var bare strings.Builder
	code = strings.ToLower(code)
	for i := 0; i < len(code); i++ {
		switch code[i] {
		case '\\', '_', '*': // the next character is literal, a width or a fill
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

// words replaces the words of a code: AM/PM, which belongs to hours, and General,
// a plain number.
var words = strings.NewReplacer("am/pm", "h", "a/p", "h", "general", "0")

// until returns the length of a text up to and including a mark, or one more than
// its length if the mark is absent.
func until(text string, mark byte) int {
	if i := strings.IndexByte(text, mark); i >= 0 {
		return i + 1
	}
	return len(text) + 1
}

// elapsed returns "h" for the unit of a duration, such as [hh] or [mm], and ""
// for anything else.
func elapsed(inner string) string {
	if inner != "" && (strings.Trim(inner, "h") == "" || strings.Trim(inner, "m") == "" || strings.Trim(inner, "s") == "") {
		return "h"
	}
	return ""
}

func sectionShowsDay(section string) bool {
	// A digit placeholder makes it a number, except in fractions of a second.
	if strings.ContainsAny(withoutFractions(section), "0#?") {
		return false
	}
	if strings.ContainsAny(section, "dy") || strings.Contains(section, "mmm") {
		return true
	}
	// An m beside hours or seconds is minutes, otherwise months.
	return strings.Contains(section, "m") && !strings.ContainsAny(section, "hs")
}

// withoutFractions removes fractions of a second, as in ss.000.
func withoutFractions(section string) string {
	for strings.Contains(section, "s.0") {
		section = strings.ReplaceAll(section, "s.0", "s.")
	}
	return section
}

// stylesXML is what is read from a workbook's styles.
type stylesXML struct {
	Formats []struct {
		ID   string `xml:"numFmtId,attr"`
		Code string `xml:"formatCode,attr"`
	} `xml:"numFmts>numFmt"`
	Cells []struct {
		Format string `xml:"numFmtId,attr"`
	} `xml:"cellXfs>xf"`
}

// cellStyle is a style that cells can have.
type cellStyle struct {
	format  *Format // nil is General
	day     bool    // true if it shows a number as a day
	damaged bool
}

// readStyles returns the styles that cells can have. The part is "" if the
// workbook has none.
func readStyles(all parts, part string) ([]cellStyle, error) {
	if part == "" {
		return nil, nil
	}
	var xml stylesXML
	if err := all.decode(part, &xml); err != nil {
		return nil, err
	}
	known := map[string]cellStyle{"": {}, "0": {}}
	for _, f := range xml.Formats {
		if id, err := strconv.Atoi(f.ID); err == nil {
			format := &Format{id, f.Code}
			known[f.ID] = cellStyle{format: format, day: format.ShowsDay()}
		}
	}
	styles := make([]cellStyle, len(xml.Cells))
	for i, c := range xml.Cells {
		if _, ok := known[c.Format]; !ok {
			id, err := strconv.Atoi(c.Format)
			format := &Format{ID: id}
			known[c.Format] = cellStyle{format, format.ShowsDay(), err != nil || id < 0}
		}
		styles[i] = known[c.Format]
	}
	return styles, nil
}
