package main

import (
	"bytes"
	"encoding/json"
	"net/http"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

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
