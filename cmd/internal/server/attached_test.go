package server

import (
	"bytes"
	"io"
	"mime/multipart"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// laterEnd is an amendment by which SMETS2 v3.1 ends a day later.
const laterEnd = `{"amendments": [{"id": "TEST", "title": "invented", "in_force": "2023-04-01", "citations": [{"document": "invented", "quote": "28 April 2023"}],
	"entries": [{"spec": "SMETS2 v3.1", "to": "2023-04-28"}, {"spec": "GBCS v2.1", "confirmed": "2023-04-28", "inferred": "invented"}]}]}`

// field is a field of a form; file may be "".
type field struct{ name, file, text string }

// sendForm sends a form with the fields, in their order.
func sendForm(t *testing.T, url string, fields ...field) (status int, header http.Header, body string) {
	t.Helper()
	var content bytes.Buffer
	form := multipart.NewWriter(&content)
	for _, f := range fields {
		part, err := form.CreateFormFile(f.name, f.file)
		require.NoError(t, err)
		io.WriteString(part, f.text) // to memory
	}
	require.NoError(t, form.Close())
	r, err := http.NewRequest("POST", url, &content)
	require.NoError(t, err)
	r.Header.Set("Content-Type", form.FormDataContentType())
	response, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	defer response.Body.Close()
	all, err := io.ReadAll(response.Body)
	if err != nil {
		return 0, nil, "" // the connection was closed
	}
	return response.StatusCode, response.Header, string(all)
}

func fileText(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	return string(text)
}

// TestAttachedAmendments sends amendments with requests: each is judged by them, and
// the next request without them is not.
func TestAttachedAmendments(t *testing.T) {
	s, _ := started(t, nil)
	amend := field{"amend", "later.json", laterEnd}
	inventory := field{"inventory", "stock.csv", twoRows}
	const device = `{"spec": "SMETS2 v3.1", "install_date": "2023-04-28"}`
	for range 2 { // the second time the service may have cached answers
		status, header, body := sendForm(t, s.URL+"/v1/check.csv", amend, inventory)
		require.Equal(t, 200, status, body)
		assert.Equal(t, 2, strings.Count(body, ",eligible,"), body)
		_, plain, body := send(t, "POST", s.URL+"/v1/check.csv", twoRows)
		assert.Equal(t, 1, strings.Count(body, ",eligible,"), body)
		assert.NotEqual(t, plain.Get("Ivp-Rules"), header.Get("Ivp-Rules"))
		status, _, body = sendForm(t, s.URL+"/v1/check", amend, field{"devices", "", device})
		require.Equal(t, 200, status, body)
		assert.Contains(t, body, `"outcome":"eligible"`)
		_, _, body = send(t, "POST", s.URL+"/v1/check", device)
		assert.Contains(t, body, `"outcome":"not_eligible"`)
	}
	_, header, body := sendForm(t, s.URL+"/v1/rules", amend)
	assert.Contains(t, body, `"TEST"`)
	_, digest, _ := strings.Cut(header.Get("Ivp-Rules"), "sha256=")
	status, _, body := sendForm(t, s.URL+"/v1/check.csv?expect_rules="+digest, amend, inventory)
	assert.Equal(t, 200, status, "the digest is that with the amendments: %s", body)
	status, _, _ = sendForm(t, s.URL+"/v1/check.csv?expect_rules="+digest, inventory)
	assert.Equal(t, 400, status)
	_, _, body = sendForm(t, s.URL+"/v1/timeline", amend)
	assert.Contains(t, body, "28 Apr 2023")
}

// TestAttachedList looks models up in a list that comes with the request.
func TestAttachedList(t *testing.T) {
	s, _ := started(t, nil)
	list := field{"list", "list.csv", fileText(t, "../../../testdata/cpl/clean-list.csv")}
	const device = `{"manufacturer": "E001", "model": "4331", "hardware_version": "00AC", "firmware": "1000000A", "install_date": "2020-06-01"}`
	status, _, body := sendForm(t, s.URL+"/v1/check", list, field{"devices", "", device})
	require.Equal(t, 200, status, body)
	assert.Contains(t, body, `"spec":"CHTS v1.1"`)
	status, _, body = send(t, "POST", s.URL+"/v1/check", device)
	assert.Equal(t, 400, status)
	assert.Contains(t, body, "a model is looked up only in a Central Products List")
	const models = "Device ID,Manufacturer,Model,Hardware Version,Firmware Version,Installation Date\na,E001,4331,00AC,1000000A,2020-06-01\n"
	status, _, body = sendForm(t, s.URL+"/v1/check.csv", list, field{"inventory", "models.csv", models})
	require.Equal(t, 200, status, body)
	assert.Contains(t, body, "ivp_cpl_entries")
	assert.Contains(t, body, "eligible,within-period,CHTS v1.1")
}

// TestAttachedWorkbook sends workbooks as they are and in a form, and gets the answers
// in every format.
func TestAttachedWorkbook(t *testing.T) {
	s, _ := started(t, nil)
	stock := fileText(t, "../../../testdata/stock.xlsx")
	for range workbooksAtOnce + 1 { // each must give its place back
		status, _, _ := send(t, "POST", s.URL+"/v1/check.csv", stock[:len(stock)/2])
		assert.Equal(t, 400, status)
		status, _, _ = send(t, "POST", s.URL+"/v1/check.csv?sheet=none", stock)
		assert.Equal(t, 400, status)
		status, _, _ = send(t, "POST", s.URL+"/v1/check.csv", stock)
		assert.Equal(t, 200, status)
	}
	_, _, want := send(t, "POST", s.URL+"/v1/check.csv", stock)
	assert.Contains(t, want, "ivp_outcome")
	status, _, body := sendForm(t, s.URL+"/v1/check.csv", field{"inventory", "stock.xlsx", stock})
	require.Equal(t, 200, status, body)
	assert.Equal(t, want, body)
	_, header, body := sendForm(t, s.URL+"/v1/check.csv?format=html", field{"inventory", "stock.xlsx", stock})
	assert.Equal(t, "text/html; charset=utf-8", header.Get("Content-Type"))
	assert.Equal(t, "attachment", header.Get("Content-Disposition"))
	assert.Contains(t, body, "<title>Install eligibility: stock.xlsx</title>")
	assert.Contains(t, body, "</html>")
	_, header, body = sendForm(t, s.URL+"/v1/check.csv?format=xlsx", field{"inventory", "stock.xlsx", stock})
	assert.Contains(t, header.Get("Content-Type"), "spreadsheetml")
	_, _, again := send(t, "POST", s.URL+"/v1/check.csv?recheck=true&sheet=Rows", body)
	for _, line := range strings.Split(strings.TrimSpace(want), "\n")[1:] {
		_, answer, _ := strings.Cut(line, "eligible,")
		assert.Contains(t, again, answer, "the workbook has the same answers")
	}
}

// TestFormsThatCannotBeRead sends forms at fault: none is answered as if a part of it
// were not there.
func TestFormsThatCannotBeRead(t *testing.T) {
	s, _ := started(t, func(l *Limits) { l.Body = 10_000 })
	inventory, amend := field{"inventory", "a.csv", twoRows}, field{"amend", "a.json", laterEnd}
	list := field{"list", "list.csv", fileText(t, "../../../testdata/cpl/list-saved-by-spreadsheet.csv")[:1500]}
	for says, test := range map[string]struct {
		path   string
		status int
		fields []field
	}{
		"the form has no field":                      {"check.csv", 400, []field{amend}},
		"this one has the field":                     {"check.csv", 400, []field{{"table", "", ""}, inventory}},
		"where none was expected":                    {"rules", 400, []field{inventory}},
		"amend: file 2 cannot be added to the rules": {"check.csv", 400, []field{amend, {"amend", "b.json", "{"}, inventory}},
		"list: ":                                 {"check.csv", 400, []field{list, inventory}},
		"more than 0 MiB, the most that is read": {"check.csv", 413, []field{{"amend", "a.json", strings.Repeat(" ", 10_001)}, inventory}},
	} {
		status, _, body := sendForm(t, s.URL+"/v1/"+test.path, test.fields...)
		assert.Equal(t, test.status, status, says)
		assert.Contains(t, body, says)
	}
	status, _, body := sendForm(t, s.URL+"/v1/check.csv", inventory, amend)
	assert.NotEqual(t, 200, status, "amendments after the inventory: %s", body)
}
