package session_test

import (
	"testing"
	"testing/synctest"
	"time"

	"bothways/aws/drill/record"
	"bothways/aws/pair"
	"bothways/aws/session"
)

// A drill of readiness writes nothing, so that it holds what was measured last
// against the target, and says where that is not known.
func TestReadinessHoldsTheLastMeasurementAgainstTheTarget(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := nearWorld(t)
		s := w.process()
		w.setUp(s)
		about := func(rpo time.Duration) (found []record.Finding) {
			f := &face{}
			scope := record.Scope{Kind: record.Readiness, Pair: testPair, Lost: pair.A, Targets: record.Targets{RPO: rpo, RTO: time.Minute}}
			_, err := s.Drill(t.Context(), w.access, session.DrillOptions{Scope: scope}, f.emit)
			for _, e := range f.named(record.Finding{}.EventName()) {
				found = append(found, e.(record.Finding))
			}
			if blocked := levelOf(found, "the lag does not hold the target for the RPO of 1.0 ms") == record.Blocks; blocked != (err != nil) {
				t.Errorf("with a target of %s: %v, %+v", rpo, err, found)
			}
			return found
		}
		found := about(time.Minute)
		if levelOf(found, "whether the lag holds the target for the RPO of 1 min is not known") != record.Warns || levelOf(found, "whether the target for the RTO of 1 min is held is not known") != record.Notes {
			t.Errorf("nothing was measured: %+v", found)
		}
		if err := w.probing(s, nil).Run(t.Context(), (&face{}).emit); err != nil {
			t.Fatal(err)
		}
		if found := about(10 * time.Minute); levelOf(found, "the lag holds the target for the RPO of 10 min") != record.Notes {
			t.Errorf("it was measured: %+v", found)
		}
		if found := about(time.Millisecond); levelOf(found, "the lag does not hold the target for the RPO of 1.0 ms") != record.Blocks {
			t.Errorf("it is slower: %+v", found)
		}
	})
}

func levelOf(all []record.Finding, title string) record.Level {
	for _, f := range all {
		if f.Title == title {
			return f.Level
		}
	}
	return ""
}
