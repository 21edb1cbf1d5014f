// Package probe measures how long S3 replication takes: it writes an object
// on one side and polls the other until it can be read there, both directions
// and all sizes interleaved on a fixed schedule. A poll gives an interval,
// never a point, and the interval is what is reported.
package probe

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/s3"

	"bothways/aws/pair"
	carried "bothways/aws/upload"
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
	Limit  time.Duration // a probe is given up after this, counted from its upload's end; so is each request of the upload, from its beginning
	// Target is what the times are held against; 0: nothing. It changes nothing
	// about how they are measured.
	Target time.Duration
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
	// Uploads finds out what uploads to each side have to carry, and what keeps
	// them out or from being deleted again. It may be nil, and so may be its
	// answer: then nothing of it is known. tagged are the tags that the rule of
	// a side filters by, which uploads carry in any case.
	Uploads func(ctx context.Context, tagged map[pair.SideName]pair.Tags) (map[pair.SideName]Upload, error)
}

// Upload is what is known of the uploads to a side before anything is written.
type Upload struct {
	Carries carried.Headers
	Denied  string // what keeps them out for certain, in words, or ""
	Kept    string // what keeps them from being deleted again, in words, or ""
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

// runIDShape keeps a run's ID usable as a part of a key.
var runIDShape = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$`) })

// Check says what is wrong with a configuration, in words for the person who
// wrote it.
func (c Config) Check() error {
	if !runIDShape().MatchString(c.RunID) {
		return fmt.Errorf("run ID %q: 1 to 100 letters, digits, dots, dashes and underscores are allowed", cut(c.RunID))
	}
	if err := c.checkPair(); err != nil {
		return err
	}
	if err := checkSizes(c.Sizes); err != nil {
		return err
	}
	if c.Rounds < 0 {
		return fmt.Errorf("%d rounds: give 1 or more, or 0 to probe until stopped", c.Rounds)
	}
	if c.For < 0 {
		return fmt.Errorf("probing for %v: give a time above zero, such as 24h", c.For)
	}
	if c.For > 0 && c.Rounds > 0 {
		return fmt.Errorf("%d rounds and %v are two different ends of a run: give one of them", c.Rounds, c.For)
	}
	if c.MaxRate < 0 || c.MaxRate > HighestMaxRate {
		return fmt.Errorf("%d requests a second: give 1 to %d (S3 takes that many HEADs for one prefix on both sides), or 0 for %d or what the schedule takes", c.MaxRate, HighestMaxRate, DefaultMaxRate)
	}
	if c.Every <= 0 {
		return fmt.Errorf("a round every %v: give a time above zero, such as 10s", c.Every)
	}
	for name, d := range map[string]time.Duration{"a round every": c.Every, "probing for": c.For, "a limit of": c.Limit, "a target of": c.Target} {
		if d%time.Millisecond != 0 {
			return fmt.Errorf("%s %v: give whole milliseconds", name, d)
		}
	}
	if c.Limit <= 0 {
		return fmt.Errorf("a limit of %v: give a time above zero, such as 15m", c.Limit)
	}
	if c.Target < 0 || c.Target > c.Limit {
		return fmt.Errorf("a target of %v: give a time up to the limit of %v, after which a probe is given up", c.Target, c.Limit)
	}
	if c.Pace.Figures().Spacing == 0 {
		return fmt.Errorf("pace %q is none of %s, %s and %s", cut(string(c.Pace)), polling.Courteous, polling.Normal, polling.Fine)
	}
	return c.checkRate()
}

// checkPair wants two regions of AWS, and elsewhere only usable names: two
// stores of somebody's own may well use one region's name and one bucket's.
func (c Config) checkPair() error {
	if !c.Foreign {
		return c.Pair.Check()
	}
	for _, name := range pair.Sides() {
		side := c.Pair.Side(name)
		if err := errors.Join(pair.CheckRegion(side.Region), side.CheckBucket()); err != nil {
			return fmt.Errorf("side %s: %w", name, err)
		}
	}
	return nil
}

func (c Clients) check() error {
	if c.A == nil || c.B == nil {
		return errors.New("probing needs an S3 client for each side")
	}
	return nil
}
