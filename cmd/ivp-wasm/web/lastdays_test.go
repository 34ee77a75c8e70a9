package main

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mp196/ivp/cmd/internal/testkit"
	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/ivp"
)

// TestLastDaysAtEveryDoor checks the devices around the last days with every interface
// except SQL, whose package has its own test with the same devices.
func TestLastDaysAtEveryDoor(t *testing.T) {
	f := testkit.LastDays()
	inventory := filepath.Join(t.TempDir(), "last-days.csv")
	require.NoError(t, os.WriteFile(inventory, f.Text, 0o600))
	doors := map[string]func(t *testing.T){
		"Go": func(t *testing.T) {
			columns, err := devices.MapColumns([]string{"device_id", "device_type", "spec", "gbcs", "install_date", "scope"}, devices.ColumnOptions{})
			require.NoError(t, err)
			var got []testkit.Answer
			for _, d := range f.Devices {
				r := devices.Judge{Checker: ivp.Checker{History: ivp.Published()}}.Device(columns.Device([]string{d.ID, d.DeviceType, d.Spec, d.GBCS, d.InstallDate, d.Scope}))
				to, _ := r.To()
				got = append(got, testkit.Answer{Outcome: r.Outcome().String(), Reason: r.Reason.String(), To: to.String(), Amendment: r.Amendment()})
			}
			f.Compare(t, got)
		},
		"Go, a stream": func(t *testing.T) {
			var checked bytes.Buffer
			_, err := devices.CheckCSV(t.Context(), &checked, bytes.NewReader(f.Text), devices.CheckOptions{Judge: devices.Judge{Checker: ivp.Checker{History: ivp.Published()}}})
			require.NoError(t, err)
			f.CompareCSV(t, checked.Bytes())
		},
		"command line": func(t *testing.T) { f.CompareCSV(t, []byte(checkedByProgram(t, inventory))) },
		"command line, explain": func(t *testing.T) {
			var got []testkit.Answer
			for _, d := range f.Devices {
				args := []string{"explain", "--format", "json", "--spec", d.Spec, "--on", d.InstallDate}
				if d.DeviceType != "" {
					args = append(args, "--type", d.DeviceType)
				}
				if d.GBCS != "" {
					args = append(args, "--gbcs", d.GBCS)
				}
				var answer testkit.Answer
				require.NoError(t, json.Unmarshal(byProgram(t, args...), &answer))
				got = append(got, answer)
			}
			f.Compare(t, got)
		},
		"workbook": func(t *testing.T) {
			// The first run converts the inventory to a workbook, the second checks that
			// and writes a workbook, and the third reads the result.
			folder := t.TempDir()
			first, second := filepath.Join(folder, "first.xlsx"), filepath.Join(folder, "second.xlsx")
			checkedByProgram(t, inventory, "-o", first)
			checkedByProgram(t, first, "--recheck", "-o", second)
			f.CompareCSV(t, []byte(checkedByProgram(t, second, "--recheck")))
		},
		"service, one device": func(t *testing.T) {
			s := serve(t, engines["service"](t))
			var got []testkit.Answer
			for _, d := range f.Devices {
				question, err := json.Marshal(d.JSON())
				require.NoError(t, err)
				got = append(got, posted[testkit.Answer](t, s.URL+"/v1/check", "application/json", question))
			}
			f.Compare(t, got)
		},
		"service, an inventory": func(t *testing.T) {
			s := serve(t, engines["service"](t))
			f.CompareCSV(t, post(t, s.URL+"/v1/check.csv", "text/csv", f.Text))
		},
		"page, by the service": func(t *testing.T) { f.CompareCSV(t, byPage(t, "service", inventory)) },
		"page, in the browser": func(t *testing.T) { f.CompareCSV(t, byPage(t, "worker", inventory)) },
		"JavaScript": func(t *testing.T) {
			node(t)
			q := questionOf(f)
			q.CSV = f.Text
			replies := askNode[moduleReply](t, "testdata/module.mjs", filepath.Join(builtFolder(t), "ivp.mjs"), []question{q})
			require.Len(t, replies, 1)
			f.Compare(t, replies[0].Answers)
			f.CompareCSV(t, replies[0].CSV)
		},
	}
	for name, ask := range doors {
		t.Run(name, ask)
	}
}

// byPage drops an inventory on the page and returns the downloaded file.
func byPage(t *testing.T, engine, path string) []byte {
	p := open(t, engine)
	p.drop(path)
	p.result(path)
	return []byte(p.downloaded("last-days.checked.csv"))
}

func post(t *testing.T, url, kind string, body []byte) []byte {
	t.Helper()
	answer, err := http.Post(url, kind, bytes.NewReader(body))
	require.NoError(t, err)
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, answer.StatusCode, string(text))
	return text
}

func posted[Reply any](t *testing.T, url, kind string, body []byte) (reply Reply) {
	t.Helper()
	require.NoError(t, json.Unmarshal(post(t, url, kind, body), &reply))
	return reply
}
