package drill_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"bothways/aws/drill"
	"bothways/aws/drill/record"
	"bothways/aws/sandbox"
)

// What changed nothing has nothing to put back.
func TestADrillThatChangedNothingLeavesNothingToUndo(t *testing.T) {
	dirty := func(context.Context, record.Moment) (record.Compared, error) {
		return record.Compared{Whole: true, Why: "1 version differs"}, nil
	}
	for name, one := range map[string]struct {
		kind    record.Kind
		compare func(context.Context, record.Moment) (record.Compared, error)
		verdict record.Verdict
	}{
		"readiness":           {record.Readiness, nil, record.Passed},
		"unhealthy readiness": {record.Readiness, dirty, record.Errored},
		"unhealthy cut":       {record.Cut, dirty, record.Errored},
	} {
		t.Run(name, func(t *testing.T) {
			inTime(t, func(t *testing.T) {
				l := newLab(t, sandbox.Options{Seed: 3})
				cfg := l.cut(l.scope(one.kind))
				if one.kind == record.Readiness {
					cfg.Fault = nil
				}
				if one.compare != nil {
					cfg.Compare = one.compare
				}
				result, err := drill.Run(t.Context(), cfg, l.emit)
				if _, unhealthy := errors.AsType[*drill.UnhealthyError](err); unhealthy != (one.verdict == record.Errored) {
					t.Fatal(err)
				}
				if result.Verdict != one.verdict || result.Undo != record.Complete {
					t.Errorf("got %+v", result)
				}
			})
		})
	}
}

// Nothing is changed by it, which is shown: both times are read, and are the same.
func TestReadinessReadsBothTimes(t *testing.T) {
	inTime(t, func(t *testing.T) {
		l := newLab(t, sandbox.Options{Seed: 3})
		scope := l.scope(record.Readiness)
		scope.Targets = record.Targets{RTO: time.Minute}
		cfg := l.cut(scope)
		cfg.Fault = nil
		cfg.Ready = []record.Finding{{Level: record.Warns, Title: "whether the lag holds the target is not known", Unknown: true}}
		result, err := drill.Run(t.Context(), cfg, l.emit)
		if err != nil || result.Verdict != record.Passed {
			t.Fatal(result, err)
		}
		read := map[record.Moment]int{}
		for _, c := range of[record.Configuration](l) {
			read[c.Moment]++
		}
		if read[record.Before] != 2 || read[record.After] != 2 {
			t.Errorf("read: %v", read)
		}
		if said := strings.Join(result.Unknown, "; "); !strings.Contains(said, "RTO is not compared with the target of 1 min") || !strings.Contains(said, "whether the lag holds") {
			t.Errorf("not known: %q", said)
		}
	})
}
