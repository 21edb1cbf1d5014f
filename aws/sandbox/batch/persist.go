package batch

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"bothways/aws/sandbox/state"
)

// The kinds of entries that jobs keep in a log.
const (
	entryJob   = "batch-job"
	entryTasks = "batch-tasks"
	entryEnded = "batch-ended"
)

// tasksRecord is a run of the tasks of a job.
type tasksRecord struct {
	Job   string
	From  int
	Tasks []taskRecord
}

type taskRecord struct {
	Bucket, Key string
	Version     string `json:",omitempty"`
	NoVersion   bool   `json:",omitempty"`
}

// endedRecord is what came of a task.
type endedRecord struct {
	Job    string
	Task   int
	Reason string `json:",omitempty"`
}

// persist, persistTasks and persistEnded log a change. The lock is held.
func (js *Jobs) persist(j *job) { js.log.Append(entryJob, j.Job) }

func (js *Jobs) persistTasks(j *job) {
	if js.log != nil {
		j.writeTasks(js.log.Append)
	}
	js.persist(j)
}

func (js *Jobs) persistEnded(j *job, at int) {
	js.log.Append(entryEnded, endedRecord{j.ID, at, j.tasks[at].reason})
}

func (j *job) writeTasks(write func(kind string, value any)) {
	const most = 1024
	for from := 0; from < len(j.tasks); from += most {
		run := j.tasks[from:min(from+most, len(j.tasks))]
		r := tasksRecord{Job: j.ID, From: from, Tasks: make([]taskRecord, len(run))}
		for i, t := range run {
			r.Tasks[i] = taskRecord{t.bucket, t.key, t.version, t.noVersion}
		}
		write(entryTasks, r)
	}
}

// Dump writes down all jobs that there are. Nothing may change meanwhile.
func (js *Jobs) Dump(write func(kind string, value any)) {
	js.forget()
	for _, j := range js.all {
		write(entryJob, j.Job)
		j.writeTasks(write)
		for at, t := range j.tasks {
			if t.ended {
				write(entryEnded, endedRecord{j.ID, at, t.reason})
			}
		}
	}
}

// Replay takes in an entry of a log and reports whether it is one of jobs. It is
// for jobs that do not run yet.
func (js *Jobs) Replay(kind string, value json.RawMessage) (mine bool, err error) {
	switch kind {
	case entryJob:
		err = state.Take(value, js.replayJob)
	case entryTasks:
		err = state.Take(value, js.replayTasks)
	case entryEnded:
		err = state.Take(value, js.replayEnded)
	default:
		return false, nil
	}
	return true, err
}

// named returns the job of an id, nil if there is none.
func (js *Jobs) named(id string) *job {
	if i := slices.IndexFunc(js.all, func(j *job) bool { return j.ID == id }); i >= 0 {
		return js.all[i]
	}
	return nil
}

func (js *Jobs) replayJob(record Job) error {
	j := js.named(record.ID)
	if j == nil {
		j = &job{again: true}
		js.all = append(js.all, j)
	}
	j.Job = record
	if record.Status.Ended() {
		j.tasks = nil
	}
	return nil
}

func (js *Jobs) replayTasks(r tasksRecord) error {
	j := js.named(r.Job)
	if j == nil {
		return fmt.Errorf("tasks of the job %s, which is not there", r.Job)
	}
	j.tasks = j.tasks[:min(r.From, len(j.tasks))] // of a preparation that was repeated
	for _, t := range r.Tasks {
		j.tasks = append(j.tasks, task{bucket: t.Bucket, key: t.Key, version: t.Version, noVersion: t.NoVersion})
	}
	return nil
}

func (js *Jobs) replayEnded(r endedRecord) error {
	j := js.named(r.Job)
	if j == nil || r.Task < 0 || r.Task >= len(j.tasks) {
		return fmt.Errorf("a task of the job %s, which is not there", r.Job)
	}
	j.tasks[r.Task].ended, j.tasks[r.Task].reason = true, r.Reason
	return nil
}

// Persist has all changes from now on written to a log, which has what is there
// already, and lets the jobs that were read from one go on.
func (js *Jobs) Persist(l *state.Log) {
	js.mu.Lock()
	defer js.mu.Unlock()
	js.log = l
	for _, j := range slices.Clone(js.all) {
		js.resume(j)
	}
}

// resume plans the next step of a job where it was cut off.
func (js *Jobs) resume(j *job) {
	if !j.Status.Ended() {
		j.Succeeded, j.Failed = 0, 0
		for _, t := range j.tasks {
			switch {
			case t.ended && t.reason == "":
				j.Succeeded++
			case t.ended:
				j.Failed++
			}
		}
	}
	switch j.Status {
	case New, Preparing:
		js.after(j, untilPreparing, js.prepare)
	case Suspended:
		waited := time.Duration(float64(time.Since(j.SuspendedAt)) * js.Scale)
		js.after(j, confirmedWithin-waited, js.expire)
	case Pausing:
		js.after(j, untilPaused, js.pause)
	case Ready, Paused:
		js.after(j, untilActive, js.begin)
	case Active:
		if j.Succeeded+j.Failed == len(j.tasks) {
			js.end(j, Completing)
			return
		}
		js.after(j, 0, js.work)
	case Completing, Cancelling, Failing:
		js.after(j, untilEnded, js.finish)
	case Complete, Cancelled, Failed:
	}
}
