package usage

import (
	"errors"
	"strconv"
	"strings"
	"time"
)

// ParseSince reads an instant, or an age that counts back from now: 2026-03-01,
// 2026-03-01T12:00:00Z, 24h, 7d. A day without a time begins at midnight UTC.
func ParseSince(text string, now time.Time) (time.Time, error) {
	for _, layout := range []string{time.RFC3339Nano, time.DateOnly} {
		if at, err := time.Parse(layout, text); err == nil {
			return notAfter(at.UTC(), now)
		}
	}
	if number, is := strings.CutSuffix(text, "d"); is {
		if days, err := strconv.ParseFloat(number, 64); err == nil && days > 0 && days < 100_000 {
			return now.Add(-time.Duration(days * 24 * float64(time.Hour))).UTC(), nil
		}
	}
	if age, err := time.ParseDuration(text); err == nil && age > 0 {
		return now.Add(-age).UTC(), nil
	}
	return time.Time{}, errors.New("give a time such as 2026-03-01 or 2026-03-01T12:00:00Z, or an age such as 24h or 7d")
}

func notAfter(at, now time.Time) (time.Time, error) {
	if at.After(now) {
		return time.Time{}, errors.New("that is still to come")
	}
	return at, nil
}
