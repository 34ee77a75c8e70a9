package scan

import (
	"bytes"
	"encoding/csv"
	"io"
	"testing"
)

func benchInput(row string) []byte { return bytes.Repeat([]byte(row), (8<<20)/len(row)) }

var benchInputs = []struct {
	name  string
	input []byte
}{
	{"bare", benchInput("00-07-81-00-00-9C-41-EC,ESME,SMETS2 v4.2,GBCS Version 3.2,2022-03-01,105E,00020C05\n")},
	{"quoted", benchInput("\"00-07-81-00-00-9C-41-EC\",\"ESME\",\"SMETS2 v4.2\",\"GBCS Version 3.2\",\"2022-03-01\",\"105E\",\"a \"\"b\"\"\"\n")},
}

func BenchmarkSplitter(b *testing.B) {
	for _, in := range benchInputs {
		b.Run(in.name, func(b *testing.B) {
			b.SetBytes(int64(len(in.input)))
			b.ReportAllocs()
			for b.Loop() {
				s := NewSplitter(bytes.NewReader(in.input), comma)
				for {
					if _, _, err := s.Next(); err == io.EOF {
						break
					}
				}
			}
		})
	}
}

func BenchmarkEncodingCSV(b *testing.B) {
	for _, in := range benchInputs {
		b.Run(in.name, func(b *testing.B) {
			b.SetBytes(int64(len(in.input)))
			b.ReportAllocs()
			for b.Loop() {
				r := csv.NewReader(bytes.NewReader(in.input))
				r.ReuseRecord = true
				for {
					if _, err := r.Read(); err == io.EOF {
						break
					}
				}
			}
		})
	}
}

func BenchmarkLastEnd(b *testing.B) {
	for _, in := range benchInputs {
		b.Run(in.name, func(b *testing.B) {
			block := in.input[:256<<10]
			b.SetBytes(int64(len(block)))
			for b.Loop() {
				LastEnd(block, comma)
			}
		})
	}
}
