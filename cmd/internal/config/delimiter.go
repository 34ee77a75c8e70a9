package config

// delimiterName returns the text that [devices.ParseDelimiter] reads.
func delimiterName(delimiter byte) string {
	if delimiter == '\t' {
		return "tab"
	}
	return string(rune(delimiter))
}
