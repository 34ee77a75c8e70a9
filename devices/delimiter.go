package devices

import "fmt"

// ParseDelimiter reads what stands between cells: one character, or the word
// tab. Empty text is 0, not said. It fails on what a cell, a line or a quote is
// made of.
func ParseDelimiter(text string) (byte, error) {
	switch {
	case text == "":
		return 0, nil
	case text == "tab" || text == `\t`:
		return '\t', nil
	case len(text) == 1 && isDelimiter(text[0]):
		return text[0], nil
	}
	return 0, fmt.Errorf("%q cannot stand between cells: want one character such as , ; | or the word tab", text)
}

// ParseQuote reads what may stand around a cell: a quote, as empty text too, or the
// word none. The answer is [ReaderOptions.NoQuotes].
func ParseQuote(text string) (noQuotes bool, err error) {
	switch text {
	case "", `"`:
		return false, nil
	case "none":
		return true, nil
	}
	return false, fmt.Errorf("%q cannot stand around a cell: want \", or the word none for a file without quoting", text)
}

func isDelimiter(b byte) bool {
	switch {
	case b == '\t':
		return true
	case b <= ' ' || b == '"' || b >= 0x7f:
		return false
	}
	return (b < '0' || b > '9') && (b < 'a' || b > 'z') && (b < 'A' || b > 'Z')
}
