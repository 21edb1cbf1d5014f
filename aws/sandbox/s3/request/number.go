package request

import (
	"errors"
	"math"
	"strconv"
	"strings"
)

// Whole reads a whole number of digits alone, as HTTP has them. One that no
// integer holds is the largest that there is: it lies beyond whatever it is
// compared with.
func Whole(text string) (n int64, ok bool) {
	if text == "" || strings.Trim(text, "0123456789") != "" {
		return 0, false
	}
	n, err := strconv.ParseInt(text, 10, 64)
	return n, err == nil || errors.Is(err, strconv.ErrRange)
}

// Exceeds says whether a number of digits is larger than another, however many
// digits they have.
func Exceeds(number, other string) bool {
	number, other = strings.TrimLeft(number, "0"), strings.TrimLeft(other, "0")
	return len(number) > len(other) || len(number) == len(other) && number > other
}

// Within reads the parameter of a name as S3 does, whose integers have 32 bits,
// and refuses what is below least or above most.
func Within(name, text string, least, most int) (int, error) {
	n, err := strconv.ParseInt(text, 10, 32)
	if err != nil {
		return 0, InvalidArgument("Provided "+name+" not an integer or within integer range", name, text)
	}
	if int(n) < least || int(n) > most {
		to := strconv.Itoa(most)
		return 0, InvalidArgument("Argument "+name+" must be an integer between "+strconv.Itoa(least)+" and "+to, name, text)
	}
	return int(n), nil
}

// Largest is the largest integer that a parameter of S3 has.
const Largest = math.MaxInt32
