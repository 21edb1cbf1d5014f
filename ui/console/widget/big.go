package widget

import "unicode/utf8"

// BigRows is the height of big figures.
const BigRows = 3

// bigDigits are digits of three pixels by five, a row of bits each.
var bigDigits = map[rune][5]uint8{
	'0': {7, 5, 5, 5, 7}, '1': {2, 6, 2, 2, 7}, '2': {7, 1, 7, 4, 7}, '3': {7, 1, 7, 1, 7}, '4': {5, 5, 7, 1, 1},
	'5': {7, 4, 7, 1, 7}, '6': {7, 4, 7, 5, 7}, '7': {7, 1, 1, 1, 1}, '8': {7, 5, 7, 5, 7}, '9': {7, 5, 7, 1, 7},
}

// asciiDigits are the same of seven strokes, a row after the other.
var asciiDigits = map[rune]string{
	'0': " _ | ||_|", '1': "     |  |", '2': " _  _||_ ", '3': " _  _| _|", '4': "   |_|  |",
	'5': " _ |_  _|", '6': " _ |_ |_|", '7': " _   |  |", '8': " _ |_||_|", '9': " _ |_| _|",
}

// Big writes a text with its digits three rows high, all else on the last row.
func Big(text string, ascii bool) [BigRows]string {
	var rows [BigRows]string
	wasDigit := false
	for _, r := range text {
		_, digit := bigDigits[r]
		if digit && wasDigit {
			for i := range rows {
				rows[i] += " "
			}
		}
		wasDigit = digit
		for i := range rows {
			rows[i] += bigRow(r, i, ascii)
		}
	}
	return rows
}

// bigRow is a row of a rune.
func bigRow(r rune, row int, ascii bool) string {
	bits, digit := bigDigits[r]
	switch {
	case digit && ascii:
		return asciiDigits[r][3*row : 3*row+3]
	case digit:
		upper, lower := bits[2*row], uint8(0)
		if 2*row+1 < len(bits) {
			lower = bits[2*row+1]
		}
		text := make([]byte, 0, 3*utf8.UTFMax)
		for bit := uint8(4); bit > 0; bit >>= 1 {
			text = utf8.AppendRune(text, [4]rune{' ', '▀', '▄', '█'}[pixel(upper, bit)|pixel(lower, bit)<<1])
		}
		return string(text)
	case r == '.':
		return Choice(row < BigRows-1, "   ", Choice(ascii, " . ", " ▀ "))
	case row == BigRows-1:
		return string(r)
	}
	return " "
}

func pixel(bits, of uint8) int {
	if bits&of != 0 {
		return 1
	}
	return 0
}
