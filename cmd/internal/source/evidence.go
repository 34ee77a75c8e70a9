package source

import (
	"github.com/mp196/ivp/cmd/internal/evidence"
	"github.com/mp196/ivp/devices"
)

// Evidence says what was read and how. Its digest is there once the input has
// been read to its end, if it was asked for.
func (in *Input) Evidence() evidence.Input {
	e := evidence.Input{
		File:  evidence.File{Name: in.Name, Bytes: in.BytesRead(), SHA256: in.sum},
		Empty: in.Empty,
		Notes: in.Notes(),
	}
	if in.sheet != "" {
		e.Sheet, e.Table = in.sheet, in.options.Table
	} else {
		e.Encoding = in.encoding.String()
	}
	if in.Empty {
		return e
	}
	if in.sheet == "" {
		e.Delimiter = string(in.reader.Delimiter())
		if in.options.Reader.NoQuotes {
			e.Quote = "none"
		}
	}
	e.HeaderRow = in.reader.Heading().Line
	if in.reader.DatesRead() {
		e.Dates = in.reader.Dates().String()
	}
	in.addColumns(&e)
	return e
}

func (in *Input) addColumns(e *evidence.Input) {
	columns := in.reader.Columns()
	read := map[int]bool{}
	for _, f := range devices.Fields() {
		if i := columns.Index(f); i >= 0 {
			e.Columns = append(e.Columns, evidence.Column{Field: f.String(), Heading: columns.Headings()[i]})
			read[i] = true
		}
	}
	for i, heading := range columns.Headings() {
		if !read[i] {
			e.NotRead = append(e.NotRead, heading)
		}
	}
}
