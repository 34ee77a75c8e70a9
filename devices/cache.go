package devices

import (
	"sync"

	"github.com/mp196/ivp/devices/internal/scan"
	"github.com/mp196/ivp/ivp"
)

// Cache keeps the answers that passes have worked out for passes on the same terms, such
// as those of a service that checks many small inventories. Its memory is bounded, and
// it is for concurrent use. The zero value is empty; a nil *Cache keeps nothing.
type Cache struct {
	mu   sync.Mutex
	kept []keptMemo // the oldest first
	pass bool       // of one pass, for the memo of its inputs: it is kept however large it is
}

// keptMemo is a memo that no pass has at present.
type keptMemo struct {
	use  cacheUse
	memo *memo
}

// cacheUse is everything on which the profiles of a memo depend, besides their keys.
// The zero value is for profiles that are not kept.
type cacheUse struct {
	ok         bool
	checker    ivp.Checker
	on, today  ivp.Date
	scopeGiven bool
	scope      string
	dialect    scan.Dialect
	fields     [maxKeyCells]Field
}

// cacheUse returns the use of the memo of the worker's engine.
func (w *worker) cacheUse() (use cacheUse) {
	judge := &w.judge
	if w.e.bulk.Cache == nil || !w.sharesAnswers() || judge.Catalogue != nil || judge.Waivers != nil || len(w.e.from.columns.values) > 0 {
		return use
	}
	use = cacheUse{ok: true, checker: judge.Checker, on: judge.On, today: judge.Today, scopeGiven: judge.ScopeGiven, scope: judge.Scope, dialect: w.dialect}
	copy(use.fields[:], w.e.keyFields)
	return use
}

const (
	// cachedMemos is the number of memos that are kept: more than the processors of most
	// machines, because each request has one while it is judged.
	cachedMemos = 8
	// cachedMost is the number of profiles of a memo that is kept, and cachedBytes
	// roughly its memory.
	cachedMost  = 1 << 10
	cachedBytes = 1 << 20
)

// take returns a memo for a use, with what is kept for it. The caller owns it.
func (c *Cache) take(use cacheUse, most int) *memo {
	if !use.ok {
		return newMemo(most)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for i := len(c.kept) - 1; i >= 0; i-- {
		if c.kept[i].use == use {
			m := c.kept[i].memo
			c.kept = append(c.kept[:i], c.kept[i+1:]...)
			m.most = most
			return m
		}
	}
	return newMemo(most)
}

// put keeps a memo, unless it is large. The caller must not use it any more.
func (c *Cache) put(use cacheUse, m *memo) {
	if !use.ok || !c.pass && m.isLarge() {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.kept) == cachedMemos || c.pass && len(c.kept) > 0 {
		c.kept = append(c.kept[:0], c.kept[1:]...)
	}
	c.kept = append(c.kept, keptMemo{use, m})
}

// isLarge reports whether a memo has more profiles or more memory than those that are
// kept.
func (m *memo) isLarge() bool {
	size := 0
	for key, p := range m.profiles {
		size += p.size() + 2*len(key)
	}
	return len(m.profiles) > cachedMost || size > cachedBytes
}

// size returns roughly the memory of the profile.
func (p *profile) size() int { return 1<<10 + 8*len(p.at) + len(p.answers)<<9 }
