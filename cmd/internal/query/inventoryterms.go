package query

import (
	"fmt"
	"github.com/mp196/ivp/cmd/internal/sniff"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/mp196/ivp/cmd/internal/remarks"
	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/ivp"
)

// InventoryTerms are what is asked of an inventory, and how it is written.
type InventoryTerms struct {
	Terms
	// Only limits the rows written; nil writes all.
	Only *devices.Selection
	// Encoding is that of the text; the zero value goes by a byte order mark.
	Encoding sniff.Encoding

	reader devices.ReaderOptions
}

// MapName is the one name that may stand in a query more than once.
const MapName = "map"

var inventoryNames = []string{"only", "date_format", "delimiter", "quote", "encoding", "header_row", MapName, "recheck"}

// ParseInventoryTerms reads the terms of a query about an inventory.
func ParseInventoryTerms(query url.Values, checker ivp.Checker) (t InventoryTerms, err error) {
	if t.Terms, err = ParseTerms(query, checker, inventoryNames...); err != nil {
		return t, err
	}
	if text := query.Get("only"); text != "" {
		only, err := devices.ParseSelection(text)
		if err != nil {
			return t, fmt.Errorf("only: %w", err)
		}
		if only.Closing() {
			return t, fmt.Errorf("only: closing is asked of the program alone: want %s", strings.Join(outcomeNames(), ", ")+", or reasons")
		}
		t.Only = &only
	}
	if t.Encoding, err = sniff.ParseEncoding(query.Get("encoding")); err != nil {
		return t, fmt.Errorf("encoding: %w", err)
	}
	return t, t.readForm(query)
}

// readForm reads what kind of table it is.
func (t *InventoryTerms) readForm(query url.Values) (err error) {
	columns := devices.ColumnOptions{OnGiven: t.Judge.On.Valid(), ScopeGiven: t.Judge.ScopeGiven, Map: map[devices.Field]string{}}
	if columns.Recheck, err = truth("recheck", query.Get("recheck")); err != nil {
		return err
	}
	if text := query.Get("date_format"); text != "" {
		format, err := devices.ParseDateFormat(text)
		if err != nil {
			return fmt.Errorf("date_format: %w", err)
		}
		columns.Dates = &format
	}
	for _, text := range query[MapName] {
		name, heading, ok := strings.Cut(text, "=")
		field, err := devices.ParseField(strings.TrimSpace(name))
		if !ok || err != nil {
			return fmt.Errorf("map: %q: want FIELD=HEADING, such as install_date=Date Fitted, or FIELD=#3 for the third column, or FIELD=#0 for none, with a field of %s", text, strings.Join(remarks.FieldNames(devices.Fields()), ", "))
		}
		if _, twice := columns.Map[field]; twice {
			return fmt.Errorf("map: %q: %s is mapped twice: name one heading for it", text, field)
		}
		columns.Map[field] = heading
	}
	t.reader.Columns = columns
	if t.reader.Delimiter, err = devices.ParseDelimiter(query.Get("delimiter")); err != nil {
		return fmt.Errorf("delimiter: %w", err)
	}
	if t.reader.NoQuotes, err = devices.ParseQuote(query.Get("quote")); err != nil {
		return fmt.Errorf("quote: %w", err)
	}
	if text := query.Get("header_row"); text != "" {
		if t.reader.HeaderRow, err = strconv.Atoi(text); err != nil || t.reader.HeaderRow < 1 {
			return fmt.Errorf("header_row: %q: want the number of a line, from 1", text)
		}
	}
	return nil
}

func outcomeNames() (names []string) {
	for _, o := range ivp.Outcomes() {
		names = append(names, o.String())
	}
	return slices.Clip(names)
}
