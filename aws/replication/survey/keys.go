package survey

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/sourcegraph/conc/pool"

	"bothways/aws/account"
	"bothways/aws/apierror"
	"bothways/aws/pair"
	"bothways/aws/policy"
)

// The rights to read a key.
const (
	ReadKeyPolicy = "kms:GetKeyPolicy"
	ReadKeyState  = "kms:DescribeKey"
)

// Key is what was read of a KMS key.
type Key struct {
	ARN string
	// State is its state as KMS names it: Enabled, Disabled, PendingDeletion …;
	// "" is unknown, and "missing" says that there is no such key.
	State string
	// Policy is its key policy as it reads; "" is unknown.
	Policy string
	// Unread says why it is unknown, with the right that reads it, or "".
	Unread   string
	document *policy.Document
	// grants are its grants as statements; nil is unknown, and ungranted says why.
	grants    *policy.Document
	ungranted string
}

// MissingKey is the state of a key that is not there.
const MissingKey = "missing"

// Unusable says why nothing can be done with the key, or "". While a multi-Region
// key gets another primary it reads Updating, and encrypts and decrypts all the
// same (KMS Developer Guide, "Key states of AWS KMS keys").
func (k Key) Unusable() string {
	switch k.State {
	case "", "Enabled", "Updating":
		return ""
	case MissingKey:
		return "there is no such key"
	case "Disabled":
		return "it is disabled"
	case "PendingDeletion":
		return "it is pending deletion"
	}
	return "its state is " + k.State
}

// KeyARN completes the name of a key of a side's account, by ARN or ID, to its
// ARN; it is "" for an alias, which does not tell the key.
func (s *Survey) KeyARN(name pair.SideName, key string) string {
	region := s.World.Pair.Side(name).Region
	switch {
	case key == "" || strings.Contains(key, "alias/"):
		return ""
	case strings.HasPrefix(key, "arn:"):
		return key
	}
	return "arn:" + pair.PartitionOf(region) + ":kms:" + region + ":" + s.Sides[name].Identity.Account + ":key/" + key
}

// lookAtKeys reads the keys that the pair has to do with: those that are given,
// those of the buckets by default, and those of the rules for replicas.
func (s *Survey) lookAtKeys(ctx context.Context) error {
	s.Keys = map[string]Key{}
	for _, name := range pair.Sides() {
		names := []string{s.World.Pair.Given.Key(name), s.Sides[name].DefaultKey}
		if c := s.Sides[name.Other()].Replication; c != nil {
			for _, r := range c.Rules {
				if r.Destination != nil && r.Destination.EncryptionConfiguration != nil &&
					aws.ToString(r.Destination.Bucket) == s.World.Pair.Side(name).BucketARN() {
					names = append(names, aws.ToString(r.Destination.EncryptionConfiguration.ReplicaKmsKeyID))
				}
			}
		}
		for _, key := range names {
			if arn := s.KeyARN(name, key); arn != "" {
				s.Keys[arn] = Key{ARN: arn}
			}
		}
	}
	var mu sync.Mutex
	group := pool.New().WithContext(ctx).WithCancelOnError().WithFirstError()
	for _, arn := range slices.Sorted(maps.Keys(s.Keys)) { // not over the map, which those that run already write to
		group.Go(func(ctx context.Context) error {
			found, err := s.readKey(ctx, arn)
			mu.Lock()
			defer mu.Unlock()
			s.Keys[arn] = found
			return err
		})
	}
	return group.Wait()
}

// readKey reads a key by the credentials of its own account: to others KMS does
// not show the policy (KMS API Reference, GetKeyPolicy: cross-account use).
// Without it all goes on, and what it says is not known.
func (s *Survey) readKey(ctx context.Context, arn string) (Key, error) {
	k := Key{ARN: arn}
	clients := s.keeper(arn)
	if clients == nil {
		k.Unread = "it is one of account " + AccountOf(arn) + ", which alone can read its policy"
		return k, nil
	}
	brief, cancel := context.WithTimeout(ctx, optionalWithin)
	defer cancel()
	there := func(o *kms.Options) { o.Region = regionOfARN(arn) }
	described, err := clients.KMS.DescribeKey(brief, &kms.DescribeKeyInput{KeyId: &arn}, there)
	switch {
	case err == nil && described.KeyMetadata != nil:
		k.State, k.ARN = string(described.KeyMetadata.KeyState), aws.ToString(described.KeyMetadata.Arn)
	case apierror.Code(err) == "NotFoundException":
		k.State = MissingKey
		return k, nil
	case passed(ctx, err) != nil:
		return k, fmt.Errorf("read key %s: %w", arn, err)
	}
	out, err := clients.KMS.GetKeyPolicy(brief, &kms.GetKeyPolicyInput{KeyId: &k.ARN}, there)
	if err != nil {
		k.Unread = ReadKeyPolicy + ": " + cmp.Or(apierror.Code(err), "no answer")
		if err := passed(ctx, err); err != nil {
			return k, fmt.Errorf("read the policy of key %s: %w", arn, err)
		}
		return k, nil
	}
	k.Policy = aws.ToString(out.Policy)
	if k.document, err = policy.Parse(k.Policy); err != nil { // KMS took it, so it means something that is not known here
		k.Unread = "its policy is not understood: " + err.Error()
	}
	if k.grants, err = grantsOf(brief, clients.KMS, k.ARN, there); err != nil {
		k.ungranted = ListGrants + ": " + cmp.Or(apierror.Code(err), "no answer")
		if err := passed(ctx, err); err != nil {
			return k, fmt.Errorf("list the grants of key %s: %w", arn, err)
		}
	}
	return k, nil
}

// WithKey is the survey with what is read of one more key, as a copy of its own.
func (s *Survey) WithKey(ctx context.Context, arn string) (*Survey, error) {
	if _, known := s.Keys[arn]; known || AccountOf(arn) == "" {
		return s, nil
	}
	more := *s
	more.Keys = map[string]Key{}
	maps.Copy(more.Keys, s.Keys)
	found, err := s.readKey(ctx, arn)
	more.Keys[arn] = found
	return &more, err
}

// keeper are the clients of the account that a key belongs to, those of its region
// first; nil if it is neither side's.
func (s *Survey) keeper(arn string) *account.Clients {
	var found *account.Clients
	for _, name := range pair.Sides() {
		clients, side := s.World.Clients(name), s.Sides[name]
		if side.Identity.Account == AccountOf(arn) && !side.RegionOff && (found == nil || clients.Region == regionOfARN(arn)) {
			found = clients
		}
	}
	return found
}

// regionOfARN is the region that an ARN names.
func regionOfARN(arn string) string {
	if parts := strings.SplitN(arn, ":", 6); len(parts) == 6 {
		return parts[3]
	}
	return ""
}
