package records

import (
	"bytes"
	"encoding/json"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mp196/ivp/cmd/internal/sniff"
	"github.com/mp196/ivp/devices"
)

// table reads an input as a program does, and returns its CSV.
func table(f Form, input string) (*Table, string, error) {
	t, err := Survey(f, strings.NewReader(input))
	if err != nil {
		return nil, "", err
	}
	text, err := io.ReadAll(iotest.OneByteReader(t.CSV(strings.NewReader(input), ',')))
	return t, string(text), err
}

func TestCSV(t *testing.T) {
	before := map[string]string{} // the rows that were bad before
	before[`x,"y`] = ",bad-row"
	before[`{"file":"x","line":2,"input":[["a","1"]],"outcome":"undetermined","reason":"bad-row"}`] = ",bad-row"
	bad := func(reason, raw string, width int) string {
		if before[raw] == "" {
			before[raw] = ","
		}
		return "\x00,\"" + strings.ReplaceAll(reason, `"`, `""`) + `","` + strings.ReplaceAll(raw, `"`, `""`) + `"` + before[raw] + strings.Repeat(",", width) + "\n"
	}
	for name, c := range map[string]struct {
		form        Form
		input, want string
	}{
		"keys in the order in which they occur first": {JSON, "{\"b\":\"1\",\"a\":\"2\"}\n{\"c\":\"3\",\"a\":\"4\"}\n", "b,a,c\n1,2,\n,4,3\n"},
		"a byte order mark, and CRLF":                 {JSON, "\xef\xbb\xbf{\"a\":\"1\"}\r\n{\"a\":\"2\"}\r\n", "a\n1\n2\n"},
		"no last line end":                            {Lines, `{"a":"1"}`, "a\n1\n"},
		"blank lines count":                           {Lines, "\n{\"a\":\"1\"}\n \t\r\n{\"a\":\"2\"}\n\n", "a\n\n1\n\n2\n"},
		"what values become":                          {Lines, `{"a":4.20,"b":1e3,"c":true,"d":null,"e":{"x": [1, "y"]},"f":[],"g":""}`, "a,b,c,d,e,f,g\n4.20,1e3,true,,\"{\"\"x\"\":[1,\"\"y\"\"]}\",[],\n"},
		"escapes":                                     {Lines, `{"\u0061":"\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00"}`, "a\n\"\"\"\\/\b\f\n\r\té😀\"\n"},
		"a blank cell alone is a row":                 {Lines, "{\"a\":null}\n{\"a\":\"\"}\n{}\n", "a\n\"\"\n\"\"\n\"\"\n"},
		"no bad row is made by a cell":                {Lines, `{"a":"\u0000","b":"\u001a"}`, "a,b\n\"\x00\",\"\x1a\"\n"},
		"a key that occurs twice":                     {Lines, "{\"a\":\"1\"}\n{\"a\":\"1\",\"\\u0061\":\"2\"}", "a\n1\n" + bad(`the key "a" occurs twice: keep the right one`, `{"a":"1","\u0061":"2"}`, 1)},
		"keys that differ in case":                    {Lines, `{"a":"1","A":"2"}`, "a,A\n1,2\n"},
		"no object": {Lines, "{\"a\":\"1\"}\n[1]\n\"x\"\nnull", "a\n1\n" + bad(`not an object: give each device as an object, such as {"spec":"SMETS2 v4.2"}`, "[1]", 1) +
			bad(`not an object: give each device as an object, such as {"spec":"SMETS2 v4.2"}`, `"x"`, 1) + bad(`not an object: give each device as an object, such as {"spec":"SMETS2 v4.2"}`, `null`, 1)},
		"no JSON":                                 {Lines, "{\"a\":\"1\"}\n{\"a\":", "a\n1\n" + bad("not JSON (unexpected end of JSON input): correct it, or export it again", `{"a":`, 1)},
		"half of a character":                     {Lines, "{\"a\":\"1\"}\n{\"a\":\"\\udc00\"}", "a\n1\n" + bad(`the value of "a" has half of a character (a surrogate without its pair): export it again`, `{"a":"\udc00"}`, 1)},
		"an array, over several lines":            {JSON, " [\n {\"a\": \"1\"},\n\n {\"b\": \"2\"} ]\n", "a,b\n1,\n,2\n"},
		"an array on one line":                    {JSON, `[{"a":"1"},7,{"a":"2"}]`, "a\n1\n" + bad(`not an object: give each device as an object, such as {"spec":"SMETS2 v4.2"}`, "7", 1) + "2\n"},
		"objects, each over several lines":        {JSON, "{\n\"a\":\"1\"\n}\n{\n\"a\":\"2\"}", "a\n1\n2\n"},
		"devices within objects":                  {JSON, `[{"site":"s","devices":[{"a":"1"},{"b":"2"}],"n":2},{"site":"t","devices":[]}]`, "site,n,a,b,devices\ns,2,1,,\ns,2,,2,\nt,,,,[]\n"},
		"devices on lines have numbers of rows":   {Lines, "{\"devices\":[{\"a\":\"1\"},{\"a\":\"2\"}]}\n\n{\"a\":\"3\"}", "a\n1\n2\n3\n"},
		"a key of a device and of what is around": {Lines, "{\"a\":\"1\"}\n" + `{"a":"1","devices":[{"a":"2"}]}`, "a\n1\n" + bad(`the key "a" occurs twice: keep the right one`, `{"a":"2"}`, 1)},
		"a table that ivp wrote":                  {Lines, `{"line":3,"input":[["a","1"],["a","2"]],"outcome":"eligible","reason":"within-period","days_left":0}` + "\n" + `{"line":5,"input":[["a","3"],["a",""]]}`, "a,a,ivp_outcome,ivp_reason,ivp_days_left\n\n\n1,2,eligible,within-period,0\n\n3,,,,\n"},
		"with a note before the outcome":          {Lines, `{"line":1,"input":[["a","1"]],"note":"n","outcome":"eligible","reason":"within-period"}`, "a,ivp_outcome,ivp_reason,ivp_note\n1,eligible,within-period,n\n"},
		"of several files":                        {Lines, `{"file":"x","line":3,"input":[["a","1"]]}` + "\n" + `{"file":"y","line":2,"input":[["b","2"]]}`, "a,b\n1,\n,2\n"},
		"a bad row that ivp wrote":                {Lines, `{"line":2,"input":[["a","1"],["b","2"]],"outcome":"undetermined","reason":"bad-row"}` + "\n" + `{"line":3,"input":[["a","3"]],"outcome":"eligible","reason":"within-period"}`, "a,ivp_outcome,ivp_reason\n\n1,2,undetermined,bad-row\n3,eligible,within-period\n"},
		"one that fits now":                       {Lines, `{"file":"x","line":2,"input":[["a","1"]],"outcome":"undetermined","reason":"bad-row"}` + "\n" + `{"file":"y","line":2,"input":[["b","3"]]}`, "b,ivp_outcome,ivp_reason\n" + bad("another number of cells than its heading when it was first checked: correct it", `{"file":"x","line":2,"input":[["a","1"]],"outcome":"undetermined","reason":"bad-row"}`, 3) + "3,,\n"},
		"a malformed row that ivp wrote":          {Lines, `{"line":1,"raw":"x,\"y","outcome":"undetermined","reason":"bad-row"}` + "\n" + `{"line":2,"input":[["a","1"]]}`, "a,ivp_outcome,ivp_reason\n" + bad("the row could not be read when it was first checked: correct it", `x,"y`, 3) + "1,,\n"},
		"a row of another form":                   {Lines, `{"input":[["a","1"]]}` + "\n" + `{"a":"2"}`, "a\n1\n" + bad("not a row that ivp wrote, unlike the first one: keep them in separate files", `{"a":"2"}`, 1)},
		"a row that ivp wrote among others":       {Lines, `{"a":"2"}` + "\n" + `{"input":[["a","1"]]}`, "a\n2\n" + bad("a row that ivp wrote, unlike the first one: keep them in separate files", `{"input":[["a","1"]]}`, 1)},
		"input that is a cell":                    {Lines, `{"input":[1]}`, "input\n[1]\n"},
		"two answers":                             {Lines, `{"input":[["a","1"]],"before":{"outcome":"eligible"},"changed_by":["x","y"]}`, "a,ivp_before_outcome,ivp_changed_by\n1,eligible,\"[\"\"x\"\",\"\"y\"\"]\"\n"},
		"a Read Inventory response":               {XML, response("<Device><DeviceID>01</DeviceID><PropertyFilter><PostCode>AB1 &amp; 2</PostCode></PropertyFilter></Device>\n<Device status=\"x\"><DeviceType>CHF</DeviceType><DeviceID> 02</DeviceID></Device>"), "DeviceID,PropertyFilter/PostCode,@status,DeviceType\n01,AB1 & 2,,\n 02,,x,CHF\n"},
		"an element that occurs twice, and CDATA": {XML, response("<Device><A>1</A><A><![CDATA[<2>]]></A><B/></Device>"), "A,B\n1;<2>,\n"},
		"a device that is not of the inventory":   {XML, strings.Replace(response("<Device><A>1</A></Device>"), "<Body>", "<Body><Device><A>2</A></Device>", 1), "A\n1\n"},
		"no device":                               {XML, response(""), "\n"},
		"nothing":                                 {Lines, "\n\n", "\n"},
		"a device without elements":               {XML, response("<Device/><Device><A>1</A></Device>"), "A\n\"\"\n1\n"},
		"prefixes":                                {XML, `<sr:Response xmlns:sr="x"><sr:DSPInventory><sr:Device><sr:A>1</sr:A></sr:Device></sr:DSPInventory></sr:Response>`, "A\n1\n"},
		"keys of any text":                        {Lines, `{"":"1"," ":"2","a,b":"3"}`, ",\" \",\"a,b\"\n1,2,3\n"},
	} {
		_, got, err := table(c.form, c.input)
		require.NoError(t, err, name)
		assert.Equal(t, c.want, got, name)
	}
}

func response(devices string) string {
	return `<?xml version="1.0" encoding="UTF-8"?><Response><Header><ResponseCode>I0</ResponseCode></Header><Body><ResponseMessage><DSPInventory>` + devices + `</DSPInventory></ResponseMessage></Body></Response>`
}

func TestRefused(t *testing.T) {
	many := strings.Repeat(`<A>`, 70)
	for name, c := range map[string]struct {
		form        Form
		input, want string
	}{
		"a document that is cut off":  {JSON, `[{"a":"1"},{"a":`, "it is cut off"},
		"an array that is cut off":    {JSON, `[{"a":"1"}`, "it is cut off"},
		"no comma":                    {JSON, `[{"a":"1"} {"a":"2"}]`, "not JSON at byte"},
		"text after the array":        {JSON, `[{"a":"1"}] {"a":"2"}`, "text after the end of the array"},
		"a report in JSON":            {JSON, "{\"rows\": [\n", "write it as JSON Lines"},
		"not JSON":                    {JSON, "{x}\n", "not JSON at byte"},
		"a long line":                 {Lines, `{"a":"` + strings.Repeat("x", mostOfRecord), "line 1: a record has more than 16 MiB"},
		"a long element":              {JSON, `[{"a":"` + strings.Repeat("x", mostOfRecord+1<<17) + `"}]`, "a record has more than 16 MiB"},
		"a long text in XML":          {XML, response("<Device><A>" + strings.Repeat("x", mostOfRecord)), "a record has more than 16 MiB"},
		"other XML":                   {XML, "<a><b/></a>", "no <DSPInventory>"},
		"XML that is cut off":         {XML, strings.TrimSuffix(response("<Device><A>1</A></Device>"), "</Response>"), "it is cut off"},
		"cut off within a device":     {XML, response("<Device><A>1</A>")[:150], "it is cut off"},
		"a tag that is not closed":    {XML, response("<Device><A>1</B></Device>"), "line 1: not XML: element <A> closed by </B>"},
		"an entity":                   {XML, response("<Device><A>&x;</A></Device>"), "not XML: invalid character entity &x;"},
		"a document type":             {XML, `<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x "y">]>` + response(""), "a document type is not read"},
		"a document type in a device": {XML, response(`<Device><!DOCTYPE a []><A>1</A></Device>`), "a document type is not read"},
		"deep elements":               {XML, many, "nested more than 64 deep"},
		"deep elements in a device":   {XML, response("<Device>" + many), "nested more than 64 deep"},
		"another encoding":            {XML, `<?xml version="1.0" encoding="EBCDIC"?><a/>`, `the encoding "EBCDIC" is not read`},
		"elements without end":        {XML, response("<Device>" + strings.Repeat("<A/>", mostColumns+1)), "more than 4096 elements"},
	} {
		_, _, err := table(c.form, c.input)
		assert.ErrorContains(t, err, c.want, name)
	}
	var keys strings.Builder
	for i := range mostColumns + 1 {
		keys.WriteString("{\"" + strings.Repeat("k", i) + "\":1}\n")
	}
	_, err := Survey(Lines, strings.NewReader(keys.String()))
	assert.ErrorContains(t, err, "more than 4096 different keys")
	broken := iotest.TimeoutReader(iotest.OneByteReader(strings.NewReader(`{"a":"1"}`)))
	_, err = Survey(Lines, broken)
	assert.ErrorIs(t, err, iotest.ErrTimeout)
}

func TestFormOf(t *testing.T) {
	for name, c := range map[string]struct {
		file, head string
		want       Form
	}{
		"lines":              {"a.jsonl", `{"a":1}`, Lines},
		"lines, packed":      {"a.NDJSON.gz", "anything", Lines},
		"no name":            {"", `{"a":1}`, JSON},
		"an array":           {"a.json", "[\n{", JSON},
		"XML":                {"a.xml", "<?xml version=\"1.0\"?>", XML},
		"XML without a head": {"a", "<sr:Response ", XML},
		"CSV":                {"a.json", "a,b", 0},
		"a workbook of 2003": {"a.xml", `<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">`, 0},
		"Parquet":            {"a.jsonl", "PAR1", 0},
		"HTML":               {"a.jsonl", "<html>", 0},
	} {
		assert.Equal(t, c.want, FormOf(c.file, sniff.Head(c.head)), name)
	}
}

// requireRows reads the CSV with package devices: every record is a row, either bad or
// with a cell for each column.
func requireRows(t *testing.T, f Form, input string) {
	found, err := Survey(f, strings.NewReader(input))
	if err != nil || found.Rows() == 0 || found.last > 1<<16 || len(found.columns)+len(found.added) == 0 {
		return
	}
	found, text, err := table(f, input)
	if err != nil {
		return
	}
	options := devices.ReaderOptions{Records: true, Delimiter: ',', Columns: devices.ColumnOptions{Lenient: true, Recheck: true}}
	reader, err := devices.NewReader(strings.NewReader(text), options)
	require.NoError(t, err, "%q", text)
	rows, last := 0, 0
	for {
		row, err := reader.Read()
		if err == io.EOF {
			break
		}
		require.NoError(t, err)
		if row.Kind == devices.BlankLine {
			continue
		}
		rows++
		require.Greater(t, row.Line, last)
		last = row.Line
		if row.Kind == devices.BadRow {
			require.Error(t, row.Fault)
		} else {
			require.Len(t, row.Cells, len(found.columns)+len(found.added), "%q", text)
		}
	}
	require.Equal(t, found.Rows(), rows, "%q", text)
}

func FuzzJSON(f *testing.F) {
	for _, text := range []string{
		`{"spec":"SMETS2 v4.2","install_date":"2022-06-01"}`, "{\"a\":null}\n\n[1]\n{\"a\":{\"b\":[]},\"c\":\"\\u00e9\\ud83d\\ude00\"}",
		`[{"a":1},{"devices":[{"b":2},{"a":3}]}]`, `{"line":2,"input":[["a","1"],["",""]],"outcome":"undetermined","reason":"bad-row"}`,
		`{"line":9,"raw":"x","reason":"bad-row"}`, "{\n\"a\":1}{\"b\":\"\x00\"}", `{"a":"1","a":"2"}`, "\xef\xbb\xbf{}", `[{" ":[]}]`,
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		requireRows(t, Lines, text)
		requireRows(t, JSON, text)
		keys, reason := objectKeys([]byte(text), nil)
		var want map[string]json.RawMessage
		err := json.Unmarshal([]byte(text), &want)
		if reason != "" || want == nil || !utf8.ValidString(text) {
			return
		}
		require.NoError(t, err)
		for _, k := range keys {
			require.True(t, json.Valid(k.value))
			require.Contains(t, want, k.name)
		}
		fields, reason := flatFields(keys, nil)
		if reason != "" {
			return
		}
		require.Len(t, fields, len(want))
		for i, field := range fields {
			var value string
			if want := bytes.TrimSpace(want[field.name]); json.Unmarshal(want, &value) == nil && want[0] == '"' {
				require.Equal(t, value, field.text, "key %d", i)
			}
		}
	})
}

func FuzzXML(f *testing.F) {
	f.Add(response("<Device><A>1</A><B><C>2</C></B></Device><Device/>"))
	f.Add(response("<Device x='1'><![CDATA[<]]><A>1</A><A>&lt;</A></Device>"))
	f.Add("<?xml version='1.0' encoding='utf-16'?><DSPInventory><Device><A>\x00</A></Device></DSPInventory>")
	f.Fuzz(func(t *testing.T, text string) { requireRows(t, XML, text) })
}
