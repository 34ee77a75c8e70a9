//go:build wasip1

package main

import (
	"encoding/binary"
	"unsafe"

	"github.com/mp196/ivp/cmd/internal/hosted"
)

// main is not run: a reactor is initialised, and then called.
func main() {}

// held is the memory that the host writes a question to, and replied that from
// which it reads the reply: until the next call.
var held, replied []byte

// ivpAlloc returns where the host is to write a question of so many bytes.
//
//go:wasmexport ivp_alloc
func ivpAlloc(size uint32) unsafe.Pointer {
	held = make([]byte, max(size, 1))
	return unsafe.Pointer(&held[0])
}

// ivpCheck answers the question that was written where ivp_alloc said, and
// returns where the reply is: its length in four bytes, little-endian, then the
// JSON.
//
//go:wasmexport ivp_check
func ivpCheck(size uint32) unsafe.Pointer {
	reply := hosted.Call(hosted.Check, held[:min(int(size), len(held))])
	replied = append(binary.LittleEndian.AppendUint32(nil, uint32(len(reply))), reply...)
	return unsafe.Pointer(&replied[0])
}
