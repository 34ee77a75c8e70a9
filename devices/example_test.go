package devices_test

import (
	"context"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/gocarina/gocsv"

	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/ivp"
)

const inventory = `MSN,SMETS Version,Planned Install Date,Depot
20P0000001,SMETS2 v3.1,27/04/2023,Leeds
20P0000002,SMETS2 v3.1,28/04/2023,Hull
`

// An inventory of any size, from a stream to a stream, which the context can
// cancel.
func ExampleCheckCSV() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	judge := devices.Judge{Checker: ivp.Checker{History: ivp.Published()}}

	summary, err := devices.CheckCSV(ctx, os.Stdout, strings.NewReader(inventory), devices.CheckOptions{Judge: judge})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(summary.Devices, summary.Reasons)
	// Output:
	// MSN,SMETS Version,Planned Install Date,Depot,ivp_outcome,ivp_reason,ivp_spec,ivp_to,ivp_days_left,ivp_amendment
	// 20P0000001,SMETS2 v3.1,27/04/2023,Leeds,eligible,within-period,SMETS2 v3.1,2023-04-27,0,MP196
	// 20P0000002,SMETS2 v3.1,28/04/2023,Hull,not_eligible,after-end,SMETS2 v3.1,2023-04-27,-1,MP196
	// 2 map[within-period:1 after-end:1]
}

// A struct of the importer's own, read by gocsv, and the library for each row.
func Example_ownStruct() {
	type meter struct {
		Serial  string `csv:"MSN"`
		Version string `csv:"SMETS Version"`
		Planned string `csv:"Planned Install Date"`
		Depot   string `csv:"Depot"`
	}
	var meters []meter
	if err := gocsv.UnmarshalString(inventory, &meters); err != nil {
		fmt.Println(err)
		return
	}
	checker := ivp.Checker{History: ivp.Published()}
	format, _ := devices.ParseDateFormat("DD/MM/YYYY")
	for _, m := range meters {
		// A cell that cannot be read makes the answer undetermined.
		spec, _ := devices.ParseTSVersion(m.Version, 0)
		day, _ := devices.ReadDate(m.Planned, format)
		verdict := checker.Check(ivp.Installation{Spec: spec, On: day})
		fmt.Println(m.Serial, m.Depot, verdict.Outcome(), verdict.Reason)
	}
	// Output:
	// 20P0000001 Leeds eligible within-period
	// 20P0000002 Hull not_eligible after-end
}
