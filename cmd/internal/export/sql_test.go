package export

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mp196/ivp/cmd/internal/sample"
	"github.com/mp196/ivp/cmd/internal/testkit"
	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/ivp"
)

// checkedColumns are the columns that the view and the library share.
var checkedColumns = []string{"ivp_outcome", "ivp_reason", "ivp_to", "ivp_days_left", "ivp_amendment", "ivp_from", "ivp_end"}

// device is a row as a database has it: the day is a date, or NULL if the text is
// not one.
type device struct{ kind, spec, gbcs, date, scope string }

// checked returns the library's cells of the view's columns.
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

// inventoryTable is an inventory as a database has it.
const inventoryTable = "CREATE TABLE inventory (id VARCHAR(40), device_type VARCHAR(80), spec VARCHAR(40), gbcs VARCHAR(40), install_date DATE, scope VARCHAR(40));\n"

// selectChecked selects the columns of the view, with NULL as empty.
func selectChecked(view string) string {
	columns := []string{"id"}
	for _, name := range checkedColumns {
		columns = append(columns, "COALESCE(CAST("+name+" AS VARCHAR(80)), '')")
	}
	return "SELECT " + strings.Join(columns, ", ") + " FROM " + view + " ORDER BY id"
}

// written returns the script of a dialect for the table inventory.
func written(t *testing.T, c ivp.Checker, o SQLOptions) string {
	t.Helper()
	if o.Terms == "" {
		o.Terms = "in a test"
	}
	if o.Inventory == "" {
		o.Inventory = "inventory"
	}
	var script bytes.Buffer
	require.NoError(t, WriteSQL(&script, c, o))
	return script.String()
}

// viewAlone returns the part of a script that creates the view again, if the
// tables exist.
func viewAlone(script string) string {
	return "DROP VIEW IF EXISTS ivp_checked;\n" + strings.TrimSuffix(script[strings.Index(script, "CREATE VIEW"):], "COMMIT;\n")
}

// loadDevices loads devices into the inventory, numbered in order.
func loadDevices(t *testing.T, db database, all []device) {
	var inventory bytes.Buffer
	w := csv.NewWriter(&inventory)
	for n, one := range all {
		require.NoError(t, w.Write([]string{fmt.Sprintf("%07d", n), one.kind, one.spec, one.gbcs, one.date, one.scope}))
	}
	w.Flush()
	db.load(t, "inventory", put(t, "inventory.csv", inventory.String()))
}

// answer judges the devices in an engine, and compares every row with the
// library's answer.
func answer(t *testing.T, d Dialect, db database, checker ivp.Checker, all []device) (got [][]string) {
	must(t, db, "DELETE FROM inventory;\n"+written(t, checker, SQLOptions{Dialect: d}))
	loadDevices(t, db, all)
	got = db.ask(t, selectChecked("ivp_checked"))
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

// inWarehouse returns the devices of a file as a database has them, and the file
// with the answers then expected: a text that is not a day is NULL there, so
// no-date.
func inWarehouse(f testkit.VectorFile) (all []device, wanted testkit.VectorFile) {
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

// TestConformanceVectorsInSQL compares every file and the last days with each
// engine. The script of each file replaces that of the file before it.
func TestConformanceVectorsInSQL(t *testing.T) {
	files := append(testkit.VectorFiles(t), testkit.LastDays())
	onEveryEngine(t, func(t *testing.T, d Dialect, db database) {
		must(t, db, inventoryTable)
		for _, f := range files {
			t.Run(f.Name, func(t *testing.T) {
				all, wanted := inWarehouse(f)
				var got []testkit.Answer
				for _, row := range answer(t, d, db, f.Checker(ivp.Published()), all) {
					got = append(got, testkit.Answer{Outcome: row[1], Reason: row[2], To: row[3], Amendment: row[5]})
				}
				wanted.Compare(t, got)
			})
		}
	})
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
	onEveryEngine(t, func(t *testing.T, d Dialect, db database) {
		must(t, db, inventoryTable)
		answer(t, d, db, ivp.Checker{History: h}, all)
	})
}

func TestParseDialect(t *testing.T) {
	for _, d := range Dialects() {
		got, err := ParseDialect(d.Name)
		require.NoError(t, err)
		assert.Equal(t, d, got)
	}
	_, err := ParseDialect("oracle")
	assert.ErrorContains(t, err, "want one of duckdb, postgres, sqlite")
}
