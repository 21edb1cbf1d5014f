package batch

import "bothways/aws/sandbox/replicate"

// missingVersion is the code of a task whose line has nothing in the column of
// the version (S3 User Guide, Troubleshoot Batch Operations: 400
// InvalidRequest).
const missingVersion = "InvalidRequest"

// invoke begins a task; ended is told the reason of its failure, "" if it
// succeeded.
func (js *Jobs) invoke(s Session, region string, t task, again bool, ended func(reason string)) {
	b, found := js.Store.Bucket(t.bucket)
	switch {
	case t.noVersion:
		ended(missingVersion)
	case !found:
		ended(replicate.SrcBucketNotFound)
	case b.Region != region:
		ended(replicate.SrcBucketInvalidRegion)
	case !s.May("s3:InitiateReplication", b.ObjectARN(t.key), nil):
		ended(replicate.InitiateReplicationNotPermitted)
	default:
		js.Engine.Initiate(b, t.key, t.version, again, ended)
	}
}
