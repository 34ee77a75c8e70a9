package main

import (
	"encoding/json"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// referenceList is the real Central Products List, which is third-party
// material and not part of the project.
const referenceList = "../../../shared/reference/central-products-list-2.051.csv"

// TestRealListAsAnInventory compares the counts by reason with a count that was made
// independently of the program.
func TestRealListAsAnInventory(t *testing.T) {
	if _, err := os.Stat(referenceList); err != nil {
		t.Skip("the real Central Products List is not here: ", err)
	}
	for day, want := range map[string]map[string]int{
		"2022-09-21": {"within-period": 438, "after-end": 131, "gbcs-ended": 93, "beyond-record": 66, "unlisted-pair": 1},
		"2023-04-27": {"within-period": 183, "after-end": 131, "gbcs-ended": 93, "beyond-record": 321, "unlisted-pair": 1},
		"2026-11-23": {"after-end": 371, "gbcs-ended": 37, "beyond-record": 321},
	} {
		var p program
		require.Equal(t, 1, p.run("check", "--on", day, "--format", "json", referenceList))
		var got struct {
			Summary struct {
				Devices int            `json:"devices"`
				Reasons map[string]int `json:"reasons"`
				Removed int            `json:"marked_removed"`
			} `json:"summary"`
		}
		require.NoError(t, json.Unmarshal(p.stdout.Bytes(), &got))
		assert.Equal(t, 729, got.Summary.Devices)
		assert.Equal(t, 35, got.Summary.Removed)
		assert.Equal(t, want, got.Summary.Reasons, day)
	}
}
