package batch

import (
	"time"

	"bothways/aws/sandbox/replicate"
)

// after plans the next step of a job, instead of one that was planned. A step
// runs with the lock held. The lock is held.
func (js *Jobs) after(j *job, d time.Duration, step func(*job)) {
	if j.timer != nil {
		j.timer.Stop()
	}
	var mine *time.Timer
	mine = time.AfterFunc(js.scaled(d), func() {
		js.mu.Lock()
		defer js.mu.Unlock()
		if js.closed || j.timer != mine {
			return // something else was planned meanwhile
		}
		js.running.Add(1)
		defer js.running.Done()
		step(j)
	})
	j.timer = mine
}

// without runs a function without the lock, and reports whether the job stands
// afterwards as it did.
func (js *Jobs) without(j *job, run func()) (same bool) {
	status := j.Status
	js.mu.Unlock()
	run()
	js.mu.Lock()
	return j.Status == status && !js.closed
}

// set changes the status of a job. The lock is held.
func (js *Jobs) set(j *job, status Status) {
	now := time.Now()
	if j.Status == Active {
		j.Worked += now.Sub(j.Since)
	}
	j.Status, j.Since = status, now
	if status.Ended() {
		j.Ended = now
		j.tasks = nil
	}
	js.persist(j)
}

// prepare reads or generates the manifest.
func (js *Jobs) prepare(j *job) {
	js.set(j, Preparing)
	var tasks []task
	var generated *Object
	var failure *Failure
	order, id := j.Order, j.ID
	if !js.without(j, func() { tasks, generated, failure = js.list(order, id) }) {
		return
	}
	if failure != nil {
		js.fail(j, *failure)
		return
	}
	j.tasks, j.Total, j.Generated = tasks, len(tasks), generated
	js.persistTasks(j)
	wait := untilReady + time.Duration(len(tasks))*time.Second/keysASecond
	js.after(j, wait, js.prepared)
}

func (js *Jobs) prepared(j *job) {
	if j.Confirm {
		j.SuspendedAt = time.Now()
		js.set(j, Suspended)
		js.after(j, confirmedWithin, js.expire)
		return
	}
	js.set(j, Ready)
	js.after(j, untilActive, js.begin)
}

// expire fails a job that nobody has confirmed. AWS documents no words for it.
func (js *Jobs) expire(j *job) {
	js.fail(j, Failure{Reason: "The job was not confirmed within 30 days."})
}

// work begins the next tasks.
func (js *Jobs) work(j *job) {
	if j.Status != Active {
		return
	}
	from := j.invoked
	to := min(from+tasksABeat, len(j.tasks))
	j.invoked = to
	batch, role, region, again := j.tasks[from:to:to], j.RoleARN, j.Region, j.again
	if to < len(j.tasks) {
		js.after(j, beat, js.work)
	}
	js.without(j, func() {
		session, err := js.Assume(role)
		for i := range batch {
			at := from + i
			if js.hasEnded(j, at) {
				continue // before a restart
			}
			ended := func(reason string) { js.ended(j, at, reason) }
			if err != nil {
				ended(replicate.AssumeRoleNotPermitted)
				continue
			}
			js.invoke(session, region, batch[i], again, ended)
		}
	})
}

func (js *Jobs) hasEnded(j *job, at int) bool {
	js.mu.Lock()
	defer js.mu.Unlock()
	return at < len(j.tasks) && j.tasks[at].ended
}

// ended notes what came of a task.
func (js *Jobs) ended(j *job, at int, reason string) {
	js.mu.Lock()
	defer js.mu.Unlock()
	if js.closed || at >= len(j.tasks) || j.tasks[at].ended || j.Status.Ending() {
		return
	}
	j.tasks[at].ended, j.tasks[at].reason = true, reason
	if reason == "" {
		j.Succeeded++
	} else {
		j.Failed++
	}
	js.persistEnded(j, at)
	js.judge(j)
}

// The threshold of failures (S3 User Guide, Tracking job failures).
const (
	judgedFrom = 1000 // tasks
	mostFailed = 0.5
)

// judge ends a job of which all tasks have ended, or too many have failed.
func (js *Jobs) judge(j *job) {
	done := j.Succeeded + j.Failed
	switch {
	case done >= judgedFrom && float64(j.Failed) > mostFailed*float64(done):
		js.fail(j, Failure{Reason: "The job's tasks failed at a rate above the threshold of 50 percent."})
	case done == len(j.tasks):
		js.end(j, Completing)
	}
}

func (js *Jobs) fail(j *job, why Failure) {
	j.Failures = append(j.Failures, why)
	js.end(j, Failing)
}

// end brings a job to its end by way of a status.
func (js *Jobs) end(j *job, by Status) {
	js.set(j, by)
	js.after(j, untilEnded, js.finish)
	js.admit(j)
}

// finish writes the report and ends the job.
func (js *Jobs) finish(j *job) {
	last := map[Status]Status{Completing: Complete, Cancelling: Cancelled, Failing: Failed}[j.Status]
	order, id, tasks := j.Order, j.ID, j.tasks
	var failure *Failure
	if !js.without(j, func() { failure = js.report(order, id, tasks) }) {
		return
	}
	if failure != nil {
		j.Failures = append(j.Failures, *failure)
		last = Failed
	}
	js.set(j, last)
}
