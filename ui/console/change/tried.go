package change

import (
	"bothways/aws/replication/step"
)

// remember keeps what the run did for a step. A later try finds in place what
// an earlier one made, and would report it as if others had made it.
func (s *stepRun) remember(event step.Event) {
	before, tried := s.tried[event.ID]
	switch event.Status {
	case step.Done:
		s.tried[event.ID] = step.Done
	case step.Already:
		if tried {
			s.tried[event.ID] = step.Done
		}
	case step.Running, step.Failed:
		if before != step.Done {
			s.tried[event.ID] = event.Status
		}
	case step.Cancelled:
		// A step that was cancelled before its first attempt did nothing.
		if before != step.Done && (tried || event.Attempt > 0) {
			s.tried[event.ID] = event.Status
		}
	case step.Pending, step.Skipped:
	}
}

// overall is a step's status over all tries of this run.
func (s *stepRun) overall(i int) step.Status {
	if status, tried := s.tried[s.plan.Steps[i].ID]; tried {
		return status
	}
	return s.State(i).status
}

// changed says that this run changed something that can be undone, or may
// have: a call without an answer can have taken effect.
func (s *stepRun) changed() bool {
	for _, st := range s.plan.Steps {
		if _, tried := s.tried[st.ID]; tried && (st.Change == step.Create || st.Change == step.Modify) {
			return true
		}
	}
	return false
}

// MayStay says that something that this run did may still be there.
func (s *stepRun) MayStay() bool { return s.running() || s.changed() }

// MadeBuckets says that this run made a bucket.
func (s *stepRun) MadeBuckets() bool {
	for i, st := range s.plan.Steps {
		if st.Kind == step.KindBucket && st.Change == step.Create && s.overall(i) == step.Done {
			return true
		}
	}
	return false
}

// statuses are the steps' statuses by ID over all tries, for the undo.
func (s *stepRun) statuses() map[string]step.Status {
	statuses := map[string]step.Status{}
	for i, st := range s.plan.Steps {
		statuses[st.ID] = s.overall(i)
	}
	return statuses
}
