package report

import (
	"cmp"
	"encoding/json"
	"io"
	"slices"
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
	results := map[pair.Direction][]lambdaResult{pair.AtoB: {}, pair.BtoA: {}}
	for s := range run.EachSample() {
		if s.Outcome != probe.Replicated {
			continue
		}
		posted, took := s.PostedAt.UTC().Round(time.Millisecond), probe.Duration(s.DurationMS).Round(time.Millisecond)
		results[s.Direction] = append(results[s.Direction], lambdaResult{
			SizeBytes:  s.SizeBytes,
			PostDate:   posted.Format(lambdaDate),
			GetDate:    posted.Add(took).Format(lambdaDate),
			DurationMS: took.Milliseconds(),
		})
	}
	for _, list := range results {
		slices.SortStableFunc(list, func(a, b lambdaResult) int { return cmp.Compare(a.SizeBytes, b.SizeBytes) })
	}
	out := json.NewEncoder(w)
	out.SetIndent("", "  ")
	return out.Encode(struct {
		AtoB []lambdaResult `json:"AtoB"`
		BtoA []lambdaResult `json:"BtoA"`
	}{results[pair.AtoB], results[pair.BtoA]})
}
