// Package probe measures how long S3 replication takes: it writes an object
// on one side and polls the other until it can be read there, both directions
// and all sizes interleaved on a fixed schedule. A poll gives an interval,
// never a point, and the interval is what is reported.
package probe

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/service/s3"

	"bothways/aws/pair"
)

// Pace says how densely to poll; the numbers are the gap as a share of the
// running median.
type Pace string

// The paces.
const (
	Courteous Pace = "courteous" // 20 %: about 7 HEADs a sample
	Normal    Pace = "normal"    // 8 %: about 14
	Fine      Pace = "fine"      // 4 %: 21 to 26
)

// Config is what a run is asked for.
type Config struct {
	RunID  string
	Pair   pair.Pair
	Sizes  []int64       // bytes, each once
	Rounds int           // 0: until the context ends
	Every  time.Duration // from the start of one round to the start of the next
	Limit  time.Duration // a probe is given up after this, counted from its upload's end
	Pace   Pace
	Seed   uint64 // of the order within rounds and of the jitter
	// Keep leaves the probe objects in the buckets.
	Keep bool
}

// Clients reach the two sides. The probe turns retries off by itself where a
// retry would falsify a measurement.
type Clients struct {
	A, B *s3.Client
}
