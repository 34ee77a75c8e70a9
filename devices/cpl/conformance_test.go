package cpl_test

import (
	"bytes"
	"encoding/csv"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/ivp"
)

var updateConformance = flag.Bool("update", false, "write the conformance vectors anew")

const conformanceFile = "../../testdata/conformance/with-cpl.csv"

var (
	conformanceColumns = []string{"device_id", "device_type", "spec", "gbcs", "manufacturer", "model", "hardware_version", "hardware_revision", "model_hardware", "firmware", "install_date", "scope"}
	// wanted are the columns of the expected answers: the names of the added
	// columns with want in place of ivp.
	wanted = []string{"want_outcome", "want_reason", "want_to", "want_amendment", "want_cpl_entries", "want_cpl_remedy"}
)

// TestConformanceVectorsAreCurrent makes the file from the periods of the record
// and a synthetic list, and compares it with the committed one.
func TestConformanceVectorsAreCurrent(t *testing.T) {
	want := conformanceVectors(t)
	if *updateConformance {
		require.NoError(t, os.WriteFile(conformanceFile, want, 0o666))
	}
	got, err := os.ReadFile(conformanceFile)
	require.NoError(t, err)
	require.True(t, bytes.Equal(want, got), "%s is not what the record and the list give; go test ./devices/cpl -run Conformance -update writes it anew, and the change needs a look", conformanceFile)
}

// TestConformanceVectorsHaveEveryReason checks that the vectors include every
// reason that needs a list.
func TestConformanceVectorsHaveEveryReason(t *testing.T) {
	text, err := os.ReadFile(conformanceFile)
	require.NoError(t, err)
	seen := map[string]bool{}
	rows := readCells(t, text)
	for _, row := range rows[1:] {
		seen[row[slices.Index(rows[0], "want_reason")]] = true
	}
	for _, r := range ivp.Reasons() {
		assert.True(t, seen[r.String()] || !r.NeedsCPL(), "no vector has the reason %s", r)
	}
}

// TestConformanceVectorsThroughReaderAndEngine checks the file as an inventory:
// row by row and through the engine.
func TestConformanceVectorsThroughReaderAndEngine(t *testing.T) {
	text, err := os.ReadFile(conformanceFile)
	require.NoError(t, err)
	judge := listJudge(t)
	var bulk bytes.Buffer
	_, err = devices.CheckCSV(t.Context(), &bulk, bytes.NewReader(text), devices.CheckOptions{Judge: judge})
	require.NoError(t, err)
	for _, rows := range [][][]string{readCells(t, bulk.Bytes()), rowByRow(t, text, judge)} {
		require.Greater(t, len(rows), 500)
		for _, row := range rows[1:] {
			for _, want := range wanted {
				is := "ivp_" + strings.TrimPrefix(want, "want_")
				assert.Equal(t, row[slices.Index(rows[0], want)], row[slices.Index(rows[0], is)], "%s: %s", row[0], is)
			}
		}
	}
}

// rowByRow checks an inventory row by row.
func rowByRow(t *testing.T, text []byte, judge devices.Judge) [][]string {
	reader, err := devices.NewReader(bytes.NewReader(text), devices.ReaderOptions{})
	require.NoError(t, err)
	rows := [][]string{slices.Concat(reader.Heading().Cells, judge.Columns(false))}
	for {
		row, err := reader.Read()
		if err == io.EOF {
			return rows
		}
		require.NoError(t, err)
		rows = append(rows, slices.Concat(row.Cells, judge.Row(row).Cells(false)))
	}
}

func readCells(t *testing.T, text []byte) [][]string {
	rows, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
	require.NoError(t, err)
	return rows
}

func listJudge(t *testing.T) devices.Judge {
	return devices.Judge{Checker: ivp.Checker{History: ivp.Published()}, Catalogue: read(t, "list.csv")}
}

// claimed is a device without its day, as an inventory writes it.
type claimed struct {
	kind, spec, gbcs string
	model            devices.DeviceModel
	scope            string
}

func (c claimed) cells(id, date string) []string {
	m := c.model
	return []string{id, c.kind, c.spec, c.gbcs, m.Manufacturer, m.Model, m.HardwareVersion, m.HardwareRevision, m.ModelHardware, m.Firmware, date, c.scope}
}

// conformanceVectors returns the vectors: for each device the day before each
// period, its first day, its last, and the day after; and cells that are not a
// day.
func conformanceVectors(t *testing.T) []byte {
	judge := listJudge(t)
	columns, err := devices.MapColumns(conformanceColumns, devices.ColumnOptions{})
	require.NoError(t, err)
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	require.NoError(t, w.Write(slices.Concat(conformanceColumns, wanted)))
	n := 0
	for _, c := range conformanceDevices(t) {
		for _, date := range conformanceDates(judge, columns.Device(c.cells("", ""))) {
			n++
			cells := c.cells(fmt.Sprintf("V%05d", n), date)
			answer := judge.Device(columns.Device(cells)).Cells(false)
			for _, want := range wanted {
				cells = append(cells, answer[slices.Index(judge.Columns(false), "ivp_"+strings.TrimPrefix(want, "want_"))])
			}
			require.NoError(t, w.Write(cells))
		}
	}
	w.Flush()
	require.NoError(t, w.Error())
	return b.Bytes()
}

func conformanceDates(judge devices.Judge, d devices.Device) (dates []string) {
	var days []ivp.Date
	for _, period := range judge.Periods(d) {
		for _, day := range []ivp.Date{period.First.AddDays(-1), period.First, period.Last, period.Last.AddDays(1)} {
			if day.Valid() {
				days = append(days, day)
			}
		}
	}
	slices.SortFunc(days, ivp.Date.Compare)
	for _, day := range slices.Compact(days) {
		dates = append(dates, day.String())
	}
	return append(dates, "", "2022-02-30")
}

// conformanceDevices returns every model of the list, by all of its parts,
// without its firmware, and with a claim; and models that are spelled differently
// or not on the list.
func conformanceDevices(t *testing.T) (all []claimed) {
	for _, e := range read(t, "list.csv").Entries() {
		m := e.Model
		m.ModelHardware = ""
		all = append(all, claimed{model: m})
		m.Firmware = ""
		all = append(all, claimed{model: m})
	}
	var distinct []claimed
	for _, c := range all {
		if !slices.Contains(distinct, c) {
			distinct = append(distinct, c)
		}
	}
	meter := devices.DeviceModel{Manufacturer: "E003", Model: "0041", HardwareVersion: "00", HardwareRevision: "00", Firmware: "00020C06"}
	two := devices.DeviceModel{Manufacturer: "E003", Model: "0042", HardwareVersion: "1E", HardwareRevision: "1F", Firmware: "001E0000"}
	gone := devices.DeviceModel{Manufacturer: "E004", Model: "00E2", HardwareVersion: "01", HardwareRevision: "00", Firmware: "00000001"}
	first := devices.DeviceModel{Manufacturer: "E007", Model: "0000", HardwareVersion: "01", HardwareRevision: "00", Firmware: "00000100"}
	return append(distinct,
		claimed{model: meter, kind: "ESME", spec: "SMETS2 v2.0", gbcs: "1.1"}, // as on the list
		claimed{model: meter, spec: "SMETS2 v4.2"},
		claimed{model: meter, spec: "SMETS2 v3.1", gbcs: "2.1"}, // another, with the same answer on most days
		claimed{model: meter, gbcs: "1.0"},
		claimed{model: meter, kind: "GSME"},
		claimed{model: meter, kind: "Toaster"},
		claimed{model: meter, spec: "4"},
		claimed{model: meter, spec: "SMETS2 v2.0", gbcs: "one"},
		claimed{model: two, spec: "SMETS2 v4.2"}, // a claim chooses no entry
		claimed{model: gone, spec: "SMETS2 v4.2", gbcs: "3.2"},
		claimed{model: first, scope: "prepayment"},
		// Spelled differently.
		claimed{model: devices.DeviceModel{Manufacturer: "e0:03", Model: "00:41", HardwareVersion: "00", HardwareRevision: "00", Firmware: "00:02:0c:06"}},
		claimed{model: devices.DeviceModel{Manufacturer: "E003", ModelHardware: "00410000", Firmware: "00020C06"}},
		claimed{model: devices.DeviceModel{Manufacturer: "E003", Model: "00410000", Firmware: "00020C06"}},
		claimed{model: devices.DeviceModel{Manufacturer: "E003", Model: "0041", HardwareVersion: "0000", Firmware: "00020C06"}},
		// Not on the list.
		claimed{model: devices.DeviceModel{Manufacturer: "E003", Model: "41", Firmware: "20C06"}},
		claimed{model: devices.DeviceModel{Manufacturer: "E001", Model: "0041"}, spec: "SMETS2 v4.2"},
		claimed{model: devices.DeviceModel{Model: "0041", Firmware: "00020C06"}},
		claimed{model: devices.DeviceModel{Manufacturer: "E003", Firmware: "00020C06"}},
		claimed{kind: "ESME", spec: "SMETS2 v4.2", gbcs: "3.2"},
		claimed{},
	)
}
