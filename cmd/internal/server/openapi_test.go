package server

import (
	"encoding/json"
	"net/http"
	"reflect"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mp196/ivp/cmd/internal/query"
	"github.com/mp196/ivp/cmd/internal/remarks"
	"github.com/mp196/ivp/cmd/internal/testkit"
	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/ivp"
)

// schemaOf checks a text against a schema of the service's OpenAPI document.
func schemaOf(t *testing.T, url, schema, text string) {
	_, _, document := send(t, "GET", url+"/openapi.json", "")
	parsed, err := jsonschema.UnmarshalJSON(strings.NewReader(document))
	require.NoError(t, err)
	compiler := jsonschema.NewCompiler()
	require.NoError(t, compiler.AddResource("openapi.json", parsed))
	compiled, err := compiler.Compile("openapi.json#/components/schemas/" + schema)
	require.NoError(t, err)
	value, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
	require.NoError(t, err)
	assert.NoError(t, compiled.Validate(value), text)
}

// documented is what the tests read of the OpenAPI document.
type documented struct {
	Paths map[string]map[string]struct {
		OperationID string `json:"operationId"`
		Parameters  []struct{ Name, Ref string }
		RequestBody struct{ Content map[string]documentedMedia }
		Responses   map[string]struct {
			Content map[string]documentedMedia
		}
	}
	Components struct {
		Schemas map[string]struct{ Enum []string }
	}
}

type documentedMedia struct {
	Example  any
	Examples map[string]struct{ Value any }
}

func readDocument(t *testing.T) (d documented) {
	require.NoError(t, json.Unmarshal(openAPI, &d))
	return d
}

// TestOpenAPIRoutes compares the document with the handlers: it has every route and no
// other, each with an operationId of its own.
func TestOpenAPIRoutes(t *testing.T) {
	var found []string
	ids := map[string]bool{}
	for path, methods := range readDocument(t).Paths {
		for method, operation := range methods {
			found = append(found, strings.ToUpper(method)+" "+path)
			assert.NotEmpty(t, operation.OperationID, path)
			assert.False(t, ids[operation.OperationID], operation.OperationID)
			ids[operation.OperationID] = true
		}
	}
	assert.ElementsMatch(t, routes, found)
}

// TestOpenAPINames compares the enumerations of the document with the library.
func TestOpenAPINames(t *testing.T) {
	var outcomes, reasons []string
	for _, o := range ivp.Outcomes() {
		outcomes = append(outcomes, o.String())
	}
	for _, r := range ivp.Reasons() {
		reasons = append(reasons, r.String())
	}
	schemas := readDocument(t).Components.Schemas
	assert.Equal(t, outcomes, schemas["Outcome"].Enum)
	assert.Equal(t, reasons, schemas["Reason"].Enum)
	assert.Equal(t, remarks.FieldNames(devices.Fields()), schemas["Field"].Enum)
	for _, name := range append(outcomes, reasons...) {
		_, err := devices.ParseSelection(name)
		assert.NoError(t, err)
	}
	assert.Equal(t, append(append(outcomes, reasons...), "none"), schemas["Selected"].Enum)
}

// TestOpenAPIFields compares the schemas of the document with the types that are
// written.
func TestOpenAPIFields(t *testing.T) {
	row := []string{"file", "input", "raw", "waiver"}
	testkit.CheckSchema(t, openAPI, "Answer", reflect.TypeFor[query.Answer](), append(row, "line")...)
	testkit.CheckSchema(t, openAPI, "Problem", reflect.TypeFor[problem]())
	testkit.CheckSchema(t, openAPI, "Timeline", reflect.TypeFor[query.Timeline]())
	testkit.CheckSchema(t, openAPI, "Tables", reflect.TypeFor[query.TablesReply]())
	testkit.CheckSchema(t, openAPI, "Checked", reflect.TypeFor[query.Checked](), row...)
}

// TestOpenAPIExamples sends the requests of the examples, which must have the answers
// of the examples.
func TestOpenAPIExamples(t *testing.T) {
	s, _ := started(t, nil)
	d := readDocument(t)
	check := d.Paths["/v1/check"]["post"]
	examples := check.RequestBody.Content["application/json"].Examples
	require.NotEmpty(t, examples)
	for name, example := range examples {
		request, err := json.Marshal(example.Value)
		require.NoError(t, err)
		want, err := json.Marshal(check.Responses["200"].Content["application/json"].Examples[name].Value)
		require.NoError(t, err)
		_, _, body := send(t, "POST", s.URL+"/v1/check", string(request))
		assert.JSONEq(t, string(want), body, name)
	}
	csv := d.Paths["/v1/check.csv"]["post"]
	_, _, body := send(t, "POST", s.URL+"/v1/check.csv", csv.RequestBody.Content["text/csv"].Example.(string))
	assert.Equal(t, csv.Responses["200"].Content["text/csv"].Example, body)
}

func TestOpenAPISchemas(t *testing.T) {
	s, _ := started(t, nil)
	for _, device := range []string{`{"device_id": "a", "spec": "SMETS2 v3.1", "gbcs": "2.1", "device_type": "ESME", "install_date": "2022-06-01", "scope": ""}`, `{}`, `{"spec": "SMETS2 v4.2", "install_date": "2030-01-01"}`} {
		schemaOf(t, s.URL, "Device", device)
		_, _, body := send(t, "POST", s.URL+"/v1/check?why=true", device)
		schemaOf(t, s.URL, "Answer", body)
	}
	_, _, body := send(t, "POST", s.URL+"/v1/check", `x`)
	schemaOf(t, s.URL, "Problem", body)
	_, _, body = send(t, "GET", s.URL+"/healthz", "")
	schemaOf(t, s.URL, "Health", body)
	_, _, body = send(t, "GET", s.URL+"/v1/rules", "")
	schemaOf(t, s.URL, "Rules", body)
	for _, table := range []string{`{"id": "X", "in_force": "01/11/2026", "document": "an invented table", "rows": [{"family": "SMETS", "version": "4.2", "end": "31/03/2027"}]}`, `{"rows": [{"family": "SMETS", "version": "4.2", "end": "soon"}]}`} {
		schemaOf(t, s.URL, "Table", table)
		_, _, body := send(t, "POST", s.URL+"/v1/tables", `{"table": `+table+`}`)
		schemaOf(t, s.URL, "Tables", body)
		var reply query.TablesReply
		require.NoError(t, json.Unmarshal([]byte(body), &reply))
		if reply.Checked.File != "" {
			file, err := json.Marshal(map[string]string{"file": reply.Checked.File})
			require.NoError(t, err)
			_, _, body = send(t, "POST", s.URL+"/v1/tables", string(file))
			schemaOf(t, s.URL, "Tables", body)
			assert.Contains(t, body, `"rows":[{"family":"SMETS","version":"4.2","end":"31/03/2027"}]`)
		}
	}
}

// TestUnreadableCellsAreNamed requires that an answer which rests on a cell that cannot
// be read names the cell, without why; a blank cell is no such cell.
func TestUnreadableCellsAreNamed(t *testing.T) {
	s, _ := started(t, nil)
	for device, says := range map[string]string{
		`{"spec": "SMETS2 v3.1", "install_date": "31/04/2023"}`:                          `install_date: \"31/04/2023\" is not a date`,
		`{"spec": "SMETS2 v3.1"}`:                                                        "",
		`{"spec": "4", "install_date": "2022-06-01"}`:                                    `spec: \"4\" is not a version`,
		`{"install_date": "2022-06-01"}`:                                                 "",
		`{"spec": "SMETS2 v3.1", "gbcs": "x", "install_date": "2022-06-01"}`:             `gbcs: \"x\" is not a version`,
		`{"spec": "SMETS2 v3.1", "device_type": "Smart", "install_date": "2022-06-01"}`:  `device_type: \"Smart\"`,
		`{"spec": "SMETS2 v3.1", "device_type": "Smart", "install_date": "2023-04-28"}`:  "", // not eligible, whatever its type
		`{"spec": "SMETS2 v3.1", "device_type": "ESME", "install_date": "2022-06-01"}`:   "",
		`{"spec": "SMETS2 v3.1", "gbcs": "2.1", "install_date": "2022-06-01T12:00:00Z"}`: "",
	} {
		_, _, body := send(t, "POST", s.URL+"/v1/check", device)
		assert.Equal(t, says != "", strings.Contains(body, "explanation"), "%s: %s", device, body)
		assert.Contains(t, body, says, device)
	}
}

// TestWrappedBodies sends devices and inventories inside forms and inside JSON: each
// refusal says what it is, and what to do.
func TestWrappedBodies(t *testing.T) {
	s, _ := started(t, nil)
	const (
		form, encoded, asJSON = "multipart/form-data; boundary=x", "application/x-www-form-urlencoded", "application/json"
		upload                = "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\r\n" + twoRows + "\r\n--x--\r\n"
	)
	oneLine := strings.ReplaceAll(twoRows, "\n", "")
	for _, test := range []struct{ path, kind, body, says string }{
		{"/v1/check.csv", form, upload, "a form upload (multipart/form-data), where the text of an inventory was expected: send the text"},
		{"/v1/check.csv", encoded, "file=Device+ID%2CSMETS+Version%0Aa%2CSMETS2", "a form (application/x-www-form-urlencoded), where the text"},
		{"/v1/check.csv", encoded, oneLine, "has no line breaks"},
		{"/v1/check.csv", encoded, strings.Repeat(oneLine, 2000), "has no line breaks"},
		{"/v1/check.csv", encoded, `{"csv": "spec,install_date\nSMETS2 v3.1,2022-06-01"}`, "this is JSON"},
		{"/v1/check.csv", asJSON, `{"csv": "spec,install_date\nSMETS2 v3.1,2022-06-01"}`, "not inside JSON"},
		{"/v1/check.csv", asJSON, `"spec,install_date\nSMETS2 v3.1,2022-06-01"`, "not inside JSON"},
		{"/v1/check.csv", "", "\ufeff\n [\"spec,install_date\", \"SMETS2 v3.1,2022-06-01\"]", "not inside JSON"},
		{"/v1/check.csv", asJSON, `[{"spec": "SMETS2 v3.1"}]`, "devices in JSON go to POST /v1/check"},
		{"/v1/check", form, upload, "a form upload (multipart/form-data), which is not read here: send JSON"},
		{"/v1/check", encoded, "spec=SMETS2+v3.1&install_date=2022-06-01", "a form (application/x-www-form-urlencoded), which is not read here: send JSON"},
		{"/v1/check", "text/csv", twoRows, "may be CSV"},
		{"/v1/tables", form, upload, "a form upload (multipart/form-data), which is not read here: send JSON"},
		{"/v1/tables", encoded, "file=a", "a form (application/x-www-form-urlencoded), which is not read here: send JSON"},
		{"/v1/tables", "", "Family,Version\nSMETS,4.2\n", "may be CSV"},
		{"/v1/check", asJSON, `{"csv": "spec,install_date\nSMETS2 v3.1,2022-06-01"}`, "CSV inside JSON"},
		{"/v1/check", asJSON, `"spec,install_date\nSMETS2 v3.1,2022-06-01"`, "CSV inside JSON"},
		{"/v1/check", asJSON, `["spec,install_date\nSMETS2 v3.1,2022-06-01"]`, "CSV inside JSON"},
		// not wrapped
		{"/v1/check.csv", encoded, twoRows, ""},
		{"/v1/check.csv", encoded, strings.ReplaceAll(twoRows, "\n", "\r"), ""},
		{"/v1/check.csv", encoded, "a=b," + twoRows, ""},
		{"/v1/check.csv", asJSON, "\"Device ID\",\"SMETS Version\",\"Installation Date\"\na,SMETS2 v3.1,2023-04-27\n", ""},
		{"/v1/check.csv", "", "{id},[x]," + twoRows, ""},
		{"/v1/check.csv", "multipart/form-data;;", twoRows, ""}, // a malformed header
		{"/v1/check", encoded, `{"spec": "a=b"}`, ""},
		{"/v1/check", "text/plain", " \n[{}]", ""},
	} {
		r, err := http.NewRequest("POST", s.URL+test.path, strings.NewReader(test.body))
		require.NoError(t, err)
		r.Header.Set("Content-Type", test.kind)
		response, err := http.DefaultClient.Do(r)
		require.NoError(t, err)
		var p problem
		if test.says != "" {
			require.NoError(t, json.NewDecoder(response.Body).Decode(&p))
			assert.Equal(t, 400, response.StatusCode)
			assert.Contains(t, p.Message, test.says, "%s %s %.40s", test.path, test.kind, test.body)
		} else {
			assert.Equal(t, 200, response.StatusCode, "%s %s %.40s", test.path, test.kind, test.body)
		}
		response.Body.Close()
	}
}
