package export

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/ivp"
)

// TestEverySpellingIsReadSo checks that the library reads each spelling as the
// tables do; spellings of versions for a device of every type.
func TestEverySpellingIsReadSo(t *testing.T) {
	h := ivp.Published()
	read, err := newReader()
	require.NoError(t, err)
	assert.Contains(t, read.kindSpellings(), spelling{"ELECTRICITY SMART METERING EQUIPMENT", "ESME"})
	assert.Contains(t, read.specSpellings(h), bareSpelling{ivp.CHTS, spelling{"V1.3", "CHTS v1.3"}})
	assert.Contains(t, read.gbcsSpellings(h), spelling{"GBCS VERSION 3.2", "GBCS v3.2"})
	assert.Contains(t, read.scopeSpellings(h), spelling{"PREPAYMENT", "prepayment"})
	for _, all := range [][]spelling{read.kindSpellings(), read.gbcsSpellings(h), read.scopeSpellings(h)} {
		assert.Contains(t, all, spelling{"", ""})
		seen := map[string]bool{}
		for _, s := range all {
			assert.False(t, seen[s.written], "%q is two names", s.written)
			seen[s.written] = true
			assert.Equal(t, strings.TrimSpace(s.written), s.written)
		}
	}
	seen := map[string]bool{}
	for _, s := range read.specSpellings(h) {
		key := s.family.String() + "|" + s.written
		assert.False(t, seen[key], "%s is two names", key)
		seen[key] = true
		for _, kind := range append([]ivp.DeviceType{0, ivp.UnknownType}, ivp.DeviceTypes()...) {
			if kind.BareFamily() == s.family {
				text := kind.String()
				if kind == ivp.UnknownType {
					text = "Smart Meter"
				}
				assert.Equal(t, s.meant, read.read(text, s.written, "", "").Spec.String(), "%s, %s", text, s.written)
			}
		}
	}
	require.Greater(t, len(seen), 500)
}

// TestShapesAreRead checks that the library reads what the view takes for a
// version that is not on record. The view checks the generation of SMETS9
// separately.
func TestShapesAreRead(t *testing.T) {
	read, err := newReader()
	require.NoError(t, err)
	for _, shape := range specShapes {
		shape = strings.Replace(shape, "SMETS9", "SMETS2", 1)
		assert.False(t, read.read("ESME", shape, "", "").Spec.IsUnreadable(), shape)
	}
	for _, shape := range gbcsShapes {
		assert.False(t, read.read("", "", shape, "").GBCS.IsUnreadable(), shape)
	}
}

// oddCells are cells of every class, including those that name nothing on record.
// The library and SQL must read all of them alike.
var oddCells = struct{ kinds, specs, gbcs, scopes, days []string }{
	[]string{"", "ESME", "esme ", "Communications Hub", "CHF", "IHD", "CAD", "Smart Meter", "-", "N/A", "none"},
	[]string{"", "SMETS1 v1.2", "SMETS V1.3", "SMETS2 v3.1", "smets2 v4.2 ", "4.2", "V1.3", "CHTS v1.3", "SMETS2 v9.9", "SMETS V1.58", "CHTS v9.9", "CHTS V10.12", "SMETS2 v1.2", "SMETS1 v2.0", "SMETS3 v3.1", "V9.9", "1.4", "99.99", "05.1", "V05.1", "SMETS2 v04.2", "SMETS2", "2", "GBCS v3.2", "-", "N/A", "NONE", "SMETS2 v4.2; DROP TABLE inventory"},
	[]string{"", "3.2", "GBCS v2.1", "GBCS Version 1.0  ", "0.0", "GBCS v0.0", "9.9", "v9.9", "V09.9", "GBCS v99.99", "3", "03.2", "SMETS2 v4.2", "-", "N/A", "none", "?", "!"},
	[]string{"", "prepayment", " PrePayment ", "prepaymnet", "PPM", "N/A", "-", "?", "??", "%", "'"},
	[]string{"2012-12-30", "2018-05-07", "2018-05-08", "2019-03-15", "2019-03-16", "2021-06-24", "2022-09-21", "2022-09-22", "2023-04-27", "2023-04-28", ""},
}

// TestOddCells tests devices made of cells of every class.
func TestOddCells(t *testing.T) {
	random := rand.New(rand.NewPCG(14, 10))
	any := func(texts []string) string { return texts[random.IntN(len(texts))] }
	var all []device
	for range 8_000 {
		all = append(all, device{any(oddCells.kinds), any(oddCells.specs), any(oddCells.gbcs), any(oddCells.days), any(oddCells.scopes)})
	}
	onEngines(t, func(t *testing.T, d Dialect, db database) {
		must(t, db, inventoryTable)
		answer(t, d, db, ivp.Checker{History: ivp.Published()}, all)
	})
}

// TestFreeTextIsNeverMore tests cells that may be unreadable. If SQL answers
// eligible or not eligible, the library must give the same answer. The day is the
// last but one of each period, where eligible is most likely.
func TestFreeTextIsNeverMore(t *testing.T) {
	random := rand.New(rand.NewPCG(14, 11))
	mangled := func(text string) string {
		for range 1 + random.IntN(2) {
			at := random.IntN(len(text) + 1)
			switch random.IntN(4) {
			case 0:
				text = text[:at] + string(" \t-_.V0129+()/*"[random.IntN(15)]) + text[at:]
			case 1:
				text = text[:at] + text[min(at+1, len(text)):]
			case 2:
				text = text[:at] + strings.ToLower(text[at:])
			}
		}
		return text
	}
	read, err := newReader()
	require.NoError(t, err)
	h := ivp.Published()
	kinds, specs, gbcs, scopes := read.kindSpellings(), read.specSpellings(h), read.gbcsSpellings(h), read.scopeSpellings(h)
	columns, err := devices.MapColumns(columnNames, devices.ColumnOptions{})
	require.NoError(t, err)
	judge := devices.Judge{Checker: ivp.Checker{History: h}}
	var all []device
	for range 20_000 {
		all = append(all, device{
			mangled(kinds[random.IntN(len(kinds))].written), mangled(specs[random.IntN(len(specs))].written), mangled(gbcs[random.IntN(len(gbcs))].written),
			[]string{"2018-05-01", "2018-12-01", "2021-06-20", "2022-09-20", "2023-04-26"}[random.IntN(5)], mangled(scopes[random.IntN(len(scopes))].written),
		})
	}
	onEngines(t, func(t *testing.T, d Dialect, db database) {
		must(t, db, inventoryTable+written(t, judge.Checker, SQLOptions{Dialect: d}))
		loadDevices(t, db, all)
		decided := 0
		for n, row := range db.ask(t, "SELECT ivp_outcome, ivp_reason FROM ivp_checked ORDER BY id") {
			if want := all[n].checked(columns, judge); row[0] != ivp.Undetermined.String() {
				decided++
				assert.Equal(t, want[0], row[0], "%+v", all[n])
			}
		}
		assert.Greater(t, decided, 1000)
	})
}
