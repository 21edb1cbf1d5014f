package step

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/dustin/go-humanize/english"

	"bothways/aws/account"
	"bothways/aws/apierror"
	"bothways/aws/pair"
	"bothways/aws/replication/survey"
	"bothways/aws/replication/wanted"
	"bothways/probe/wording"
)

// PutRule writes one side's replication configuration: our rule, beside the
// rules of others where there are any.
type PutRule struct {
	Clients, Far    *account.Clients
	Pair            pair.Pair
	Direction       pair.Direction
	Owner, FarOwner string
	Wanted          *types.ReplicationConfiguration
	// Base is the configuration that the plan was made from, nil for none. A
	// PUT replaces everything and knows no condition (S3 API reference,
	// PutBucketReplication), so it is compared with what stands just before.
	Base *types.ReplicationConfiguration
	// newBucket: this plan makes it, so it may not be seen everywhere at once.
	NewBucket bool
	// settles: this plan switches versioning on for the first time.
	Settles bool
}

func (a PutRule) bucket() string { return a.Pair.From(a.Direction).Bucket }

func (a PutRule) input() *s3.PutBucketReplicationInput {
	return &s3.PutBucketReplicationInput{
		Bucket:                   aws.String(a.bucket()),
		ExpectedBucketOwner:      aws.String(a.Owner),
		ReplicationConfiguration: a.Wanted,
	}
}

func (a PutRule) shown() shown {
	return shown{"PutBucketReplication", a.Clients.CLI("s3api", "put-bucket-replication", "--bucket", a.bucket(), "--expected-bucket-owner", a.Owner,
		"--replication-configuration", wanted.Compact(wanted.ExactJSON(a.Wanted))), []any{a.input()}}
}

func (a PutRule) look(ctx context.Context) (bool, string, error) {
	now, err := survey.ReadConfiguration(ctx, a.Clients.S3, a.bucket(), a.Owner)
	switch {
	case err != nil:
		return false, "", unseen(err, a.NewBucket)
	case a.Stands(now.Whole):
		return true, "the rule is in place", nil
	}
	return false, "", changed(now, a.bucket(), a.Base)
}

// Stands says whether our rule reads as wanted, under the wanted role. Rules
// of others that came later are none of our business then.
func (a PutRule) Stands(now *types.ReplicationConfiguration) bool {
	if now == nil || aws.ToString(now.Role) != aws.ToString(a.Wanted.Role) {
		return false
	}
	own := 0
	for _, r := range now.Rules {
		if aws.ToString(r.ID) != a.Pair.RuleID(a.Direction) {
			continue
		}
		for _, w := range a.Wanted.Rules {
			if aws.ToString(w.ID) == aws.ToString(r.ID) && wanted.SameRule(r, w) {
				own++
			}
		}
	}
	return own == 1
}

// do writes the whole and reads it back: what stands afterwards must be what
// was sent, the rules of others included.
func (a PutRule) do(ctx context.Context, report func(string)) (string, error) {
	overwritten, err := replacingRules(a.Clients, a.bucket(), a.Owner, a.Pair.RuleID(a.Direction), a.Base, a.Wanted, func(ctx context.Context) error {
		_, err := a.Clients.S3.PutBucketReplication(ctx, a.input())
		return err
	}).do(ctx)
	if err != nil {
		return "", a.explain(ctx, fmt.Errorf("write the rule of %s: %w", a.bucket(), err))
	}
	err = until(ctx, report, "S3 accepted the rule; waiting until it reads back", func() (bool, error) {
		return readsAs(ctx, a.Clients, a.bucket(), a.Owner, a.Base, a.Wanted)
	})
	if err := cmp.Or(err, overwritten); err != nil {
		return "", err
	}
	if others := len(a.Wanted.Rules) - 1; others > 0 {
		return fmt.Sprintf("rule in place; %s of others read back as written", english.Plural(others, "rule", "")), nil
	}
	return "rule in place", nil
}

// explain decides which refusals pass by themselves. S3 checks a rule against
// what its other parts have seen so far, so it may say that versioning is off
// or that the destination is missing after both read fine; and that a role
// which is seconds old may not be passed.
func (a PutRule) explain(ctx context.Context, err error) error {
	message := apierror.Message(err)
	switch apierror.Code(err) {
	case "InvalidRequest":
		late := strings.Contains(message, "must have versioning enabled") || strings.Contains(message, "Versioning must be 'Enabled' on the bucket")
		if (late || strings.Contains(message, "Destination bucket must exist")) && a.bothVersioned(ctx) {
			passing := passingError{err, "Versioning reads Enabled on both sides; not everywhere yet."}
			if late && a.Settles {
				return slowError{passing, Settling}
			}
			return passing
		}
	case "NoSuchBucket":
		if a.bothVersioned(ctx) {
			return passingError{err, "Both buckets answer; not everywhere yet."}
		}
	case "AccessDenied":
		return a.mayPass(ctx, err)
	}
	return err
}

// mayPass lets a refusal pass while the role is ours and younger than a
// minute, unless the refusal names another right than iam:PassRole.
func (a PutRule) mayPass(ctx context.Context, err error) error {
	if r, _ := apierror.RefusalOf(err); r.Explicit || r.Action != "" && r.Action != "iam:PassRole" {
		return err
	}
	name := survey.RoleName(aws.ToString(a.Wanted.Role))
	out, unread := a.Clients.IAM.GetRole(ctx, &iam.GetRoleInput{RoleName: &name})
	if unread != nil || !Marked(out.Role, a.Pair.ID()) {
		return err
	}
	if age := survey.RoleAge(out); age < passPatience {
		return slowError{passingError{err, fmt.Sprintf("The role is %s old; IAM may not have spread it yet.", wording.Duration(age))}, passPatience}
	}
	return err
}

func (a PutRule) bothVersioned(ctx context.Context) bool {
	near, _, err := EnableVersioning{Clients: a.Clients, Side: a.Pair.From(a.Direction), Owner: a.Owner}.look(ctx)
	if err != nil || !near {
		return false
	}
	far, _, err := EnableVersioning{Clients: a.Far, Side: a.Pair.To(a.Direction), Owner: a.FarOwner}.look(ctx)
	return err == nil && far
}

// changed is an error unless the configuration reads as it did when the plan
// was made.
func changed(c survey.Configuration, bucket string, base *types.ReplicationConfiguration) error {
	switch {
	case len(c.Unknown) > 0:
		return fmt.Errorf("the replication configuration of %s now has elements that bothways does not know and would lose: %s", bucket, strings.Join(c.Unknown, ", "))
	case !wanted.SameConfiguration(c.Whole, base):
		return fmt.Errorf("the replication configuration of %s has changed since the plan was made (%s): plan again", bucket, wanted.Difference(base, c.Whole))
	}
	return nil
}

// readsAs says whether a configuration that was just written reads back. What
// reads as before may not be seen yet; anything else is strange: an older state
// still, or written by somebody at the same moment.
func readsAs(ctx context.Context, c *account.Clients, bucket, owner string, base, want *types.ReplicationConfiguration) (bool, error) {
	now, err := survey.ReadConfiguration(ctx, c.S3, bucket, owner)
	switch {
	case apierror.Missing(err) && want == nil:
		return true, nil
	case err != nil:
		return false, err
	case wanted.SameConfiguration(now.Whole, want):
		return true, nil
	case wanted.SameConfiguration(now.Whole, base):
		return false, nil
	}
	return false, strangeError{fmt.Errorf("the replication configuration of %s reads otherwise than it was written: %s (sent -> read). Somebody writes it at the same time, or the store changes what it keeps; look at it, then plan again",
		bucket, wanted.Difference(want, now.Whole))}
}
