package sandbox

import "bothways/aws/sandbox/kms"

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
// only keys that were put or made exist; before that every key counts as a
// good one.
func (s *Sandbox) PutKMSKey(k KMSKey) (err error) {
	s.keys.Alone(func() { err = s.keys.Put(kms.Key{ARN: k.ARN, State: kms.State(k.State), Text: k.Policy}) })
	return err
}
