package output

import (
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// Place is where an output is, or is to be. Two outputs at one place would be one
// file.
type Place struct {
	info   os.FileInfo // nil where there is no file yet
	folder os.FileInfo // nil where there is no folder yet
	dir    string      // links resolved
	name   string      // as systems compare it that tell no capitals from small letters
}

// PlaceOf returns the place of the output at path.
func PlaceOf(path string) Place {
	end, err := followLinks(path)
	if err != nil {
		end = path
	}
	if absolute, err := filepath.Abs(end); err == nil {
		end = absolute
	}
	p := Place{dir: resolved(filepath.Dir(end)), name: strings.ToLower(norm.NFC.String(filepath.Base(end)))}
	p.info, _ = os.Stat(path)
	p.folder, _ = os.Stat(p.dir)
	return p
}

// PlaceOfFile returns the place of an output that is open already.
func PlaceOfFile(file *os.File) Place {
	info, _ := file.Stat()
	return Place{info: info}
}

// resolved returns a folder without links, as far as it is there.
func resolved(folder string) string {
	if real, err := filepath.EvalSymlinks(folder); err == nil {
		return real
	}
	parent := filepath.Dir(folder)
	if parent == folder {
		return folder
	}
	return filepath.Join(resolved(parent), filepath.Base(folder))
}

// Is reports whether the output would be the file: by whatever name, through
// links, by another hard link, or in other letters where the system does not tell
// them apart. A terminal, another device or a socket is never one, because to read
// and write it, or to write it twice, is no mistake.
func (p Place) Is(file os.FileInfo) bool {
	return p.info != nil && file != nil && !p.shared() && os.SameFile(p.info, file)
}

func (p Place) shared() bool {
	return p.info != nil && p.info.Mode()&(os.ModeDevice|os.ModeSocket) != 0
}

// Same reports whether two outputs would be one file. Names that differ only in
// capitals are taken for one on every system: where they are two files, the next
// system may make one of them.
func (p Place) Same(other Place) bool {
	if p.Is(other.info) {
		return true
	}
	if p.name == "" || p.name != other.name || p.shared() {
		return false
	}
	return p.dir == other.dir || p.folder != nil && other.folder != nil && os.SameFile(p.folder, other.folder)
}
