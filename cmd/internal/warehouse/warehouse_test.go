package warehouse

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mp196/ivp/cmd/internal/sample"
	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/ivp"
)

// device is a row as a warehouse holds it: the day is a day, or NULL where what
// was written is none.
type device struct{ kind, spec, gbcs, date, scope string }

func (d device) judged(t *testing.T, columns devices.Columns, judge devices.Judge) devices.Result {
	return judge.Device(columns.Device([]string{d.kind, d.spec, d.gbcs, d.date, d.scope}))
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

// requireAgree runs the devices through an engine, and holds every row against
// the library's answer.
func requireAgree(t *testing.T, e engine, checker ivp.Checker, all []device) {
	d, err := ParseDialect(e.dialect)
	require.NoError(t, err)
	var script, inventory bytes.Buffer
	require.NoError(t, Write(&script, d, checker, "in a test", "inventory"))
	w := csv.NewWriter(&inventory)
	for n, one := range all {
		require.NoError(t, w.Write([]string{fmt.Sprintf("%07d", n), one.kind, one.spec, one.gbcs, one.date, one.scope}))
	}
	w.Flush()
	folder := t.TempDir()
	require.NoError(t, os.Chmod(filepath.Dir(folder), 0o755))
	path := filepath.Join(folder, "inventory.csv")
	require.NoError(t, os.WriteFile(path, inventory.Bytes(), 0o644))
	got, err := csv.NewReader(bytes.NewReader(e.run(t, folder, script.String(), path))).ReadAll()
	require.NoError(t, err)
	require.Len(t, got, len(all))
	columns, err := devices.MapColumns(columnNames, devices.ColumnOptions{})
	require.NoError(t, err)
	wrong := 0
	for n, row := range got {
		r := all[n].judged(t, columns, devices.Judge{Checker: checker})
		to, _ := r.To()
		want := []string{fmt.Sprintf("%07d", n), r.Outcome().String(), r.Reason.String(), to.String(), r.Amendment()}
		if !assert.Equal(t, want, row, "%+v", all[n]) {
			if wrong++; wrong > 10 {
				t.FailNow()
			}
		}
	}
}

var terms = map[string]func(*ivp.Checker){
	"law-of-the-day":    func(*ivp.Checker) {},
	"as-at-latest":      func(c *ivp.Checker) { c.AsAt = c.History.Latest() },
	"assume-open":       func(c *ivp.Checker) { c.AssumeOpen = true },
	"last-day-excluded": func(c *ivp.Checker) { c.LastDayExcluded = true },
}

func TestConformanceVectorsInSQL(t *testing.T) {
	for _, e := range engines {
		for name, set := range terms {
			t.Run(e.dialect+"/"+name, func(t *testing.T) {
				text, err := os.ReadFile("../../../testdata/conformance/" + name + ".csv")
				require.NoError(t, err)
				checker := ivp.Checker{History: ivp.Published()}
				set(&checker)
				requireAgree(t, e, checker, readDevices(t, text))
			})
		}
	}
}

func TestSampleInSQL(t *testing.T) {
	rows := 100_000
	if testing.Short() {
		rows = 2_000
	}
	h := ivp.Published()
	var b bytes.Buffer
	last := h.VouchedTo().AddDays(365)
	require.NoError(t, sample.Write(&b, sample.Options{Rows: rows, Seed: 1, Pairs: h.Pairs(), First: last.AddDays(-3650), Last: last}))
	all := readDevices(t, b.Bytes())
	require.Len(t, all, rows)
	for _, e := range engines {
		t.Run(e.dialect, func(t *testing.T) { requireAgree(t, e, ivp.Checker{History: h}, all) })
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
