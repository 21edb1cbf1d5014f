package replication_test

import (
	"fmt"
	"slices"
	"testing"
	"testing/synctest"

	"bothways/aws/pair"
	"bothways/aws/replication/plan"
	"bothways/aws/replication/step"
)

// reworded is a plan in which everything that people read says something else.
func reworded(plan plan.Plan) plan.Plan {
	plan.Steps = slices.Clone(plan.Steps)
	for i := range plan.Steps {
		s := &plan.Steps[i]
		s.Title, s.What, s.Why, s.Undo = fmt.Sprint("title ", i), fmt.Sprint("what ", i), "why", "undo"
		if s.Others != "" {
			s.Others = "others"
		}
	}
	for i := range plan.Findings {
		plan.Findings[i].Title, plan.Findings[i].Meaning = "title", "meaning"
	}
	return plan
}

// The words of a plan are for people: nothing that runs goes by them.
func TestAPlanInOtherWordsDoesTheSame(t *testing.T) {
	for name, build := range worlds {
		t.Run(name, func(t *testing.T) {
			var outcomes [2]string
			for i, words := range []func(plan.Plan) plan.Plan{func(p plan.Plan) plan.Plan { return p }, reworded} {
				synctest.Test(t, func(t *testing.T) {
					l := newLab(t, testPair)
					build(t, l)
					proposed := words(l.setUp(t))
					var events log
					if err := plan.Apply(t.Context(), proposed, events.emit); err != nil {
						t.Fatal(err)
					}
					outcomes[i] = begun(events.all)
					undo := plan.Undo(l.survey(t), proposed, events.last)
					for _, step := range undo.Steps {
						outcomes[i] += fmt.Sprintln(step.ID, step.Kind, step.Undoes, step.Sweeps, step.Needs)
					}
					var undone log
					if err := plan.Apply(t.Context(), words(undo), undone.emit); err != nil {
						t.Fatal(err)
					}
					outcomes[i] += begun(undone.all)
					l.alone(t)
				})
			}
			if outcomes[0] != outcomes[1] {
				t.Errorf("in other words it did\n%s\nand not\n%s", outcomes[1], outcomes[0])
			}
		})
	}
}

// begun lists what each step was about to replace, in the order of their IDs.
func begun(events []step.Event) string {
	var lines []string
	for _, e := range events {
		if e.Begins {
			lines = append(lines, fmt.Sprintln(e.ID, e.Kind, e.Base))
		} else if e.Base != "" {
			lines = append(lines, fmt.Sprintln(e.ID, "tells its base twice"))
		}
	}
	slices.Sort(lines)
	return fmt.Sprint(lines)
}

func TestEveryStepSaysWhatItIsAndWhatItUndoes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t, testPair)
		worlds["the hardest"](t, l)
		l.world.Pair.Options.Settle = true
		made := map[string]bool{}
		setUp := l.setUp(t)
		for _, s := range setUp.Steps {
			made[s.ID] = true
			if s.Kind == "" || len(s.Undoes) > 0 || s.Sweeps {
				t.Errorf("%s is of kind %q, undoes %v", s.ID, s.Kind, s.Undoes)
			}
		}
		applyAny(t, setUp)
		undone := map[string]bool{}
		for _, step := range l.tearDown(t, true).Steps {
			if step.Kind == "" || len(step.Undoes) == 0 != step.Sweeps {
				t.Errorf("%s is of kind %q, undoes %v, sweeps %t", step.ID, step.Kind, step.Undoes, step.Sweeps)
			}
			for _, id := range step.Undoes {
				undone[id] = true
				if !made[id] {
					t.Errorf("%s undoes %s, which no set-up has", step.ID, id)
				}
			}
		}
		// What a set-up creates is taken back by a step that says so.
		for _, s := range setUp.Steps {
			if s.Change == step.Create && !undone[s.ID] {
				t.Errorf("nothing in the tear-down undoes %s", s.ID)
			}
		}
	})
}

func TestAnIDChangesWithItsPlace(t *testing.T) {
	d := pair.AtoB
	for _, c := range []struct {
		at       pair.Place
		id, want string
	}{
		{pair.Place{Side: pair.A}, "remove-objects-a", "remove-objects-b"},
		{pair.Place{Side: pair.B}, "bucket-b", "bucket-a"},
		{pair.Place{Direction: &d}, "rule-a-to-b", "rule-b-to-a"},
		{pair.Place{}, "settle-a", "settle-a"},
	} {
		if got := c.at.Swapped(c.id); got != c.want {
			t.Errorf("%s becomes %s, want %s", c.id, got, c.want)
		}
	}
}
