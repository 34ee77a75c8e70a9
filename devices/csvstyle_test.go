package devices

import (
	"testing"

	"github.com/stretchr/testify/assert"
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
	} {
		assert.Equal(t, want, string(appendGuarded(nil, []byte(raw), ',')), raw)
	}
	assert.Equal(t, "'=1\t'=2", string(appendGuarded(nil, []byte("=1\t=2"), '\t')))
}

func TestDelimiterLine(t *testing.T) {
	for head, want := range map[string]byte{
		"sep=;\r\nx": ';', "sep=,\n": ',', "SEP=\t\n": '\t', "\"sep=;\"\r\n": ';', "sep=|\n": '|',
		"sep=;": 0, "sep=\"\n": 0, "sep=;;\n": 0, "step=;\n": 0, "\"sep=;\n": 0, "": 0,
	} {
		delimiter, ok := delimiterLine([]byte(head))
		assert.Equal(t, want != 0, ok, head)
		if ok {
			assert.Equal(t, want, delimiter, head)
		}
	}
}
