//go:build !linux

package output

import "os"

// window does nothing on systems that cannot be advised on what to write.
type window struct{}

func (*window) wrote(*os.File, int) {}
