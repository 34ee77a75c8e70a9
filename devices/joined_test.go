package devices

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/mp196/ivp/ivp"
)

// shelf is a catalogue of a few entries, found by model and firmware.
type shelf []CatalogueEntry

func (s shelf) Find(m DeviceModel) (found []CatalogueEntry) {
	for _, e := range s {
		if e.Model.Model == m.Model && (m.Firmware == "" || e.Model.Firmware == m.Firmware) {
			found = append(found, e)
		}
	}
	return found
}

func (s shelf) Later(of CatalogueEntry) (later []CatalogueEntry) {
	for _, e := range s {
		if e.Model.Model == of.Model.Model && e.Model.Firmware > of.Model.Firmware {
			later = append(later, e)
		}
	}
	return later
}

func spec(text string) ivp.Spec {
	s, err := ivp.ParseSpec(text, 0)
	if err != nil {
		panic(err)
	}
	return s
}

func entry(number, model, firmware, version, gbcs string, removed bool) CatalogueEntry {
	return CatalogueEntry{
		Number: number, Removed: removed, Type: ivp.SingleElement, Spec: spec(version), GBCS: spec("GBCS v" + gbcs),
		Model: DeviceModel{Manufacturer: "E001", Model: model, Firmware: firmware},
	}
}

var testShelf = shelf{
	entry("000001", "A", "01", "SMETS2 v2.0", "1.1", false),
	entry("000002", "A", "02", "SMETS2 v4.2", "3.2", false),
	entry("000003", "B", "01", "SMETS2 v2.0", "1.1", false),
	entry("000004", "B", "01", "SMETS2 v4.2", "3.2", false),
	entry("000005", "C", "01", "SMETS2 v2.0", "1.1", true),
	entry("000006", "D", "01", "SMETS2 v2.0", "1.1", false),
	entry("000007", "D", "01", "SMETS2 v3.1", "2.1", false),
	entry("000008", "E", "01", "SMETS2 v4.2", "3.2", true),
	entry("000009", "E", "01", "SMETS2 v4.2", "3.2", false),
}

func TestJoined(t *testing.T) {
	judge := Judge{Checker: ivp.Checker{History: ivp.Published()}, Catalogue: testShelf}
	for _, c := range []struct {
		name, model, firmware, claim, gbcs, on string
		want                                   string // reason, version, entries, remedy
		differs                                bool
	}{
		{"takes the list's version", "A", "01", "", "", "2022-09-21", "within-period SMETS2 v2.0 000001 ", false},
		{"an entry of later firmware is the remedy", "A", "01", "", "", "2018-05-01", "within-period SMETS2 v2.0 000001 ", false},
		{"no remedy where that is undetermined", "A", "01", "", "", "2023-04-28", "after-end SMETS2 v2.0 000001 ", false},
		{"firmware left blank is every firmware: the one that closes first", "A", "", "", "", "2022-09-21", "within-period SMETS2 v4.2 000001;000002 ", false},
		{"entries that agree", "D", "01", "", "", "2022-09-21", "within-period SMETS2 v2.0 000006;000007 ", false},
		{"entries that differ", "B", "01", "", "", "2023-04-28", "ambiguous-model  000003;000004 ", false},
		{"only removed", "C", "01", "", "", "2022-09-21", "removed-from-cpl  000005 ", false},
		{"only removed, and no day", "C", "01", "", "", "", "no-date  000005 ", false},
		{"a removed entry beside a current one", "E", "01", "", "", "2022-09-21", "within-period SMETS2 v4.2 000009 ", false},
		{"not on the list", "Z", "01", "SMETS2 v4.2", "", "2022-09-21", "not-on-cpl SMETS2 v4.2  ", false},
		{"the claim is the list's", "A", "01", "SMETS2 v2.0", "1.1", "2022-09-21", "within-period SMETS2 v2.0 000001 ", false},
		{"another claim with the same answer", "A", "01", "SMETS2 v3.1", "", "2022-09-21", "within-period SMETS2 v2.0 000001 ", true},
		{"another claim with another answer", "A", "01", "SMETS2 v4.2", "", "2023-04-28", "cpl-conflict SMETS2 v4.2 000001 ", false},
		{"another GBCS claim", "A", "01", "", "1.0", "2022-09-21", "cpl-conflict  000001 ", false},
		{"no day", "A", "01", "", "", "", "no-date SMETS2 v2.0 000001 ", false},
	} {
		d := Device{Model: c.model, Firmware: c.firmware, Manufacturer: "E001"}
		if c.claim != "" {
			d.Installation.Spec = spec(c.claim)
		}
		if c.gbcs != "" {
			d.Installation.GBCS = spec("GBCS v" + c.gbcs)
		}
		d.On, _ = ivp.ParseDate(c.on)
		r := judge.Device(d)
		got := strings.Join([]string{r.Reason.String(), r.Spec().String(), strings.Join(r.Entries, ";"), r.Remedy}, " ")
		assert.Equal(t, c.want, got, c.name)
		assert.Equal(t, c.differs, r.Differs, c.name)
	}
}

func TestJoinedRemedy(t *testing.T) {
	judge := Judge{Checker: ivp.Checker{History: ivp.Published(), AssumeOpen: true}, Catalogue: testShelf}
	d := Device{Model: "A", Firmware: "01"}
	d.On, _ = ivp.ParseDate("2023-04-28")
	r := judge.Device(d)
	assert.Equal(t, ivp.AfterEnd, r.Reason)
	assert.Equal(t, "000002", r.Remedy)
}

func TestJoinedUnreadableClaimIsNoClaim(t *testing.T) {
	judge := Judge{Checker: ivp.Checker{History: ivp.Published()}, Catalogue: testShelf}
	d := Device{Model: "A", Firmware: "02", Installation: ivp.Installation{Spec: ivp.UnreadableSpec()}}
	d.On, _ = ivp.ParseDate("2022-09-21")
	assert.Equal(t, ivp.BadVersion, judge.Device(d).Reason, "what cannot be read is never passed over")
}

const joinedHeading = "device_id,manufacturer,model,firmware,spec,gbcs,install_date\n"

var joinedRows = []string{
	"a,E001,A,01,,,2022-09-21\n", "a,E001,A,01,,,2023-04-28\n", "a,E001,A,,,,2023-04-28\n", "a,E001,B,01,,,2023-04-28\n",
	"a,E001,C,01,,,2022-09-21\n", "a,E001,C,01,,,\n", "a,E001,Z,01,SMETS2 v4.2,,2022-09-21\n", "a,E001,A,01,SMETS2 v3.1,,2022-09-21\n",
	"a,E001,A,01,SMETS2 v4.2,,2023-04-28\n", "a,E001,A,01,4,,2023-04-28\n", "a,,,,,,2022-01-01\n", ",,,,,,\n", "\"a\",E001,\"A\",02,,,2022-09-21\n",
}

func TestBulkAgreesWhenACatalogueIsJoined(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		judge := Judge{Catalogue: testShelf, Checker: ivp.Checker{History: ivp.Published(), AssumeOpen: rapid.Bool().Draw(t, "open")}}
		rows := rapid.SliceOfN(rapid.SampledFrom(joinedRows), 0, 30).Draw(t, "rows")
		input := []byte(joinedHeading + strings.Join(rows, ""))
		opts := ReaderOptions{Columns: ColumnOptions{CPL: true}}
		requireSame(t, input, judge, opts, nil, rapid.Bool().Draw(t, "why"), rapid.IntRange(1, 3).Draw(t, "workers"), rapid.IntRange(1, 200).Draw(t, "block"))
	})
}

func TestJoinedNeedsAModel(t *testing.T) {
	_, err := MapColumns([]string{"spec", "install_date"}, ColumnOptions{CPL: true})
	require.ErrorContains(t, err, "no column for manufacturer")
	require.ErrorContains(t, err, "no column for model")
}
