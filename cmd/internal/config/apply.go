package config

import (
	"fmt"
	"path/filepath"
	"slices"
	"strconv"

	"github.com/spf13/pflag"

	"github.com/mp196/ivp/cmd/internal/remarks"
)

// Setting is a flag that a configuration has set, and its value. A repeatable
// flag has one setting for each value.
type Setting struct{ Flag, Value string }

// pathFlags are the flags that name a file or a folder. A relative name is
// relative to the folder of the configuration, so that a configuration means the
// same wherever it is used.
var pathFlags = []string{"rules", "amend", "cpl", "profile", "files-from", "changed-since", "output", "split", "waivers", "plan"}

// notSettable are the flags that a configuration cannot set, and why.
var notSettable = map[string]string{
	"config": "a configuration cannot name another one",
	"help":   "give it on the command line",
}

// Apply sets the flags that the TOML file at path contains and the command line
// does not; they then count as given. The keys are the flags' long names. The
// error names every fault with its line, or says that the file could not be read;
// after an error the flags must not be used.
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
	if !ok || flag.Changed { // the command line takes precedence
		return
	}
	for _, value := range values {
		value = a.resolve(flag.Name, value)
		if err := a.flags.Set(flag.Name, value); err != nil {
			a.add(k.line, "%s = %q is not valid: %w", k.name, value, err)
			return
		}
		a.settings = append(a.settings, Setting{flag.Name, value})
	}
}

func (a *applier) unknown(k key) {
	if slices.Contains([]string{"file", "files", "input", "inputs"}, k.name) {
		a.add(k.line, "%s cannot be set here: name inventories on the command line, or in the file of files-from", k.name)
		return
	}
	if len(k.name) == 1 {
		if flag := a.flags.ShorthandLookup(k.name); flag != nil {
			a.add(k.line, "%s is the short name of a flag: write its long name, %s", k.name, flag.Name)
			return
		}
	}
	a.add(k.line, "%q is not a flag: want the long name of a flag, such as as-at = \"latest\"%s", k.name, remarks.DidYouMean(k.name, a.names()))
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

// texts returns the value of a key as texts that the flag can be set to.
func (a *applier) texts(k key, flag *pflag.Flag) (texts []string, ok bool) {
	switch flag.Value.Type() {
	case "bool":
		if value, ok := k.value.(bool); ok {
			return []string{strconv.FormatBool(value)}, true
		}
		a.wrongKind(k, "true or false, without quotes")
	case "int":
		if value, ok := k.value.(int64); ok {
			return []string{strconv.FormatInt(value, 10)}, true
		}
		a.wrongKind(k, "a whole number, without quotes")
	case "stringArray":
		if texts, ok := textsOf(k); ok {
			return texts, true
		}
		a.wrongKind(k, fmt.Sprintf("an array of texts in quotes, as in %s = [\"…\"]", k.name))
	default:
		if value, ok := k.value.(string); ok {
			return []string{value}, true
		}
		a.wrongKind(k, fmt.Sprintf("text in quotes, as in %s = \"…\"", k.name))
	}
	return nil, false
}

// textsOf returns the texts of an array; ok is false if it contains anything
// else.
func textsOf(k key) (texts []string, ok bool) {
	value, ok := k.value.([]any)
	for _, element := range value {
		text, isText := element.(string)
		texts, ok = append(texts, text), ok && isText
	}
	return texts, ok
}

// resolve returns the value of a flag. If it names a file, other than standard
// input, it is joined to the folder of the configuration.
func (a *applier) resolve(flag, value string) string {
	if !slices.Contains(pathFlags, flag) || value == "" || value == "-" || filepath.IsAbs(value) {
		return value
	}
	return filepath.Join(a.folder, value)
}
