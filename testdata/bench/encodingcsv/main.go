// Command encodingcsv checks an inventory that ivp sample wrote, as a program
// would that uses encoding/csv and judges every row: encodingcsv IN OUT.
package main

import (
	"bufio"
	"encoding/csv"
	"io"
	"log"
	"os"
	"slices"

	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/testdata/bench/internal/rowjudge"
)

// bufferSize is that of the engine's blocks; csv's own is 4 KiB.
const bufferSize = 256 << 10

func main() {
	if len(os.Args) != 3 {
		log.Fatal("usage: encodingcsv IN OUT")
	}
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
	reader := csv.NewReader(bufio.NewReaderSize(in, bufferSize))
	reader.ReuseRecord = true
	buffer := bufio.NewWriterSize(out, bufferSize)
	writer := csv.NewWriter(buffer)
	if err := rows(reader, writer); err != nil {
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

func rows(reader *csv.Reader, writer *csv.Writer) error {
	heading, err := reader.Read()
	if err != nil {
		return err
	}
	columns, err := devices.MapColumns(heading, devices.ColumnOptions{})
	if err != nil {
		return err
	}
	if err := writer.Write(slices.Concat(heading, devices.AddedColumns(false))); err != nil {
		return err
	}
	kind, spec, gbcs := columns.Index(devices.DeviceType), columns.Index(devices.Spec), columns.Index(devices.GBCS)
	day, scope := columns.Index(devices.InstallDate), columns.Index(devices.Scope)
	judge := rowjudge.New()
	var line []string
	for {
		row, err := reader.Read()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		added := judge.Row(row[kind], row[spec], row[gbcs], row[day], row[scope])
		line = append(append(line[:0], row...), added[:]...)
		if err := writer.Write(line); err != nil {
			return err
		}
	}
}
