package cause

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"bothways/aws/journal"
	"bothways/aws/pair"
	"bothways/aws/replication/plan"
	"bothways/aws/replication/step"
	"bothways/probe"
)

var ab = pair.Pair{
	A: pair.Side{Region: "eu-west-1", Bucket: "one"}, B: pair.Side{Region: "ap-southeast-1", Bucket: "two"}, Options: pair.DefaultOptions(),
}

func swapped(p pair.Pair) pair.Pair { p.A, p.B = p.B, p.A; return p }

// write keeps a run's journal.
func write(t *testing.T, dir string, opening journal.Opening, events ...pair.Event) {
	t.Helper()
	opening.StartedAt = now
	j, err := journal.Create(dir, opening)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range events {
		if err := j.Record(e); err != nil {
			t.Fatal(err)
		}
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
}

func sample(d pair.Direction, seconds float64, outcome probe.Outcome) probe.Sample {
	return probe.Sample{Direction: d, SizeBytes: 1 << 20, Outcome: outcome, DurationMS: seconds * 1000, BracketMS: [2]float64{0, seconds * 1000}}
}

func done(kind step.Kind, d pair.Direction, at time.Time) step.Event {
	return step.Event{ID: kind.On(d), Status: step.Done, At: at}
}

// The pair's own times come from its own probes: of either name of its sides, of
// this world, and of no other.
func TestTimesComeFromThePairsOwnProbes(t *testing.T) {
	dir := t.TempDir()
	run := func(p pair.Pair) probe.RunEvent { return probe.RunEvent{Pair: p} }
	var many []pair.Event
	for i := range 150 {
		many = append(many, sample(pair.AtoB, float64(i+1), probe.Replicated))
	}
	many = append(many, sample(pair.AtoB, 999, probe.Failed), sample(pair.BtoA, 3, probe.Interrupted))
	write(t, dir, journal.Opening{RunID: "1", Command: "probe"}, append([]pair.Event{run(ab)}, many...)...)
	write(t, dir, journal.Opening{RunID: "2", Command: "probe"}, run(swapped(ab)), sample(pair.BtoA, 900, probe.GaveUp))
	other := ab
	other.B.Bucket = "three"
	write(t, dir, journal.Opening{RunID: "3", Command: "probe"}, run(other), sample(pair.AtoB, 5000, probe.Replicated))
	write(t, dir, journal.Opening{RunID: "4", Command: "probe", Sandbox: true}, run(ab), sample(pair.AtoB, 5000, probe.Replicated))
	write(t, dir, journal.Opening{RunID: "5", Command: "probe", Endpoint: "http://127.0.0.1:1"}, run(ab), sample(pair.AtoB, 5000, probe.Replicated))
	write(t, dir, journal.Opening{RunID: "6", Command: "probe", Notes: []string{"Measured elsewhere"}}, run(ab), sample(pair.AtoB, 5000, probe.Replicated))
	if err := os.WriteFile(filepath.Join(dir, "7"+journal.Extension), []byte("nonsense\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	found, err := readJournals(dir, ab, "")
	if err != nil {
		t.Fatal(err)
	}
	got := timesOf(found.took[pair.AtoB], found.largest[pair.AtoB], found.runs[pair.AtoB])
	want := times{n: 151, p99: 150 * time.Second, longest: 900 * time.Second, largest: 1 << 20, runs: 2}
	if got != want {
		t.Errorf("A to B took %+v, want %+v", got, want)
	}
	if n := len(found.took[pair.BtoA]); n != 0 {
		t.Errorf("B to A has %d times", n)
	}
	if len(found.unread) != 1 {
		t.Errorf("unread are %q", found.unread)
	}
	there, err := readJournals(dir, ab, "http://127.0.0.1:1")
	if err != nil || len(there.took[pair.AtoB]) != 1 {
		t.Errorf("of another endpoint: %+v, %v", there, err)
	}
	if none, err := readJournals(filepath.Join(dir, "none"), ab, ""); err != nil || len(none.took) != 0 {
		t.Errorf("of a folder that is not there: %+v, %v", none, err)
	}
}

func TestFewTimesDecideNothing(t *testing.T) {
	few := timesOf([]time.Duration{time.Hour, time.Second}, 1, 1)
	if few.measured() || few.limit(1) != documented {
		t.Errorf("%+v holds ages against %s", few, few.limit(1))
	}
	var took []time.Duration
	for i := range 1000 {
		took = append(took, time.Duration(i+1)*time.Second)
	}
	if many := timesOf(took, 1, 1); many.p99 != 990*time.Second || many.p999 != 999*time.Second || many.limit(1) != 1000*time.Second {
		t.Errorf("%+v holds ages against %s", many, many.limit(1))
	}
}

// What runs of bothways did to a rule says how it stood when a version was
// written.
func TestWhatRunsDidToARuleTellsHowItStood(t *testing.T) {
	dir := t.TempDir()
	at := func(hours float64) time.Time { return now.Add(time.Duration(hours * float64(time.Hour))) }
	write(t, dir, journal.Opening{RunID: "1", Command: "apply"}, plan.Planned{Pair: ab},
		done(step.KindRule, pair.AtoB, at(1)), done(step.KindRule, pair.BtoA, at(1)), done(step.KindCanary, pair.AtoB, at(1.01)))
	write(t, dir, journal.Opening{RunID: "2", Command: "destroy"}, plan.Planned{Pair: swapped(ab)},
		step.Event{ID: step.Removal(step.KindRule.On(pair.BtoA)), Status: step.Done, At: at(5)})
	write(t, dir, journal.Opening{RunID: "3", Command: "apply"}, plan.Planned{Pair: ab}, done(step.KindRule, pair.AtoB, at(8)))
	write(t, dir, journal.Opening{RunID: "4", Command: "apply"}, plan.Planned{Pair: ab}, step.Event{ID: "rule-a-to-b", Status: step.Failed, At: at(0.1)})
	found, err := readJournals(dir, ab, "")
	if err != nil {
		t.Fatal(err)
	}
	aToB, bToA := past{deeds: found.deeds[pair.AtoB]}, past{deeds: found.deeds[pair.BtoA]}
	for _, c := range []struct {
		past past
		at   float64
		want stood
	}{
		{aToB, 0.5, before},
		{aToB, 1.005, coming},
		{aToB, 1.02, standing},
		{aToB, 4, standing},
		{aToB, 6, away},
		{aToB, 8.1, coming},
		{aToB, 9, standing},
		{bToA, 1.1, coming},
		{bToA, 6, standing},
		{past{}, 1, unknown},
		{past{role: at(2)}, 1, before},
		{past{role: at(2)}, 3, unknown},
		{past{role: at(2), ours: true}, 2.1, unknown},
		{past{role: at(2), ours: true}, 3, standing},
	} {
		if got, words := c.past.at(at(c.at)); got != c.want || words == "" {
			t.Errorf("after %g hours it is %d (%s), want %d", c.at, got, words, c.want)
		}
	}
}
