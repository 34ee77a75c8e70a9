package main

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"github.com/mp196/ivp/cmd/internal/charset"
	"github.com/mp196/ivp/cmd/internal/config"
	"github.com/mp196/ivp/cmd/internal/exit"
	"github.com/mp196/ivp/cmd/internal/source"
	"github.com/mp196/ivp/devices"
)

// inputFlags say how inventories are to be read.
type inputFlags struct {
	maps       []string
	filesFrom  string
	cpl        string
	profile    string
	delimiter  string
	quote      string
	encoding   string
	sheet      string
	table      string
	headerRow  int
	dateFormat string
	recheck    bool
	given      func(flag string) bool
}

func (f *inputFlags) flags() *pflag.FlagSet {
	set := pflag.NewFlagSet("input", pflag.ContinueOnError)
	set.StringArrayVar(&f.maps, "map", nil, "read a field from the column so headed, as in `FIELD=HEADING`, or from the third column by FIELD=#3; FIELD=#0 leaves it out (repeatable)")
	set.StringVar(&f.cpl, "cpl", "", "take versions from the Central Products List in `FILE` (.csv, .xlsx, .xlsm), and hold what rows claim against it; adds ivp_cpl_entries and ivp_cpl_remedy, a candidate entry with later firmware, which is no promise that the upgrade path exists")
	set.StringVar(&f.profile, "profile", "", "read files as the profile in `FILE` (.toml) says; ivp columns --save makes one")
	f.formFlags(set)
	set.StringVar(&f.quote, "quote", "", "what stands around a cell that holds a delimiter: \" or `none`, for files without quoting, in which a quote is a character like any other (default \")")
	set.StringVar(&f.filesFrom, "files-from", "", "check the files named in `FILE` too, a name a line; - for standard input")
	set.BoolVar(&f.recheck, "recheck", false, "replace the ivp_ columns that the input already carries")
	return set
}

// formFlags say what kind of file it is.
func (f *inputFlags) formFlags(set *pflag.FlagSet) {
	set.StringVar(&f.delimiter, "delimiter", "", "the character between cells: `,` ; | or tab (default: found from the heading, or a first line such as sep=;)")
	set.StringVar(&f.encoding, "encoding", "", "read text as `ENCODING`: utf-8, utf-16, utf-16le, utf-16be or windows-1252 (default: UTF-8, and UTF-16 by its byte order mark)")
	set.StringVar(&f.sheet, "sheet", "", "read the sheet of this `NAME`, or of this number from 1; all reads every sheet that has the columns (default: the first)")
	set.StringVar(&f.table, "table", "", "read the table of this `NAME` in a workbook: its rows and columns alone")
	set.IntVar(&f.headerRow, "header-row", 0, "the heading is in line or row `N` (default: the first of the first 30 that names the version and one more field)")
	set.StringVar(&f.dateFormat, "date-format", "", "dates are written as `FORMAT`: iso (YYYY-MM-DD), day-first (DD/MM/YYYY) or month-first (default: decided from the whole column)")
	f.given = set.Changed
}

// options returns how inventories are to be read: by the flags, then by the
// profile.
func (f *inputFlags) options(q *questionFlags) (source.Options, error) {
	var profile config.Profile
	if f.profile != "" {
		var err error
		if profile, err = config.LoadProfile(f.profile); err != nil {
			return source.Options{}, exit.With(exit.Usage, err)
		}
	}
	columns := devices.ColumnOptions{
		CPL: f.cpl != "", OnGiven: q.given("on"), ScopeGiven: q.given("scope"), Recheck: f.recheck,
		Map: map[devices.Field]string{}, Values: profile.Values,
	}
	var errs []error
	for _, text := range f.maps {
		errs = append(errs, addMapping(columns.Map, text))
	}
	for field, heading := range profile.Columns {
		if _, given := columns.Map[field]; !given {
			columns.Map[field] = heading
		}
	}
	options := source.Options{Reader: devices.ReaderOptions{Columns: columns, NoQuotes: profile.NoQuotes}}
	if f.given("quote") {
		var err error
		options.Reader.NoQuotes, err = devices.ParseQuote(f.quote)
		errs = append(errs, err)
	}
	errs = append(errs, f.form(&options, profile))
	return options, exit.With(exit.Usage, errors.Join(errs...))
}

// form says what kind of file it is.
func (f *inputFlags) form(to *source.Options, profile config.Profile) error {
	var errs []error
	note := func(err error) { errs = append(errs, err) }
	choose := func(flag, given, profiled string) string {
		if f.given(flag) {
			return given
		}
		return profiled
	}
	var err error
	if to.Reader.Delimiter = profile.Delimiter; f.given("delimiter") {
		to.Reader.Delimiter, err = devices.ParseDelimiter(f.delimiter)
		note(err)
	}
	to.Encoding, err = charset.ParseEncoding(choose("encoding", f.encoding, profile.Encoding))
	note(err)
	to.Sheet, to.Table = choose("sheet", f.sheet, profile.Sheet), choose("table", f.table, profile.Table)
	switch {
	case f.given("sheet") && f.given("table"):
		note(errors.New("--sheet and --table together: name one of them; a table's name says which sheet it is on"))
	case f.given("header-row") && f.given("table"):
		note(errors.New("--header-row and --table together: the heading of a table is its first row; leave out --header-row"))
	case f.given("sheet"):
		to.Table = ""
	case f.given("table"):
		to.Sheet = ""
	}
	if to.Reader.HeaderRow = profile.HeaderRow; f.given("header-row") {
		to.Reader.HeaderRow = f.headerRow
	}
	if to.Reader.HeaderRow < 0 || f.given("header-row") && f.headerRow < 1 {
		note(fmt.Errorf("--header-row %d: want the number of a line, from 1", f.headerRow))
	}
	if text := choose("date-format", f.dateFormat, profile.DateFormat); text != "" {
		format, err := devices.ParseDateFormat(text)
		note(err)
		to.Reader.Columns.Dates = &format
	}
	return exit.With(exit.Usage, errors.Join(errs...))
}

// names returns the inputs, those of --files-from after those of the command
// line.
func (f *inputFlags) names(args []string, stdin io.Reader) ([]string, error) {
	if f.filesFrom != "" {
		more, err := source.FilesFrom(f.filesFrom, stdin)
		if err != nil {
			return nil, err
		}
		args = slices.Concat(args, more)
	}
	if len(args) == 0 {
		return nil, exit.Usagef("name an inventory to check, or - for standard input; see ivp check --help")
	}
	return args, nil
}

func addMapping(to map[devices.Field]string, text string) error {
	name, heading, ok := strings.Cut(text, "=")
	if !ok {
		return fmt.Errorf("--map %q: want FIELD=HEADING, as in install_date=\"Date Fitted\"", text)
	}
	field, err := devices.ParseField(strings.TrimSpace(name))
	if err != nil {
		return fmt.Errorf("--map %q: %w", text, err)
	}
	if _, twice := to[field]; twice {
		return fmt.Errorf("--map %q: %s is mapped twice; name one heading for it", text, field)
	}
	to[field] = heading
	return nil
}
