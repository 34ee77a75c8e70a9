package ivp

import (
	_ "embed"
	"sync"
)

//go:embed tables.json
var tablesJSON []byte

//go:embed tables.schema.json
var schemaJSON []byte

// FormatVersion is the version of the formats of data that this module reads
// and writes: rules files, JSON, SQL. It grows when a reader of an older version
// would no longer understand what is written.
const FormatVersion = 1

// Published returns the record that this package ships. A program that needs
// later Tables adds them with [History.Amend] or [History.AmendFile].
func Published() History { return published() }

var published = sync.OnceValue(func() History {
	h, err := Parse(tablesJSON)
	if err != nil {
		panic("ivp: the shipped record is at fault: " + err.Error())
	}
	return h
})

// Schema returns the JSON Schema of rules files. The result is the caller's
// own.
func Schema() []byte { return append([]byte(nil), schemaJSON...) }
