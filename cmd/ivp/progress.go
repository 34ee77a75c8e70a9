package main

import (
	"fmt"
	"sync/atomic"
	"time"

	"github.com/schollz/progressbar/v3"

	"github.com/mp196/ivp/cmd/internal/exit"
	"github.com/mp196/ivp/cmd/internal/source"
)

// progress shows how far a long run has come, on a terminal alone: rows, bytes,
// rate and time left. The zero value shows nothing.
type progress struct {
	bar    *progressbar.ProgressBar
	inputs []*source.Input
	rows   atomic.Int64
	stop   chan struct{}
	over   chan error
}

// progressAfter is how long a run lasts before it is worth a bar.
const progressAfter = time.Second

func (c *Command) newProgress(quiet bool, plan *outputPlan, inputs []*source.Input) *progress {
	if quiet || c.Getenv("IVP_PROGRESS") == "never" || !c.isTerminal(c.Stderr) || plan.toStdout() && c.stdoutIsTerminal() {
		return &progress{} // rows on the same terminal would be torn by a bar
	}
	total := int64(0)
	for _, in := range inputs {
		if in.Size() == 0 {
			total = -1 // a pipe has no size: the bar turns without an end
			break
		}
		total += in.Size()
	}
	p := &progress{inputs: inputs, stop: make(chan struct{}), over: make(chan error, 1)}
	p.bar = progressbar.NewOptions64(total,
		progressbar.OptionSetWriter(fileOf(c.Stderr)),
		progressbar.OptionShowBytes(true),
		progressbar.OptionSetDescription("checking"),
		progressbar.OptionSetPredictTime(true),
		progressbar.OptionClearOnFinish(),
		progressbar.OptionSetRenderBlankState(false),
	)
	p.bar.StartWithoutRender() // the rate counts from here
	go func() { p.over <- exit.Guard(p.draw) }()
	return p
}

// draw draws the bar now and then. A bar that cannot be drawn is no reason to
// stop.
func (p *progress) draw() error {
	for wait := progressAfter; ; wait = progressAfter / 5 {
		select {
		case <-p.stop:
			return nil
		case <-time.After(wait):
		}
		read := int64(0)
		for _, in := range p.inputs {
			read += in.BytesRead()
		}
		p.bar.Describe(fmt.Sprintf("checking, %d rows", p.rows.Load()))
		p.bar.Set64(read)
	}
}

func (p *progress) add(rows int) { p.rows.Add(int64(rows)) }

func (p *progress) done() {
	if p.bar == nil {
		return
	}
	close(p.stop)
	if err := <-p.over; err != nil {
		panic(err) // as the goroutine did
	}
	p.bar.Clear()
}
