package batch

import (
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"time"

	"bothways/aws/sandbox/replicate"
	"bothways/aws/sandbox/state"
	"bothways/aws/sandbox/store"
)

// Service is who assumes the roles of jobs.
const Service = "batchoperations.s3.amazonaws.com"

// What is refused. The API turns these into AWS's codes.
var (
	ErrNoJob        = errors.New("no such job")
	ErrOtherRequest = errors.New("the token belongs to another request")
	ErrStatus       = errors.New("the job's status does not allow it")
)

// Session is a role that was assumed.
type Session struct {
	May replicate.May
	// Send has S3 in a region answer a request of the role.
	Send func(region string, r *http.Request) *http.Response
}

// Config is what jobs work with.
type Config struct {
	Store  *store.Store
	Engine *replicate.Engine
	// Scale divides all times.
	Scale float64
	// Assume has Batch Operations assume a role, as its trust policy allows
	// right now.
	Assume func(roleARN string) (Session, error)
}

// Jobs are all jobs of all accounts and regions. Its methods are safe for
// concurrent use.
type Jobs struct {
	Config

	mu      sync.Mutex
	all     []*job // by creation
	log     *state.Log
	closed  bool
	running sync.WaitGroup // steps of jobs
}

// The times that a job takes besides its tasks are made up, as plausible ones:
// AWS documents none.
const (
	untilPreparing = time.Second
	untilReady     = 2 * time.Second // and keysASecond
	untilActive    = time.Second
	untilPaused    = time.Second
	untilEnded     = 2 * time.Second
	keysASecond    = 50_000 // of a manifest
	tasksABeat     = 250
	beat           = 250 * time.Millisecond
)

// These are AWS's (S3 User Guide, Tracking job status and completion reports;
// S3 API Reference, JobDescriptor).
const (
	confirmedWithin = 30 * 24 * time.Hour
	keptFor         = 90 * 24 * time.Hour
)

// NewJobs makes a Batch Operations without a job.
func NewJobs(config Config) *Jobs { return &Jobs{Config: config} }

// Close stops all jobs and returns when no step of one runs any more.
func (js *Jobs) Close() {
	js.mu.Lock()
	js.closed = true
	for _, j := range js.all {
		if j.timer != nil {
			j.timer.Stop()
		}
	}
	js.mu.Unlock()
	js.running.Wait()
}

func (js *Jobs) scaled(d time.Duration) time.Duration {
	return time.Duration(float64(d) / js.Scale)
}

// Create begins a job, or returns the one that the same request has begun
// before. It refuses with ErrOtherRequest.
func (js *Jobs) Create(o Order, priority int, tags []store.Tag) (id string, err error) {
	js.mu.Lock()
	defer js.mu.Unlock()
	js.forget()
	for _, j := range js.all {
		if j.Account != o.Account || j.Region != o.Region || j.Token != o.Token {
			continue
		}
		if j.Document != o.Document {
			return "", ErrOtherRequest
		}
		return j.ID, nil
	}
	now := time.Now()
	j := &job{Job: Job{Order: o, ID: newID(), Created: now, Since: now, Status: New, Priority: priority, Tags: slices.Clone(tags)}}
	js.all = append(js.all, j)
	js.persist(j)
	js.after(j, untilPreparing, js.prepare)
	return j.ID, nil
}

// newID makes a random UUID of version 4.
func newID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[0:4], b[4:6], b[6:8], b[8:10], b[10:16])
}

// forget drops the jobs that ended long ago. The lock is held.
func (js *Jobs) forget() {
	oldest := time.Now().Add(-js.scaled(keptFor))
	js.all = slices.DeleteFunc(js.all, func(j *job) bool { return j.Status.Ended() && j.Ended.Before(oldest) })
}

// find returns a job of an account in a region. The lock is held.
func (js *Jobs) find(account, region, id string) (*job, error) {
	js.forget()
	for _, j := range js.all {
		if j.ID == id && j.Account == account && j.Region == region {
			return j, nil
		}
	}
	return nil, ErrNoJob
}

// Find returns a job as it stands.
func (js *Jobs) Find(account, region, id string) (Job, error) {
	js.mu.Lock()
	defer js.mu.Unlock()
	j, err := js.find(account, region, id)
	if err != nil {
		return Job{}, err
	}
	return j.Job, nil
}

// List returns the jobs of an account in a region, the newest first.
func (js *Jobs) List(account, region string) []Job {
	js.mu.Lock()
	defer js.mu.Unlock()
	js.forget()
	var jobs []Job
	for _, j := range slices.Backward(js.all) {
		if j.Account == account && j.Region == region {
			jobs = append(jobs, j.Job)
		}
	}
	return jobs
}

// update changes a job and returns it as it stands then.
func (js *Jobs) update(account, region, id string, change func(*job) error) (Job, error) {
	js.mu.Lock()
	defer js.mu.Unlock()
	j, err := js.find(account, region, id)
	if err != nil {
		return Job{}, err
	}
	if err := change(j); err != nil {
		return j.Job, err
	}
	js.persist(j)
	return j.Job, nil
}

// SetPriority changes the priority of a job that has not ended.
func (js *Jobs) SetPriority(account, region, id string, priority int) (Job, error) {
	return js.update(account, region, id, func(j *job) error {
		if j.Status.Ending() {
			return ErrStatus
		}
		j.Priority = priority
		js.admit(j)
		return nil
	})
}

// SetTags replaces the tags of a job.
func (js *Jobs) SetTags(account, region, id string, tags []store.Tag) (Job, error) {
	return js.update(account, region, id, func(j *job) error {
		j.Tags = slices.Clone(tags)
		return nil
	})
}

// Confirm lets a suspended job run.
func (js *Jobs) Confirm(account, region, id, why string) (Job, error) {
	return js.update(account, region, id, func(j *job) error {
		if j.Status != Suspended {
			return ErrStatus
		}
		j.Update = why
		js.set(j, Ready)
		js.after(j, untilActive, js.begin)
		return nil
	})
}

// Cancel ends a job early. What it has begun goes on by itself.
func (js *Jobs) Cancel(account, region, id, why string) (Job, error) {
	return js.update(account, region, id, func(j *job) error {
		if j.Status.Ending() {
			return ErrStatus
		}
		j.Update = why
		js.end(j, Cancelling)
		return nil
	})
}
