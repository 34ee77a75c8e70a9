package devices

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestDamagedID(t *testing.T) {
	for id, want := range map[string]bool{
		"1.23E+15": true, "1.23e+15": true, "1E+15": true, "1.234567890123456E+100": true,
		"": false, "+": false, "E+15": false, "00E1": false, "1E15": false, "12.3E+15": false, "A1.23E+15": false, "1.23E+1": false, "+44": false,
		"00-AB-10-00-00-00-00-01": false,
	} {
		assert.Equal(t, want, isDamagedID([]byte(id)), id)
	}
}
