package replication_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/pair"
	"bothways/aws/replication/wanted"
	"bothways/aws/sandbox"
)

// covered says whether a rule in force covers keys that begin so, whichever the
// direction; a pair all of whose rules are off is judged as if they were not.
func (l *lab) covered(t *testing.T, prefix string) bool {
	t.Helper()
	on, off := false, false
	for _, side := range pair.Sides() {
		out, err := l.clients(side).S3.GetBucketReplication(t.Context(), &s3.GetBucketReplicationInput{Bucket: aws.String(l.world.Pair.Side(side).Bucket)})
		if err != nil {
			continue
		}
		inForce := slices.ContainsFunc(out.ReplicationConfiguration.Rules, wanted.Enabled)
		for _, r := range out.ReplicationConfiguration.Rules {
			covers := strings.HasPrefix(prefix, wanted.PrefixOf(r)) && strings.Contains(aws.ToString(r.Destination.Bucket), "bothways-test-")
			on, off = on || covers && wanted.Enabled(r), off || covers && !inForce
		}
	}
	return on || off
}

// beside adds to each configuration a rule of others to the other side that is
// off on purpose: wide, dear and in no one's way.
func (l *lab) beside(t *testing.T) {
	t.Helper()
	for _, side := range pair.Sides() {
		client, bucket := l.clients(side).S3, aws.String(l.world.Pair.Side(side).Bucket)
		out, err := client.GetBucketReplication(t.Context(), &s3.GetBucketReplicationInput{Bucket: bucket})
		if err != nil || wanted.FirstSchema(out.ReplicationConfiguration) {
			continue
		}
		configuration := out.ReplicationConfiguration
		configuration.Rules = append(configuration.Rules, types.ReplicationRule{
			ID: aws.String("off-on-purpose"), Priority: aws.Int32(90), Status: types.ReplicationRuleStatusDisabled,
			Filter: &types.ReplicationRuleFilter{Prefix: aws.String("")}, DeleteMarkerReplication: markers(types.DeleteMarkerReplicationStatusDisabled),
			Destination: &types.Destination{
				Bucket: aws.String(l.world.Pair.Side(side.Other()).BucketARN()), StorageClass: types.StorageClassStandardIa,
				Metrics:         &types.Metrics{Status: types.MetricsStatusEnabled, EventThreshold: &types.ReplicationTimeValue{Minutes: aws.Int32(15)}},
				ReplicationTime: &types.ReplicationTime{Status: types.ReplicationTimeStatusEnabled, Time: &types.ReplicationTimeValue{Minutes: aws.Int32(15)}},
			},
		})
		if _, err := client.PutBucketReplication(t.Context(), &s3.PutBucketReplicationInput{Bucket: bucket, ReplicationConfiguration: configuration}); err != nil && !strings.Contains(err.Error(), "bucket must") {
			t.Fatal(err)
		}
	}
}

// broken are pairs in which something is wrong that the doctor may have a line
// for: those that others set up, as they are and with more rules, and our own.
func broken() map[string]func(*testing.T) *lab {
	all := map[string]func(*testing.T) *lab{}
	for name, c := range pains() {
		all["theirs: "+name] = c.build
		all["theirs, with a rule that is off: "+name] = func(t *testing.T) *lab {
			l := c.build(t)
			l.beside(t)
			return l
		}
	}
	for name, world := range brokenTheirs {
		all["theirs: "+name] = world.build
	}
	for name, change := range brokenOurs {
		all["ours: "+name] = func(t *testing.T) *lab {
			l := newLab(t, dear())
			applyAny(t, l.setUp(t))
			change(t, l)
			return l
		}
	}
	all["new: a region that is off"] = func(t *testing.T) *lab {
		p := testPair
		p.B.Region = "ap-east-1"
		l := newLab(t, p)
		return l.without(t, "ap-east-1")
	}
	all["ours: a region that is off for the bucket's account"] = func(t *testing.T) *lab {
		p := testPair
		p.B.Region = "ap-east-1"
		l := newLab(t, p)
		l.partnered(t)
		l.agreed()
		applyAny(t, l.setUp(t))
		return l.without(t, "ap-east-1")
	}
	all["ours: a partner's bucket that lets nobody in"] = func(t *testing.T) *lab {
		l := newLab(t, dear())
		l.partnered(t)
		applyAny(t, l.setUp(t))
		if _, err := l.world.B.S3.DeleteBucketPolicy(t.Context(), &s3.DeleteBucketPolicyInput{Bucket: aws.String(testPair.B.Bucket)}); err != nil {
			t.Fatal(err)
		}
		return l
	}
	all["ours beside theirs: a role of theirs without ours"] = func(t *testing.T) *lab {
		l, _, _ := merged(t)
		if _, err := l.world.A.IAM.DeleteRolePolicy(t.Context(), &iam.DeleteRolePolicyInput{
			RoleName: aws.String("their-replication"), PolicyName: aws.String(testPair.GuestPolicyName(pair.AtoB)),
		}); err != nil {
			t.Fatal(err)
		}
		return l
	}
	return all
}

// without is the lab once its account has a region no more.
func (l *lab) without(t *testing.T, region string) *lab {
	t.Helper()
	if err := l.box.AddAccount(sandbox.Account{ID: l.box.AccountID(), DisabledRegions: []string{region}}); err != nil {
		t.Fatal(err)
	}
	return l
}

// dear is a pair of ours with all that a rule can say.
func dear() pair.Pair {
	p := testPair
	p.Options.Prefix, p.Options.StorageClass, p.Options.TimeControl = "logs/", "STANDARD_IA", true
	return p
}

// rewrite changes a side's first rule.
func (l *lab) rewrite(t *testing.T, side pair.SideName, change func(*types.ReplicationRule)) {
	t.Helper()
	now := l.configuration(t, side)
	change(&now.Rules[0])
	l.putRules(t, side, *now.Role, now.Rules)
}

func onA(change func(*types.ReplicationRule)) func(*testing.T, *lab) {
	return func(t *testing.T, l *lab) { l.rewrite(t, pair.A, change) }
}

// brokenOurs is what somebody did to a pair of ours.
var brokenOurs = map[string]func(*testing.T, *lab){
	"a disabled rule": onA(func(r *types.ReplicationRule) { r.Status = types.ReplicationRuleStatusDisabled }),
	"markers on one side": onA(func(r *types.ReplicationRule) {
		r.DeleteMarkerReplication = markers(types.DeleteMarkerReplicationStatusDisabled)
	}),
	"edits on one side": onA(func(r *types.ReplicationRule) { r.SourceSelectionCriteria = nil }),
	"a rule with three faults": func(t *testing.T, l *lab) {
		l.rewrite(t, pair.A, func(r *types.ReplicationRule) {
			r.Status, r.SourceSelectionCriteria = types.ReplicationRuleStatusDisabled, nil
			r.DeleteMarkerReplication = markers(types.DeleteMarkerReplicationStatusDisabled)
		})
		l.beside(t)
	},
	"an owner override": onA(func(r *types.ReplicationRule) {
		r.Destination.Account = aws.String("000000000000")
		r.Destination.AccessControlTranslation = &types.AccessControlTranslation{Owner: types.OwnerOverrideDestination}
	}),
	"a role without its policy": func(t *testing.T, l *lab) {
		if _, err := l.world.A.IAM.DeleteRolePolicy(t.Context(), &iam.DeleteRolePolicyInput{
			RoleName: aws.String(testPair.RoleName(pair.AtoB)), PolicyName: aws.String(testPair.PolicyName()),
		}); err != nil {
			t.Fatal(err)
		}
	},
	"a role that another service takes": func(t *testing.T, l *lab) {
		if _, err := l.world.A.IAM.UpdateAssumeRolePolicy(t.Context(), &iam.UpdateAssumeRolePolicyInput{
			RoleName: aws.String(testPair.RoleName(pair.AtoB)), PolicyDocument: aws.String(trusting("ec2.amazonaws.com", "")),
		}); err != nil {
			t.Fatal(err)
		}
	},
	"object lock on one side": func(t *testing.T, l *lab) {
		if _, err := l.world.A.S3.PutObjectLockConfiguration(t.Context(), &s3.PutObjectLockConfigurationInput{
			Bucket: aws.String(testPair.A.Bucket), ObjectLockConfiguration: &types.ObjectLockConfiguration{ObjectLockEnabled: types.ObjectLockEnabledEnabled},
		}); err != nil {
			t.Fatal(err)
		}
	},
}

// brokenTheirs is what others did beside the usual pains.
var brokenTheirs = map[string]theirs{
	"a key and no opt-in": {policy: mayUse(keyA, keyB), change: func(d pair.Direction, r *types.ReplicationRule) {
		if optedIn(d, r); d == pair.AtoB {
			r.SourceSelectionCriteria.SseKmsEncryptedObjects.Status = types.SseKmsEncryptedObjectsStatusDisabled
		}
	}},
	"two rules, one that is off, and a role without any right": {actions: []string{"s3:ListAllMyBuckets"}, then: severalRules},
	"two rules, one that is off, and a role without one right": {actions: without(theirActions, "s3:ReplicateObject"), then: severalRules},
	"a role that trusts another service and a user": {
		trust: `{"Version": "2012-10-17", "Id":"t", "Statement": [ {"Sid":"One","Effect":"Allow","Principal":{"Service":"batchoperations.s3.amazonaws.com"},"Action":"sts:AssumeRole"},` +
			`{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::000000000000:root"},"Action":"sts:AssumeRole","Condition":{"Bool":{"aws:MultiFactorAuthPresent":"true"}}} ]}`,
	},
	"a role that may not be taken": {
		trust: `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"s3.amazonaws.com"},"Action":"sts:AssumeRole"},` +
			`{"Sid":"No","Effect":"Deny","Principal":"*","Action":"sts:AssumeRole"}]}`,
	},
	"a partner's bucket that lets another in": {twoOwners: true, oneWay: true, then: func(t *testing.T, l *lab) {
		l.bucketPolicy(t, pair.B, map[string]any{
			"Sid": "Replication", "Effect": "Allow", "Principal": map[string]string{"AWS": partner}, "Action": "s3:GetObject", "Resource": testPair.B.BucketARN() + "/*",
		})
		l.rewrite(t, pair.A, func(r *types.ReplicationRule) { r.Filter.Prefix = aws.String("docs/") })
	}},
	"an owner override of a role that may not": {
		twoOwners: true, oneWay: true, ownership: types.ObjectOwnershipObjectWriter, letIn: letInActions, change: overriding,
	},
}

// severalRules leaves the rules of side A as one of docs/ that replicates delete
// markers, one of logs/ that doesn't, and a wide one that is off.
func severalRules(t *testing.T, l *lab) {
	now := l.configuration(t, pair.A)
	docs, logs := now.Rules[0], now.Rules[0]
	docs.Filter = &types.ReplicationRuleFilter{Prefix: aws.String("docs/")}
	logs.ID, logs.Priority, logs.Filter = aws.String("their-logs"), aws.Int32(5), &types.ReplicationRuleFilter{Prefix: aws.String("logs/")}
	logs.DeleteMarkerReplication = markers(types.DeleteMarkerReplicationStatusDisabled)
	l.putRules(t, pair.A, *now.Role, []types.ReplicationRule{docs, logs})
	l.beside(t)
}
