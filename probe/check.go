package probe

import (
	"errors"
	"fmt"
	"regexp"
	"sync"
	"time"

	"bothways/aws/pair"
	"bothways/probe/polling"
)

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
	for name, d := range map[string]time.Duration{"a round every": c.Every, "probing for": c.For, "a limit of": c.Limit} {
		if d%time.Millisecond != 0 {
			return fmt.Errorf("%s %v: give whole milliseconds", name, d)
		}
	}
	if c.Limit <= 0 {
		return fmt.Errorf("a limit of %v: give a time above zero, such as 15m", c.Limit)
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
		if err := errors.Join(pair.CheckRegion(side.Region), pair.CheckBucketName(side.Bucket)); err != nil {
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
