package batch

import (
	"cmp"
	"slices"
)

// mostActive is how many jobs of Batch Replication run at once in an account
// (S3 User Guide, Batch Operations quotas).
const mostActive = 6

// admit lets the jobs of an account run that may, and pauses others: those of
// the highest priority first, and those of lower ones beside them only on the
// same bucket (S3 User Guide, Managing S3 Batch Operations jobs: job priority).
// The lock is held.
func (js *Jobs) admit(of *job) {
	var waiting []*job
	for _, j := range js.all {
		switch j.Status {
		case Ready, Active, Paused:
			if j.Account == of.Account {
				waiting = append(waiting, j)
			}
		default: // it does not run yet, or no more
		}
	}
	// Of equal ones those go on that run, then those that were paused.
	turn := map[Status]int{Active: 0, Paused: 1, Ready: 2}
	slices.SortStableFunc(waiting, func(a, b *job) int {
		return cmp.Or(cmp.Compare(b.Priority, a.Priority), cmp.Compare(turn[a.Status], turn[b.Status]))
	})
	var running []*job
	for _, j := range waiting {
		blocked := len(running) == mostActive || slices.ContainsFunc(running, func(r *job) bool {
			return r.Region == j.Region && r.Priority > j.Priority && r.bucket() != j.bucket()
		})
		switch {
		case blocked && j.Status == Active:
			js.set(j, Pausing)
			js.after(j, untilPaused, js.pause)
		case blocked, j.Status == Ready && !j.due:
		case j.Status != Active:
			js.set(j, Active)
			js.after(j, 0, js.work)
			running = append(running, j)
		default:
			running = append(running, j)
		}
	}
}

// bucket is the one that a job is about: that of its first task.
func (j *job) bucket() string {
	if len(j.tasks) == 0 {
		return ""
	}
	return j.tasks[0].bucket
}

// begin lets a job run that has been Ready for a moment, if it may.
func (js *Jobs) begin(j *job) {
	j.due = true
	js.admit(j)
}

func (js *Jobs) pause(j *job) {
	js.set(j, Paused)
	js.admit(j)
}
