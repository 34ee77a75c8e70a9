package main

import (
	"strconv"
	"strings"

	"github.com/spf13/pflag"

	"github.com/mp196/ivp/cmd/internal/exit"
)

// withinFlag asks about the devices that close soon. It is a flag of check
// alone: one device shows its days left anyway.
func (f *questionFlags) withinFlag() *pflag.FlagSet {
	set := f.flags()
	set.StringVar(&f.within, "within", "", "count the eligible devices with at most so many `DAYS` left, such as 90d; --only closing selects them")
	return set
}

// withinDays returns the days that --within names.
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
