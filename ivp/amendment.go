package ivp

// Amendment is one change of the tables, with its day and its authority.
type Amendment struct {
	// ID names it in every answer: [A-Z][A-Za-z0-9._-]*.
	ID string
	// InForce is the first day on which a source shows the change standing.
	InForce Date
	// PerhapsFrom is the first day on which it may already have stood, where
	// no source says which; no date where the day is not in doubt.
	PerhapsFrom Date
	// Title says in a few words what it does.
	Title string
	// Note says what a reader must know besides; may be empty.
	Note string
	// Citations are its sources; there is at least one.
	Citations []Citation
	// Vouched is the day on which the author last saw the Tables say what the
	// amendment says; no date where they give none. It changes no answer, only
	// the day up to which the rules are known, [History.VouchedTo].
	Vouched Date
	// Whole says that the amendment restates the Tables as a whole: it vouches
	// for every version, and not only for those of its entries.
	Whole bool
	// Entries are what it changes, Pairs the permitted pairs that it adds or
	// withdraws.
	Entries []Entry
	Pairs   []Pair
}

// Entry is what an amendment does to one version in one scope. What it does
// not name stays as it stood.
type Entry struct {
	Spec Spec
	// Scope is empty for the general window.
	Scope string
	// Remove takes the version off the tables, in every scope.
	Remove bool
	// From lists the version, with a date or a start not on record; zero
	// leaves the start as it stood.
	From Bound
	// To sets the end: a date, open, or not on record; zero leaves it.
	To Bound
	// Confirmed is, for an end not on record, the last day for which a source
	// still vouches; no date leaves it as it stood.
	Confirmed Date
	// Inferred says, where no source says so in so many words, why the entry
	// holds. Empty for what a source does say.
	Inferred string
	// Unquoted says why a date newly set stands in no quotation. Empty where
	// one does, or where nothing needs it.
	Unquoted string
}

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
