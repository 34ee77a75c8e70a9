package warehouse

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mp196/ivp/cmd/internal/sample"
	"github.com/mp196/ivp/cmd/internal/vectors"
	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/ivp"
)

// device is a row as a warehouse holds it: the day is a day, or NULL where what
// was written is none.
type device struct{ kind, spec, gbcs, date, scope string }

// checked returns the library's cells of the columns that the view gives.
func (d device) checked(columns devices.Columns, judge devices.Judge) (cells []string) {
	all := judge.Device(columns.Device([]string{d.kind, d.spec, d.gbcs, d.date, d.scope})).Cells(true)
	for _, name := range checkedColumns {
		cells = append(cells, all[slices.Index(devices.AddedColumns(true), name)])
	}
	return cells
}

var columnNames = []string{"device_type", "spec", "gbcs", "install_date", "scope"}

// readDevices reads an inventory; a day that cannot be read is left out.
func readDevices(t *testing.T, text []byte) (all []device) {
	reader, err := devices.NewReader(bytes.NewReader(text), devices.ReaderOptions{})
	require.NoError(t, err)
	for {
		row, err := reader.Read()
		if err != nil {
			return all
		}
		if row.Kind != devices.DataRow {
			continue
		}
		cell := func(f devices.Field) string {
			if i := reader.Columns().Index(f); i >= 0 {
				return row.Cells[i]
			}
			return ""
		}
		d := device{kind: cell(devices.DeviceType), spec: cell(devices.Spec), gbcs: cell(devices.GBCS), scope: cell(devices.Scope)}
		if row.Device.On.Valid() {
			d.date = row.Device.On.String()
		}
		all = append(all, d)
	}
}

// ask runs the devices through an engine, and holds every row against the
// library's answer.
func ask(t *testing.T, dialect string, run run, checker ivp.Checker, all []device) (got [][]string) {
	d, err := ParseDialect(dialect)
	require.NoError(t, err)
	var script, inventory bytes.Buffer
	require.NoError(t, Write(&script, d, checker, "in a test", "inventory"))
	w := csv.NewWriter(&inventory)
	for n, one := range all {
		require.NoError(t, w.Write([]string{fmt.Sprintf("%07d", n), one.kind, one.spec, one.gbcs, one.date, one.scope}))
	}
	w.Flush()
	path := filepath.Join(t.TempDir(), "inventory.csv")
	require.NoError(t, os.WriteFile(path, inventory.Bytes(), 0o644))
	got, err = csv.NewReader(bytes.NewReader(run(t, inventoryTable+"\n"+script.String(), path, selectChecked))).ReadAll()
	require.NoError(t, err)
	require.Len(t, got, len(all))
	columns, err := devices.MapColumns(columnNames, devices.ColumnOptions{})
	require.NoError(t, err)
	wrong := 0
	for n, row := range got {
		want := append([]string{fmt.Sprintf("%07d", n)}, all[n].checked(columns, devices.Judge{Checker: checker})...)
		if !assert.Equal(t, want, row, "%+v", all[n]) {
			if wrong++; wrong > 10 {
				t.FailNow()
			}
		}
	}
	return got
}

// inWarehouse returns the devices of a file as a warehouse holds them, and the
// file with what is then wanted: a text that is no day is NULL there, and no-date.
func inWarehouse(f vectors.File) (all []device, wanted vectors.File) {
	wanted, wanted.Devices = f, slices.Clone(f.Devices)
	for i, d := range f.Devices {
		if _, err := devices.ReadDate(d.InstallDate, devices.ISODates); err != nil {
			d.InstallDate = ""
		}
		if d.Want.Reason == ivp.BadDate.String() {
			wanted.Devices[i].Want.Reason = ivp.NoDate.String()
		}
		all = append(all, device{d.DeviceType, d.Spec, d.GBCS, d.InstallDate, d.Scope})
	}
	return all, wanted
}

// TestConformanceVectorsInSQL holds every file against each engine.
func TestConformanceVectorsInSQL(t *testing.T) {
	files := vectors.Files(t)
	for _, e := range engines {
		t.Run(e.dialect, func(t *testing.T) {
			t.Parallel()
			run := e.start(t)
			for _, f := range files {
				t.Run(f.Name, func(t *testing.T) {
					all, wanted := inWarehouse(f)
					var got []vectors.Answer
					for _, row := range ask(t, e.dialect, run, f.Checker(ivp.Published()), all) {
						got = append(got, vectors.Answer{Outcome: row[1], Reason: row[2], To: row[4], Amendment: row[6]})
					}
					wanted.Compare(t, got)
				})
			}
		})
	}
}

func TestSampleInSQL(t *testing.T) {
	rows := 100_000
	if testing.Short() {
		rows = 2_000
	}
	h := ivp.Published()
	var b bytes.Buffer
	last := h.VouchedTo(ivp.Date{}).AddDays(365)
	require.NoError(t, sample.Write(&b, sample.Options{Rows: rows, Seed: 1, Pairs: h.Pairs(), First: last.AddDays(-3650), Last: last}))
	all := readDevices(t, b.Bytes())
	require.Len(t, all, rows)
	for _, e := range engines {
		t.Run(e.dialect, func(t *testing.T) {
			t.Parallel()
			ask(t, e.dialect, e.start(t), ivp.Checker{History: h}, all)
		})
	}
}

func TestEverySpellingIsReadSo(t *testing.T) {
	all := spellings(ivp.Published())
	require.Greater(t, len(all), 500)
	seen := map[string]string{}
	for _, s := range all {
		key := s.what + "|" + s.of + "|" + s.written
		assert.Empty(t, seen[key], "%s is two names", key)
		seen[key] = s.meant
		assert.Equal(t, strings.ToUpper(strings.TrimSpace(s.written)), s.written)
		if s.what == "spec" {
			kind, _ := ivp.ParseDeviceType(s.of)
			read, err := devices.ParseTSVersion(s.written, kind)
			require.NoError(t, err)
			assert.Equal(t, s.meant, read.String())
		}
	}
}

func TestParseDialect(t *testing.T) {
	for _, d := range Dialects() {
		got, err := ParseDialect(d.Name)
		require.NoError(t, err)
		assert.Equal(t, d, got)
	}
	_, err := ParseDialect("oracle")
	assert.ErrorContains(t, err, "want duckdb, postgres, sqlite")
}
