package ivp

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestAppendAmendments(t *testing.T) {
	first := madeUp("ACME-1", "2022-09-22", Entry{Spec: Spec{SMETS, "4.2"}, To: endOpen})
	second := madeUp("ACME-2", "2022-09-23", Entry{Spec: Spec{SMETS, "3.1"}, Remove: true})
	data := AppendAmendments([]byte("kept"), first, second)
	require.Equal(t, "kept", string(data[:4]))
	assert.NotContains(t, string(data), "edition")
	h, err := Published().AmendFile(data[4:])
	require.NoError(t, err)
	for _, a := range []Amendment{first, second} {
		got, ok := h.Amendment(a.ID)
		require.True(t, ok)
		assert.Equal(t, a, got)
	}
	assert.Equal(t, "{\n  \"amendments\": []\n}\n", string(AppendAmendments(nil)))
}
