package devices

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// ParsePence reads an amount of pounds, such as "45", "45.50" or "£1,234.50",
// as whole pence. Blank is not an amount. It fails on a negative amount, on
// parts of a penny, and on anything else.
func ParsePence(text string) (int64, error) {
	wrong := fmt.Errorf("%q is no amount of pounds: want one such as 45, 45.50 or £1,234.50", text)
	amount := strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(text), "£"))
	pounds, pence, parted := strings.Cut(amount, ".")
	if parted && (len(pence) < 1 || len(pence) > 2) || !groupedByThousand(pounds) {
		return 0, wrong
	}
	whole := strings.ReplaceAll(pounds, ",", "") + (pence + "00")[:2]
	for _, c := range []byte(whole) {
		if c < '0' || c > '9' {
			return 0, wrong
		}
	}
	n, err := strconv.ParseInt(whole, 10, 64)
	if err != nil || n > math.MaxInt64/mostDevicesCosted {
		return 0, wrong
	}
	return n, nil
}

// mostDevicesCosted is how many devices can cost the most that is read without
// their sum overflowing.
const mostDevicesCosted = 1 << 34

// groupedByThousand reports whether the commas of a number, if it has any, stand
// between groups of three digits: 1,5 is no thousand, but another country's 1.5.
func groupedByThousand(number string) bool {
	groups := strings.Split(number, ",")
	for n, group := range groups {
		if len(group) == 0 || n > 0 && len(group) != 3 || n == 0 && len(groups) > 1 && len(group) > 3 {
			return false
		}
	}
	return true
}
