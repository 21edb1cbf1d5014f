package cause

import (
	"fmt"
	"math"
	"slices"
	"time"

	"bothways/probe/wording"
)

// documented is what AWS expects of most objects (S3 User Guide,
// "Troubleshooting replication"); it promises it for 99.9 % under Replication
// Time Control only ("Meeting compliance requirements using S3 Replication
// Time Control").
const documented = 15 * time.Minute

// fewest is how many probes it takes before their times decide about anything:
// fewer have no 99th percentile.
const fewest = 100

// times are the pair's own, of one direction, from earlier runs of bothways probe
// on this computer. Each counts with the upper end of its bracket, so that no
// object is missed too early.
type times struct {
	n       int // probes, those without an answer among them
	p99     time.Duration
	p999    time.Duration // 0: too few probes for it
	longest time.Duration
	largest int64 // the largest object that was probed, in bytes
	runs    int
}

// timesOf sums up what took so long. What was given up counts with what it
// took at least.
func timesOf(took []time.Duration, largest int64, runs int) times {
	if len(took) == 0 {
		return times{}
	}
	sorted := slices.Sorted(slices.Values(took))
	at := func(share float64) time.Duration {
		return sorted[int(math.Ceil(share*float64(len(sorted))))-1]
	}
	t := times{n: len(sorted), p99: at(0.99), longest: sorted[len(sorted)-1], largest: largest, runs: runs}
	if len(sorted) >= 10*fewest {
		t.p999 = at(0.999)
	}
	return t
}

func (t times) measured() bool { return t.n >= fewest }

// limit is the age from which an object of a size is missed.
func (t times) limit(size int64) time.Duration {
	if !t.measured() {
		return documented
	}
	limit := t.longest
	if t.p999 > 0 {
		limit = t.p999
	}
	limit += time.Second // a listing has whole seconds
	if size > t.largest {
		return max(limit, documented)
	}
	return limit
}

// words say what an age is held against.
func (t times) words(size int64) string {
	if !t.measured() {
		text := "there are no measured times of this pair"
		if t.n > 0 {
			text = fmt.Sprintf("there are only %s of this pair, too few for a p99", wording.Count(t.n, "measured time"))
		}
		return text + "; AWS expects most objects within 15 minutes, promises it for 99.9 % with Replication Time Control only, and knows of hours"
	}
	text := fmt.Sprintf("this pair's own p99 is %s (%s)", wording.Duration(t.p99), wording.Count(t.n, "probe"))
	if t.p999 > 0 {
		text += ", its p99.9 " + wording.Duration(t.p999)
	} else {
		text += ", the longest " + wording.Duration(t.longest)
	}
	if size > t.largest {
		text += fmt.Sprintf("; those were of up to %s, and this is larger", wording.Size(t.largest))
	}
	return text
}

// lateness is an age in multiples of the p99, or "".
func (t times) lateness(age time.Duration) string {
	if !t.measured() || t.p99 <= 0 {
		return ""
	}
	return fmt.Sprintf("%.3g times this pair's p99", age.Seconds()/t.p99.Seconds())
}
