package devices

import (
	"maps"
	"slices"

	"github.com/mp196/ivp/ivp"
)

// countOf returns the count of a key, which it makes where there is none yet.
func countOf[K comparable, C any](counts map[K]*C, key K) *C {
	if counts[key] == nil {
		counts[key] = new(C)
	}
	return counts[key]
}

// specCount returns the count of a version, or that of all others where so many
// versions are told apart that there is no room for it.
func specCount[C any](counts map[ivp.Spec]*C, spec ivp.Spec, others *C) *C {
	if counts[spec] == nil && len(counts) >= SpecsKept {
		return others
	}
	return countOf(counts, spec)
}

// sortedSpecs returns the versions counted: those without a version last, the
// rest by name.
func sortedSpecs[C any](counts map[ivp.Spec]C) []ivp.Spec {
	return slices.SortedFunc(maps.Keys(counts), func(a, b ivp.Spec) int {
		if a.IsZero() != b.IsZero() {
			if a.IsZero() {
				return 1
			}
			return -1
		}
		return ivp.CompareSpecs(a, b)
	})
}
