package vectors

import (
	"path/filepath"
	"strings"
	"testing"
)

// Pair is an inventory whose bytes are the question, and what every door that
// takes CSV must give back, byte for byte, by the law of the day.
type Pair struct {
	// Name is the inventory's, without its extension.
	Name           string
	Input, Checked []byte
}

// Bytes reads every pair, in the order of their names.
func Bytes(t testing.TB) (pairs []Pair) {
	t.Helper()
	for _, path := range glob(t, filepath.Join("bytes", "*.csv")) {
		name := strings.TrimSuffix(filepath.Base(path), ".csv")
		if strings.HasSuffix(name, ".checked") {
			continue
		}
		checked := strings.TrimSuffix(path, ".csv") + ".checked.csv"
		pairs = append(pairs, Pair{name, readFile(t, path), readFile(t, checked)})
	}
	return pairs
}
