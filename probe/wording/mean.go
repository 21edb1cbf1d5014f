package wording

import "time"

// Mean is a mean of durations with its interval, as far as they are known.
type Mean struct {
	Quantile
	// Cut is where each time is cut for it; 0: nowhere.
	Cut time.Duration
}

// WithInterval writes the mean and its interval, such as "34 s (20 to 55), cut
// at 15 min".
func (m Mean) WithInterval(level string, write func(time.Duration) string) string {
	text := m.Quantile.WithInterval(level, write)
	if m.Bound == Unknown || m.Cut == 0 {
		return text
	}
	return text + ", cut at " + write(m.Cut)
}

// Brief writes the mean where room is short, with its interval or without it:
// that it is cut, not where.
func (m Mean) Brief(interval bool, write func(time.Duration) string) string {
	text := m.Text(write)
	if interval {
		text = m.Quantile.Brief(write)
	}
	if m.Bound != Unknown && m.Cut > 0 {
		text += " cut"
	}
	return text
}
