package config

import (
	"fmt"
	"path/filepath"
	"slices"
	"strconv"

	"github.com/spf13/pflag"
)

// Setting is a flag that a configuration has set, and the text it was given: a
// repeatable flag has a setting for each time.
type Setting struct{ Flag, Value string }

// pathFlags are the flags that name a file or a folder. Where such a name is
// relative, it is looked for from the folder of the configuration, so that a
// configuration means the same from wherever it is used.
var pathFlags = []string{"rules", "amend", "cpl", "profile", "files-from", "output", "split", "waivers", "plan"}

// notSettable are the flags that make no sense in a configuration.
var notSettable = map[string]string{
	"config": "a configuration names no other",
	"help":   "help is asked for on the command line",
}

// Apply sets the flags that the TOML file at path names and the command line
// does not; a flag that it sets counts as given. The keys are the flags' long
// names. The error names every fault with its line, or says that the file could
// not be read; then no flag should be relied on.
func Apply(path string, flags *pflag.FlagSet) ([]Setting, error) {
	doc, err := readDocument(path)
	if err != nil {
		return nil, fmt.Errorf("could not read the configuration: %w", err)
	}
	a := applier{faults: faults{path: path}, flags: flags, folder: filepath.Dir(path)}
	for _, k := range doc.keys {
		a.apply(k)
	}
	if err := a.err(); err != nil {
		return nil, err
	}
	return a.settings, nil
}

type applier struct {
	faults
	flags    *pflag.FlagSet
	folder   string
	settings []Setting
}

func (a *applier) apply(k key) {
	flag := a.flags.Lookup(k.name)
	reason, barred := notSettable[k.name]
	switch {
	case barred:
		a.add(k.line, "%s cannot be set here: %s", k.name, reason)
		return
	case flag == nil:
		a.unknown(k)
		return
	}
	values, ok := a.texts(k, flag)
	if !ok || flag.Changed { // the command line has said otherwise
		return
	}
	for _, value := range values {
		value = a.located(flag.Name, value)
		if err := a.flags.Set(flag.Name, value); err != nil {
			a.add(k.line, "%s = %q cannot be taken: %w", k.name, value, err)
			return
		}
		a.settings = append(a.settings, Setting{flag.Name, value})
	}
}

func (a *applier) unknown(k key) {
	if slices.Contains([]string{"file", "files", "input", "inputs"}, k.name) {
		a.add(k.line, "%s cannot be set here: inventories are named on the command line, or in the file of files-from", k.name)
		return
	}
	if len(k.name) == 1 {
		if flag := a.flags.ShorthandLookup(k.name); flag != nil {
			a.add(k.line, "%s is the short name of a flag: write it out, %s", k.name, flag.Name)
			return
		}
	}
	a.add(k.line, "%q is no flag: want the long name of one, such as as-at = \"latest\"%s", k.name, didYouMean(k.name, a.names()))
}

// names returns the flags that a configuration can set.
func (a *applier) names() []string {
	var names []string
	a.flags.VisitAll(func(flag *pflag.Flag) {
		if _, barred := notSettable[flag.Name]; !barred {
			names = append(names, flag.Name)
		}
	})
	return names
}

// texts returns what a key holds as the flag would be given it.
func (a *applier) texts(k key, flag *pflag.Flag) (texts []string, ok bool) {
	switch flag.Value.Type() {
	case "bool":
		if held, ok := k.value.(bool); ok {
			return []string{strconv.FormatBool(held)}, true
		}
		a.wrongKind(k, "true or false, without quotes")
	case "int":
		if held, ok := k.value.(int64); ok {
			return []string{strconv.FormatInt(held, 10)}, true
		}
		a.wrongKind(k, "a whole number, without quotes")
	case "stringArray":
		if texts, ok := textsOf(k); ok {
			return texts, true
		}
		a.wrongKind(k, fmt.Sprintf("an array of texts in quotes, as in %s = [\"…\"]", k.name))
	default:
		if held, ok := k.value.(string); ok {
			return []string{held}, true
		}
		a.wrongKind(k, fmt.Sprintf("text in quotes, as in %s = \"…\"", k.name))
	}
	return nil, false
}

// textsOf returns the texts of an array that holds nothing else.
func textsOf(k key) (texts []string, ok bool) {
	held, ok := k.value.([]any)
	for _, element := range held {
		text, isText := element.(string)
		texts, ok = append(texts, text), ok && isText
	}
	return texts, ok
}

// located returns the value of a flag, where it names a file: from the folder
// of the configuration. Standard input is no file.
func (a *applier) located(flag, value string) string {
	if !slices.Contains(pathFlags, flag) || value == "" || value == "-" || filepath.IsAbs(value) {
		return value
	}
	return filepath.Join(a.folder, value)
}
