package output

import (
	"errors"
	"os"
	"path"
	"path/filepath"
)

// maxLinks is how many links are followed before they are taken for a circle.
const maxLinks = 40

// followLinks returns where a chain of links ends. Unlike
// [filepath.EvalSymlinks] it also follows a link to a file that is not there,
// and it leaves folders to the system: "link/../x" is not what it seems. It
// stops at a descriptor, whose own link is none that a path can follow.
func followLinks(name string) (string, error) {
	for range maxLinks {
		next, ok := followLink(name)
		if !ok || isDescriptor(name) {
			return name, nil
		}
		name = next
	}
	return "", errors.New("too many links")
}

// followLink returns where one link leads; ok is false for what is no link.
func followLink(name string) (next string, ok bool) {
	next, err := os.Readlink(name)
	switch {
	case err != nil || next == "":
		return "", false
	case filepath.IsAbs(next):
		return next, true
	case os.IsPathSeparator(next[0]): // on Windows: from the root of the same volume
		return filepath.VolumeName(name) + next, true
	}
	folder, _ := filepath.Split(name)
	return folder + next, true
}

// isDescriptor reports whether name is an open descriptor of a process, which
// is where /dev/stdout leads. The file behind it is not to be replaced: others
// who share the descriptor would write on into the old one.
func isDescriptor(name string) bool {
	for _, pattern := range []string{"/dev/fd/*", "/proc/*/fd/*", "/proc/*/task/*/fd/*"} {
		if ok, _ := path.Match(pattern, name); ok {
			return true
		}
	}
	return false
}
