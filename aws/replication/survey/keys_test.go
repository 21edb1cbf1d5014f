package survey

import (
	"fmt"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/account"
	"bothways/aws/pair"
)

// Keys of other accounts are not asked for, so what is known of the first is
// written down while the last is still to come.
func TestManyKeysAreLookedAtSideBySide(t *testing.T) {
	var rules []types.ReplicationRule
	bucket := pair.Side{Bucket: "b", Region: "eu-west-1"}
	for i := range 500 {
		rules = append(rules, types.ReplicationRule{Destination: &types.Destination{
			Bucket: aws.String(bucket.BucketARN()),
			EncryptionConfiguration: &types.EncryptionConfiguration{
				ReplicaKmsKeyID: aws.String(fmt.Sprintf("arn:aws:kms:eu-west-1:999999999999:key/%d", i)),
			},
		}})
	}
	s := &Survey{
		World: World{Pair: pair.Pair{A: pair.Side{Bucket: "a", Region: "eu-west-2"}, B: bucket}, A: &account.Clients{}, B: &account.Clients{}},
		Sides: map[pair.SideName]Side{
			pair.A: {Replication: &types.ReplicationConfiguration{Rules: rules}, Identity: account.Identity{Account: "000000000000"}},
			pair.B: {Identity: account.Identity{Account: "000000000000"}},
		},
	}
	if err := s.lookAtKeys(t.Context()); err != nil {
		t.Fatal(err)
	}
	for arn, k := range s.Keys {
		if k.ARN != arn || k.Unread == "" {
			t.Errorf("of %s is known %+v", arn, k)
		}
	}
	if len(s.Keys) != len(rules) {
		t.Errorf("%d keys are known of %d", len(s.Keys), len(rules))
	}
}

// KMS Developer Guide, "Key states of AWS KMS keys", has a table of what can be
// done in each.
func TestAKeyIsUsableInItsStates(t *testing.T) {
	for state, usable := range map[string]bool{
		"": true, "Enabled": true, "Updating": true, "Disabled": false, "PendingDeletion": false, "PendingReplicaDeletion": false,
		"PendingImport": false, "Unavailable": false, "Creating": false, MissingKey: false,
	} {
		if got := (Key{State: state}).Unusable() == ""; got != usable {
			t.Errorf("%q: usable is %t", state, got)
		}
	}
}
