package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/mp196/ivp/cmd/internal/config"
	"github.com/mp196/ivp/cmd/internal/evidence"
	"github.com/mp196/ivp/cmd/internal/exit"
	"github.com/mp196/ivp/cmd/internal/input"
	"github.com/mp196/ivp/cmd/internal/remarks"
	"github.com/mp196/ivp/cmd/internal/screen"
	"github.com/mp196/ivp/cmd/internal/sniff"
	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/ivp"
)

// rulesFlags select the rules.
type rulesFlags struct {
	rules  string
	amends []string
	expect string // a digest
	// record and added identify the files read, for the evidence.
	record *evidence.File
	added  []evidence.File
}

func (f *rulesFlags) flags() *pflag.FlagSet {
	set := pflag.NewFlagSet("rules", pflag.ContinueOnError)
	set.StringVar(&f.rules, "rules", "", "use the rules in `FILE` instead of the shipped rules")
	set.StringArrayVar(&f.amends, "amend", nil, "add the amendments in `FILE` to the rules (repeatable)")
	set.StringVar(&f.expect, "expect-rules", "", "stop unless the rules, with the amendments added, have the digest `SHA256`, which ivp rules status shows")
	return set
}

// history loads the rules that the flags select. It fails if --expect-rules names
// others.
func (f *rulesFlags) history() (ivp.History, error) {
	h, err := f.load()
	if err == nil && f.expect != "" {
		if err = h.Expect(f.expect); err != nil {
			err = fmt.Errorf("--expect-rules: %w; nothing was written", err)
		}
	}
	if exit.CodeOf(err) != exit.IO {
		err = exit.With(exit.Usage, err)
	}
	return h, err
}

func (f *rulesFlags) load() (ivp.History, error) {
	h := ivp.Published()
	if f.rules != "" {
		data, err := readRulesFile(f.rules)
		if err != nil {
			return h, fmt.Errorf("could not read the rules: %w", err)
		}
		read := dataEvidence(f.rules, data)
		f.record = &read
		if h, err = ivp.Parse(data); err != nil {
			return h, fmt.Errorf("%s is not a valid rules file:\n%w", f.rules, err)
		}
	}
	for _, name := range f.amends {
		amended, data, err := amendFile(h, name)
		if err != nil {
			return h, err
		}
		f.added = append(f.added, dataEvidence(name, data))
		h = amended
	}
	return h, nil
}

// questionFlags are the terms on which devices are judged.
type questionFlags struct {
	on         string
	asAt       string
	lastDay    string
	assumeOpen bool
	scope      string
	within     string
}

func (f *questionFlags) flags() *pflag.FlagSet {
	set := f.onFlag()
	set.StringVar(&f.asAt, "as-at", "", "apply the Tables of `DATE` (YYYY-MM-DD, DD/MM/YYYY, today or latest) instead of those of each installation day")
	f.termFlags(set)
	return set
}

// onFlag returns a set with --on.
func (f *questionFlags) onFlag() *pflag.FlagSet {
	set := pflag.NewFlagSet("question", pflag.ContinueOnError)
	set.StringVar(&f.on, "on", "", "judge every row for installation on `DATE` (YYYY-MM-DD, DD/MM/YYYY or today); a date column is then neither required nor read")
	return set
}

// termFlags adds the terms, except --as-at.
func (f *questionFlags) termFlags(set *pflag.FlagSet) {
	set.StringVar(&f.lastDay, "last-day", "included", "whether the end date itself is inside the period: `included` or excluded")
	set.BoolVar(&f.assumeOpen, "assume-open", false, "take an end that is not on record to be open; the devices that depend on this are counted")
	set.StringVar(&f.scope, "scope", "", "judge every row in this `SCOPE`, such as prepayment; the scope column is then not read")
}

// checker returns a checker with the rules h on the terms of the flags.
func (f *questionFlags) checker(c *Command, h ivp.History) (ivp.Checker, error) {
	checker := ivp.Checker{History: h, AssumeOpen: f.assumeOpen}
	var err error
	if checker.AsAt, err = c.day("--as-at", f.asAt, h); err != nil {
		return checker, err
	}
	if !slices.Contains([]string{"included", "excluded"}, f.lastDay) {
		return checker, exit.Usagef("--last-day: %q: want included or excluded", f.lastDay)
	}
	checker.LastDayExcluded = f.lastDay == "excluded"
	return checker, nil
}

// installDay returns the day given for every row, or no date.
func (f *questionFlags) installDay(c *Command) (ivp.Date, error) {
	return c.day("--on", f.on, ivp.History{})
}

// day reads a day from a flag. "latest" is accepted if h is not the zero value.
func (c *Command) day(flag, text string, h ivp.History) (ivp.Date, error) {
	asksLatest := h != ivp.History{}
	switch {
	case text == "":
		return ivp.Date{}, nil
	case text == "today":
		today, err := c.clockDay()
		if err != nil {
			err = exit.Usagef("%s today: %w", flag, err)
		}
		return today, err
	case text == "latest" && asksLatest:
		return h.Latest(), nil
	}
	day, note, err := remarks.ReadDay(text)
	if err != nil {
		also := "today"
		if asksLatest {
			also = "today or latest"
		}
		return day, exit.Usagef("%s: %w; or write %s", flag, err, also)
	}
	if note != "" {
		fmt.Fprintln(c.Stderr, note)
	}
	return day, nil
}

// inputFlags determine how inventories are read.
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
	recursive  bool
}

func (f *inputFlags) flags() *pflag.FlagSet {
	set := pflag.NewFlagSet("input", pflag.ContinueOnError)
	set.StringArrayVar(&f.maps, "map", nil, "read a field from the column with this heading, `FIELD=HEADING`, or from the third column, FIELD=#3; FIELD=#0 leaves it out (repeatable)")
	set.StringVar(&f.cpl, "cpl", "", "take versions from the Central Products List in `FILE` (.csv, .xlsx, .xlsm), and compare the versions in rows with it; adds ivp_cpl_entries and ivp_cpl_remedy, an entry with later firmware (whether a device can be upgraded to it is not on record)")
	set.StringVar(&f.profile, "profile", "", "read files with the profile in `FILE` (.toml); ivp columns --save makes one")
	f.formFlags(set)
	set.StringVar(&f.quote, "quote", "", "the `CHAR` around cells that contain a delimiter: \" or none, for files without quoting, in which a quote is an ordinary character (default \")")
	set.StringVar(&f.filesFrom, "files-from", "", "also check the files listed in `FILE`, one on each line; - is standard input")
	set.BoolVar(&f.recursive, "recursive", false, "read the inventories in folders that are named, and in the folders in them; what is left out because of its name is listed")
	set.BoolVar(&f.recheck, "recheck", false, "replace the ivp_ columns that the input already has")
	return set
}

// formFlags adds the flags for the format of files.
func (f *inputFlags) formFlags(set *pflag.FlagSet) {
	set.StringVar(&f.delimiter, "delimiter", "", "the `CHAR` that separates cells: , ; | or tab (default: found from the heading, or from a first line such as sep=;)")
	set.StringVar(&f.encoding, "encoding", "", "read text as `ENCODING`: utf-8, utf-16, utf-16le, utf-16be or windows-1252 (default: UTF-8, or UTF-16 if there is a byte order mark)")
	set.StringVar(&f.sheet, "sheet", "", "read the sheet with this `NAME`, or number, from 1; all reads every sheet that has the columns (default: the first)")
	set.StringVar(&f.table, "table", "", "read only the table with this `NAME` in a workbook")
	set.IntVar(&f.headerRow, "header-row", 0, "the heading is in line or row `N` (default: the first of the first 30 with the version and one more field)")
	set.StringVar(&f.dateFormat, "date-format", "", "dates are written as `FORMAT`: iso (YYYY-MM-DD), day-first (DD/MM/YYYY) or month-first (default: derived from the whole column)")
}

// options returns how inventories are read: by the flags, else by the profile.
func (f *inputFlags) options(cmd *cobra.Command, q *questionFlags) (input.Options, error) {
	var profile config.Profile
	if f.profile != "" {
		var err error
		if profile, err = config.LoadProfile(f.profile); err != nil {
			return input.Options{}, exit.With(exit.Usage, err)
		}
	}
	columns := devices.ColumnOptions{
		CPL: f.cpl != "", OnGiven: q.on != "", ScopeGiven: cmd.Flags().Changed("scope"), Recheck: f.recheck,
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
	options := input.Options{Reader: devices.ReaderOptions{Columns: columns, NoQuotes: profile.NoQuotes}}
	if f.quote != "" {
		var err error
		options.Reader.NoQuotes, err = devices.ParseQuote(f.quote)
		errs = append(errs, err)
	}
	errs = append(errs, f.form(cmd, &options, profile))
	return options, exit.With(exit.Usage, errors.Join(errs...))
}

// form sets the format of files: by the flags, else by the profile.
func (f *inputFlags) form(cmd *cobra.Command, to *input.Options, profile config.Profile) error {
	var errs []error
	note := func(err error) { errs = append(errs, err) }
	var err error
	if to.Reader.Delimiter = profile.Delimiter; f.delimiter != "" {
		to.Reader.Delimiter, err = devices.ParseDelimiter(f.delimiter)
		note(err)
	}
	to.Encoding, err = sniff.ParseEncoding(cmp.Or(f.encoding, profile.Encoding))
	note(err)
	to.Sheet, to.Table = cmp.Or(f.sheet, profile.Sheet), cmp.Or(f.table, profile.Table)
	rowGiven := cmd.Flags().Changed("header-row")
	switch {
	case f.sheet != "" && f.table != "":
		note(errors.New("--sheet and --table together: give one of them; the name of a table determines its sheet"))
	case rowGiven && f.table != "":
		note(errors.New("--header-row and --table together: the heading of a table is its first row; leave out --header-row"))
	case f.sheet != "":
		to.Table = ""
	case f.table != "":
		to.Sheet = ""
	}
	if to.Reader.HeaderRow = profile.HeaderRow; rowGiven {
		to.Reader.HeaderRow = f.headerRow
	}
	if rowGiven && f.headerRow < 1 {
		note(fmt.Errorf("--header-row %d: want the number of a line, from 1", f.headerRow))
	}
	if text := cmp.Or(f.dateFormat, profile.DateFormat); text != "" {
		format, err := devices.ParseDateFormat(text)
		note(err)
		to.Reader.Columns.Dates = &format
	}
	return exit.With(exit.Usage, errors.Join(errs...))
}

// names returns the names of the inputs: those of the command line, then those of
// --files-from.
func (f *inputFlags) names(args []string, stdin io.Reader, stderr io.Writer) ([]string, error) {
	args, err := matching(args)
	if err != nil {
		return nil, err
	}
	if f.filesFrom != "" {
		more, err := input.FilesFrom(f.filesFrom, stdin)
		if err != nil {
			return nil, err
		}
		args = slices.Concat(args, more)
	}
	if f.recursive {
		if args, err = inFolders(args, stderr); err != nil {
			return nil, err
		}
	}
	if len(args) == 0 {
		return nil, exit.Usagef("name an inventory to check, or - for standard input; see ivp check --help")
	}
	return args, nil
}

// mostLeftOut is how many files that are left out are named.
const mostLeftOut = 10

// inFolders replaces each folder by the inventories in it, and says what it leaves out.
func inFolders(args []string, stderr io.Writer) (names []string, err error) {
	for _, name := range args {
		if info, err := os.Stat(name); err != nil || !info.IsDir() {
			names = append(names, name)
			continue
		}
		files, left, err := input.FilesIn(name)
		if err != nil {
			return nil, err
		}
		names = append(names, files...)
		if len(left) == 0 {
			continue
		}
		shown := strings.Join(left[:min(len(left), mostLeftOut)], ", ")
		if more := len(left) - mostLeftOut; more > 0 {
			shown += fmt.Sprintf(" and %d more", more)
		}
		fmt.Fprintf(stderr, "%s: %s left out, because the name is not that of an inventory: %s\n", screen.Line(name), remarks.Plural(len(left), "file"), screen.Line(shown))
	}
	return names, nil
}

func addMapping(to map[devices.Field]string, text string) error {
	name, heading, ok := strings.Cut(text, "=")
	if !ok {
		return fmt.Errorf("--map %q: want FIELD=HEADING, such as install_date=\"Date Fitted\"", text)
	}
	field, err := devices.ParseField(strings.TrimSpace(name))
	if err != nil {
		return fmt.Errorf("--map %q: %w", text, err)
	}
	if _, twice := to[field]; twice {
		return fmt.Errorf("--map %q: %s is mapped twice: give one heading for it", text, field)
	}
	to[field] = heading
	return nil
}

// withinFlag returns all flags with --within, which only check has: the answer for a
// single device shows its days left anyway.
func (f *questionFlags) withinFlag() *pflag.FlagSet {
	set := f.flags()
	set.StringVar(&f.within, "within", "", "count the eligible devices with at most `DAYS` left, such as 90d; --only closing selects them")
	return set
}

// withinDays returns the number of days of --within; asked is false without it.
func (f *questionFlags) withinDays() (asked bool, days int, err error) {
	if f.within == "" {
		return false, 0, nil
	}
	days, err = strconv.Atoi(strings.TrimSuffix(f.within, "d"))
	if err != nil || days < 0 {
		return false, 0, exit.Usagef("--within %q: want a number of days, such as 90d", f.within)
	}
	return true, days, nil
}

// loadWaivers reads the waivers that are valid today; nil if no file is given.
func (c *Command) loadWaivers(path string) (*devices.Waivers, error) {
	if path == "" {
		return nil, nil
	}
	all, notes, err := config.LoadWaivers(path)
	if err != nil {
		return nil, exit.With(exit.Usage, fmt.Errorf("--waivers: %w", err))
	}
	for _, note := range notes {
		fmt.Fprintln(c.Stderr, note)
	}
	today, err := c.clockDay()
	if err != nil {
		return nil, exit.With(exit.Usage, fmt.Errorf("--waivers: which have expired: %w", err))
	}
	return devices.NewWaivers(all, today), nil
}

// waiverNotes returns notes on the effect of the waivers, and on those without effect.
func waiverNotes(path string, w *devices.Waivers, s *devices.Summary) []string {
	if w == nil {
		return nil
	}
	total, by := 0, []string{}
	for _, o := range []ivp.Outcome{ivp.NotEligible, ivp.Undetermined} {
		n := 0
		for r, count := range s.Waived {
			if r.Outcome() == o {
				n += count
			}
		}
		if total += n; n > 0 {
			by = append(by, fmt.Sprintf("%d %s", n, remarks.OutcomeWords(o)))
		}
	}
	notes := []string{fmt.Sprintf("waived: %d devices; they keep their outcome and do not fail the run", total)}
	switch total {
	case 0:
		notes[0] = "waived: no device"
	case 1:
		notes[0] = "waived: 1 device; it keeps its outcome and does not fail the run"
	}
	if len(by) > 0 {
		notes[0] += " (" + strings.Join(by, ", ") + ")"
	}
	for place, one := range w.All() {
		switch {
		case one.Expired():
			notes = append(notes, fmt.Sprintf("%s:%d: waiver %s expired on %s and has no effect: remove it, or have it approved again", path, one.Line, waiverName(one), remarks.Day(one.Until)))
		case place >= len(s.WaivedBy) || s.WaivedBy[place] == 0:
			notes = append(notes, fmt.Sprintf("%s:%d: waiver %s had no effect: no row that is not eligible matches it, or an earlier waiver matches too", path, one.Line, waiverName(one)))
		}
	}
	return notes
}

func waiverName(w devices.Waiver) string {
	if w.ID != "" {
		return w.ID
	}
	return fmt.Sprintf("%q", w.Reason)
}

// waiverEvidence identifies the waiver file, with the effect of each waiver.
func waiverEvidence(path string, w *devices.Waivers, s *devices.Summary) *evidence.Waivers {
	if w == nil {
		return nil
	}
	e := &evidence.Waivers{File: *fileEvidence(path)}
	for place, one := range w.All() {
		used := evidence.Waiver{ID: one.ID, Reason: one.Reason, Approver: one.Approver, Until: one.Until.String(), Expired: one.Expired()}
		if place < len(s.WaivedBy) {
			used.Devices = s.WaivedBy[place]
		}
		e.Waivers = append(e.Waivers, used)
	}
	return e
}

// configure sets the flags that the --config file has and the command line does not.
func (c *Command) configure(cmd *cobra.Command, path string) ([]config.Setting, error) {
	if path == "" {
		return nil, nil
	}
	set, err := config.Apply(path, cmd.Flags())
	if err != nil {
		return set, exit.With(exit.Usage, err)
	}
	return set, noEmptyFlags(cmd)
}

// painter returns a function that colours outcomes, or nil for no colours.
func (c *Command) painter(flag string) (func(string) string, error) {
	coloured, err := c.colour(flag)
	if err != nil || !coloured {
		return nil, err
	}
	return colourOutcome, nil
}
