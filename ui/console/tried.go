package console

import "bothways/aws/replication"

// remember keeps what the run did for a step. A later try finds in place what
// an earlier one made, and would report it as if others had made it.
func (s *stepRun) remember(event replication.StepEvent) {
	before, tried := s.tried[event.ID]
	switch event.Status {
	case replication.Done:
		s.tried[event.ID] = replication.Done
	case replication.Already:
		if tried {
			s.tried[event.ID] = replication.Done
		}
	case replication.Running, replication.Failed:
		if before != replication.Done {
			s.tried[event.ID] = event.Status
		}
	case replication.Cancelled:
		// A step that was cancelled before its first attempt did nothing.
		if before != replication.Done && (tried || event.Attempt > 0) {
			s.tried[event.ID] = event.Status
		}
	case replication.Pending, replication.Skipped:
	}
}

// overall is a step's status over all tries of this run.
func (s *stepRun) overall(i int) replication.Status {
	if status, tried := s.tried[s.plan.Steps[i].ID]; tried {
		return status
	}
	return s.State(i).status
}

// changed says that this run changed something that can be undone, or may
// have: a call without an answer can have taken effect.
func (s *stepRun) changed() bool {
	for _, step := range s.plan.Steps {
		if _, tried := s.tried[step.ID]; tried && (step.Change == replication.Create || step.Change == replication.Modify) {
			return true
		}
	}
	return false
}

// madeBuckets says that this run made a bucket.
func (s *stepRun) madeBuckets() bool {
	for i, step := range s.plan.Steps {
		if step.Kind == replication.KindBucket && step.Change == replication.Create && s.overall(i) == replication.Done {
			return true
		}
	}
	return false
}

// statuses are the steps' statuses by ID over all tries, for the undo.
func (s *stepRun) statuses() map[string]replication.Status {
	statuses := map[string]replication.Status{}
	for i, step := range s.plan.Steps {
		statuses[step.ID] = s.overall(i)
	}
	return statuses
}
