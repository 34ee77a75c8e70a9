//go:build js

package main

import (
	"bufio"
	"context"
	"errors"
	"io"
	"syscall/js"

	"github.com/mp196/ivp/cmd/internal/query"
)

// main puts its functions into a global variable, from which ivp.mjs takes them, and
// does not return, so that they stay callable.
func main() {
	var host query.Host
	functions := map[string]any{"checkCSV": js.FuncOf(func(_ js.Value, args []js.Value) any {
		return string(query.Call(inventoryOf(&host, args[1]).check, []byte(args[0].String())))
	})}
	for name, handle := range map[string]func(query.Question) (any, error){"check": host.Check, "rules": host.Rules, "timeline": host.Timeline, "tables": host.Tables} {
		functions[name] = js.FuncOf(func(_ js.Value, args []js.Value) any { return string(query.Call(handle, []byte(args[0].String()))) })
	}
	js.Global().Set("ivpStarted", functions)
	select {}
}

// inventory is an inventory in the memory of JavaScript. It is read in parts, and the
// output is returned in parts, so that memory here does not grow with its size.
type inventory struct {
	*query.Host
	host js.Value
	size int
}

// inventoryOf returns an inventory that uses the functions of host: read(from, to),
// which returns bytes; write(bytes); and progress(rows, bytesRead).
func inventoryOf(rules *query.Host, host js.Value) *inventory {
	return &inventory{rules, host, host.Get("size").Int()}
}

func (i *inventory) check(q query.Question) (any, error) {
	t, err := i.InventoryTerms(q)
	if err != nil {
		return nil, err
	}
	var text *hostReader
	rows, reported := 0, 0
	out := bufio.NewWriterSize(hostWriter{i.host}, writeSize)
	in := query.Inventory{
		Text: func() io.Reader { text = &hostReader{inventory: i}; return bufio.NewReaderSize(text, readSize) },
		Out:  out, Name: q.Name, Rows: q.Rows, Workers: 1,
		Progress: func(more int) {
			if rows += more; text.at > reported || text.at == i.size {
				reported = text.at
				i.host.Call("progress", rows, text.at)
			}
		},
	}
	checked, err := in.Check(context.Background(), t)
	if err != nil {
		return nil, err
	}
	return checked, out.Flush()
}

// The number of bytes that are read and written at a time, whatever the size of the
// engine's blocks. To read 16 MiB, a worker of Chromium, which sends a message for each
// part, took 2.2 s in parts of 16 KiB, 0.3 s in parts of 128 KiB, 0.09 s in parts of 1 MiB
// and 0.16 s in parts of 4 MiB.
const (
	readSize  = 1 << 20
	writeSize = 128 << 10
)

// hostReader reads the inventory from its start.
type hostReader struct {
	*inventory
	at int
}

func (r *hostReader) Read(p []byte) (int, error) {
	if r.at >= r.size {
		return 0, io.EOF
	}
	n := js.CopyBytesToGo(p, r.host.Call("read", r.at, min(r.at+len(p), r.size)))
	r.at += n
	if n == 0 {
		return 0, errors.New("the file was changed or removed while it was being read")
	}
	return n, nil
}

type hostWriter struct{ host js.Value }

func (w hostWriter) Write(p []byte) (int, error) {
	bytes := js.Global().Get("Uint8Array").New(len(p))
	js.CopyBytesToJS(bytes, p)
	w.host.Call("write", bytes)
	return len(p), nil
}
