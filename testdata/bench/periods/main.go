// Command periods writes the table that a database joins an inventory with:
// periods IN OUT. For every profile of the inventory (device type, version,
// GBCS version and scope, as they are written) it has each run of installation
// days with one verdict, and a row for a day that is not given and one for a
// day that cannot be read.
package main

import (
	"encoding/csv"
	"io"
	"log"
	"os"

	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/ivp"
)

// profileFields are the fields of which a verdict is made, but for the day.
var profileFields = [...]devices.Field{devices.DeviceType, devices.Spec, devices.GBCS, devices.Scope}

// profile is the cells of these fields.
type profile [len(profileFields)]string

func main() {
	if len(os.Args) != 3 {
		log.Fatal("usage: periods IN OUT")
	}
	if err := write(os.Args[1], os.Args[2]); err != nil {
		log.Fatal(err)
	}
}

func write(from, to string) error {
	found, err := profiles(from)
	if err != nil {
		return err
	}
	out, err := os.Create(to)
	if err != nil {
		return err
	}
	t := table{judge: devices.Judge{Checker: ivp.Checker{History: ivp.Published()}}, out: csv.NewWriter(out)}
	t.heading()
	for p, device := range found {
		t.profile(p, device)
	}
	t.out.Flush()
	if err := t.out.Error(); err != nil {
		return err
	}
	return out.Close()
}

// profiles returns the profiles of an inventory, each with one of its devices.
func profiles(name string) (map[profile]devices.Device, error) {
	in, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	reader, err := devices.NewReader(in, devices.ReaderOptions{Name: name})
	if err != nil {
		return nil, err
	}
	found := map[profile]devices.Device{}
	for {
		row, err := reader.Read()
		if err == io.EOF {
			return found, nil
		}
		if err != nil {
			return nil, err
		}
		if row.Kind != devices.DataRow {
			continue
		}
		var p profile
		for n, field := range profileFields {
			if i := reader.Columns().Index(field); i >= 0 {
				p[n] = row.Cells[i]
			}
		}
		if _, seen := found[p]; !seen {
			found[p] = row.Device
		}
	}
}
