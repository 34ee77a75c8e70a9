package ivp

// Citation is the source of an amendment.
type Citation struct {
	// Document says what was read, in words that let a reader find it.
	Document string
	// URL is its address, where one is known.
	URL string
	// Quote is the operative phrase, word for word; empty where the source is
	// a table or a list.
	Quote string
}

// String returns the quotation, if any, the document and the address, in one
// line.
func (c Citation) String() string {
	s := c.Document
	if c.Quote != "" {
		s = "“" + c.Quote + "”, " + s
	}
	if c.URL != "" {
		s += " <" + c.URL + ">"
	}
	return s
}
