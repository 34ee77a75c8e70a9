package source

import (
	"github.com/mp196/ivp/cmd/internal/sniff"
	"github.com/mp196/ivp/devices"
)

// Options say how inputs are read. The zero value finds everything out by
// itself.
type Options struct {
	// Reader says how CSV is read and how headings are mapped.
	Reader devices.ReaderOptions
	// Encoding is that of text; the zero value reads UTF-8, and UTF-16 where a
	// byte order mark says so.
	Encoding sniff.Encoding
	// Sheet is the tab of a workbook, by its name or its number from 1; AllSheets
	// takes every one that has the columns, and empty takes the first.
	Sheet string
	// Table is a table of a workbook by its name; it is read in Sheet's place.
	Table string
	// Digest has the SHA-256 of every input worked out as it is read.
	Digest bool
	// Say is told what the user should know while it happens; may be nil.
	Say func(text string)
}

// AllSheets asks for every sheet that has the columns, unless a sheet is so named.
const AllSheets = "all"

func (o Options) say(text string) {
	if o.Say != nil {
		o.Say(text)
	}
}
