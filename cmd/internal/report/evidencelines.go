package report

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/mp196/ivp/cmd/internal/evidence"
	"github.com/mp196/ivp/cmd/internal/remarks"
)

// evidenceLine is one fact of the evidence, as reports show it.
type evidenceLine struct{ Section, Label, Value string }

// lines collects the lines of one section after another.
type lines struct {
	section string
	all     []evidenceLine
}

// add adds a line; an empty value is left out.
func (l *lines) add(label, value string) {
	if value != "" {
		l.all = append(l.all, evidenceLine{l.section, label, value})
	}
}

func (l *lines) file(label string, f *evidence.File) {
	if f == nil {
		return
	}
	l.add(label, f.Name)
	l.add(label+", bytes", strconv.FormatInt(f.Bytes, 10))
	l.add(label+", SHA-256", f.SHA256)
}

// evidenceLines returns the evidence as labelled lines, in the order in which an
// auditor asks.
func evidenceLines(run *evidence.Run) []evidenceLine {
	l := &lines{}
	l.run(run)
	l.question(run.Question)
	l.rules(run)
	l.state("Before", run.Before)
	l.state("After", run.After)
	for i, in := range run.Inputs {
		l.section = "Input"
		if len(run.Inputs) > 1 {
			l.section = fmt.Sprintf("Input %d", i+1)
		}
		l.input(in)
	}
	l.waivers(run.Waivers)
	l.section = "Outputs"
	for _, o := range run.Outputs {
		if o.SHA256 == "" {
			l.add(o.Format, o.Name)
			continue
		}
		l.file(o.Format, &evidence.File{Name: o.Name, Bytes: o.Bytes, SHA256: o.SHA256})
	}
	l.counts(run.Counts)
	return l.all
}

// waivers tell which waivers there were, and how many devices each let pass.
func (l *lines) waivers(w *evidence.Waivers) {
	if w == nil {
		return
	}
	l.section = "Waivers"
	l.file("file", &w.File)
	for i, one := range w.Waivers {
		label := one.ID
		if label == "" {
			label = fmt.Sprintf("waiver %d", i+1)
		}
		did := remarks.Plural(one.Devices, "device")
		if one.Expired {
			did = "expired"
		}
		l.add(label, fmt.Sprintf("%s; approved by %s; until %s: %s", one.Reason, one.Approver, one.Until, did))
	}
}

// state returns what one of two states of the law rests on.
func (l *lines) state(section string, s *evidence.State) {
	if s == nil {
		return
	}
	l.section = section
	l.add("state", s.Text)
	l.add("in words", s.Words)
	l.add("edition", s.Edition)
	l.add("SHA-256", s.SHA256)
	l.add("vouched to", s.VouchedTo)
}

func (l *lines) run(run *evidence.Run) {
	l.section = "Run"
	l.add("Tool", run.Tool.Name+" "+run.Tool.Version)
	l.add("Built with", run.Tool.Go+", "+run.Tool.System)
	l.add("Started", run.Started.Format(time.RFC3339))
	l.add("Finished", run.Finished.Format(time.RFC3339))
	l.add("Command line", commandLine(run.Flags))
	l.file("Configuration", run.Config)
	for _, s := range run.Settings {
		l.add("Set by the configuration", "--"+s.Flag+"="+s.Value)
	}
	l.file("Profile", run.Profile)
}

// commandLine joins words as one would type them.
func commandLine(words []string) string {
	all := []string{"ivp"}
	for _, word := range words {
		if word == "" || strings.ContainsAny(word, " \t\"'$&|;<>()*?") {
			word = strconv.Quote(word)
		}
		all = append(all, word)
	}
	return strings.Join(all, " ")
}

func (l *lines) question(q evidence.Question) {
	l.section = "Question"
	l.add("Installation day", or(q.On, "that of each row"))
	l.add("Tables applied", or(q.AsAt, "those of each installation day"))
	l.add("Installations from", q.From)
	l.add("Installations to", q.To)
	l.add("Last day of a period", q.LastDay)
	if q.AssumeOpen {
		l.add("Ends not on record", "taken to be open")
	}
	if q.Scope != nil {
		l.add("Scope", or(*q.Scope, "the general one"))
	}
}

func or(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}

func (l *lines) rules(run *evidence.Run) {
	l.section = "Rules"
	l.add("Edition", run.Rules.Edition)
	l.add("SHA-256", run.Rules.SHA256)
	l.add("Vouched to", run.Rules.VouchedTo)
	l.file("Record in place of the shipped one", run.Rules.Record)
	for i := range run.Rules.Amendments {
		l.file("Amendments added", &run.Rules.Amendments[i])
	}
	if c := run.Catalogue; c != nil {
		l.file("Central Products List", &c.File)
		l.add("Central Products List, of itself", c.Says)
	}
}

func (l *lines) input(in evidence.Input) {
	l.file("File", &in.File)
	if in.Empty {
		l.add("Content", "none")
		return
	}
	l.add("Sheet", in.Sheet)
	l.add("Table", in.Table)
	l.add("Encoding", in.Encoding)
	if in.Delimiter != "" {
		l.add("Delimiter", strconv.Quote(in.Delimiter))
	}
	l.add("Heading in row", strconv.Itoa(in.HeaderRow))
	l.add("Dates", in.Dates)
	for _, c := range in.Columns {
		l.add("Column read as "+c.Field, or(c.Heading, "(no heading)"))
	}
	if len(in.NotRead) > 0 {
		l.add("Columns not read", strings.Join(in.NotRead, ", "))
	}
	for _, note := range in.Notes {
		l.add("Note", note)
	}
}

func (l *lines) counts(c evidence.Counts) {
	l.section = "Counts"
	l.add("Devices", strconv.Itoa(c.Devices))
	for _, outcome := range []string{"eligible", "not_eligible", "undetermined"} {
		l.add(outcome, strconv.Itoa(c.Outcomes[outcome]))
	}
	if c.Blank > 0 {
		l.add("Blank rows, not counted", strconv.Itoa(c.Blank))
	}
	for _, row := range []struct {
		name string
		n    int
	}{
		{"Rows that only say total, not counted", c.Totals},
		{"Rows of white space or an end mark, not counted", c.Nothing},
		{"Rows with empty cells beyond the heading, left out", c.Surplus},
		{"Rows with bytes that are not UTF-8, replaced in JSON, workbooks and pages", c.NotUTF8},
	} {
		if row.n > 0 {
			l.add(row.name, strconv.Itoa(row.n))
		}
	}
}

// inputNotes say what a reader should know of how the inputs were read.
func inputNotes(run *evidence.Run) (all []string) {
	if run == nil {
		return nil
	}
	for _, in := range run.Inputs {
		all = append(all, in.Notes...)
	}
	return all
}
