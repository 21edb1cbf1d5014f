package probe

import (
	"errors"
	"fmt"
	"math/big"
	"strings"

	"github.com/dustin/go-humanize"

	"bothways/probe/body"
	"bothways/probe/wording"
)

// DefaultSizes are 128 KiB doubling to 4 MiB, in bytes.
func DefaultSizes() []int64 {
	var sizes []int64
	for size := int64(128 << 10); size <= 4<<20; size *= 2 {
		sizes = append(sizes, size)
	}
	return sizes
}

// ParseSize reads a file size such as "128KiB", "4 MiB", "1GB" or "0" and
// returns it in bytes. KiB, MiB and GiB count in 1024, kB, MB and GB in 1000.
func ParseSize(text string) (int64, error) {
	trimmed := strings.TrimSpace(text)
	if trimmed == "" {
		return 0, errors.New("a size is missing, such as 128KiB")
	}
	if strings.HasPrefix(trimmed, "-") {
		return 0, fmt.Errorf("size %q is negative: an object has 0 bytes or more", trimmed)
	}
	// A comma would be dropped as a thousands separator: 1,5 MiB would be 15.
	if len(trimmed) > 40 || strings.Contains(trimmed, ",") || !startsWithDigit(trimmed) {
		return 0, notASize(trimmed)
	}
	exact, err := humanize.ParseBigBytes(trimmed)
	if err != nil {
		return 0, notASize(trimmed)
	}
	if exact.Cmp(big.NewInt(body.MaxSize)) > 0 {
		return 0, tooLarge(trimmed)
	}
	return exact.Int64(), nil
}

// ParseSizes reads sizes separated by commas and refuses a size that is named
// twice, also when it is written differently.
func ParseSizes(csv string) ([]int64, error) {
	var sizes []int64
	for _, text := range strings.Split(csv, ",") {
		size, err := ParseSize(text)
		if err != nil {
			return nil, err
		}
		sizes = append(sizes, size)
	}
	return sizes, checkSizes(sizes)
}

// checkSizes says what is wrong with the sizes of a run, if anything.
func checkSizes(sizes []int64) error {
	if len(sizes) == 0 {
		return errors.New("no sizes: name at least one, such as 128KiB")
	}
	seen := map[int64]bool{}
	for _, size := range sizes {
		switch {
		case size < 0:
			return fmt.Errorf("size %d is negative: an object has 0 bytes or more", size)
		case size > body.MaxSize:
			return tooLarge(fmt.Sprint(size))
		case seen[size]:
			return fmt.Errorf("size %s is named twice: name each size once", wording.Size(size))
		}
		seen[size] = true
	}
	return nil
}

func notASize(text string) error {
	return fmt.Errorf("%q is not a size: write a number and a unit, such as 128KiB, 4MiB or 1GB", cut(text))
}

func tooLarge(text string) error {
	return fmt.Errorf("size %s is too large: S3 takes objects up to 48.8 TiB", cut(text))
}

func startsWithDigit(text string) bool { return text[0] >= '0' && text[0] <= '9' }

// cut keeps a quoted input short enough for one line of a message.
func cut(text string) string {
	const most = 40
	runes := []rune(text)
	if len(runes) <= most {
		return text
	}
	return string(runes[:most]) + "…"
}
