package sample

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/ivp"
)

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
