// Package probe measures how long S3 replication takes: it writes an object
// on one side and polls the other until it can be read there, both directions
// and all sizes interleaved on a fixed schedule. A poll gives an interval,
// never a point, and the interval is what is reported.
package probe

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/service/s3"

	"bothways/aws/pair"
	"bothways/probe/cost"
	"bothways/probe/polling"
)

// Config is what a run is asked for.
type Config struct {
	RunID  string
	Pair   pair.Pair
	Sizes  []int64       // bytes, each once
	Rounds int           // 0: until the context ends, or for For
	For    time.Duration // no probe starts later than this after the first; 0: no such end
	Every  time.Duration // from the start of one round to the start of the next
	Limit  time.Duration // a probe is given up after this, counted from its upload's end
	Pace   polling.Pace
	Seed   uint64 // of the order within rounds and of the jitter
	// Keep leaves the probe objects in the buckets.
	Keep bool
	// MaxRate is the most requests a second of the whole run, both sides
	// together and of every kind; 0: DefaultMaxRate, or what the schedule takes
	// where that is more.
	MaxRate int
	// Foreign: a side's endpoint is not AWS's own. Then both sides may share a
	// region and a bucket's name, and a version that the other side lists
	// counts as arrived, unconfirmed, where it does not show the status REPLICA.
	Foreign bool
	// Private: the buckets are those of a private sandbox that ends with the run,
	// and so does whatever was not removed.
	Private bool
	// AnyRules probes although no rule is seen to cover the probe objects, for
	// stores that replicate by other means.
	AnyRules bool
}

// Clients reach the two sides. The probe turns retries off by itself where a
// retry would falsify a measurement.
type Clients struct {
	A, B *s3.Client
}

// Planned counts the probes that start within the rounds or the time that is
// asked for; 0: until somebody stops them.
func (c Config) Planned() int { return c.schedule().Planned() }

// Estimate says what a run will cost.
func (c Config) Estimate() cost.Estimate {
	estimate := c.work().Estimate()
	estimate.MaxRate = c.maxRate()
	return estimate
}

func (c Config) work() cost.Work {
	return cost.Work{Pair: c.Pair, Schedule: c.schedule(), Pace: c.Pace, Keep: c.Keep}
}

func (c Config) schedule() polling.Schedule {
	return polling.Schedule{Sizes: c.Sizes, Rounds: c.Rounds, For: c.For, Every: c.Every, Seed: c.Seed}
}
