package run

import (
	"context"

	"github.com/mp196/ivp/cmd/internal/source"
	"github.com/mp196/ivp/devices"
)

// Tally is one pass over some inputs that writes no rows: it counts how many
// devices of each kind have each answer.
type Tally struct {
	Inputs []*source.Input
	Judge  devices.Judge
	// Take is told what was counted, as [devices.Bulk.Tally] is.
	Take func(devices.Tallied)
}

// Run judges every row of every input, as [Pass.Run] does.
func (t *Tally) Run(ctx context.Context) (*devices.Summary, error) {
	pass := devices.Bulk{Judge: t.Judge, Tally: t.Take}.Begin(nil)
	err := each(t.Inputs, pass.Summary, func(_ *source.Input, reader *devices.Reader) error { return failed(pass.Input(ctx, reader)) })
	if err != nil {
		return nil, err
	}
	return pass.Summary(), nil
}
