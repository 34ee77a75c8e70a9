package testkit

import (
	"encoding"
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// schema is what [CheckSchema] reads of a JSON Schema.
type schema struct {
	Ref                  string            `json:"$ref"`
	Type                 any               `json:"type"`
	Properties           map[string]schema `json:"properties"`
	Required             []string          `json:"required"`
	AdditionalProperties json.RawMessage   `json:"additionalProperties"`
	Items                *schema           `json:"items"`
}

// CheckSchema compares a schema of an OpenAPI document with a type that encoding/json
// writes: both must have the same keys, and the keys that are always written must be
// required, except where none is because the schema is of a request too. unused are keys of the type's structs that are never written.
func CheckSchema(t *testing.T, document []byte, name string, of reflect.Type, unused ...string) {
	t.Helper()
	var d struct {
		Components struct{ Schemas map[string]schema }
	}
	if err := json.Unmarshal(document, &d); err != nil {
		t.Fatal(err)
	}
	start, found := d.Components.Schemas[name]
	if !found {
		t.Fatalf("the document has no schema %s", name)
	}
	checkSchema(t, d.Components.Schemas, name, start, of, unused)
}

var marshaler = reflect.TypeFor[encoding.TextMarshaler]()

func checkSchema(t *testing.T, all map[string]schema, at string, s schema, of reflect.Type, unused []string) {
	t.Helper()
	if ref, ok := strings.CutPrefix(s.Ref, "#/components/schemas/"); ok {
		s = all[ref]
	}
	if of.Kind() == reflect.Pointer {
		of = of.Elem()
	}
	want := ""
	switch {
	case of.Implements(marshaler), of.Kind() == reflect.String:
		want = "string"
	case of.Kind() == reflect.Bool:
		want = "boolean"
	case of.Kind() == reflect.Int:
		want = "integer"
	case of.Kind() == reflect.Slice:
		if want = "array"; s.Items == nil {
			t.Errorf("%s: the schema has no items", at)
			return
		}
		checkSchema(t, all, at+"[]", *s.Items, of.Elem(), unused)
	case of.Kind() == reflect.Map:
		var values schema
		if want = "object"; json.Unmarshal(s.AdditionalProperties, &values) != nil {
			t.Errorf("%s: want additionalProperties with a schema", at)
			return
		}
		checkSchema(t, all, at+"{}", values, of.Elem(), unused)
	case of.Kind() == reflect.Struct:
		if want = "object"; string(s.AdditionalProperties) != "false" {
			t.Errorf("%s: want additionalProperties false", at)
		}
		keys := map[string]bool{}
		checkFields(t, all, at, s, of, unused, keys)
		for key := range s.Properties {
			if !keys[key] {
				t.Errorf("%s.%s: in the schema, and never written", at, key)
			}
		}
	default:
		t.Fatalf("%s: %s is not expected", at, of)
	}
	if names, ok := s.Type.([]any); ok && len(names) == 2 && names[1] == "null" { // in a request
		s.Type = names[0]
	}
	if s.Type != want {
		t.Errorf("%s: the type is %v, where %s is written", at, s.Type, want)
	}
}

// checkFields checks the fields of a struct, and adds their keys to keys.
func checkFields(t *testing.T, all map[string]schema, at string, s schema, of reflect.Type, unused []string, keys map[string]bool) {
	t.Helper()
	for i := range of.NumField() {
		field := of.Field(i)
		key, options, _ := strings.Cut(field.Tag.Get("json"), ",")
		switch {
		case key == "" && field.Anonymous:
			embedded := field.Type
			if embedded.Kind() == reflect.Pointer {
				embedded = embedded.Elem()
			}
			checkFields(t, all, at, s, embedded, unused, keys)
			continue
		case !field.IsExported(), key == "-", slices.Contains(unused, key):
			continue
		}
		keys[key] = true
		property, found := s.Properties[key]
		if !found {
			t.Errorf("%s.%s: written, and not in the schema", at, key)
			continue
		}
		if options == "" && s.Required != nil && !slices.Contains(s.Required, key) {
			t.Errorf("%s.%s: always written, and not required by the schema", at, key)
		}
		checkSchema(t, all, at+"."+key, property, field.Type, unused)
	}
}
