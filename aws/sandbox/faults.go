package sandbox

import (
	"fmt"

	"bothways/aws/sandbox/iam/policy"
	"bothways/aws/sandbox/kms"
	"bothways/aws/sandbox/replicate"
)

// Outage cuts a region off until restore is called: requests to it are
// answered with 503, and what is to be replicated from or to it stays PENDING
// and is delivered afterwards, with delays drawn anew.
func (s *Sandbox) Outage(region string) (restore func()) {
	return s.engine.Obstruct(replicate.Obstacle{Region: region})
}

// KMSKey is a key of KMS as far as replication has to know it.
type KMSKey struct {
	// ARN is arn:aws:kms:REGION:ACCOUNT:key/ID.
	ARN string `json:"arn"`
	// State is Enabled, Disabled or PendingDeletion; "" means Enabled.
	State string `json:"state,omitempty"`
	// Policy is the key policy as JSON; "" leaves the decision to the IAM
	// policies of the key's account.
	Policy string `json:"-"`
}

// PutKMSKey adds a key or replaces the one of that ARN. From the first one on
// only keys that were put exist; before that every key counts as a good one.
func (s *Sandbox) PutKMSKey(k KMSKey) error {
	key := kms.Key{ARN: k.ARN, State: kms.State(k.State)}
	if k.Policy != "" {
		parsed, err := policy.Parse(k.Policy, policy.Resource)
		if err != nil {
			return fmt.Errorf("policy of KMS key %s: %w", k.ARN, err)
		}
		key.Policy = parsed
	}
	if err := s.keys.Put(key); err != nil {
		return err
	}
	kept := kmsKeyRecord(k)
	s.closing.Lock()
	defer s.closing.Unlock()
	s.kmsKeys[k.ARN] = kept
	s.state.Append(entryKMSKey, kept)
	return nil
}

// Pause says what a pause of replication covers, as the action
// aws:s3:bucket-pause-replication of AWS Fault Injection Service does.
type Pause struct {
	// Bucket is the source.
	Bucket string
	// Region is that of the destinations; "" means all.
	Region string
	// DestinationBuckets and Prefixes narrow it further.
	DestinationBuckets, Prefixes []string
}

// PauseReplication holds replication back until resume: unlike with a rule
// that is disabled, what is written meanwhile is PENDING and arrives
// afterwards.
func (s *Sandbox) PauseReplication(p Pause) (resume func()) {
	return s.engine.Obstruct(replicate.Obstacle{
		Source: p.Bucket, To: p.Region, Destinations: p.DestinationBuckets, Prefixes: p.Prefixes,
	})
}

// CutDirection stops replication from one region to another until restore.
// Requests to both are answered, what is to be replicated stays PENDING.
func (s *Sandbox) CutDirection(from, to string) (restore func()) {
	return s.engine.Obstruct(replicate.Obstacle{From: from, To: to})
}
