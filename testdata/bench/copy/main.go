// Command copy reads a file and writes as many bytes as another has: copy IN OUT
// LIKE. It is the least that a check could do.
package main

import (
	"io"
	"log"
	"os"
)

func main() {
	if len(os.Args) != 4 {
		log.Fatal("usage: copy IN OUT LIKE")
	}
	if err := run(os.Args[1], os.Args[2], os.Args[3]); err != nil {
		log.Fatal(err)
	}
}

func run(from, to, like string) error {
	whole, err := os.Stat(like)
	if err != nil {
		return err
	}
	want := whole.Size()
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
