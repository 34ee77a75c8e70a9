package vectors

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestBytes(t *testing.T) {
	pairs := Bytes(t)
	require.Greater(t, len(pairs), 15)
	for _, p := range pairs {
		assert.NotContains(t, p.Name, ".checked")
		assert.NotEmpty(t, p.Input, p.Name)
		assert.Contains(t, string(p.Checked), "ivp_outcome", p.Name)
	}
}
