package chart

import (
	"strconv"
	"time"
)

// Duration writes a duration as every face shows it: two significant digits
// below 10 s ("41 ms", "0.41 s", "4.7 s"), whole seconds below an hour
// ("19 s", "2 min 5 s"), then hours and minutes, then days and hours.
func Duration(d time.Duration) string {
	switch {
	case d < 0:
		if d == -1<<63 {
			d++
		}
		return "-" + Duration(-d)
	case d == 0:
		return "0 s"
	case d < 9950*time.Microsecond:
		return decimals(float64(d)/float64(time.Millisecond), 1) + " ms"
	case d < 99500*time.Microsecond:
		return strconv.FormatInt(rounded(d, time.Millisecond), 10) + " ms"
	case d < 995*time.Millisecond:
		return decimals(d.Seconds(), 2) + " s"
	case d < 9950*time.Millisecond:
		return decimals(d.Seconds(), 1) + " s"
	case d < 59500*time.Millisecond:
		return strconv.FormatInt(rounded(d, time.Second), 10) + " s"
	case d < time.Hour-time.Second/2:
		return twoUnits(rounded(d, time.Second), 60, "min", "s")
	case d < 48*time.Hour-time.Minute/2:
		return twoUnits(rounded(d, time.Minute), 60, "h", "min")
	default:
		return twoUnits(rounded(d, time.Hour), 24, "d", "h")
	}
}

func rounded(d, unit time.Duration) int64 { return int64((d + unit/2).Truncate(unit) / unit) }

func decimals(x float64, digits int) string { return strconv.FormatFloat(x, 'f', digits, 64) }

func twoUnits(count, per int64, large, small string) string {
	text := strconv.FormatInt(count/per, 10) + " " + large
	if rest := count % per; rest > 0 {
		text += " " + strconv.FormatInt(rest, 10) + " " + small
	}
	return text
}

var sizeUnits = []string{"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"}

// Size writes a number of bytes in binary units, with one decimal where it is
// not a whole number: "128 KiB", "1.5 MiB".
func Size(bytes int64) string {
	number, unit := scaled(bytes)
	return number + " " + sizeUnits[unit]
}

// ShortSize is Size in at most six cells: "128K", "1.5M".
func ShortSize(bytes int64) string {
	number, unit := scaled(bytes)
	return number + sizeUnits[unit][:1]
}

func scaled(bytes int64) (number string, unit int) {
	value := float64(bytes)
	for (value >= 1023.95 || value <= -1023.95) && unit < len(sizeUnits)-1 {
		value /= 1024
		unit++
	}
	number = decimals(value, 1)
	if whole := len(number) - 2; number[whole:] == ".0" {
		number = number[:whole]
	}
	return number, unit
}

// tickLabel writes a value of the ladder, at most labelWidth cells wide.
func tickLabel(d time.Duration) string {
	if d >= 100*time.Millisecond && d < time.Second {
		return decimals(d.Seconds(), 1) + " s"
	}
	if d < 10*time.Second && d >= time.Second {
		return strconv.FormatInt(int64(d/time.Second), 10) + " s"
	}
	if d < 100*time.Millisecond {
		return strconv.FormatInt(d.Milliseconds(), 10) + " ms"
	}
	if d >= time.Hour {
		return strconv.FormatInt(int64(d/time.Hour), 10) + " h"
	}
	return Duration(d)
}
