package fis

import (
	"regexp"
	"strconv"
	"sync"
	"time"
)

var durations = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^P(?:(\d{1,4})D)?(?:T(?:(\d{1,5})H)?(?:(\d{1,6})M)?(?:(\d{1,8})S)?)?$`)
})

// duration reads one in the format of ISO 8601, as far as days, hours, minutes
// and seconds go.
func duration(text string) (time.Duration, bool) {
	match := durations().FindStringSubmatch(text)
	if match == nil {
		return 0, false
	}
	total, given := time.Duration(0), false
	for i, unit := range []time.Duration{24 * time.Hour, time.Hour, time.Minute, time.Second} {
		if match[i+1] == "" {
			continue
		}
		n, _ := strconv.Atoi(match[i+1]) // digits
		total, given = total+time.Duration(n)*unit, true
	}
	return total, given
}
