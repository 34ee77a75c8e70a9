package devices

import "sync"

// registry holds the profiles of one input, for all workers: each is worked
// out once.
type registry struct {
	mu       sync.Mutex
	answers  answerer
	profiles map[string]*profile
}

// registryMost is how many profiles are held: more than the entries of the
// Central Products List with what inventories claim of them, at a few kilobytes
// each.
const registryMost = memoMost

func newRegistry(answers answerer) *registry {
	answers.texts = map[string][]byte{}
	return &registry{answers: answers, profiles: map[string]*profile{}}
}

// profile returns the profile of a key; decode gives its device where it is not
// known yet. It is nil where decode fails. A full registry is begun anew; the
// workers keep what they hold.
func (r *registry) profile(k *key, decode func() (Device, error)) *profile {
	name := k.name()
	r.mu.Lock()
	defer r.mu.Unlock()
	if p := r.profiles[name]; p != nil {
		return p
	}
	if len(r.profiles) >= registryMost {
		clear(r.profiles)
		clear(r.answers.texts)
	}
	d, err := decode()
	if err != nil {
		return nil // the careful way tells it
	}
	p := r.answers.profile(k.kept(), d)
	r.profiles[name] = p
	return p
}
