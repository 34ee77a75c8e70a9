package devices

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestParseDelimiter(t *testing.T) {
	for text, want := range map[string]byte{"": 0, ",": ',', ";": ';', "|": '|', "tab": '\t', `\t`: '\t', "\t": '\t', "~": '~'} {
		got, err := ParseDelimiter(text)
		require.NoError(t, err, text)
		assert.Equal(t, want, got, text)
	}
	for _, text := range []string{"a", "0", "Z", `"`, " ", "\n", "\r", "\x00", "\x7f", ",,", "é", "tabs"} {
		_, err := ParseDelimiter(text)
		assert.ErrorContains(t, err, "want one character", text)
	}
}
