// Package evidencetest makes journals of drills that never were: random, and
// consistent with a truth that the tests know.
package evidencetest

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"bothways/aws/drill/record"
	"bothways/aws/journal"
	"bothways/aws/pair"
	"bothways/probe"
)

// Truth is what nobody in the drill can know exactly. Times are milliseconds from
// the canaries' start.
type Truth struct {
	// Of each direction: the age of the oldest that was missing at the cut, and how
	// many were.
	LossMS [2]float64
	Lost   [2]int
	// RTOMS is from the fault to the moment a write could be read back.
	RTOMS float64
	// LastThroughMS is the acknowledgement of the last canary of each direction that
	// arrived while the fault lasted, -1 without one.
	LastThroughMS [2]float64
	// DrainMS and ConvergenceMS are from the fault's end to the arrival of the last
	// canary from before it, and of the last version of all.
	DrainMS, ConvergenceMS float64
	// MedianMS is that of each direction's law before the fault, and Factor how many
	// times as long it takes afterwards.
	MedianMS [2]float64
	Factor   float64
}

// Wish says what a drill is to be like.
type Wish struct {
	Seed uint64
	Kind record.Kind
	// Typed is what people typed, wherever they can; "" is something harmless.
	Typed string
	// Factor is how many times as long it takes afterwards; 0 is once.
	Factor float64
	// CrashMS leaves out what comes after so many milliseconds, as a crash does; 0 is none.
	CrashMS float64
}

// Pair is the drills' pair.
var Pair = pair.Pair{
	A: pair.Side{Region: "eu-west-1", Bucket: "photos-111122223333-a"}, B: pair.Side{Region: "ap-southeast-1", Bucket: "photos-b"}, Options: pair.DefaultOptions(),
}

type drill struct {
	*rand.Rand
	wish   Wish
	start  time.Time
	stepAt float64 // the wall clock is set here
	step   time.Duration
	events []timed
	truth  Truth

	begin, pauseEnds, seenEnded, cut float64
	lost                             pair.SideName
	spread                           [2]float64
	tail                             float64
	last                             float64 // true arrival of the last version from before the fault's end
	acked                            []ack
}

type timed struct {
	ms    float64
	event pair.Event
}

type ack struct {
	d               pair.Direction
	posted, arrives float64
}

func (d *drill) at(ms float64, e pair.Event) { d.events = append(d.events, timed{ms, e}) }

func (d *drill) wall(ms float64) time.Time {
	at := d.start.Add(time.Duration(ms * float64(time.Millisecond)))
	if ms > d.stepAt {
		at = at.Add(d.step)
	}
	return at.UTC()
}

func (d *drill) between(low, high float64) float64 { return low + (high-low)*d.Float64() }

// Make makes a drill's journal, and the truth behind it.
func Make(w Wish) ([]pair.Event, Truth) {
	if w.Factor == 0 {
		w.Factor = 1
	}
	if w.Typed == "" {
		w.Typed = "quarterly"
	}
	d := &drill{Rand: rand.New(rand.NewPCG(w.Seed, 7)), wish: w, start: time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)}
	d.stepAt, d.step = d.between(0, 400_000), time.Duration(d.between(-3.6e12, 3.6e12))
	d.lost = pair.A
	if d.IntN(2) == 0 {
		d.lost = pair.B
	}
	for i := range d.spread {
		d.spread[i] = d.between(.2, .7)
		d.truth.MedianMS[i] = math.Exp(d.between(math.Log(400), math.Log(12_000)))
		d.truth.LastThroughMS[i] = -1
	}
	d.truth.Factor = w.Factor
	slowest := max(d.truth.MedianMS[0]*math.Exp(2*d.spread[0]), d.truth.MedianMS[1]*math.Exp(2*d.spread[1]))
	d.begin = 35_000 + slowest + d.between(2_000, 20_000)
	d.pauseEnds = d.begin + 60_000 + 4*slowest + d.between(0, 60_000)
	d.seenEnded = d.pauseEnds + d.between(10, 2_000)
	d.tail = d.between(0, 30_000)
	d.cut = d.begin
	if w.Kind == record.Pause {
		d.cut = d.between(d.begin+30_000, d.pauseEnds-1_000)
	}
	d.opening()
	d.isolate()
	d.canaries(0, d.pauseEnds, 1)
	d.recover()
	converged := d.converge()
	after := converged + 36_000
	end := after + slowest*w.Factor + 3_000
	d.canaries(d.pauseEnds, after, w.Factor)
	d.truth.DrainMS = max(d.drained(), d.seenEnded) - d.seenEnded
	d.losses()
	d.closing(end)
	slices.SortStableFunc(d.events, func(a, b timed) int { return cmp.Compare(a.ms, b.ms) })
	var all []pair.Event
	for _, e := range d.events {
		if w.CrashMS == 0 || e.ms <= w.CrashMS {
			all = append(all, e.event)
		}
	}
	return all, d.truth
}

// canaries writes them from one instant to another.
func (d *drill) canaries(from, to, factor float64) {
	for round := 0; ; round++ {
		due := from + float64(round)*1_000
		if due >= to {
			return
		}
		for _, way := range pair.Directions() {
			d.canary(way, round, due+d.between(0, 40), factor)
		}
	}
}

func (d *drill) canary(way pair.Direction, round int, starts, factor float64) {
	key := fmt.Sprintf("bothways/%s/%d-%06d", way.Slug(), d.wish.Seed, int(starts))
	planned := d.wall(starts)
	d.at(starts, probe.StartedEvent{Key: key, Direction: way, SizeBytes: 1024, Round: round + 1, PlannedAt: planned, At: d.wall(starts), SinceStartMS: starts})
	upload := d.between(40, 200)
	posted := starts + upload
	cutOff := d.wish.Kind == record.Cut
	if cutOff && way.From() == d.lost && posted > d.begin && starts < d.pauseEnds {
		known := posted + d.between(10, 500)
		d.at(known, probe.Sample{Direction: way, SizeBytes: 1024, Key: key, PostedAt: d.wall(known), SinceStartMS: known, Outcome: probe.Failed, Detail: "connection refused"})
		return
	}
	version := fmt.Sprintf("v%d.%d", way, int(starts))
	d.at(posted, probe.PostedEvent{Key: key, Direction: way, SizeBytes: 1024, VersionID: version, PostedAt: d.wall(posted), SinceStartMS: posted, UploadMS: upload})
	arrives := posted + d.truth.MedianMS[way]*factor*math.Exp(d.spread[way]*d.NormFloat64())
	if d.wish.Kind == record.Pause && arrives > d.begin && posted < d.pauseEnds {
		through := arrives < d.begin+d.tail && d.IntN(2) == 0
		if !through {
			arrives = d.pauseEnds + d.ExpFloat64()*3_000 + d.truth.MedianMS[way]*d.Float64()
		}
	}
	d.acked = append(d.acked, ack{way, posted, arrives})
	if arrives < d.pauseEnds && arrives > 0 {
		d.truth.LastThroughMS[way] = max(d.truth.LastThroughMS[way], posted)
	}
	if posted <= d.seenEnded {
		d.last = max(d.last, arrives)
	}
	s := probe.Sample{
		Direction: way, SizeBytes: 1024, Key: key, VersionID: version, Round: round + 1, PlannedAt: planned, PostedAt: d.wall(posted), SinceStartMS: posted,
		UploadMS: upload, Outcome: probe.Replicated, LeftCensored: true,
	}
	low, poll := posted, posted+d.between(5, 40)
	for {
		answered := poll + d.between(20, 120)
		blind := cutOff && way.To() == d.lost && answered > d.begin && poll < d.pauseEnds
		s.HEADs++
		switch {
		case blind:
			s.Unknowns++
		case arrives <= poll+(answered-poll)/2:
			s.BracketMS = [2]float64{low - posted, answered - posted}
			s.DurationMS = min((s.BracketMS[0]+s.BracketMS[1])/2, poll-posted)
			if s.LeftCensored {
				s.DurationMS = s.BracketMS[1]
			}
			s.CommitBracketMS, s.CorrectedMS = s.BracketMS, s.DurationMS
			d.at(answered, s)
			return
		default:
			low, s.LeftCensored = poll, false
		}
		poll = answered + 25 + .04*(answered-posted)
	}
}

func (d *drill) drained() float64 { return d.last }

func (d *drill) losses() {
	for _, a := range d.acked {
		if a.posted <= d.cut && a.arrives > d.cut {
			d.truth.Lost[a.d]++
			d.truth.LossMS[a.d] = max(d.truth.LossMS[a.d], d.cut-a.posted)
		}
	}
}

// converge audits until both sides hold the same, twice.
func (d *drill) converge() float64 {
	d.truth.ConvergenceMS = max(d.last, d.seenEnded) - d.seenEnded
	d.state(record.Draining, d.seenEnded+20, max(d.last, d.seenEnded)+500)
	at, clean := max(d.seenEnded, d.last-float64(d.IntN(3))*20_000)+600, 0
	entered := at
	for clean < 2 {
		began, ended := at, at+d.between(200, 3_000)
		looked := d.between(began, ended)
		c := record.Compared{Moment: record.After, Versions: 400, Counts: map[string]int64{}, Missing: map[pair.Direction]record.Amount{}, Whole: true, Clean: looked >= d.last, At: d.wall(ended), BeganMS: began, SinceStartMS: ended}
		if clean++; !c.Clean {
			clean = 0
			c.Counts["in_flight"] = 1
			c.Differences = []record.Differing{{Key: "=held", Version: "v1", On: pair.A, Verdict: "in_flight"}}
		}
		d.at(ended, c)
		at = ended + 30_000
	}
	reached := at - 30_000 + 5
	d.state(record.Converged, entered, reached)
	return reached
}

func (d *drill) state(s record.State, entered, reached float64) {
	d.at(entered, record.Change{Drill: "d1", State: s, At: d.wall(entered), SinceStartMS: max(entered, 0)})
	d.at(reached, record.Change{Drill: "d1", State: s, Reached: true, Why: "it was seen", At: d.wall(reached), SinceStartMS: max(reached, 0)})
}

func (d *drill) configuration(ms float64, m record.Moment) {
	for _, side := range pair.Sides() {
		document := fmt.Sprintf(`{"Role":"arn:aws:iam::111122223333:role/bothways/r-%s","Rules":[{"ID":"bothways-%s","Status":"Enabled"}]}`, side, side)
		sum := sha256.Sum256([]byte(document))
		d.at(ms, record.Configuration{Side: side, Moment: m, Document: document, SHA256: hex.EncodeToString(sum[:]), Tags: `[["team","blue"]]`, At: d.wall(ms)})
	}
}

// WriteJournal writes events as a run's journal, and returns its file.
func WriteJournal(t testing.TB, events []pair.Event) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "20261130-120000-abcd"+journal.Extension)
	file, err := os.Create(path) //nolint:gosec // of the test's own
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range events {
		line, err := pair.EncodeEvent(e)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := file.Write(append(line, '\n')); err != nil {
			t.Fatal(err)
		}
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}
