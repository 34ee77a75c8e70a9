package sample

import (
	"bytes"
	"crypto/sha256"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/ivp"
)

func day(text string) ivp.Date {
	d, err := ivp.ParseDate(text)
	if err != nil {
		panic(err)
	}
	return d
}

// pairs is a small list of versions, not a copy of the record.
func pairs() (all []ivp.Pair) {
	versions := func(family ivp.Family, texts ...string) []ivp.Pair {
		var found []ivp.Pair
		for _, text := range texts {
			spec, gbcs, _ := strings.Cut(text, "+")
			found = append(found, ivp.Pair{Spec: ivp.Spec{Family: family, Version: spec}, GBCS: ivp.Spec{Family: ivp.GBCS, Version: gbcs}})
		}
		return found
	}
	add := func(found []ivp.Pair, types ...ivp.DeviceType) {
		for _, t := range types {
			for _, p := range found {
				p.Type = t
				all = append(all, p)
			}
		}
	}
	add(versions(ivp.SMETS, "1.2+0.0", "2.0+1.0", "2.0+1.1", "3.1+2.0", "3.1+2.1", "4.2+3.2", "5.0+4.0", "5.1+4.1"),
		ivp.SingleElement, ivp.TwinElement, ivp.Polyphase, ivp.GSME, ivp.HCALCS, ivp.PPMID)
	add(versions(ivp.CHTS, "1.0+1.1", "1.1+2.0", "1.1+2.1", "1.3+3.2", "1.4+4.0", "1.5+4.1"), ivp.CommunicationsHub)
	return all
}

func options(rows int) Options {
	return Options{Rows: rows, Seed: 7, Pairs: pairs(), First: day("2012-01-01"), Last: day("2024-12-31")}
}

func write(t testing.TB, o Options) string {
	t.Helper()
	var text bytes.Buffer
	require.NoError(t, Write(&text, o))
	return text.String()
}

func records(t *testing.T, o Options) [][]string {
	t.Helper()
	all, err := csv.NewReader(strings.NewReader(write(t, o))).ReadAll()
	require.NoError(t, err)
	require.Len(t, all, o.Rows+1)
	return all[1:]
}

// The columns of a record.
const (
	deviceID = iota
	deviceType
	manufacturer
	modelName
	_ // hardware_version
	_ // firmware
	spec
	gbcs
	installDate
	scope
)

// The bytes of a seed are the same on every system, with every release of Go and
// of this program; a change makes earlier measurements incomparable.
func TestGoldenBytes(t *testing.T) {
	sum := sha256.Sum256([]byte(write(t, options(10_000))))
	assert.Equal(t, "763bde50189580e3ebb28fd2db9558206ed4cdad05c8c42483600d1707b3dd92", fmt.Sprintf("%x", sum))
}

func TestSameSeedSameBytes(t *testing.T) {
	base := options(2_000)
	want := write(t, base)
	assert.Equal(t, want, write(t, base))

	shuffled := base
	shuffled.Pairs = pairs()
	slices.Reverse(shuffled.Pairs)
	assert.Equal(t, want, write(t, shuffled), "the order of the pairs does not matter")

	shorter := base
	shorter.Rows = 1_000
	assert.True(t, strings.HasPrefix(want, write(t, shorter)), "fewer rows are the first of more")

	other := base
	other.Seed++
	assert.NotEqual(t, want, write(t, other))
}

func TestNoRowsIsHeadingAlone(t *testing.T) {
	assert.Equal(t, "device_id,device_type,manufacturer,model,hardware_version,firmware,spec,gbcs,install_date,scope\n", write(t, options(0)))
}

func TestOptionsAtFault(t *testing.T) {
	for want, spoil := range map[string]func(*Options){
		"a sample of -1 rows":               func(o *Options) { o.Rows = -1 },
		`a sample from "" to "2024-12-31"`:  func(o *Options) { o.First = ivp.Date{} },
		`from "2012-01-01" to "unreadable"`: func(o *Options) { o.Last = ivp.UnreadableDate() },
		"the second not before the first":   func(o *Options) { o.First = o.Last.AddDays(1) },
		"needs pairs of versions":           func(o *Options) { o.Pairs = nil },
	} {
		o := options(10)
		spoil(&o)
		var text bytes.Buffer
		assert.ErrorContains(t, Write(&text, o), want)
		assert.Empty(t, text.String(), want)
	}
}

func TestSmallestRangeAndPairs(t *testing.T) {
	o := options(500)
	o.Last = o.First
	o.Pairs = o.Pairs[:1]
	for _, r := range records(t, o) {
		assert.Contains(t, []string{"2012-01-01", "", "31/04/2012"}, r[installDate])
	}
}

func TestErrorOfTheWriterIsReturned(t *testing.T) {
	full := errors.New("the disk is full")
	for _, rows := range []int{0, 1, 5_000} {
		assert.ErrorIs(t, Write(failing{full}, options(rows)), full)
	}
}

type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }

var (
	eui64 = regexp.MustCompile(`^02(-[0-9A-F]{2}){7}$`)
	rest  = regexp.MustCompile(`^E[0-9A-F]{3},[0-9A-F]{4}(, rev B)?,[0-9A-F]{4},[0-9A-F]{8}$`)
)

func TestShape(t *testing.T) {
	const rows = 20_000
	o := options(rows)
	size := float64(len(write(t, o))-len(heading)) / rows
	assert.InDelta(t, 80, size, 10, "bytes a row")
	seen := map[string]bool{}
	for _, r := range records(t, o) {
		require.Len(t, r, 10)
		require.Regexp(t, eui64, r[deviceID])
		require.Regexp(t, rest, strings.Join(r[manufacturer:spec], ","))
		require.False(t, seen[r[deviceID]], "%s is given twice", r[deviceID])
		seen[r[deviceID]] = true
	}
}

// tally counts the cells of a sample by what they contain.
type tally struct {
	types, readSpecs, readGBCS, profiles         map[string]int
	in2018to2023                                 int
	unreadable, quoted, blankGBCS, smets1, scope int
}

func counted(t *testing.T) (n tally, rows int) {
	n = tally{types: map[string]int{}, readSpecs: map[string]int{}, readGBCS: map[string]int{}, profiles: map[string]int{}}
	o := options(100_000)
	for _, r := range records(t, o) {
		n.profiles[strings.Join([]string{r[deviceType], r[spec], r[gbcs], r[scope]}, ",")]++
		kind, kindErr := ivp.ParseDeviceType(r[deviceType])
		version, specErr := ivp.ParseSpec(r[spec], kind.BareFamily())
		on, dateErr := ivp.ParseDate(r[installDate])
		if kindErr != nil || specErr != nil || dateErr != nil {
			n.unreadable++
			continue
		}
		require.False(t, on.Before(o.First) || on.After(o.Last), "%s", on)
		if year, _, _ := on.Civil(); year >= 2018 && year <= 2023 {
			n.in2018to2023++
		}
		n.types[r[deviceType]]++
		n.readSpecs[version.String()]++
		if strings.Contains(r[modelName], ",") {
			n.quoted++
		}
		if version.IsSMETS1() {
			n.smets1++
		}
		if r[scope] != "" {
			assert.Equal(t, "prepayment", r[scope])
			assert.True(t, version.IsSMETS1(), version)
			n.scope++
		}
		if r[gbcs] == "" {
			n.blankGBCS++
			continue
		}
		protocol, err := ivp.ParseSpec(r[gbcs], ivp.GBCS)
		require.NoError(t, err)
		n.readGBCS[protocol.Version]++
	}
	return n, o.Rows
}

func TestProportions(t *testing.T) {
	n, rows := counted(t)
	between := func(least, most float64, got, of int, what string) {
		t.Helper()
		part := float64(got) / float64(of)
		assert.True(t, part >= least && part <= most, "%s: %.5f is not between %g and %g", what, part, least, most)
	}
	between(0.0015, 0.0025, n.unreadable, rows, "cells that cannot be read")
	between(0.004, 0.006, n.quoted, rows, "quoted commas")
	between(0.03, 0.07, n.blankGBCS, rows, "blank GBCS cells")
	between(0.005, 0.015, n.scope, n.smets1, "prepayment among SMETS1")
	between(0.03, 0.30, n.smets1, rows, "SMETS1")
	between(0.55, 0.90, n.in2018to2023, rows, "days of 2018 to 2023")
	assert.InDelta(t, 300, len(n.profiles), 60, "profiles")

	for _, p := range pairs() {
		assert.NotZero(t, n.readSpecs[p.Spec.String()], p.Spec)
		assert.NotZero(t, n.readGBCS[p.GBCS.Version], p.GBCS)
	}
	for _, code := range []string{"ESME", "SAPC", "GSME", "CHF", "GPF", "HCALCS", "PPMID", "IHD", "CAD", hubName, gasName, singleName, twinName, polyphaseName, switchName, interfaceName} {
		assert.NotZero(t, n.types[code], code)
	}
	assert.Greater(t, n.types["ESME"], n.types["GSME"])
	assert.Greater(t, n.types["GSME"], n.types["PPMID"])
}

func TestUnreadableCellsAreOfAllKinds(t *testing.T) {
	found := map[string]bool{}
	for _, r := range records(t, options(20_000)) {
		found["no date"] = found["no date"] || r[installDate] == ""
		found["31/04"] = found["31/04"] || r[installDate] == "31/04/2024"
		found["whole"] = found["whole"] || len(r[spec]) == 1
		found["type"] = found["type"] || r[deviceType] == unknownType
	}
	assert.Equal(t, map[string]bool{"no date": true, "31/04": true, "whole": true, "type": true}, found)
}

func TestFirmwareHasOneVersion(t *testing.T) {
	versions := map[string]string{}
	for _, p := range newStock(pairs(), 1000) {
		model := p.kind + " " + p.identity
		require.NotContains(t, versions, model, "it already has %s", versions[model])
		versions[model] = p.spec + " " + p.gbcs
	}
	assert.InDelta(t, 40, len(models), 5)
}

func TestRowsAllocateNothing(t *testing.T) {
	g, err := newGenerator(options(1))
	require.NoError(t, err)
	buffer := make([]byte, 0, 1<<10)
	assert.Zero(t, testing.AllocsPerRun(10_000, func() { buffer = g.appendRow(buffer[:0]) }))
}

func BenchmarkWrite(b *testing.B) {
	o := options(b.N)
	o.Rows = 1
	perRow := len(write(b, o)) - len(heading)
	o.Rows = b.N
	b.SetBytes(int64(perRow))
	b.ReportAllocs()
	b.ResetTimer()
	if err := Write(io.Discard, o); err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}

func entryOf(number, firmware, version, gbcs string) devices.CatalogueEntry {
	return devices.CatalogueEntry{
		Number: number, Type: ivp.GSME, Spec: ivp.Spec{Family: ivp.SMETS, Version: version}, GBCS: ivp.Spec{Family: ivp.GBCS, Version: gbcs},
		Model: devices.DeviceModel{Manufacturer: "E004", Model: "00E1", HardwareVersion: "01", HardwareRevision: "0E", ModelHardware: "00E1010E", Firmware: firmware},
	}
}

func listed(rows int) Options {
	o := options(rows)
	o.Entries = []devices.CatalogueEntry{entryOf("000001", "00000E10", "2.0", "1.1"), entryOf("000002", "01000E10", "4.2", "3.2")}
	return o
}

func TestListedModelsAlone(t *testing.T) {
	seen := map[string]int{}
	const firmware, specColumn, gbcsColumn = 5, 6, 7
	for _, r := range records(t, listed(3000)) {
		require.Equal(t, []string{"E004", "00E1", "010E"}, r[manufacturer:firmware])
		if len(r[specColumn]) > 3 && r[gbcsColumn] != "" {
			seen[r[firmware]+" "+r[specColumn]+" "+r[gbcsColumn]]++
		}
		if r[specColumn] == "" {
			seen["no version"]++
		}
	}
	for _, kind := range []string{"00000E10 SMETS V2.0 1.1", "01000E10 SMETS V4.2 3.2", "FFFFFFFE SMETS V2.0 1.1", "no version"} {
		assert.Greater(t, seen[kind], 50, kind)
	}
	assert.Len(t, seen, 5, "%v", seen)
}

func TestListedNeedsNoPairs(t *testing.T) {
	o := listed(10)
	o.Pairs = nil
	assert.Len(t, records(t, o), 10)
	assert.Equal(t, write(t, o), write(t, o), "the same options give the same bytes")
}
