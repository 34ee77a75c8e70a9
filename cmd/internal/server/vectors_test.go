package server

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mp196/ivp/cmd/internal/testkit"
)

// TestServiceOnConformanceVectors checks every vector as a device and as an inventory.
func TestServiceOnConformanceVectors(t *testing.T) {
	s, _ := started(t, nil)
	for _, f := range testkit.VectorFiles(t) {
		query := ""
		if q := f.Query(); len(q) > 0 {
			query = "?" + q.Encode()
		}
		var asked []map[string]string
		eligible := 0
		for _, d := range f.Devices {
			asked = append(asked, d.JSON())
			if d.Want.Outcome == "eligible" {
				eligible++
			}
		}
		request, err := json.Marshal(asked)
		require.NoError(t, err)
		code, _, body := send(t, "POST", s.URL+"/v1/check"+query, string(request))
		require.Equal(t, 200, code, body)
		var got []testkit.Answer
		require.NoError(t, json.Unmarshal([]byte(body), &got))
		f.Compare(t, got)
		code, header, checked := send(t, "POST", s.URL+"/v1/check.csv"+query, string(f.Text))
		require.Equal(t, 200, code)
		f.CompareCSV(t, []byte(checked))
		assert.Equal(t, fmt.Sprint(eligible), header.Get("Ivp-Eligible"))
	}
}

// TestServiceOnBytes checks that inventories are returned byte for byte as the program
// writes them.
func TestServiceOnBytes(t *testing.T) {
	s, _ := started(t, nil)
	for _, p := range testkit.BytePairs(t) {
		code, _, checked := send(t, "POST", s.URL+"/v1/check.csv", string(p.Input))
		assert.Equal(t, 200, code, p.Name)
		assert.Equal(t, string(p.Checked), checked, p.Name)
	}
}
