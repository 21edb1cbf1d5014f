// Package fis is the sandbox's AWS Fault Injection Service (FIS), as far as pausing
// the replication of buckets goes: templates, experiments, the safety lever,
// and the one action aws:s3:bucket-pause-replication (AWS FIS API Reference;
// AWS FIS User Guide).
//
// What a comment calls undocumented, AWS has published nothing about: what the
// sandbox does there is a choice of ours, and a client must not rely on it.
package fis

import (
	"crypto/rand"
	"slices"
	"sync"
	"time"

	"bothways/aws/sandbox/iam"
	"bothways/aws/sandbox/replicate"
	"bothways/aws/sandbox/state"
	"bothways/aws/sandbox/store"
)

// Service is who assumes the roles of experiments.
const Service = "fis.amazonaws.com"

// Pauses is how pauses go, where AWS leaves it open.
type Pauses struct {
	// Tail is what a pause lets through at its beginning. Its times are
	// simulated.
	Tail replicate.Tail
	// Drain is how many versions a simulated second begin their way after a
	// pause; 0 is all at once.
	Drain float64
	// Shows is what S3 says of a bucket while it lasts.
	Shows replicate.Shows
}

// Config is what the service works with.
type Config struct {
	Store    *store.Store
	Engine   *replicate.Engine
	Accounts *iam.Accounts
	// Seed fixes which buckets COUNT and PERCENT choose.
	Seed uint64
	// Scale divides all times.
	Scale float64
	// Assume has FIS assume a role with condition keys for its trust policy.
	Assume func(roleARN string, said map[string]string) (replicate.May, error)
	// InAlarm says whether an alarm of CloudWatch is in the state ALARM, and
	// whether it is there at all; nil knows none.
	InAlarm func(account, region, arn string) (rings, found bool)
	Pauses
}

// The times that an experiment takes besides its actions are made up, as
// plausible ones: AWS documents none.
const (
	untilInitiating = time.Second
	untilRunning    = 2 * time.Second
	untilStopped    = 2 * time.Second
	lookAtAlarms    = 10 * time.Second
)

// Quotas of an account in a region (AWS FIS User Guide, Quotas and
// limitations).
const (
	mostTemplates  = 500
	mostActive     = 5 // experiments
	mostActions    = 20
	mostConditions = 5 // that stop
	mostBuckets    = 20
	mostTags       = 50
	keptFor        = 120 * 24 * time.Hour // an experiment that has ended
)

// API serves FIS in all regions, for all accounts. It is safe for concurrent
// use.
type API struct {
	Config

	mu          sync.Mutex
	templates   []*Template // by creation
	experiments []*experiment
	levers      map[place]Lever
	log         *state.Log
	closed      bool
	running     sync.WaitGroup // steps of experiments
}

// place is an account in a region.
type place struct{ account, region string }

// New makes a service without an experiment.
func New(config Config) *API { return &API{Config: config, levers: map[place]Lever{}} }

// Close stops all timers and returns when no step of an experiment runs any
// more.
func (a *API) Close() {
	a.mu.Lock()
	a.closed = true
	for _, e := range a.experiments {
		e.stopTimers()
	}
	a.mu.Unlock()
	a.running.Wait()
}

func (a *API) scaled(d time.Duration) time.Duration {
	return time.Duration(float64(d) / a.Scale)
}

// forget drops the experiments that ended long ago. The lock is held.
func (a *API) forget() {
	oldest := time.Now().Add(-a.scaled(keptFor))
	a.experiments = slices.DeleteFunc(a.experiments, func(e *experiment) bool { return e.State.Status.Ended() && e.Ended.Before(oldest) })
}

// newID makes an id as FIS has them: a prefix and letters and digits.
func newID(prefix string) string {
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
	var b [14]byte
	_, _ = rand.Read(b[:]) // never fails
	for i := range b {
		b[i] = letters[int(b[i])%len(letters)]
	}
	return prefix + string(b[:])
}

func arn(region, account, resource string) string {
	return "arn:aws:fis:" + region + ":" + account + ":" + resource
}
