// Package batch runs the jobs of S3 Batch Operations, as far as they replicate
// objects: it reads or generates their manifests, has the replication engine
// carry out their tasks, and writes their reports (S3 User Guide, Performing
// object operations in bulk with Batch Operations).
package batch

import (
	"time"

	"bothways/aws/sandbox/store"
)

// Status is where a job stands (S3 User Guide, Tracking job status and
// completion reports).
type Status string

// The statuses.
const (
	New        Status = "New"
	Preparing  Status = "Preparing"
	Suspended  Status = "Suspended"
	Ready      Status = "Ready"
	Active     Status = "Active"
	Pausing    Status = "Pausing"
	Paused     Status = "Paused"
	Completing Status = "Completing"
	Complete   Status = "Complete"
	Cancelling Status = "Cancelling"
	Cancelled  Status = "Cancelled"
	Failing    Status = "Failing"
	Failed     Status = "Failed"
)

// Statuses are all that there are.
var Statuses = []Status{New, Preparing, Suspended, Ready, Active, Pausing, Paused, Completing, Complete, Cancelling, Cancelled, Failing, Failed}

// Ended says whether a job stays in a status for good.
func (s Status) Ended() bool { return s == Complete || s == Cancelled || s == Failed }

// Ending says whether a job has ended or is about to.
func (s Status) Ending() bool {
	return s.Ended() || s == Completing || s == Cancelling || s == Failing
}

// Order is what a job is to do.
type Order struct {
	Account, Region string
	// Token and Document, which is the request in one form, tell a repeated
	// request from another one.
	Token, Document string
	RoleARN         string
	// Confirm lets the job wait until somebody confirms it.
	Confirm   bool
	Manifest  *Manifest  // nil: it is generated
	Generator *Generator // nil: there is a manifest
	Report    Report
}

// Manifest is where the list of objects lies.
type Manifest struct {
	Object
	// Versions says that the third column is a version.
	Versions bool
}

// Object names an object of S3.
type Object struct {
	Bucket, Key string
	VersionID   string // "" for the newest
	ETag        string // without quotation marks
}

// Report is where the results go.
type Report struct {
	Enabled        bool
	Bucket, Prefix string
	ExpectedOwner  string // of the bucket, "" for any
	FailedOnly     bool
}

// Failure says why a job failed. AWS documents few codes; where there is none
// the code is "".
type Failure struct{ Code, Reason string }

// Job is a job as it stands.
type Job struct {
	Order
	ID       string
	Created  time.Time
	Priority int
	Tags     []store.Tag
	Status   Status
	Since    time.Time // of the status
	Ended    time.Time
	// SuspendedAt is when it began to wait for being confirmed.
	SuspendedAt time.Time
	// Update is why its status was changed by somebody.
	Update    string
	Failures  []Failure
	Generated *Object // the manifest that was generated and written
	// Total, Succeeded and Failed count tasks.
	Total, Succeeded, Failed int
	// Worked is how long it was Active before Since.
	Worked time.Duration
}

// ARN returns the job's resource name.
func (j *Job) ARN() string { return "arn:aws:s3:" + j.Region + ":" + j.Account + ":job/" + j.ID }

// Elapsed returns how long the job has been Active.
func (j *Job) Elapsed() time.Duration {
	if j.Status == Active {
		return j.Worked + time.Since(j.Since)
	}
	return j.Worked
}

// job is a Job that runs. The lock of Jobs guards it.
type job struct {
	Job
	tasks   []task
	due     bool // it has been Ready long enough
	invoked int  // tasks before this one were begun
	again   bool // a restart has cut it off
	timer   *time.Timer
}

// task is one object of a manifest, and what came of it.
type task struct {
	bucket, key string
	version     string // "" for the newest
	noVersion   bool   // there is a column for the version, and nothing in it
	ended       bool
	reason      string // "" if it succeeded
}
