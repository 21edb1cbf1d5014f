package report

import (
	"encoding/json"
	"io"
	"time"

	"bothways/aws/pair"
	"bothways/probe"
)

// lambdaResult is one transfer in the shape that the article's Lambda function
// returned.
type lambdaResult struct {
	SizeBytes  int64     `json:"file_size_in_bytes"`
	PostDate   time.Time `json:"post_date"`
	GetDate    time.Time `json:"get_date"` // post_date and the duration
	DurationMS float64   `json:"duration_in_ms"`
}

// writeLambda has room for transfers that arrived and nothing else: probes
// that gave up, failed, were interrupted or suspended are left out, and so are
// the brackets and the polls. Averages over it are too short whenever a probe
// gave up; the other formats hold everything.
func writeLambda(w io.Writer, run *Run, _ Options) error {
	results := map[pair.Direction][]lambdaResult{pair.AtoB: {}, pair.BtoA: {}}
	for _, s := range run.Samples {
		if s.Outcome != probe.Replicated {
			continue
		}
		posted := s.PostedAt.UTC()
		results[s.Direction] = append(results[s.Direction], lambdaResult{
			SizeBytes:  s.SizeBytes,
			PostDate:   posted,
			GetDate:    posted.Add(time.Duration(s.DurationMS * float64(time.Millisecond))),
			DurationMS: s.DurationMS,
		})
	}
	out := json.NewEncoder(w)
	out.SetIndent("", "  ")
	return out.Encode(struct {
		AtoB []lambdaResult `json:"AtoB"`
		BtoA []lambdaResult `json:"BtoA"`
	}{results[pair.AtoB], results[pair.BtoA]})
}
