package report

import (
	"fmt"
	"strconv"
)

// thousands writes a count as people read it, 12,345.
func thousands(n int) string {
	digits := strconv.Itoa(n)
	for at := len(digits) - 3; at > 0; at -= 3 {
		digits = digits[:at] + "," + digits[at:]
	}
	return digits
}

// devicesWord writes a count of devices, 1 device or 12,345 devices.
func devicesWord(n int) string {
	if n == 1 {
		return "1 device"
	}
	return thousands(n) + " devices"
}

// share writes a part of a whole in per cent. Some is never 0, and not all is
// never 100.
func share(part, whole int) string {
	if whole == 0 {
		return "0%"
	}
	percent := 100 * float64(part) / float64(whole)
	switch {
	case part == 0 || part == whole:
		return fmt.Sprintf("%.0f%%", percent)
	case percent < 0.1:
		return "<0.1%"
	case percent > 99.9:
		return ">99.9%"
	}
	return fmt.Sprintf("%.1f%%", percent)
}
