// Command copy reads a file and writes as many bytes as another has: copy IN
// OUT BYTES. It is the least that a check could do.
package main

import (
	"io"
	"log"
	"os"
	"strconv"
)

func main() {
	if len(os.Args) != 4 {
		log.Fatal("usage: copy IN OUT BYTES")
	}
	if err := run(os.Args[1], os.Args[2], os.Args[3]); err != nil {
		log.Fatal(err)
	}
}

func run(from, to, size string) error {
	want, err := strconv.ParseInt(size, 10, 64)
	if err != nil {
		return err
	}
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	info, err := in.Stat()
	if err != nil {
		return err
	}
	out, err := os.Create(to)
	if err != nil {
		return err
	}
	// Each block that is read is written as often as the sizes ask.
	buffer := make([]byte, 256<<10)
	read, written := int64(0), int64(0)
	for written < want {
		n, err := io.ReadFull(in, buffer)
		if err != nil && err != io.ErrUnexpectedEOF && err != io.EOF {
			return err
		}
		read += int64(n)
		due := int64(float64(want) * float64(read) / float64(info.Size()))
		if n < len(buffer) {
			due = want
		}
		for written < due {
			k := min(due-written, int64(len(buffer)))
			if _, err := out.Write(buffer[:k]); err != nil {
				return err
			}
			written += k
		}
	}
	return out.Close()
}
