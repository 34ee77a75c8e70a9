package scan

import "sync"

// Order lets workers act in the order of their blocks, whichever is ready
// first. Make one with [NewOrder].
type Order struct {
	mu      sync.Mutex
	turned  *sync.Cond
	turn    int
	stopped bool
}

// NewOrder returns an order that begins with block 0.
func NewOrder() *Order {
	o := &Order{}
	o.turned = sync.NewCond(&o.mu)
	return o
}

// Wait waits for the turn of a block. It returns false where the order was
// stopped instead.
func (o *Order) Wait(seq int) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	for o.turn != seq && !o.stopped {
		o.turned.Wait()
	}
	return !o.stopped
}

// Done ends the turn of the block whose turn it is.
func (o *Order) Done() {
	o.mu.Lock()
	o.turn++
	o.mu.Unlock()
	o.turned.Broadcast()
}

// Stop ends the waiting of all.
func (o *Order) Stop() {
	o.mu.Lock()
	o.stopped = true
	o.mu.Unlock()
	o.turned.Broadcast()
}
