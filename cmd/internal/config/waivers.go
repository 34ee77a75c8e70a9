package config

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/mp196/ivp/cmd/internal/remarks"
	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/ivp"
)

// LoadWaivers reads a file of waivers. The notes say how dates were read of which day
// and month can be exchanged. The error names every fault with its line, or says that
// the file could not be read.
func LoadWaivers(path string) (all []devices.Waiver, notes []string, err error) {
	text, err := readText(path)
	if err != nil {
		return nil, nil, fmt.Errorf("could not read the waivers: %w", err)
	}
	r := waiverReader{faults: faults{path: path}}
	if err := r.file(text); err != nil {
		return nil, nil, err
	}
	return r.all, r.notes, r.err()
}

// waiverReader reads waivers and collects faults.
type waiverReader struct {
	faults
	all   []devices.Waiver
	notes []string
}

var waiverKeys = []string{"id", "device_id", "model", "spec", "until", "reason", "approver"}

// waiverHead matches the first line of a waiver.
var waiverHead = regexp.MustCompile(`(?m)^[ \t]*\[\[[ \t]*waivers?[ \t]*\]\].*$`)

// file reads every table [[waiver]] separately: of several tables with one name
// the library gives only the lines of the last.
func (r *waiverReader) file(text string) error {
	if _, err := parseDocument(r.path, text); err != nil {
		return err
	}
	heads := waiverHead.FindAllStringIndex(text, -1)
	above := text
	if len(heads) > 0 {
		above = text[:heads[0][0]]
	}
	doc, err := parseDocument(r.path, above)
	if err != nil {
		return err
	}
	for _, k := range doc.keys {
		r.add(k.line, "%q is not a table of waivers: want [[waiver]], and below it %s", k.name, list(waiverKeys))
	}
	if len(heads) == 0 && len(doc.keys) == 0 {
		r.add(1, "the file has no waiver: want [[waiver]], and below it %s", list(waiverKeys))
	}
	for n, head := range heads {
		end := len(text)
		if n+1 < len(heads) {
			end = heads[n+1][0]
		}
		if err := r.table(text[:head[0]], text[head[1]:end]); err != nil {
			return err
		}
	}
	r.unique()
	return nil
}

// table reads one waiver; above is the text before it.
func (r *waiverReader) table(above, text string) error {
	line := 1 + strings.Count(above, "\n")
	doc, err := parseDocument(r.path, text)
	if err != nil {
		return err
	}
	for i := range doc.keys {
		doc.keys[i].line += line - 1
	}
	r.all = append(r.all, r.waiver(line, doc.keys))
	return nil
}

// unique adds a fault for each waiver whose id an earlier one has.
func (r *waiverReader) unique() {
	lines := map[string]int{}
	for _, w := range r.all {
		if line, twice := lines[w.ID]; twice && w.ID != "" {
			r.add(w.Line, "id: %q is already in line %d: give each waiver a different id", w.ID, line)
		}
		lines[w.ID] = w.Line
	}
}

func (r *waiverReader) waiver(line int, keys []key) (w devices.Waiver) {
	w.Line = line
	given := map[string]bool{}
	for _, k := range keys {
		given[k.name] = true
		switch k.name {
		case "id":
			w.ID = r.text(k)
		case "device_id":
			w.DeviceIDs = r.texts(k)
		case "model":
			w.Models = r.texts(k)
		case "spec":
			w.Specs = r.specs(k)
		case "until":
			w.Until = r.day(k)
		case "reason":
			w.Reason = r.text(k)
		case "approver":
			w.Approver = r.text(k)
		default:
			r.add(k.line, "%q is not a key of a waiver: want one of %s%s", k.name, list(waiverKeys), remarks.DidYouMean(k.name, waiverKeys))
		}
	}
	for _, name := range []string{"until", "reason", "approver"} {
		if !given[name] {
			r.add(w.Line, "the waiver has no %s: want %s", name, waiverWants[name])
		}
	}
	if !given["device_id"] && !given["model"] && !given["spec"] {
		r.add(w.Line, "the waiver names no rows: want device_id, model or spec; if you give several, a row must match all of them")
	}
	return w
}

var waiverWants = map[string]string{
	"until":    "until = 2026-12-31, the last day on which it applies",
	"reason":   `reason = "…", why the rows may pass`,
	"approver": `approver = "…", who approved it`,
}

func (r *waiverReader) text(k key) string {
	text, ok := k.value.(string)
	switch {
	case !ok:
		r.wrongKind(k, "text in quotes")
	case strings.TrimSpace(text) == "":
		r.add(k.line, "%s is blank: give a value, or delete the line", k.name)
	}
	return strings.TrimSpace(text)
}

// texts reads a text or an array of texts.
func (r *waiverReader) texts(k key) (all []string) {
	items, several := k.value.([]any)
	if !several {
		items = []any{k.value}
	}
	if len(items) == 0 {
		r.add(k.line, "%s names nothing: want a text, or an array of texts", k.name)
	}
	for _, item := range items {
		text, ok := item.(string)
		switch {
		case !ok:
			r.wrongKind(k, `text in quotes, or an array such as ["…", "…"]`)
			return nil
		case strings.TrimSpace(text) == "":
			r.add(k.line, "%s has a blank text, which matches no row: delete it", k.name)
		}
		all = append(all, text)
	}
	return all
}

func (r *waiverReader) specs(k key) (all []ivp.Spec) {
	for _, text := range r.texts(k) {
		spec, err := devices.ParseTSVersion(text, 0)
		if err != nil {
			r.add(k.line, "spec: %w", err)
			continue
		}
		all = append(all, spec)
	}
	return all
}

// day reads a TOML date, or a date in quotes as the flags read it.
func (r *waiverReader) day(k key) ivp.Date {
	text, isText := k.value.(string)
	at, isTime := k.value.(time.Time)
	if !isText && !isTime {
		r.wrongKind(k, "a date such as 2026-12-31, or \"31/12/2026\" in quotes")
		return ivp.Date{}
	}
	if isTime {
		text = at.Format(time.DateOnly)
	}
	day, note, err := remarks.ReadDay(text)
	if err != nil {
		r.add(k.line, "until: %w", err)
	}
	if note != "" {
		r.notes = append(r.notes, fmt.Sprintf("%s:%d: %s", r.path, k.line, note))
	}
	return day
}
