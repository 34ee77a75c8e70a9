package output

import "os"

// SameFile reports whether the file at path is one of the inputs, by whatever
// name: through links, by another hard link, or in other letters where the
// system does not tell them apart. A file that is not there is none of them,
// nor is a device or pipe: to read and write the same terminal is no mistake.
func SameFile(path string, inputs []os.FileInfo) bool {
	info, err := os.Stat(path)
	if err != nil || !info.Mode().IsRegular() {
		return false
	}
	for _, input := range inputs {
		if input != nil && os.SameFile(info, input) {
			return true
		}
	}
	return false
}
