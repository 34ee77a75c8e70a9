package ivp

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/tools/txtar"
)

func compiledSchema(t *testing.T) *jsonschema.Schema {
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(Schema()))
	require.NoError(t, err)
	c := jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft2020)
	require.NoError(t, c.AddResource("tables.schema.json", doc))
	schema, err := c.Compile("tables.schema.json")
	require.NoError(t, err)
	return schema
}

func validate(t *testing.T, schema *jsonschema.Schema, data []byte) error {
	instance, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	require.NoError(t, err, "%s", data)
	return schema.Validate(instance)
}

func TestSchemaAcceptsWhatTheLoaderDoes(t *testing.T) {
	schema := compiledSchema(t)
	require.NoError(t, validate(t, schema, tablesJSON))
	require.NoError(t, validate(t, schema, []byte(soundFile)))
	require.NoError(t, validate(t, schema, History{}.AppendCanonical(nil)))
	accepts := func(name string, data []byte) {
		if bytes.Contains(data, []byte(`"amendments"`)) && lintFile(Published(), data) == nil {
			assert.NoError(t, validate(t, schema, data), name)
		}
	}
	for _, pattern := range []string{"../testdata/*.json", "../testdata/trials/*.json", "../testdata/cli/*/in/*.json", "../testdata/cli/*.txtar"} {
		files, err := filepath.Glob(pattern)
		require.NoError(t, err)
		for _, file := range files {
			data, err := os.ReadFile(file)
			require.NoError(t, err)
			if filepath.Ext(file) != ".txtar" {
				accepts(file, data)
				continue
			}
			for _, part := range txtar.Parse(data).Files {
				if filepath.Ext(part.Name) == ".json" && strings.HasPrefix(part.Name, "in/") {
					accepts(file, part.Data)
				}
			}
		}
	}
}

func TestSchemaRefusesBrokenShapes(t *testing.T) {
	schema := compiledSchema(t)
	for _, file := range slices.Concat(misshapenFiles, unlawfulFiles) {
		switch file.schema {
		case schemaRefuses:
			assert.Error(t, validate(t, schema, file.data(t)), file.name)
		case schemaCannotTell:
			assert.NoError(t, validate(t, schema, file.data(t)), "%s: the schema can tell, so its case should say so", file.name)
		}
	}
}

// TestSchemaPatterns compares the patterns of the schema with what the loader
// reads.
func TestSchemaPatterns(t *testing.T) {
	schema := compiledSchema(t)
	try := func(field, value string) (schemaSays, loaderSays bool) {
		key, err := json.Marshal(value)
		require.NoError(t, err)
		old := map[string]string{
			"spec":      `{"spec": "GBCS v3.2", "from": "2019-11-29", "to": "not-on-record", "confirmed": "2022-09-21"}`,
			"confirmed": `"2022-09-21"`,
			"id":        `"TEST-1"`,
			"title":     `"lists SMETS2 v4.2 and GBCS v3.2"`,
		}[field]
		replacement := string(key)
		if field == "spec" {
			replacement = `{"spec": ` + replacement + `, "from": "not-on-record", "to": "open"}`
		}
		data := bytes.Replace([]byte(soundFile), []byte(old), []byte(replacement), 1)
		_, fault := Parse(data)
		return validate(t, schema, data) == nil, fault == nil
	}
	for field, values := range map[string][]string{
		"spec": {
			"SMETS1 v1.2", "SMETS1 v1.22", "SMETS1 v2.0", "SMETS2 v1.2", "SMETS2 v2.0", "SMETS2 v4.20", "SMETS2 v10.1", "SMETS2 v999.999", "SMETS2 v1000.1",
			"SMETS v1.58", "SMETS v1.2", "SMETS v0.9", "SMETS2 v0.9", "SMETS2 v04.2", "SMETS2 v4.2.1", "SMETS2 4.2", "smets2 v4.2", "SMETS2 v4.2 ", "SMETS2 V4.3",
			"CHTS v1.3", "CHTS v0.3", "CHTS v12.3", "CHTS v01.3", "CHTS 1.3", "CHTS v1", "GBCS v0.0", "GBCS v3.2222", "IHD v1.0", "",
		},
		"confirmed": {
			"2020-02-29", "2022-01-31", "2022-04-30", "2022-04-31", "2022-06-31", "2022-09-31", "2022-11-31", "2022-02-30", "2022-12-31", "2022-12-32",
			"2022-13-01", "2022-00-01", "2022-01-00", "2022-1-01", "22-01-01", "2022/01/01", " 2022-01-01", "2022-01-01 ", "open", "",
		},
		"id":    {"A", "MP196", "SEC-6.21", "a", "1A", "A b", "A_b.c-D", "Ä", "-", ""},
		"title": {"x", "two words", " x", "x ", "a\tb", "a\u0085b", "naïve “quotes”", "\u007f", " ", ""},
	} {
		for _, value := range values {
			schemaSays, loaderSays := try(field, value)
			assert.Equal(t, loaderSays, schemaSays, "%s: %q: the loader accepts it, the schema accepts it", field, value)
		}
	}
}

func TestSchemaListsTheDeviceTypes(t *testing.T) {
	var schema struct {
		Defs struct {
			Pair struct {
				Properties struct {
					Type struct{ Enum []string }
				}
			}
		} `json:"$defs"`
	}
	require.NoError(t, json.Unmarshal(Schema(), &schema))
	assert.Equal(t, typeNames(), schema.Defs.Pair.Properties.Type.Enum)
}

// TestSchemaDescribesEveryField also checks that no object accepts other keys.
func TestSchemaDescribesEveryField(t *testing.T) {
	var schema any
	require.NoError(t, json.Unmarshal(Schema(), &schema))
	described := 0
	eachObject(schema, func(object map[string]any) {
		if object["type"] != "object" {
			return
		}
		assert.Equal(t, false, object["additionalProperties"], "%s", object["description"])
		for name, field := range object["properties"].(map[string]any) {
			described++
			text, _ := field.(map[string]any)["description"].(string)
			assert.NotEmpty(t, text, name)
		}
	})
	assert.Equal(t, 3+10+3+8+4, described, "the fields of a file, an amendment, a citation, an entry, a pair")
}

// eachObject calls visit for every object in a JSON value.
func eachObject(value any, visit func(map[string]any)) {
	switch value := value.(type) {
	case map[string]any:
		visit(value)
		for _, inner := range value {
			eachObject(inner, visit)
		}
	case []any:
		for _, inner := range value {
			eachObject(inner, visit)
		}
	}
}

func TestSchemaIsTheCallersOwn(t *testing.T) {
	Schema()[0] = 'x'
	assert.Equal(t, byte('{'), Schema()[0])
}
