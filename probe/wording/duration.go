// Package wording writes sizes, durations and quantiles, one way for every face
// and report.
package wording

import (
	"strconv"
	"strings"
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

// Milliseconds is Duration for a number of milliseconds.
func Milliseconds(ms float64) string { return Duration(time.Duration(ms * float64(time.Millisecond))) }

// Precise writes one digit more than Duration from 1 s to 100 s: for brackets,
// whose ends are close to each other.
func Precise(d time.Duration) string {
	if d < time.Second || d >= 100*time.Second {
		return Duration(d)
	}
	return decimals(d.Seconds(), 2) + " s"
}

// Seconds writes a number without its unit, for columns whose heads name it,
// with no more decimals than a poll can resolve: "0.413", "4.71", "125".
func Seconds(d time.Duration) string {
	switch s := d.Seconds(); {
	case s < 1:
		return decimals(s, 3)
	case s < 100:
		return decimals(s, 2)
	default:
		return decimals(s, 0)
	}
}

func inSeconds(text string) bool {
	return strings.HasSuffix(text, " s") && strings.Count(text, " ") == 1
}

func withoutUnit(text string) string { return strings.TrimSuffix(text, " s") }

// Typed is a time as it is typed: 15m, not 15m0s.
func Typed(d time.Duration) string {
	text := d.String()
	if strings.HasSuffix(text, "m0s") {
		text = strings.TrimSuffix(text, "0s")
	}
	if strings.HasSuffix(text, "h0m") {
		text = strings.TrimSuffix(text, "0m")
	}
	return text
}
