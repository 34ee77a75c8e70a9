package main

import (
	"github.com/mp196/ivp/cmd/internal/exit"
	"github.com/mp196/ivp/ivp"
)

// colour reports whether outcomes on stdout are to be coloured, by the word of
// --color. With auto they are where stdout is a terminal that knows colour and
// NO_COLOR, the custom of no-color.org, does not speak against it; with always
// they are whatever the surroundings say.
func (c *Command) colour(flag string) (bool, error) {
	switch flag {
	case "auto":
		return c.stdoutIsTerminal() && c.Getenv("NO_COLOR") == "" && c.Getenv("TERM") != "dumb" && takesColour(fileOf(c.Stdout)), nil
	case "always":
		return true, nil
	case "never":
		return false, nil
	}
	return false, exit.Usagef("--color %q: want auto, always or never", flag)
}

const plainText = "\x1b[0m"

// outcomeColours are the terminal's codes: not eligible is bold as well as red,
// since not everybody sees red beside green.
var outcomeColours = map[string]string{
	ivp.Eligible.String():     "\x1b[32m",
	ivp.NotEligible.String():  "\x1b[1;31m",
	ivp.Undetermined.String(): "\x1b[33m",
}

// colourOutcome returns an outcome in its colour, and any other word as it is.
// The codes take no room on the terminal: a caller that pads cells counts the
// word before it is coloured.
func colourOutcome(word string) string {
	code, ok := outcomeColours[word]
	if !ok {
		return word
	}
	return code + word + plainText
}
