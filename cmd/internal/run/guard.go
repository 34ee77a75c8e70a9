package run

import (
	"context"
	"fmt"
	"runtime/debug"
	"time"

	"github.com/mp196/ivp/cmd/internal/exit"
)

// guarded makes a pass that ends soon when the context does, even from a read
// that waits, and turns a panic into an error, since no one else could catch it.
func guarded[T any](ctx context.Context, pass func(context.Context) (T, error)) (T, error) {
	type outcome struct {
		result T
		err    error
	}
	done := make(chan outcome, 1)
	go func() {
		var o outcome
		defer func() {
			if fault := recover(); fault != nil {
				o.err = exit.With(exit.Internal, fmt.Errorf("%v\n%s", fault, debug.Stack()))
			}
			done <- o
		}()
		o.result, o.err = pass(ctx)
	}()
	var o outcome
	select {
	case o = <-done:
	case <-ctx.Done():
		select { // a pass that is not waiting for input ends by itself
		case <-done:
		case <-time.After(time.Second):
		}
		return o.result, ErrInterrupted
	}
	if o.err != nil && ctx.Err() != nil {
		return o.result, ErrInterrupted
	}
	return o.result, o.err
}
