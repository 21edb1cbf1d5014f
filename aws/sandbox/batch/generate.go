package batch

import (
	"slices"
	"strings"
	"time"

	"bothways/aws/sandbox/storageclass"
	"bothways/aws/sandbox/store"
)

// Generator is which versions of a bucket a job is about.
type Generator struct {
	Bucket        string
	ExpectedOwner string // of the bucket, "" for any
	Filter        Filter
	Output        *Output // nil: the list is written nowhere
}

// Filter chooses versions. What is not set does not narrow it.
type Filter struct {
	Eligible                  bool // for replication, by the rules that there are
	After, Before             time.Time
	Statuses                  []string // NONE, FAILED, COMPLETED, REPLICA
	Prefix, Substring, Suffix string
	LargerThan, SmallerThan   *int64 // bytes
	Classes                   []string
	Encryption                string // SSE-S3, SSE-KMS, DSSE-KMS, SSE-C, NOT-SSE
}

// generate lists the versions of a bucket that a generator chooses.
func (js *Jobs) generate(o Order, id string, s Session) ([]task, *Object, *Failure) {
	g := o.Generator
	b, found := js.Store.Bucket(g.Bucket)
	switch {
	case !found:
		return nil, nil, &Failure{Reason: "The source bucket " + g.Bucket + " does not exist."}
	case g.ExpectedOwner != "" && g.ExpectedOwner != b.Owner:
		return nil, nil, &Failure{Reason: "The source bucket " + g.Bucket + " does not belong to the account " + g.ExpectedOwner + "."}
	case b.Region != o.Region:
		return nil, nil, &Failure{Reason: "The source bucket " + g.Bucket + " is in " + b.Region + ", and the job in " + o.Region + "."}
	}
	for _, action := range []string{"s3:GetReplicationConfiguration", "s3:PutInventoryConfiguration"} {
		if !s.May(action, b.ARN(), nil) {
			return nil, nil, &Failure{Reason: "Error occurred when preparing manifest: Access denied when accessing " + b.ARN() + ". " + action + " required."}
		}
	}
	chosen := g.Filter.chooser(js.Engine.Coverer(b))
	var tasks []task
	for q := (store.Query{Max: 1000}); ; {
		page := b.AllVersions(q)
		for _, entry := range page.Entries {
			if chosen(entry.Version) {
				tasks = append(tasks, task{bucket: b.Name, key: entry.Key, version: entry.ID})
			}
		}
		if !page.Truncated {
			break
		}
		q.After, q.AfterVersion = page.NextKey, page.NextVersion
	}
	if len(tasks) == 0 {
		return nil, nil, &Failure{Reason: "Manifest generation found no keys matching the filter criteria."}
	}
	if g.Output == nil {
		return tasks, nil, nil
	}
	written, failure := js.writeManifest(o, id, s, tasks)
	return tasks, written, failure
}

// chooser returns the function that applies the filter.
func (f *Filter) chooser(eligible func(*store.Version) bool) func(*store.Version) bool {
	return func(v *store.Version) bool {
		switch {
		case !strings.HasPrefix(v.Key, f.Prefix), !strings.HasSuffix(v.Key, f.Suffix), !strings.Contains(v.Key, f.Substring),
			!f.After.IsZero() && !v.Modified.After(f.After),
			!f.Before.IsZero() && !v.Modified.Before(f.Before),
			f.LargerThan != nil && v.Size <= *f.LargerThan,
			f.SmallerThan != nil && v.Size >= *f.SmallerThan,
			len(f.Statuses) > 0 && !slices.Contains(f.Statuses, statusOf(v)),
			len(f.Classes) > 0 && !slices.ContainsFunc(f.Classes, func(class string) bool { return storageclass.Kept(class) == v.StorageClass }),
			f.Encryption != "" && f.Encryption != encryptionOf(v):
			return false
		}
		return !f.Eligible || eligible(v)
	}
}

// statusOf names the status of a version as generators do, who know no PENDING
// (S3 API Reference, JobManifestGeneratorFilter).
func statusOf(v *store.Version) string {
	if status := v.Status(); status != "" {
		return string(status)
	}
	return "NONE"
}

func encryptionOf(v *store.Version) string {
	switch {
	case v.Encryption.CustomerKeyMD5 != "":
		return "SSE-C"
	case v.Encryption.Algorithm == "aws:kms":
		return "SSE-KMS"
	case v.Encryption.Algorithm == "aws:kms:dsse":
		return "DSSE-KMS"
	case v.Encryption.Algorithm == "":
		return "NOT-SSE"
	}
	return "SSE-S3"
}
