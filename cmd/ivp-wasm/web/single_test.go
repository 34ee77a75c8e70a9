package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"

	"github.com/mp196/ivp/cmd/internal/testkit"
)

// browsers are the programs of the browsers, by the names that the driver uses.
var browsers = map[string]string{"chrome": "chromium", "firefox": "firefox-esr"}

// driven is what the driver says of a page after a scenario, whose result is T.
type driven[T any] struct {
	Result               T
	Requests, Complaints []string
}

// drive opens a page in a browser and runs a scenario of testdata in it.
func drive[T any](t *testing.T, browser, scenario, url string, args ...string) (d driven[T]) {
	t.Helper()
	drivers := filepath.Dir(testkit.Modules(t, "../../../testdata/browsers", "puppeteer-core"))
	line := append([]string{filepath.Join(drivers, "drive.mjs"), browser, testkit.Program(t, browsers[browser]), t.TempDir(), filepath.Join("testdata", scenario), url}, args...)
	cmd := exec.Command(node(t), line...)
	var problems bytes.Buffer
	cmd.Stderr = &problems
	out, err := cmd.Output()
	require.NoError(t, err, problems.String())
	require.NoError(t, json.Unmarshal(out, &d))
	return d
}

// inner reports whether a request is for data that the page already has.
func inner(url string) bool {
	return strings.HasPrefix(url, "data:") || strings.HasPrefix(url, "blob:")
}

// TestSinglePage opens ivp.html from a folder and from a server, in each browser: it
// checks an inventory as the program does, and makes no request.
func TestSinglePage(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes a minute")
	}
	file, err := filepath.Abs(inventory)
	require.NoError(t, err)
	for browser, program := range browsers {
		testkit.Program(t, program) // before anything is built
		for _, from := range []string{"folder", "server"} {
			t.Run(browser+" from a "+from, func(t *testing.T) {
				url, s := "file://"+filepath.Join(builtFolder(t), singleName), (*site)(nil)
				if from == "server" {
					s = serve(t, http.FileServer(http.Dir(builtFolder(t))))
					url = s.URL + "/" + singleName
				}
				d := drive[struct {
					Promise, Answer string
					Counts          []string
					CSV             []byte
				}](t, browser, "inventory.mjs", url, file, "inventory.checked.csv")
				assert.Contains(t, d.Result.Promise, "Nothing leaves this machine")
				assert.Equal(t, wholeAnswer, d.Result.Answer)
				assert.Equal(t, []string{"20", "6", "14"}, d.Result.Counts)
				assert.Equal(t, checkedByProgram(t, inventory), string(d.Result.CSV))
				assert.Empty(t, d.Complaints)
				for _, request := range d.Requests {
					assert.True(t, request == url || inner(request), "a request: %s", request)
				}
				if s != nil {
					assert.Equal(t, []string{"GET /" + singleName}, s.requests())
				}
			})
		}
	}
}

// stockExport makes a workbook of an invented stock list, as a spreadsheet saves it,
// whose heading is below a title and has other names.
func stockExport(t *testing.T) string {
	t.Helper()
	f := excelize.NewFile()
	rows := [][]any{
		{"Meter stock"}, {"as of 26/11/2026"}, {}, {nil, "Device", nil, nil, nil, "Planning"},
		{"Serial No.", "Asset Class", "SMETS Ver", "GBCS Ver.", "Make", "Planned Fit Dt", "Store", "Cost (£)", "Comments"},
		{"21S1000037", "ESME", "SMETS2 v3.1", 2.1, "Aldgate", "20/04/2023", "Hull", 61.00},
		{"21S1000074", "GSME", "SMETS2 v3.1", 2.1, "Corvid", "28/04/2023", "Leeds", 45.25},
		{"22S1000111", "Comms Hub", "CHTS v1.3", 3.2, "Aldgate", "14/06/2022", "Hull", 38.50, "quarantine?"},
		{"22S1000148", "ESME", "SMETS2-4.2", 3.2, "Aldgate", "14/06/2022", "York", 61.00},
		{"22S1000185", "ESME", 5, "4.0", "Aldgate", "14/06/2022", "York", 61.00},
		{}, {"TOTAL", nil, nil, nil, nil, nil, nil, "£266.75"},
	}
	for i, row := range rows {
		require.NoError(t, f.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &row))
	}
	path := filepath.Join(t.TempDir(), "stock.xlsx")
	require.NoError(t, f.SaveAs(path))
	return path
}

// TestWorkbook gives the page a workbook whose columns have to be confirmed, in each
// browser and with each engine: the answers are those of the program.
func TestWorkbook(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes a minute")
	}
	path := stockExport(t)
	service := serve(t, engines["service"](t))
	for _, test := range []struct{ browser, url string }{
		{"chrome", "file://" + filepath.Join(builtFolder(t), singleName)}, {"firefox", "file://" + filepath.Join(builtFolder(t), singleName)}, {"firefox", service.URL},
	} {
		t.Run(test.browser+" "+test.url[:4], func(t *testing.T) {
			d := drive[struct {
				Answer, Fault, Filter string
				Counts, Shown         []string
				Width                 int
				CSV, Report, Workbook []byte
			}](t, test.browser, "workbook.mjs", test.url, path, "stock", "", "", "390")
			assert.Contains(t, d.Result.Fault, "it may be “SMETS Ver”")
			assert.Equal(t, "Of 5 devices 3 may be installed on their dates; 1 may not; 1 cannot be judged: version \"5\" is not a version.", d.Result.Answer)
			assert.Equal(t, []string{"3", "1", "1"}, d.Result.Counts)
			assert.Equal(t, []string{"21S1000074"}, d.Result.Shown, "the rows of the cause that was pressed")
			assert.Contains(t, d.Result.Filter, "1 device: SMETS2 v3.1 after 27 April 2023")
			assert.LessOrEqual(t, d.Result.Width, 390, "nothing overflows a phone")
			flags := []string{"--header-row", "5", "--map", "spec=#3", "--map", "install_date=#6", "--map", "device_type=#2", "--map", "gbcs=#4"}
			assert.Equal(t, checkedByProgram(t, path, flags...), string(d.Result.CSV))
			report := string(d.Result.Report)
			assert.Contains(t, report, "<title>Install eligibility: stock.xlsx</title>")
			assert.Contains(t, report, "21S1000074")
			assert.NotContains(t, report, "-o FILE")
			assert.Empty(t, d.Complaints)
			if test.url == service.URL {
				assert.NotEmpty(t, d.Result.Workbook)
			}
		})
	}
}
