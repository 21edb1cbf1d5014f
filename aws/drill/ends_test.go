package drill_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"bothways/aws/drill"
	"bothways/aws/drill/pause"
	"bothways/aws/drill/record"
	"bothways/aws/pair"
	"bothways/aws/sandbox"
)

// A side that served nothing until the time box ended did not pass, and why is told.
func TestADrillThatTheTimeBoxEndsDoesNotPass(t *testing.T) {
	for name, decide := range map[string]func(context.Context) (string, error){
		"with the box's own words": func(ctx context.Context) (string, error) {
			<-ctx.Done()
			return "", context.Cause(ctx)
		},
		"with the context's": func(ctx context.Context) (string, error) {
			<-ctx.Done()
			return "", ctx.Err()
		},
	} {
		t.Run(name, func(t *testing.T) {
			inTime(t, func(t *testing.T) {
				l := newLab(t, sandbox.Options{Seed: 3})
				scope := l.scope(record.Cut)
				scope.Box, scope.Targets.RTO = 2*time.Minute, time.Minute
				cfg := l.cut(scope)
				cfg.Decide = decide
				result, err := drill.Run(t.Context(), cfg, l.emit)
				if err == nil || result.Verdict != record.Stopped || result.Undo != record.Complete || !strings.Contains(result.Stopped, "time box") {
					t.Errorf("got %+v, %v", result, err)
				}
				if !slices.ContainsFunc(of[record.Change](l), func(c record.Change) bool { return c.State == record.FailedBack && c.Reached }) {
					t.Error("it did not go back to a steady state")
				}
			})
		})
	}
}

// Nothing is taken away from an experiment that goes on, also where what was to end
// it did not get through.
func TestAPauseIsStoppedBeforeItsRoleGoes(t *testing.T) {
	inTime(t, func(t *testing.T) {
		l := newLab(t, sandbox.Options{Seed: 3})
		fault := pause.New(l.world, l.pauseScope())
		if err := fault.Begin(t.Context(), l.emit); err != nil {
			t.Fatal(err)
		}
		l.wire.reset()
		if err := fault.Remove(t.Context(), func(pair.Event) {}); err != nil {
			t.Fatal(err)
		}
		changes := l.wire.reset()
		stopped, gone := 0, 0
		for _, change := range changes {
			switch {
			case strings.HasPrefix(change, "DELETE /experiments/"):
				stopped++
			case strings.Contains(change, "Action=DeleteRole&"):
				if gone++; stopped < gone {
					t.Errorf("a role goes before its experiment is stopped: %q", changes)
				}
			}
		}
		if stopped != 2 || gone != 2 {
			t.Errorf("%d experiments were stopped, and %d roles went: %q", stopped, gone, changes)
		}
		if left, err := fault.Left(t.Context()); err != nil || len(left) > 0 {
			t.Errorf("left: %q, %v", left, err)
		}
	})
}
