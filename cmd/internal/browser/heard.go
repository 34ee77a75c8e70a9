package browser

import (
	"slices"
	"sync"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
)

// Heard is what a page asks of the network, and what it complains of: give its
// Hear to chromedp.Listen.
type Heard struct {
	mu                   sync.Mutex
	requests, complaints []string
}

// Hear takes an event.
func (h *Heard) Hear(event any) {
	h.mu.Lock()
	defer h.mu.Unlock()
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		h.requests = append(h.requests, e.Request.URL)
	case *log.EventEntryAdded:
		h.complaints = append(h.complaints, e.Entry.Text)
	case *runtime.EventConsoleAPICalled:
		h.complaints = append(h.complaints, "console."+string(e.Type))
	case *runtime.EventExceptionThrown:
		h.complaints = append(h.complaints, e.ExceptionDetails.Text)
	}
}

// Requests returns the addresses asked for so far.
func (h *Heard) Requests() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.requests)
}

// Complaints returns what the page has complained of so far.
func (h *Heard) Complaints() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.complaints)
}
