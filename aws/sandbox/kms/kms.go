// Package kms is the sandbox's AWS KMS as far as replication has to know it:
// whether a key is there, whether it can be used, and who may use it. It
// encrypts nothing.
package kms

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

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

// Key is one key. Its JSON form is what is kept of it between runs.
type Key struct {
	// ARN is arn:aws:kms:REGION:ACCOUNT:key/ID.
	ARN   string
	State State
	// Text is the key policy as JSON; "" is that of a key made without one,
	// which leaves the decision to the account's IAM policies.
	Text string `json:"Policy"`
	// Grants are what is allowed beside the policy, the oldest first.
	Grants []Grant `json:",omitempty"`
	// Policy is what Text says, and what the grants allow beside it.
	Policy      *policy.Document `json:"-"`
	Description string           `json:",omitempty"`
	Created     time.Time        `json:",omitzero"`
	// Deletion is when a key that is pending deletion is deleted.
	Deletion time.Time `json:",omitzero"`
	// Aliases are the names of its aliases, with "alias/".
	Aliases []string `json:",omitempty"`
	// Managed says that AWS manages it: aws/s3.
	Managed bool `json:"-"`
}

// Usable says whether the key can encrypt and decrypt.
func (k Key) Usable() bool { return k.State == Enabled }

// Registry holds the keys of all accounts and regions. While it is empty
// every key counts as one that is there and usable, so that whoever does not
// care about keys need not set any. It is safe for concurrent use.
type Registry struct {
	// Watch, if set, is told of each change.
	Watch func(Key)

	changing sync.Mutex // held by Alone, and never taken while mu is held
	mu       sync.RWMutex
	keys     map[string]Key
}

// Alone runs what puts keys by what it read of them, while no other such thing
// runs.
func (r *Registry) Alone(change func()) {
	r.changing.Lock()
	defer r.changing.Unlock()
	change()
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
	if k.Text == "" {
		k.Text = defaultPolicy(k.ARN)
	}
	whole, err := k.withGrants()
	if err != nil {
		return fmt.Errorf("grants of KMS key %s: %w", k.ARN, err)
	}
	parsed, err := policy.Parse(whole, policy.Resource)
	if err != nil {
		return fmt.Errorf("policy of KMS key %s: %w", k.ARN, err)
	}
	k.Policy = parsed
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.keys == nil {
		r.keys = map[string]Key{}
	}
	r.keys[k.ARN] = k
	if r.Watch != nil {
		r.Watch(k)
	}
	return nil
}

// All returns the keys that were put, by ARN.
func (r *Registry) All() []Key {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return slices.SortedFunc(maps.Values(r.keys), func(x, y Key) int { return strings.Compare(x.ARN, y.ARN) })
}

// Find returns the key that a request for a bucket in a region and account
// names: by ARN, by id or by an alias. "" and the alias aws/s3 are the
// account's AWS managed key, which is always there.
func (r *Registry) Find(name, region, account string) (Key, bool) {
	arn := ARN(name, region, account)
	if at, owner, id, _ := split(arn); IsManaged(name) || id == "key/"+managedID(at, owner) {
		k, err := managed(at, owner)
		return k, err == nil
	}
	r.mu.RLock()
	defer r.mu.RUnlock()
	if len(r.keys) == 0 {
		k := Key{ARN: arn, State: Enabled, Text: defaultPolicy(arn)}
		parsed, err := policy.Parse(k.Text, policy.Resource)
		k.Policy = parsed
		return k, err == nil
	}
	if prefix, alias, found := strings.Cut(arn, ":alias/"); found {
		for _, k := range r.keys {
			if strings.HasPrefix(k.ARN, prefix+":") && slices.Contains(k.Aliases, "alias/"+alias) {
				return k, true
			}
		}
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
		name = managedAlias
	}
	if !strings.HasPrefix(name, "alias/") {
		name = "key/" + name
	}
	return "arn:aws:kms:" + region + ":" + account + ":" + name
}

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
