package xlsx

// richText appends a text that may be written in runs, each with a look of its
// own. The runs that tell how to say it (rPh) are left out.
func (e *elements) richText(to []byte) ([]byte, error) {
	for {
		start, ok, err := e.child()
		if err != nil || !ok {
			return to, err
		}
		switch start.name {
		case "t":
			to, err = e.escapedText(to)
		case "r":
			to, err = e.richText(to)
		default:
			err = e.skip()
		}
		if err != nil {
			return to, err
		}
	}
}

// escapedText appends the text of the open element with its escapes read.
func (e *elements) escapedText(to []byte) ([]byte, error) {
	begin := len(to)
	to, err := e.text(to)
	return append(to[:begin], unescape(to[begin:])...), err
}
