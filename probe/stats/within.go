package stats

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/dustin/go-humanize"

	"bothways/aws/pair"
	"bothways/probe"
	"bothways/probe/wording"
)

// RTC is the time within which S3's Replication Time Control is to replicate
// 99.9 % of all objects.
const RTC = 15 * time.Minute

// promised is the share whose proof is counted out: that of the service level
// agreement of S3's Replication Time Control.
const promised = 0.999

// ParseTarget reads a target as people write it: a time, or rtc.
func ParseTarget(text string) (time.Duration, error) {
	if text == "rtc" {
		return RTC, nil
	}
	target, err := time.ParseDuration(text)
	if err != nil || target <= 0 {
		return 0, fmt.Errorf("%q is no time above zero: give one such as 15m, or rtc for the 15 minutes of S3's Replication Time Control", text)
	}
	return target, nil
}

// Within is how many of a direction, or of one size in it, arrived within a
// target.
type Within struct {
	Direction pair.Direction
	OneSize   bool // of SizeBytes alone, otherwise of all sizes
	SizeBytes int64
	Target    time.Duration
	// N is the sum of the next three. It counts neither uploads that failed nor
	// probes during which this computer slept.
	N int
	// Met arrived within the target, Missed did not: they arrived or were still
	// missing after it, or S3 said that it will never replicate them. Of Unknown
	// neither is known: the target lies in their bracket, they were interrupted
	// or given up before it, or they are in flight.
	Met, Missed, Unknown int
	// Lower and Upper are the exact 95 % interval of the share, as if none of
	// the unknown had met the target for the one and all of them for the other.
	Lower, Upper float64
	// AtLeast is the one-sided 95 % bound of the share, as if none of the unknown
	// had met the target.
	AtLeast float64
}

// Within says how many arrived within a target, all sizes of a direction
// together.
func (c *Collector) Within(d pair.Direction, target time.Duration) Within {
	w := Within{}
	if d == pair.AtoB || d == pair.BtoA {
		w = c.directions[d].within(target, d, c.order(anySize))
	}
	w.Direction = d
	return w
}

// WithinEach is Within for both directions, and for every size in each.
func (c *Collector) WithinEach(target time.Duration) []Within {
	var all []Within
	for _, d := range pair.Directions() {
		all = append(all, c.Within(d, target))
	}
	for _, d := range pair.Directions() {
		for _, size := range c.sizes {
			if cell := c.cells[cellKey{d, size}]; cell != nil {
				w := cell.within(target, d, c.order(size))
				w.Direction, w.OneSize, w.SizeBytes = d, true, size
				all = append(all, w)
			}
		}
	}
	return all
}

// within counts what a direction's group has within a target. Of its times in
// their order it is seen how many independent ones they are worth: by which of
// them met the target, and no more than the times themselves say, as few misses
// show nothing of it.
func (g *group) within(target time.Duration, d pair.Direction, in *order) Within {
	at := float64(target) / float64(time.Millisecond)
	inflation := max(dependenceOf(in.times[d].upTo(at)).ifSeen(), in.middle.ifSeen())
	arrived, censored := g.times.events.n, &g.times.censored
	w := Within{Target: target, Met: g.latest.upTo(at), Missed: g.unreplicated}
	late, stillMissing := arrived-g.earliest.below(at), censored.n-censored.below(at)
	w.Missed += late + stillMissing
	w.Unknown = arrived - w.Met - late + censored.below(at)
	w.N = w.Met + w.Missed + w.Unknown
	if float64(w.N)/inflation < min(fewestBursts, float64(w.N)) { // too few bursts to say anything
		w.Lower, w.Upper = 0, 1
		return w
	}
	w.Lower, w.Upper = clopperPearson(float64(w.Met)/inflation, float64(w.Met+w.Unknown)/inflation, float64(w.N)/inflation)
	if w.Met > 0 {
		w.AtLeast = betaPoint(1-confidence, float64(w.Met)/inflation, float64(w.N-w.Met)/inflation+1)
	}
	return w
}

// unreplicated says whether a sample was written and S3 said that it will never
// replicate it.
func unreplicated(s probe.Sample) bool { return s.Outcome == probe.Failed && s.VersionID != "" }

// fewestToShow is the least number of which none may miss to show that more than
// a share meet a target: with a smaller one so many without a miss have a chance
// of 5 % at most (the exact form of the rule of three, Hanley and Lippman-Hand
// 1983).
func fewestToShow(share float64) int {
	return int(math.Ceil(math.Log(1-confidence) / math.Log(share)))
}

// share words the share of those that met the target, and its interval.
func (w Within) share() string {
	if w.N == 0 {
		return wording.None
	}
	least, most := Percent(float64(w.Met)/float64(w.N)), Percent(float64(w.Met+w.Unknown)/float64(w.N))
	if w.Unknown > 0 {
		least += " to " + most
	}
	return least + " %"
}

func (w Within) interval() string { return Percent(w.Lower) + " to " + Percent(w.Upper) + " %" }

// Cell is the share with its interval, for a table.
func (w Within) Cell() string {
	if w.N == 0 {
		return wording.None
	}
	return w.share() + " (" + w.interval() + ")"
}

// Sentence says how many met the target, and what would show that it is met as
// often as S3's Replication Time Control promises.
func (w Within) Sentence() string {
	whose := w.Direction.Arrow()
	if w.OneSize {
		whose += " " + wording.Size(w.SizeBytes)
	}
	within := "within " + wording.Duration(w.Target)
	if w.N == 0 {
		return whose + ": nothing that could be held against a target of " + wording.Duration(w.Target) + "."
	}
	text := fmt.Sprintf("%s: %s of %s %s", whose, humanize.Comma(int64(w.Met)), humanize.Comma(int64(w.N)), within)
	if w.Unknown > 0 {
		text += fmt.Sprintf(", of %s it is not known", humanize.Comma(int64(w.Unknown)))
	}
	text += fmt.Sprintf(": %s (95 %%: %s).", w.share(), w.interval())
	switch {
	case w.OneSize:
	case w.AtLeast >= promised:
		text += fmt.Sprintf(" That shows %s %% or more (95 %%, one-sided), if misses don't come in bursts.", Percent(promised))
	default:
		text += fmt.Sprintf(" %s without a miss would show %s %% (95 %%, one-sided), if misses don't come in bursts.", humanize.Comma(int64(fewestToShow(promised))), Percent(promised))
	}
	return text
}

// Percent writes a share as a percentage with one decimal, and with more where
// it takes them to tell it from none or all.
func Percent(share float64) string {
	for digits := 1; ; digits++ {
		text := strconv.FormatFloat(100*share, 'f', digits, 64)
		value, err := strconv.ParseFloat(text, 64)
		told := err == nil && (value != 0 || share == 0) && (value != 100 || share == 1)
		if told || digits == 6 {
			return strings.TrimSuffix(text, ".0")
		}
	}
}

// WithinEvent is a Within as an event.
type WithinEvent struct {
	Direction pair.Direction `json:"direction"`
	SizeBytes *int64         `json:"size_bytes"` // null: all sizes together
	TargetMS  float64        `json:"target_ms"`
	N         int            `json:"n"` // met, missed and unknown
	Met       int            `json:"met"`
	Missed    int            `json:"missed"`
	// Unknown are those of which neither is known: see Within.
	Unknown int `json:"unknown"`
	// Share is [least, most]: none of the unknown met the target, or all of
	// them. ShareInterval is its 95 % interval, ShareAtLeast its one-sided 95 %
	// bound. All are null without any.
	Share         *[2]float64 `json:"share"`
	ShareInterval *[2]float64 `json:"share_interval"`
	ShareAtLeast  *float64    `json:"share_at_least"`
	Sentence      string      `json:"sentence"`
}

// EventName implements pair.Event.
func (WithinEvent) EventName() string { return "target" }

// Event returns it as an event.
func (w Within) Event() WithinEvent {
	e := WithinEvent{Direction: w.Direction, TargetMS: *inMS(w.Target), N: w.N, Met: w.Met, Missed: w.Missed, Unknown: w.Unknown, Sentence: w.Sentence()}
	if w.OneSize {
		e.SizeBytes = &w.SizeBytes
	}
	if w.N > 0 {
		e.Share = &[2]float64{float64(w.Met) / float64(w.N), float64(w.Met+w.Unknown) / float64(w.N)}
		e.ShareInterval, e.ShareAtLeast = &[2]float64{w.Lower, w.Upper}, &w.AtLeast
	}
	return e
}

// WithinEvents are those of WithinEach as events; none where there is no target.
func (c *Collector) WithinEvents(target time.Duration) (events []WithinEvent) {
	if target <= 0 {
		return nil
	}
	for _, w := range c.WithinEach(target) {
		events = append(events, w.Event())
	}
	return events
}
