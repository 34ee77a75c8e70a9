package main

import (
	"bufio"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func reader(text string) lineReader { return lineReader{bufio.NewReader(strings.NewReader(text))} }

func TestAgreement(t *testing.T) {
	const ours = "a\nb\nb\nc\n"
	for _, c := range []struct {
		name, theirs string
		bytes, lines bool
	}{
		{"the same", ours, true, true},
		{"another order", "b\na\nc\nb\n", false, true},
		{"a line more", ours + "d\n", false, false},
		{"a line less", "a\nb\nc\n", false, false},
		{"another line twice", "a\na\nb\nc\n", false, false},
		{"no last line end", "a\nb\nb\nc", false, false},
		{"nothing", "", false, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := sameBytes(reader(ours), reader(c.theirs))
			assert.Equal(t, c.bytes, err == nil, "in order: %v", err)
			_, err = sameLines(reader(ours), reader(c.theirs))
			assert.Equal(t, c.lines, err == nil, "in any order: %v", err)
		})
	}
}
