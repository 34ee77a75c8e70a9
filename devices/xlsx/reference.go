package xlsx

import "strconv"

const (
	lastRow    = 1_048_576
	lastColumn = 16_384 // XFD
)

// parseReference reads a cell's reference, such as B7. Not ok is one that is
// none, and one beyond the last column or row of a sheet.
func parseReference(text string) (column, row int, ok bool) {
	i := 0
	for ; i < len(text) && i < 3; i++ {
		letter := text[i] &^ 0x20 // upper case
		if letter < 'A' || letter > 'Z' {
			break
		}
		column = column*26 + int(letter-'A') + 1
	}
	row, ok = parseRow(text[i:])
	return column, row, ok && column >= 1 && column <= lastColumn
}

// parseRow reads the number of a row. Not ok is what is none.
func parseRow(text string) (int, bool) {
	if text == "" || text[0] < '1' || text[0] > '9' {
		return 0, false
	}
	n, err := strconv.Atoi(text)
	return n, err == nil && n <= lastRow
}

// Reference returns a cell's reference, such as B7, by its column and row, each
// from 1.
func Reference(column, row int) string {
	var letters []byte
	for ; column > 0; column = (column - 1) / 26 {
		letters = append([]byte{byte('A' + (column-1)%26)}, letters...)
	}
	return string(letters) + strconv.Itoa(row)
}
