package report

import (
	"bufio"
	"errors"
	"io"
	"iter"
	"maps"
	"slices"
	"strconv"
	"time"

	"bothways/aws/pair"
	"bothways/probe"
)

// lambdaResult is one transfer in the shape that the article's Lambda function
// returned: dates and times in whole milliseconds, as JavaScript has them.
type lambdaResult struct {
	SizeBytes  int64  `json:"file_size_in_bytes"`
	PostDate   string `json:"post_date"`
	GetDate    string `json:"get_date"` // post_date and the duration
	DurationMS int64  `json:"duration_in_ms"`
}

// lambdaDate is the form of a date in JavaScript's JSON.
const lambdaDate = "2006-01-02T15:04:05.000Z"

// writeLambda has room for transfers that arrived and nothing else: probes
// that gave up, failed, were interrupted or suspended are left out, and so are
// the brackets and the polls. They are ordered by size, as the function wrote
// them, and within one by when they were measured. Averages over it are too short whenever a probe
// gave up; the other formats hold everything.
func writeLambda(w io.Writer, run *Run, _ Options) error {
	results := map[pair.Direction]map[int64][]transfer{pair.AtoB: {}, pair.BtoA: {}}
	for s := range run.EachSample() {
		if bySize := results[s.Direction]; s.Outcome == probe.Replicated && bySize != nil {
			bySize[s.SizeBytes] = append(bySize[s.SizeBytes], transfer{
				s.PostedAt.UTC().Round(time.Millisecond).UnixMilli(), probe.Duration(s.DurationMS).Round(time.Millisecond).Milliseconds(),
			})
		}
	}
	buffer := bufio.NewWriterSize(w, 64<<10)
	out := jsonWriter{to: buffer, step: "  "}
	out.text("{")
	first := true
	for _, d := range pair.Directions() {
		out.next(&first, 1)
		out.text(strconv.Quote(d.String()) + ": ")
		out.list(lambdaResults(results[d]), 1)
	}
	out.end(first, 0, "}\n")
	return errors.Join(out.failed, buffer.Flush())
}

// transfer is a lambdaResult in 16 bytes.
type transfer struct{ posted, took int64 } // milliseconds, the first since 1970

func lambdaResults(bySize map[int64][]transfer) iter.Seq[any] {
	return func(yield func(any) bool) {
		for _, size := range slices.Sorted(maps.Keys(bySize)) {
			for _, t := range bySize[size] {
				posted := time.UnixMilli(t.posted).UTC()
				if !yield(lambdaResult{
					SizeBytes:  size,
					PostDate:   posted.Format(lambdaDate),
					GetDate:    posted.Add(time.Duration(t.took) * time.Millisecond).Format(lambdaDate),
					DurationMS: t.took,
				}) {
					return
				}
			}
		}
	}
}
