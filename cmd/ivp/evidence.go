package main

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"os"
	"runtime"
	"slices"

	"github.com/mp196/ivp/cmd/internal/evidence"
	"github.com/mp196/ivp/cmd/internal/input"
	"github.com/mp196/ivp/cmd/internal/report"
	"github.com/mp196/ivp/devices"
)

// evidence returns the evidence of the run.
func (c *Command) evidence(f *checkFlags, judge devices.Judge, plan *outputPlan, inputs []*input.Input, s *devices.Summary) *evidence.Run {
	h := judge.Checker.History
	run := &evidence.Run{
		Tool:    evidence.Tool{Name: "ivp", Version: buildVersion(), Go: runtime.Version(), System: runtime.GOOS + "/" + runtime.GOARCH},
		Started: f.started.UTC(), Finished: c.Now().UTC(),
		Flags: slices.Clone(c.args),
		Rules: evidence.Rules{
			Edition: h.Edition(), SHA256: h.Digest(), VouchedTo: h.VouchedTo(judge.Today).String(),
			Record: f.rules.record, Amendments: f.rules.added,
		},
		Question: f.question.evidence(judge),
		Config:   fileEvidence(f.run.config),
		Profile:  fileEvidence(f.input.profile),
		Waivers:  waiverEvidence(f.run.waivers, judge.Waivers, s),
		Counts:   evidence.NewCounts(s, h),
	}
	for _, set := range f.settings {
		run.Settings = append(run.Settings, evidence.Setting{Flag: set.Flag, Value: set.Value})
	}
	if judge.Catalogue != nil {
		run.Catalogue = &evidence.Catalogue{File: *fileEvidence(f.input.cpl), Says: fmt.Sprint(judge.Catalogue)}
	}
	for _, in := range inputs {
		run.Inputs = append(run.Inputs, in.Evidence())
	}
	for _, o := range plan.outputs {
		run.Outputs = append(run.Outputs, o.evidence())
	}
	return run
}

// evidence returns the terms of the check.
func (f *questionFlags) evidence(judge devices.Judge) evidence.Question {
	q := evidence.Question{LastDay: f.lastDay, AssumeOpen: f.assumeOpen}
	if judge.On.Valid() {
		q.On = judge.On.String()
	}
	if judge.Checker.AsAt.Valid() {
		q.AsAt = judge.Checker.AsAt.String()
	}
	if judge.ScopeGiven {
		q.Scope = &judge.Scope
	}
	return q
}

// fileEvidence identifies a file that was read; nil if path is empty. If the file no
// longer exists, it has no digest.
func fileEvidence(path string) *evidence.File {
	if path == "" {
		return nil
	}
	file := &evidence.File{Name: path}
	f, err := os.Open(path)
	if err != nil {
		return file
	}
	defer f.Close()
	sum := sha256.New()
	if file.Bytes, err = io.Copy(sum, f); err == nil {
		file.SHA256 = hex.EncodeToString(sum.Sum(nil))
	}
	return file
}

// digestWriter calculates the digest of what is written.
type digestWriter struct {
	io.Writer
	sum   hash.Hash
	bytes int64
	// whole is true once the output is complete.
	whole bool
}

func (w *digestWriter) Write(p []byte) (int, error) {
	n, err := w.Writer.Write(p)
	w.sum.Write(p[:n])
	w.bytes += int64(n)
	return n, err
}

// markWhole records that an output is complete.
func markWhole(o report.Output) {
	if w, ok := o.W.(*digestWriter); ok {
		w.whole = true
	}
}

// holdsEvidence reports whether outputs of a format contain the evidence of the run.
func holdsEvidence(f report.Format) bool { return f == report.Workbook || f == report.HTML }

// evidence identifies the output, with its digest if it is complete.
func (o *plannedOutput) evidence() evidence.Output {
	e := evidence.Output{Name: o.name(), Format: string(o.format)}
	if o.digest != nil && o.digest.whole {
		e.Bytes, e.SHA256 = o.digest.bytes, hex.EncodeToString(o.digest.sum.Sum(nil))
	}
	return e
}

// dataEvidence identifies a file by the content that was read.
func dataEvidence(path string, data []byte) evidence.File {
	sum := sha256.Sum256(data)
	return evidence.File{Name: path, Bytes: int64(len(data)), SHA256: hex.EncodeToString(sum[:])}
}
