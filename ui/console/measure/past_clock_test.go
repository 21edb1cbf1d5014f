package measure

import (
	"errors"
	"testing"
	"time"

	"bothways/aws/journal"
	"bothways/aws/pair"
	"bothways/probe"
	"bothways/ui/runs"
)

func TestAnEarlierRunIsAsLongAsItWasWhateverWasDoneToTheWallClock(t *testing.T) {
	for name, c := range map[string]struct {
		by    time.Duration
		known bool
		want  time.Duration
	}{
		"not set":                   {0, true, 94 * time.Second},
		"set forward":               {time.Hour, true, 94 * time.Second},
		"set back":                  {-time.Hour, true, 94 * time.Second},
		"of an older version":       {0, false, 94 * time.Second},
		"of an older one and set":   {time.Hour, false, time.Hour + 94*time.Second},
		"of an older one, set back": {-time.Hour, false, time.Hour - 6*time.Second},
	} {
		events := []pair.Event{probe.RunEvent{Pair: demoPair(), Sizes: []int64{1}, Rounds: 10, StartedAt: noon}}
		for n := range 10 {
			since := time.Duration(n) * 10 * time.Second
			s := probe.Sample{Key: string(rune('a' + n)), SizeBytes: 1, PostedAt: noon.Add(since), DurationMS: 4000, Outcome: probe.Replicated}
			if n >= 5 {
				s.PostedAt = s.PostedAt.Add(c.by)
			}
			if c.known {
				s.SinceStartMS = float64(since.Milliseconds()) + 0.001
			}
			events = append(events, s)
		}
		j, err := journal.Create(t.TempDir(), journal.Opening{RunID: "20261122-113000-aaaa", Command: "probe", StartedAt: noon})
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range events {
			err = errors.Join(err, j.Record(e))
		}
		if err = errors.Join(err, j.Close()); err != nil {
			t.Fatal(err)
		}
		found, err := runs.Open("", j.Path())
		if err != nil {
			t.Fatal(err)
		}
		if got := newPast(found).m.sinceStart(noon).Round(time.Second); got != c.want {
			t.Errorf("%s: it took %v, want %v", name, got, c.want)
		}
	}
}
