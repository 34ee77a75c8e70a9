package server

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mp196/ivp/cmd/internal/query"
)

const twoRows = "Device ID,SMETS Version,Installation Date\na,SMETS2 v3.1,2023-04-27\nb,SMETS2 v3.1,2023-04-28\n"

// sendForForm requests the form, and returns its parts.
func sendForForm(t *testing.T, url, body string) (csv string, checked query.Checked, raw string) {
	r, err := http.NewRequest("POST", url, strings.NewReader(body))
	require.NoError(t, err)
	r.Header.Set("Accept", "multipart/form-data, */*")
	response, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	defer response.Body.Close()
	kind, parameters, err := mime.ParseMediaType(response.Header.Get("Content-Type"))
	require.NoError(t, err)
	require.Equal(t, "multipart/form-data", kind)
	form, err := multipart.NewReader(response.Body, parameters["boundary"]).ReadForm(1 << 20)
	require.NoError(t, err)
	file, err := form.File["csv"][0].Open()
	require.NoError(t, err)
	text, err := io.ReadAll(file)
	require.NoError(t, err)
	raw = form.Value["checked"][0]
	require.NoError(t, json.Unmarshal([]byte(raw), &checked))
	return string(text), checked, raw
}

func TestForm(t *testing.T) {
	s, _ := started(t, nil)
	_, _, plain := send(t, "POST", s.URL+"/v1/check.csv?why=true", twoRows)
	csv, checked, raw := sendForForm(t, s.URL+"/v1/check.csv?why=true", twoRows)
	assert.Equal(t, plain, csv, "the inventory is the same")
	assert.Equal(t, map[string]int{"eligible": 1, "not_eligible": 1, "undetermined": 0}, checked.Summary.Outcomes)
	require.Len(t, checked.Rows, 1)
	assert.Equal(t, "b", checked.Rows[0].Device)
	schemaOf(t, s.URL, "Checked", raw)
	assert.Equal(t, []string{"device_type", "gbcs", "scope"}, checked.NotJudged)
	for query, want := range map[string]string{"": "device_type, gbcs, scope", "?scope=": "device_type, gbcs", "?scope=&map=gbcs=%231&map=device_type=%232": ""} {
		_, header, _ := send(t, "POST", s.URL+"/v1/check.csv"+query, twoRows)
		assert.Equal(t, want, header.Get("Ivp-Not-Judged"), query)
	}

	r, err := http.NewRequest("POST", s.URL+"/v1/check.csv", strings.NewReader("a,b\n1,2\n"))
	require.NoError(t, err)
	r.Header.Set("Accept", "multipart/form-data")
	response, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	defer response.Body.Close()
	assert.Equal(t, 400, response.StatusCode, "what cannot be read is no form")
	var p problem
	require.NoError(t, json.NewDecoder(response.Body).Decode(&p))
	require.NotNil(t, p.Columns, "the client is told what to choose from")
	assert.Equal(t, []string{"a", "b"}, p.Columns.Headings)
	assert.Equal(t, "spec", p.Columns.Choose[0].Field)
	assert.Empty(t, response.Header.Get("Ivp-Not-Judged"))
}

func TestTimeline(t *testing.T) {
	s, _ := started(t, nil)
	code, _, body := send(t, "GET", s.URL+"/v1/timeline?as_at=latest&today=2026-11-25", "")
	assert.Equal(t, 200, code)
	schemaOf(t, s.URL, "Timeline", body)
	var drawn query.Timeline
	require.NoError(t, json.Unmarshal([]byte(body), &drawn))
	assert.Contains(t, drawn.SVG, "today, 25 Nov 2026")
	assert.NotContains(t, drawn.SVG, "tables of", "a day that is not shown is not marked")
	assert.Contains(t, drawn.History, "tables of 24 Feb 2022")
	names := map[string]bool{}
	for _, v := range drawn.Versions {
		names[v.Name] = true
	}
	assert.True(t, names["SMETS2 v3.1"] && names["SMETS1 v1.2, prepayment"] && names["CHTS v1.5"])
	code, _, body = send(t, "POST", s.URL+"/v1/check.csv", "Nothing\n")
	assert.Equal(t, 400, code)
	schemaOf(t, s.URL, "Problem", body)
}

// TestDatesAreDecidedFromTheWholeBody has the only date that shows the order beyond
// the first rows, in a body that can be read only once.
func TestDatesAreDecidedFromTheWholeBody(t *testing.T) {
	s, _ := started(t, nil)
	body := "SMETS Version,Installation Date\n" + strings.Repeat("SMETS2 v3.1,04/05/2022\n", 60_000) + "SMETS2 v3.1,28/04/2023\n"
	require.Greater(t, len(body), 1<<20)
	code, header, text := send(t, "POST", s.URL+"/v1/check.csv", body)
	assert.Equal(t, 200, code)
	assert.Equal(t, "60000 1", header.Get("Ivp-Eligible")+" "+header.Get("Ivp-Not-Eligible"))
	assert.Equal(t, 60_002, strings.Count(text, "\n"))
	_, header, _ = send(t, "POST", s.URL+"/v1/check.csv?date_format=iso", body)
	assert.Equal(t, "60001", header.Get("Ivp-Undetermined"), "as they are said to be written")
}

// TestTimesOnAnotherDay has times that fall on another day in Great Britain than the
// day written: the trailers of an inventory count them, and an answer names its own.
func TestTimesOnAnotherDay(t *testing.T) {
	s, _ := started(t, nil)
	text, err := os.ReadFile("../../../testdata/trials/zones.csv")
	require.NoError(t, err)
	_, header, _ := send(t, "POST", s.URL+"/v1/check.csv", string(text))
	assert.Equal(t, "9 2 1 8 2", strings.Join([]string{header.Get("Ivp-Eligible"), header.Get("Ivp-Not-Eligible"), header.Get("Ivp-Undetermined"), header.Get("Ivp-On-Last-Day"), header.Get("Ivp-On-Another-Day")}, " "))
	for date, note := range map[string]string{"2023-04-27T22:30:00Z": "", "2023-04-27T23:00:00Z": `"2023-04-27T23:00:00Z" is 2023-04-28 in Great Britain`} {
		_, _, body := send(t, "POST", s.URL+"/v1/check?why=true", `{"spec": "SMETS2 v3.1", "install_date": "`+date+`"}`)
		schemaOf(t, s.URL, "Answer", body)
		var answer query.Answer
		require.NoError(t, json.Unmarshal([]byte(body), &answer))
		assert.Equal(t, note, answer.Note)
		assert.Equal(t, note == "", answer.Outcome == "eligible", date)
	}
	_, _, body := send(t, "POST", s.URL+"/v1/check?on=2022-06-01", `{"spec": "SMETS2 v3.1", "install_date": "2023-04-27T23:00:00Z"}`)
	assert.NotContains(t, body, "note", "the day that is asked for outweighs that of the device")
}

// TestClientThatSendsAllBeforeItReads sends the whole request before it reads the
// answer, as most HTTP clients do: the answer must not wait for it.
func TestClientThatSendsAllBeforeItReads(t *testing.T) {
	s, _ := started(t, func(l *Limits) { l.Time = 30 * time.Second })
	rows := strings.Repeat("SMETS2 v3.1,2022-06-01\n", 1_000_000)
	body := "spec,install_date\n" + rows
	conn, err := net.Dial("tcp", s.Listener.Addr().String())
	require.NoError(t, err)
	defer conn.Close()
	require.NoError(t, conn.SetDeadline(time.Now().Add(30*time.Second)))
	_, err = fmt.Fprintf(conn, "POST /v1/check.csv HTTP/1.1\r\nHost: x\r\nContent-Type: text/csv\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s", len(body), body)
	require.NoError(t, err, "all of it can be sent, though nothing of the answer is read")
	response, err := http.ReadResponse(bufio.NewReader(conn), nil)
	require.NoError(t, err)
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	assert.Equal(t, 1_000_001, bytes.Count(text, []byte("\n")))
	assert.Equal(t, "1000000", response.Trailer.Get("Ivp-Eligible"))
}

func TestPageIsServed(t *testing.T) {
	s, log := started(t, func(l *Limits) { l.Concurrent = 1 })
	for path, kind := range map[string]string{"/": "text/html", "/page.mjs": "text/javascript", "/engine.mjs": "text/javascript", "/page.css": "text/css", "/style.css": "text/css"} {
		code, header, body := send(t, "GET", s.URL+path, "")
		assert.Equal(t, 200, code, path)
		assert.Contains(t, header.Get("Content-Type"), kind, path)
		assert.Equal(t, "nosniff", header.Get("X-Content-Type-Options"))
		assert.NotEmpty(t, body)
		requireUnchanged(t, s.URL+path, header)
	}
	_, _, engine := send(t, "GET", s.URL+"/engine.mjs", "")
	assert.Contains(t, engine, "v1/check.csv", "the engine is this service")
	code, _, _ := send(t, "GET", s.URL+"/engine-worker.mjs", "")
	assert.Equal(t, 404, code)
	assert.Contains(t, log.String(), `"route":"GET /{$}"`)
}
