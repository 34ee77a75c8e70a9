// Command gocsv checks an inventory that ivp sample wrote, as a program would
// that streams it through gocsv into structs: gocsv IN OUT. It takes gocsv's
// fastest streaming door, UnmarshalToChan, which decodes on a goroutine of its
// own, over a reader that reuses its record; it writes with encoding/csv, which
// took less time than gocsv.MarshalChan.
package main

import (
	"bufio"
	"encoding/csv"
	"io"
	"log"
	"os"
	"runtime/debug"

	"github.com/gocarina/gocsv"

	"github.com/mp196/ivp/testdata/bench/internal/rowjudge"
)

// row is a row of a sample.
type row struct {
	DeviceID        string `csv:"device_id"`
	DeviceType      string `csv:"device_type"`
	Manufacturer    string `csv:"manufacturer"`
	Model           string `csv:"model"`
	HardwareVersion string `csv:"hardware_version"`
	Firmware        string `csv:"firmware"`
	Spec            string `csv:"spec"`
	GBCS            string `csv:"gbcs"`
	InstallDate     string `csv:"install_date"`
	Scope           string `csv:"scope"`
}

var heading = []string{"device_id", "device_type", "manufacturer", "model", "hardware_version", "firmware", "spec", "gbcs", "install_date", "scope",
	"ivp_outcome", "ivp_reason", "ivp_spec", "ivp_to", "ivp_days_left", "ivp_amendment"}

const (
	bufferSize = 256 << 10
	// ahead is how many rows the decoding may be ahead.
	ahead = 1024
	// gcPercent has the collector run less often over a heap this small; more
	// gained nothing.
	gcPercent = 400
)

func main() {
	if len(os.Args) != 3 {
		log.Fatal("usage: gocsv IN OUT")
	}
	debug.SetGCPercent(gcPercent)
	if err := check(os.Args[1], os.Args[2]); err != nil {
		log.Fatal(err)
	}
}

func check(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.Create(to)
	if err != nil {
		return err
	}
	gocsv.SetCSVReader(func(r io.Reader) gocsv.CSVReader {
		reader := csv.NewReader(bufio.NewReaderSize(r, bufferSize))
		reader.ReuseRecord = true
		return reader
	})
	rows, done := make(chan *row, ahead), make(chan error, 1)
	go func() { done <- gocsv.UnmarshalToChan(in, rows) }()
	buffer := bufio.NewWriterSize(out, bufferSize)
	writer := csv.NewWriter(buffer)
	writer.Write(heading)
	judge := rowjudge.New()
	var line []string
	for r := range rows {
		added := judge.Row(r.DeviceType, r.Spec, r.GBCS, r.InstallDate, r.Scope)
		line = append(line[:0], r.DeviceID, r.DeviceType, r.Manufacturer, r.Model, r.HardwareVersion, r.Firmware, r.Spec, r.GBCS, r.InstallDate, r.Scope)
		line = append(line, added[:]...)
		writer.Write(line)
	}
	if err := <-done; err != nil {
		return err
	}
	writer.Flush()
	if err := writer.Error(); err != nil {
		return err
	}
	if err := buffer.Flush(); err != nil {
		return err
	}
	return out.Close()
}
