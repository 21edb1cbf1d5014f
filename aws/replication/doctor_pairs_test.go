package replication_test

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/pair"
	"bothways/aws/replication/doctor"
	"bothways/aws/replication/survey"
)

// exclusive are groups of pains of which a pair can have one at a time: they are
// two states of the same thing, or one takes away what the other is about.
var exclusive = map[string][]string{
	"a rule has one filter and one schema": {
		"rules of the first schema", "a filter that leaves the prefix out", "a prefix with a star", "a filter by tags",
	},
	"the first schema always replicates delete markers": {
		"rules of the first schema", "delete markers on one side", "delete markers on neither side",
	},
	"delete markers differ or don't":                        {"delete markers on one side", "delete markers on neither side", "a filter by tags"},
	"the test's rules of the first schema have no KMS":      {"rules of the first schema", "a replica key of the wrong region"},
	"the test's rules of the first schema have none either": {"rules of the first schema", "objects under a key that the role may not use"},
	"a rule opts in to KMS or doesn't": {
		"a KMS default that the rule leaves out", "a replica key of the wrong region",
	},
	"it opts in, or doesn't":                        {"a KMS default that the rule leaves out", "objects under a key that the role may not use"},
	"the direction needs the rule that goes back":   {"one direction only", "replica modification sync on one side"},
	"it takes markers that come back":               {"one direction only", "delete markers on one side"},
	"a bucket that replicates keeps its versioning": {"versioning suspended where replicas go", "replica modification sync on one side"},
	"and markers need one that replicates":          {"versioning suspended where replicas go", "delete markers on one side"},
	"a role that is not there has no trust policy":  {"a role that is not there", "a role that another service takes"},
	"nor has it a hard one":                         {"a role that is not there", "a hardened trust policy"},
	"a trust policy is one":                         {"a role that another service takes", "a hardened trust policy"},
	"a role has one policy, where it is there": {
		"a role that is not there", "a role's policy for another destination", "a role without any right", "a right under a condition",
		"objects under a key that the role may not use",
	},
	"an account has one policy of its organisation":               {"an organisation that denies", "an organisation that fences regions"},
	"only of a role that is there can be asked what it may":       {"a role that is not there", "an organisation that denies"},
	"and of one that is not nobody knows what its region lets it": {"a role that is not there", "an organisation that fences regions"},
	"a bucket's policy has one statement of that name":            {"a bucket policy that denies", "a bucket policy for an endpoint only"},
	"replicas in one account have one owner": {
		"a wrong account in the destination", "an owner override inside one account", "a partner's bucket that lets nobody in",
		"replicas that their bucket's owner can't read",
	},
	"a bucket that is gone has no rules": {"a bucket that is gone", "one direction only"},
	"a bucket has one lifecycle":         {"a lifecycle that expires", "objects that expire on one side only"},
}

// aboutTheOther are the pains that need the other side's bucket, or a rule that
// goes there.
var aboutTheOther = []string{
	"versioning suspended where replicas go", "a bucket policy that denies", "a bucket policy for an endpoint only", "a wrong account in the destination",
	"object lock on one side", "a partner's bucket that lets nobody in", "replicas that their bucket's owner can't read",
	"replica modification sync on one side", "delete markers on one side", "objects that expire on one side only", "an owner override inside one account",
}

// aboutTheRule are the pains that are one of the rule that goes to the other side.
var aboutTheRule = []string{
	"a disabled rule", "rules of the first schema", "replica modification sync on one side", "delete markers on one side", "delete markers on neither side",
	"a KMS default that the rule leaves out", "a replica key of the wrong region", "a wrong account in the destination", "a filter that leaves the prefix out",
	"a prefix with a star", "a filter by tags", "replicas that their bucket's owner can't read", "an owner override inside one account", "replicas in a cold class",
	"objects that expire on one side only", "objects that another account wrote", "objects from before the rule", "objects under a key that the role may not use",
}

// together says whether a pair can have both pains.
func together(x, y string) bool {
	for _, group := range exclusive {
		if slices.Contains(group, x) && slices.Contains(group, y) {
			return false
		}
	}
	for one, others := range map[string][]string{"a bucket that is gone": aboutTheOther, "a rule to a third bucket": aboutTheRule} {
		if x == one && slices.Contains(others, y) || y == one && slices.Contains(others, x) {
			return false
		}
	}
	return true
}

// oneWayOnly are the pains that can't be with a rule that goes back.
var oneWayOnly = []string{"one direction only", "versioning suspended where replicas go", "a bucket that is gone"}

// both is a pair with two pains.
func both(t *testing.T, x, y string, all map[string]pain) *lab {
	t.Helper()
	a, b := all[x].world, all[y].world
	names := []string{x, y}
	world := theirs{
		policy: a.policy + b.policy, trust: a.trust + b.trust, role: a.role + b.role, locked: a.locked || b.locked, keys: a.keys || b.keys,
		twoOwners: a.twoOwners || b.twoOwners, ownership: a.ownership, letIn: append(slices.Clone(a.letIn), b.letIn...), oneWay: a.oneWay || b.oneWay,
	}
	if b.ownership != "" {
		world.ownership = b.ownership
	}
	if world.actions = append(slices.Clone(a.actions), b.actions...); x == "a role without any right" || y == "a role without any right" {
		world.actions = all["a role without any right"].world.actions
	}
	if slices.Contains(names, "replica modification sync on one side") || slices.Contains(names, "delete markers on one side") {
		world.oneWay = slices.Contains(oneWayOnly, x) || slices.Contains(oneWayOnly, y)
	}
	world.change = func(d pair.Direction, r *types.ReplicationRule) {
		for _, change := range []func(pair.Direction, *types.ReplicationRule){a.change, b.change} {
			if change != nil {
				change(d, r)
			}
		}
		if r.Destination.EncryptionConfiguration != nil && r.SourceSelectionCriteria == nil {
			optedIn(d, r)
		}
		if world.keys && d == pair.AtoB && slices.Contains(names, "a replica key of the wrong region") {
			r.Destination.EncryptionConfiguration.ReplicaKmsKeyID = aws.String(keyA)
		}
	}
	// What happened to objects happened before the rest.
	first := world
	failed, old, third := slices.Contains(names, "objects that failed once"), slices.Contains(names, "objects from before the rule"), slices.Contains(names, "a rule to a third bucket")
	if failed || third || old {
		first.change = nil
		if world.keys { // whose rules have to name keys
			first.change = optedIn
		}
	}
	if failed {
		first.actions, first.policy = []string{"s3:ListBucket"}, ""
	}
	first.then = func(_ *testing.T, l *lab) {
		if slices.Contains(names, "a filter by tags") {
			l.tagged = "copy=yes"
		}
	}
	l := first.build(t)
	if failed {
		l.write(t, "docs/lost", nil)
		pass(10 * time.Minute)
		if err := l.roleMay(t, l.world.A, world.actions, world.policy); err != nil {
			t.Fatal(err)
		}
	}
	if old {
		if _, err := l.world.A.S3.DeleteBucketReplication(t.Context(), &s3.DeleteBucketReplicationInput{Bucket: aws.String(testPair.A.Bucket)}); err != nil {
			t.Fatal(err)
		}
		l.write(t, "docs/old", nil)
	}
	if third {
		l.thirdBucket(t)
	}
	if failed || third || old {
		for _, d := range pair.Directions() {
			if !world.oneWay || d == pair.AtoB {
				world.buildDirection(t, l, d)
			}
		}
	}
	for _, name := range names {
		if then := all[name].world.then; then != nil && name != "objects that failed once" && name != "objects from before the rule" && name != "a bucket that is gone" {
			then(t, l)
		}
	}
	if slices.Contains(names, "a bucket that is gone") {
		all["a bucket that is gone"].world.then(t, l)
	}
	l.world.Pair.Options.Prefix = all[x].prefix + all[y].prefix
	return l
}

// names says whether a diagnosis names a pain: in words, or by what is missing
// where that is enough.
func names(found doctor.Diagnosis, p pain, enough bool) bool {
	return slices.ContainsFunc(found.Troubles, func(t doctor.Trouble) bool {
		return t.Cause == p.cause && t.Side == p.side && (t.Direction == nil || *t.Direction == p.direction) &&
			(enough && t.Missing == p.missing || strings.Contains(t.Words()+" "+t.CLI, p.says))
	})
}

// One cause hides no other, whichever the two are.
func TestOfAnyTwoCausesBothAreNamed(t *testing.T) {
	all := pains()
	sorted := slices.Sorted(maps.Keys(all))
	tried := 0
	for i, x := range sorted {
		for _, y := range sorted[i+1:] {
			if !together(x, y) {
				continue
			}
			tried++
			t.Run(x+" and "+y, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					found := both(t, x, y, all).examine(t, false)
					serious := false
					for _, name := range []string{x, y} {
						if !names(found, all[name], all[x].missing != all[y].missing) {
							t.Errorf("%q is not named", name)
							for _, trouble := range found.Troubles {
								t.Logf("named: %v %s %s %s: %s", trouble.Direction, trouble.Side, trouble.Cause, trouble.Missing, trouble.Title)
							}
						}
						serious = serious || all[name].severity != survey.Note
					}
					if serious && found.Healthy() {
						t.Error("the pair is called healthy")
					}
				})
			})
		}
	}
	if n := len(sorted) * (len(sorted) - 1) / 2; tried < n*3/4 {
		t.Errorf("only %d of %d pairs of causes are tried", tried, n)
	}
}
