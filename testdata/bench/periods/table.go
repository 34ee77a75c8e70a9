package main

import (
	"encoding/csv"
	"slices"

	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/ivp"
)

// The marks of the column that says how a row's day is given.
const (
	dated      = "dated"
	notGiven   = "none"
	unreadable = "unreadable"
)

// daysLeft is the added column that a database works out by itself, from the
// day and ivp_to.
const daysLeft = 4

// table is the table in the making. An error of the writer stays with it.
type table struct {
	judge devices.Judge
	out   *csv.Writer
}

func (t table) heading() {
	var names []string
	for _, field := range profileFields {
		names = append(names, field.String())
	}
	names = append(names, "given", "first", "last")
	t.write(names, devices.AddedColumns(false))
}

// profile writes the verdicts of a profile, for every day there is and for
// none.
func (t table) profile(p profile, d devices.Device) {
	d.On = ivp.Date{}
	t.row(p, d, notGiven, "", "")
	d.On = ivp.UnreadableDate()
	t.row(p, d, unreadable, "", "")
	for _, period := range t.judge.Checker.Periods(d.Installation) {
		d.On = period.First
		t.row(p, d, dated, period.First.String(), period.Last.String())
	}
}

func (t table) row(p profile, d devices.Device, given, first, last string) {
	t.write(append(p[:], given, first, last), t.judge.Device(d).Cells(false))
}

func (t table) write(head, added []string) {
	t.out.Write(slices.Concat(head, slices.Delete(slices.Clone(added), daysLeft, daysLeft+1)))
}
