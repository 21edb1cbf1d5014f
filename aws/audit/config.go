package audit

import (
	"context"
	"time"

	"bothways/aws/audit/difference"
	"bothways/aws/audit/draw"
	"bothways/aws/audit/listing"
	"bothways/aws/pair"
	"bothways/aws/replication/survey"
)

// Config is what an audit compares, and how.
type Config struct {
	World  survey.World
	Prefix string
	Since  time.Time // leaves out what was created before it; zero: nothing
	// CutOff is the newest time that is judged; zero: by the servers' clocks.
	CutOff time.Time
	// Lists are what Source compares in place of the buckets; nil: it lists these.
	Lists *difference.Lists
	// Workers is the most requests for listings that are under way; 0: chosen.
	Workers int
	// Grace is how long a difference is left alone before it is looked at again;
	// 0: DefaultGrace.
	Grace time.Duration
	// Patience is how long a side may not answer before the audit ends, to be
	// gone on with later; 0: DefaultPatience.
	Patience time.Duration
	// Judge tells what a difference means; nil: nobody is asked.
	Judge Judge
	// Heads is how many HEADs Judge has sent so far; nil: as many as the
	// differences say.
	Heads func() int64
	// Notes are what Judge could not read; nil: nothing.
	Notes func() []string
	// Draw is offered every object's version that the sides agree in; nil: none
	// is. Of an audit that goes on it is what this run compares.
	Draw *draw.Draw
	// Source compares at first look; nil: the listings of both sides.
	Source Source
	// Owners are the accounts that must own the buckets. Who lists a bucket of
	// the own account has nothing to agree to where requesters pay.
	Owners map[pair.SideName]string
	// Rows is the file to which the differences are appended, or "": none is kept.
	Rows string
	// Resume is an earlier run to go on with, whose rows are those of Rows.
	Resume *Record
}

// What a Config's zero values stand for.
const (
	// DefaultGrace covers that both listings are not of one instant; what takes
	// longer to replicate is told by its status and its age.
	DefaultGrace = 5 * time.Second
	// DefaultPatience is longer than most outages of a network.
	DefaultPatience = 10 * time.Minute
	defaultWorkers  = 16
)

// Judge tells what a difference that was seen twice means. Its error, where it
// is none that passes by itself, becomes the evidence of a verdict that is not
// known.
type Judge func(ctx context.Context, c difference.Candidate) (difference.Difference, error)

// Source compares both sides at first look, and puts each part into the sink as
// soon as it is compared. It may do so from several goroutines.
type Source func(ctx context.Context, sink *Sink) error

func (c Config) withDefaults() Config {
	if c.Grace <= 0 {
		c.Grace = DefaultGrace
	}
	if c.Patience <= 0 {
		c.Patience = DefaultPatience
	}
	if c.Workers <= 0 {
		c.Workers = defaultWorkers
	}
	return c
}

// side is a bucket as it is listed.
func (c Config) side(side pair.SideName) *listing.Side {
	return &listing.Side{
		Client: c.World.Clients(side).S3, Bucket: c.World.Pair.Side(side).Bucket,
		Owner: c.Owners[side],
	}
}
