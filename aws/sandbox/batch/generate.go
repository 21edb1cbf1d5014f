package batch

import (
	"time"
)

// Generator is which versions of a bucket a job is about.
type Generator struct {
	Bucket        string
	ExpectedOwner string // of the bucket, "" for any
	Output        *Output
	Filter        Filter
}

// Output is where a generated manifest is written.
type Output struct {
	Bucket, Prefix string
	ExpectedOwner  string // of the bucket, "" for any
	// Headers ask for its encryption.
	Headers map[string]string
}

// Filter chooses versions. What is not set does not narrow it.
type Filter struct {
	Eligible                  bool
	CreatedAfter              time.Time
	CreatedBefore             time.Time
	Statuses                  []string // NONE, FAILED, COMPLETED, REPLICA
	Prefix, Suffix, Substring string
	Above, Below              *int64 // bytes
	Classes                   []string
	Encryptions               []string // SSE-S3, SSE-KMS …
}

func (js *Jobs) generate(Order, string, Session) ([]task, *Object, *Failure) {
	return nil, nil, &Failure{Reason: "not yet"}
}
