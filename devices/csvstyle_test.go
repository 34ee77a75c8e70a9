package devices

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/mp196/ivp/devices/internal/scan"
)

func TestGuardedCells(t *testing.T) {
	for raw, want := range map[string]string{
		"a,b":             "a,b",
		"=1+1,+4,-5,@x":   "'=1+1,'+4,'-5,'@x",
		"a=b,c-d":         "a=b,c-d",
		`"=a,b",x`:        `"'=a,b",x`,
		`"a,=b",x`:        `"a,=b",x`,
		`"",=x`:           `"",'=x`,
		`"""=x",y`:        `"""=x",y`,
		"\"two\n=lines\"": "\"two\n=lines\"",
		"\tx,\ry":         "'\tx,'\ry",
		"":                "",
		",,=":             ",,'=",
		`a, "=b"`:         `a, "'=b"`,
		"\t\"=b\",c":      "\t\"'=b\",c",
	} {
		assert.Equal(t, want, string(appendGuarded(nil, []byte(raw), scan.Dialect{Delimiter: ','})), raw)
	}
	assert.Equal(t, "'=1\t'=2", string(appendGuarded(nil, []byte("=1\t=2"), scan.Dialect{Delimiter: '\t'})))
	assert.Equal(t, `"=1,'=2"`, string(appendGuarded(nil, []byte(`"=1,=2"`), scan.Dialect{Delimiter: ',', NoQuotes: true})))
}

func TestDelimiterLine(t *testing.T) {
	for head, want := range map[string]byte{
		"sep=;\r\nx": ';', "sep=,\n": ',', "SEP=\t\n": '\t', "\"sep=;\"\r\n": ';', "sep=|\n": '|',
		"sep=;": 0, "sep=\"\n": 0, "sep=;;\n": 0, "step=;\n": 0, "\"sep=;\n": 0, "": 0,
	} {
		delimiter, ok := new(ReaderOptions).delimiterLine([]byte(head))
		assert.Equal(t, want != 0, ok, head)
		if ok {
			assert.Equal(t, want, delimiter, head)
		}
	}
}
