package report

import (
	"fmt"

	"bothways/aws/pair"
	"bothways/probe"
)

// Twice says in words which of the runs counts twice, or is "": one that is there
// by its ID more than once, or two that hold a sample in common, as a copy of a
// journal under another ID does, or one that was copied while it went on. Neither
// tells anything of how runs differ.
func Twice(runs []Compared) string {
	seen := map[string]bool{}
	for _, run := range runs {
		id := run.id()
		if seen[id] && id != "" {
			return fmt.Sprintf("the run %s is named twice", id)
		}
		seen[id] = true
	}
	whose := map[instance]int{}
	for i, run := range runs {
		for s := range run.EachSample() {
			at, known := instanceOf(s)
			if !known {
				continue
			}
			if other, taken := whose[at]; taken && other != i {
				return fmt.Sprintf("the runs %s and %s have samples in common: one is a copy of the other, or was put together with it", runs[other].id(), run.id())
			}
			whose[at] = i
		}
	}
	return ""
}

// instance tells a sample from all others: no two uploads begin in the same
// nanosecond and take as long to arrive.
type instance struct {
	direction  pair.Direction
	size       int64
	posted     int64 // ns
	durationMS float64
}

// instanceOf is what tells a sample from others, where its time was recorded.
func instanceOf(s probe.Sample) (instance, bool) {
	return instance{s.Direction, s.SizeBytes, s.PostedAt.UnixNano(), s.DurationMS}, !s.PostedAt.IsZero() && s.DurationMS > 0
}
