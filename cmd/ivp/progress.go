package main

import (
	"fmt"
	"os"
	"time"

	"github.com/schollz/progressbar/v3"

	"github.com/mp196/ivp/cmd/internal/source"
)

// progress shows how far a long run has come, on a terminal alone. The zero
// value shows nothing.
type progress struct {
	bar    *progressbar.ProgressBar
	inputs []*source.Input
}

func (c *Command) newProgress(quiet bool, inputs []*source.Input) *progress {
	stderr, ok := c.Stderr.(*os.File)
	if quiet || !ok || !c.isTerminal(stderr) || c.stdoutIsTerminal() {
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
	return &progress{inputs: inputs, bar: progressbar.NewOptions64(total,
		progressbar.OptionSetWriter(stderr),
		progressbar.OptionShowBytes(true),
		progressbar.OptionSetDescription("checking"),
		progressbar.OptionThrottle(200*time.Millisecond),
		progressbar.OptionClearOnFinish(),
		progressbar.OptionSetRenderBlankState(false),
	)}
}

func (p *progress) step(rows int) {
	if p.bar == nil {
		return
	}
	read := int64(0)
	for _, in := range p.inputs {
		read += in.BytesRead()
	}
	p.bar.Describe(fmt.Sprintf("checking, %d rows", rows))
	p.bar.Set64(read) // a bar that cannot be drawn is no reason to stop
}

func (p *progress) done() {
	if p.bar != nil {
		p.bar.Finish()
	}
}
