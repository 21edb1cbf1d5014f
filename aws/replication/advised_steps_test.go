package replication_test

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"bothways/aws/pair"
	"bothways/aws/replication/plan"
	"bothways/aws/replication/step"
)

// byHand runs the lines of a plan's steps in their order, as somebody does who
// has no leave to run the plan itself.
func (l *lab) byHand(t *testing.T, proposed plan.Plan, ran map[step.Kind]bool) {
	t.Helper()
	shell := l.shellOf(t)
	for _, st := range proposed.Steps {
		if st.Change == step.Nothing || st.CLI == "" {
			continue
		}
		if err := shell.run(t.Context(), st.CLI); err != nil && st.Kind != step.KindCanary { // of which the replica is not there at once
			t.Fatalf("%s: %v\n%s", st.ID, err, st.CLI)
		}
		ran[st.Kind] = true
		pass(time.Minute)
	}
}

// The line that a review shows for a step does what the step does, and no more:
// by hand, a pair is set up and taken down as a run does it.
func TestTheLinesOfAPlansStepsDoWhatTheStepsDo(t *testing.T) {
	ran := map[step.Kind]bool{}
	for name := range worlds {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				run, hand := newWorld(t, name), newWorld(t, name)
				for _, l := range []*lab{run, hand} {
					l.plant(t)
				}
				for _, do := range []func(*lab) plan.Plan{
					func(l *lab) plan.Plan { return l.setUp(t) },
					func(l *lab) plan.Plan { return l.tearDown(t, false) },
				} {
					if err := plan.Apply(t.Context(), do(run), (&log{}).emit); err != nil {
						t.Fatal(err)
					}
					hand.byHand(t, do(hand), ran)
					theirs, ours := hand.standing(t), run.standing(t)
					for _, what := range ours.differs(theirs) {
						if what == "" || strings.HasPrefix(what, "policy of") && ours[what] == "" { // a policy that is gone, or empty
							continue
						}
						t.Errorf("%s is by hand %q, by the run %q", what, theirs[what], ours[what])
					}
				}
			})
		})
	}
	for _, kind := range []step.Kind{
		step.KindBucket, step.KindVersioning, step.KindRole, step.KindRolePolicy, step.KindPolicy, step.KindRule, step.KindCanary, step.KindObjects,
	} {
		if !ran[kind] && !t.Failed() {
			t.Errorf("no line of a step of the kind %q was run", kind)
		}
	}
}

// The lines that stand in what a reviewer of a plan should know, beside those of
// the steps: each by the function that makes it.
func TestTheLinesInFindingsAreHarmless(t *testing.T) {
	if made, known := makersOfLines(t, "plan"), []string{"orphanFindings", "unlistedFindings"}; !slices.Equal(made, known) {
		t.Errorf("lines are made by %v; run here are those of %v", made, known)
	}
	synctest.Test(t, func(t *testing.T) {
		l, _, all := merged(t)
		l.putRules(t, pair.A, l.role(t, pair.A, "their-new-role"), all.Rules)
		before := l.standing(t)
		l.unlisted()
		findings := l.tearDown(t, false).Findings
		l.wire.reset()
		var ran []string
		for _, f := range findings {
			_, line, found := strings.Cut(f.Meaning, ": aws ")
			if !found {
				continue
			}
			shell := l.shellOf(t)
			if err := shell.run(t.Context(), strings.ReplaceAll("aws "+line, "ROLE", "their-replication")); err != nil && f.Side == pair.A {
				t.Errorf("%s: %v", f.Meaning, err)
			}
			ran = append(ran, shell.ran...)
		}
		what := before.differs(l.standing(t))
		if !slices.Contains(ran, "iam delete-role-policy") || !slices.Contains(ran, "iam list-roles") || len(what) != 1 || !strings.HasPrefix(what[0], "policy "+testPair.GuestPolicyName(pair.AtoB)+" of role their-replication ") {
			t.Errorf("the lines are %v, and change %q", ran, what)
		}
	})
}
