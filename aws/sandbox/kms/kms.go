// Package kms knows KMS keys as far as replication has to: whether a key is
// there, whether it can be used, and what its policy says. It encrypts
// nothing.
package kms

import (
	"fmt"
	"strings"
	"sync"

	"bothways/aws/sandbox/iam/policy"
)

// State is the state of a key (AWS KMS Developer Guide, Key states).
type State string

// The states.
const (
	Enabled         State = "Enabled"
	Disabled        State = "Disabled"
	PendingDeletion State = "PendingDeletion"
)

// Key is one key.
type Key struct {
	// ARN is arn:aws:kms:REGION:ACCOUNT:key/ID.
	ARN   string
	State State
	// Policy is the key policy; nil is that of a key made without one, which
	// leaves the decision to the account's IAM policies.
	Policy *policy.Document
}

// Usable says whether the key can encrypt and decrypt.
func (k Key) Usable() bool { return k.State == Enabled }

// Registry holds the keys of all accounts and regions. While it is empty
// every key counts as one that is there and usable, so that whoever does not
// care about keys need not set any. It is safe for concurrent use.
type Registry struct {
	mu   sync.RWMutex
	keys map[string]Key
}

// Put adds a key or replaces the one of that ARN.
func (r *Registry) Put(k Key) error {
	if _, account, id, ok := split(k.ARN); !ok || account == "" || !strings.HasPrefix(id, "key/") {
		return fmt.Errorf("%q is not the ARN of a KMS key", k.ARN)
	}
	switch k.State {
	case "":
		k.State = Enabled
	case Enabled, Disabled, PendingDeletion:
	default:
		return fmt.Errorf("KMS key %s: there is no state %q", k.ARN, k.State)
	}
	if k.Policy == nil {
		parsed, err := defaultPolicy(k.ARN)
		if err != nil {
			return err
		}
		k.Policy = parsed
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.keys == nil {
		r.keys = map[string]Key{}
	}
	r.keys[k.ARN] = k
	return nil
}

// Find returns the key that a request for a bucket in a region and account
// names: by ARN or by id. "" and the alias aws/s3 are the account's AWS
// managed key, which is always there.
func (r *Registry) Find(name, region, account string) (Key, bool) {
	arn := ARN(name, region, account)
	if IsManaged(name) {
		return Key{ARN: arn, State: Enabled}, true
	}
	r.mu.RLock()
	defer r.mu.RUnlock()
	if len(r.keys) == 0 {
		parsed, err := defaultPolicy(arn)
		return Key{ARN: arn, State: Enabled, Policy: parsed}, err == nil
	}
	k, found := r.keys[arn]
	return k, found
}

// ARN completes the name of a key to its ARN.
func ARN(name, region, account string) string {
	if strings.HasPrefix(name, "arn:") {
		return name
	}
	if name == "" {
		name = "alias/aws/s3"
	}
	if !strings.HasPrefix(name, "alias/") {
		name = "key/" + name
	}
	return "arn:aws:kms:" + region + ":" + account + ":" + name
}

// IsManaged says whether a name is that of the AWS managed key for S3, whose
// policy lets everybody in the account use it through S3.
func IsManaged(name string) bool { return name == "" || strings.HasSuffix(name, "alias/aws/s3") }

// Region returns the region that an ARN names.
func Region(arn string) string {
	region, _, _, _ := split(arn)
	return region
}

// Account returns the account that an ARN names.
func Account(arn string) string {
	_, account, _, _ := split(arn)
	return account
}

func split(arn string) (region, account, id string, ok bool) {
	parts := strings.SplitN(arn, ":", 6)
	if len(parts) != 6 || parts[0] != "arn" || parts[2] != "kms" || parts[3] == "" {
		return "", "", "", false
	}
	return parts[3], parts[4], parts[5], true
}

// defaultPolicy gives the account full access to a key, which lets its IAM
// policies decide (AWS KMS Developer Guide, Default key policy).
func defaultPolicy(arn string) (*policy.Document, error) {
	return policy.Parse(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::`+
		Account(arn)+`:root"},"Action":"kms:*","Resource":"*"}]}`, policy.Resource)
}
