package main

import (
	"bufio"
	"encoding/csv"
	"io"
	"log"
	"os"
	"fmt"

	"github.com/gocarina/gocsv"
	"github.com/mp196/ivp/testdata/bench/internal/rowjudge"
)

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
	Outcome         string `csv:"ivp_outcome"`
	Reason          string `csv:"ivp_reason"`
	ReadSpec        string `csv:"ivp_spec"`
	To              string `csv:"ivp_to"`
	DaysLeft        string `csv:"ivp_days_left"`
	Amendment       string `csv:"ivp_amendment"`
}

const bufferSize = 256 << 10

func ck(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func main() {
	in, err := os.Open(os.Args[2])
	ck(err)
	out, err := os.Create(os.Args[3])
	ck(err)
	reader := csv.NewReader(bufio.NewReaderSize(in, bufferSize))
	reader.ReuseRecord = true
	buffer := bufio.NewWriterSize(out, bufferSize)
	writer := csv.NewWriter(buffer)
	judge := rowjudge.New()
	fill := func(r *row) {
		c := judge.Row(r.DeviceType, r.Spec, r.GBCS, r.InstallDate, r.Scope)
		r.Outcome, r.Reason, r.ReadSpec, r.To, r.DaysLeft, r.Amendment = c[0], c[1], c[2], c[3], c[4], c[5]
	}
	var line []string
	hand := func(r *row) {
		line = append(line[:0], r.DeviceID, r.DeviceType, r.Manufacturer, r.Model, r.HardwareVersion, r.Firmware, r.Spec, r.GBCS, r.InstallDate, r.Scope, r.Outcome, r.Reason, r.ReadSpec, r.To, r.DaysLeft, r.Amendment)
		writer.Write(line)
	}
	heading := []string{"device_id", "device_type", "manufacturer", "model", "hardware_version", "firmware", "spec", "gbcs", "install_date", "scope", "ivp_outcome", "ivp_reason", "ivp_spec", "ivp_to", "ivp_days_left", "ivp_amendment"}
	switch os.Args[1] {
	case "read-chan": // Unmarshaller -> MarshalChan
		um, err := gocsv.NewUnmarshaller(reader, &row{})
		ck(err)
		rows := make(chan any, 1024)
		done := make(chan error)
		go func() { done <- gocsv.MarshalChan(rows, gocsv.NewSafeCSVWriter(writer)) }()
		for {
			v, err := um.Read()
			if err == io.EOF {
				break
			}
			ck(err)
			r := v.(*row)
			fill(r)
			rows <- r
		}
		close(rows)
		ck(<-done)
	case "read-raw": // MarshalChan with csv.Writer
		um, err := gocsv.NewUnmarshaller(reader, &row{})
		ck(err)
		rows := make(chan any, 1024)
		done := make(chan error)
		go func() {
			for {
				v, err := um.Read()
				if err == io.EOF {
					break
				}
				ck(err)
				rows <- v
			}
			close(rows)
		}()
		judged := make(chan any, 1024)
		go func() { done <- gocsv.MarshalChan(judged, writer) }()
		for v := range rows {
			fill(v.(*row))
			judged <- v
		}
		close(judged)
		ck(<-done)
	case "read-hand":
		um, err := gocsv.NewUnmarshaller(reader, &row{})
		ck(err)
		writer.Write(heading)
		for {
			v, err := um.Read()
			if err == io.EOF {
				break
			}
			ck(err)
			r := v.(*row)
			fill(r)
			hand(r)
		}
	case "cb-chan":
		rows := make(chan any, 1024)
		done := make(chan error)
		go func() { done <- gocsv.MarshalChan(rows, writer) }()
		gocsv.SetCSVReader(func(io.Reader) gocsv.CSVReader { return reader })
		ck(gocsv.UnmarshalToCallback(in, func(r *row) { fill(r); rows <- r }))
		close(rows)
		ck(<-done)
	case "cb-hand":
		writer.Write(heading)
		gocsv.SetCSVReader(func(io.Reader) gocsv.CSVReader { return reader })
		ck(gocsv.UnmarshalToCallback(in, func(r *row) { fill(r); hand(r) }))
	case "chan-hand":
		writer.Write(heading)
		gocsv.SetCSVReader(func(io.Reader) gocsv.CSVReader { return reader })
		rows := make(chan *row, 1024)
		done := make(chan error, 1)
		go func() { done <- gocsv.UnmarshalToChan(in, rows) }()
		for r := range rows {
			fill(r)
			hand(r)
		}
		ck(<-done)
	case "chan-chan":
		gocsv.SetCSVReader(func(io.Reader) gocsv.CSVReader { return reader })
		rows := make(chan *row, 1024)
		done := make(chan error, 2)
		go func() { done <- gocsv.UnmarshalToChan(in, rows) }()
		judged := make(chan any, 1024)
		go func() { done <- gocsv.MarshalChan(judged, writer) }()
		for r := range rows {
			fill(r)
			judged <- r
		}
		close(judged)
		ck(<-done)
		ck(<-done)
	}
	writer.Flush()
	ck(writer.Error())
	ck(buffer.Flush())
	fmt.Fprint(os.Stderr, "")
}
