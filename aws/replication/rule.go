package replication

import (
	"context"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/account"
	"bothways/aws/apierror"
	"bothways/aws/pair"
	"bothways/probe/wording"
)

// putRule writes one side's replication configuration: our rule, beside the
// rules of others where there are any.
type putRule struct {
	clients, far    *account.Clients
	pair            pair.Pair
	direction       pair.Direction
	owner, farOwner string
	wanted          *types.ReplicationConfiguration
	// base is the configuration that the plan was made from, nil for none. A
	// PUT replaces everything and knows no condition (S3 API reference,
	// PutBucketReplication), so it is compared with what stands just before.
	base *types.ReplicationConfiguration
	// newBucket: this plan makes it, so it may not be seen everywhere at once.
	newBucket bool
	// settles: this plan switches versioning on for the first time.
	settles bool
}

func (a putRule) bucket() string { return a.pair.From(a.direction).Bucket }

func (a putRule) input() *s3.PutBucketReplicationInput {
	return &s3.PutBucketReplicationInput{
		Bucket:                   aws.String(a.bucket()),
		ExpectedBucketOwner:      aws.String(a.owner),
		ReplicationConfiguration: a.wanted,
	}
}

func (a putRule) cli() string {
	return cli(a.clients, "s3api", "put-bucket-replication", "--bucket", a.bucket(), "--expected-bucket-owner", a.owner,
		"--replication-configuration", compact(exactJSON(a.wanted)))
}

func (a putRule) look(ctx context.Context) (bool, string, error) {
	now, err := readConfiguration(ctx, a.clients.S3, a.bucket(), a.owner)
	switch {
	case err != nil:
		return false, "", unseen(err, a.newBucket)
	case a.stands(now.whole):
		return true, "the rule is in place", nil
	}
	return false, "", now.changed(a.bucket(), a.base)
}

// stands says whether our rule reads as wanted, under the wanted role. Rules
// of others that came later are none of our business then.
func (a putRule) stands(now *types.ReplicationConfiguration) bool {
	if now == nil || aws.ToString(now.Role) != aws.ToString(a.wanted.Role) {
		return false
	}
	own := 0
	for _, r := range now.Rules {
		if aws.ToString(r.ID) != a.pair.RuleID(a.direction) {
			continue
		}
		for _, w := range a.wanted.Rules {
			if aws.ToString(w.ID) == aws.ToString(r.ID) && sameRule(r, w) {
				own++
			}
		}
	}
	return own == 1
}

// do writes the whole and reads it back: what stands afterwards must be what
// was sent, the rules of others included.
func (a putRule) do(ctx context.Context, report func(string)) (string, error) {
	if _, err := a.clients.S3.PutBucketReplication(ctx, a.input()); err != nil {
		return "", a.explain(ctx, fmt.Errorf("write the rule of %s: %w", a.bucket(), err))
	}
	err := until(ctx, report, "S3 accepted the rule; waiting until it reads back", func() (bool, error) {
		return readsAs(ctx, a.clients, a.bucket(), a.owner, a.base, a.wanted)
	})
	if err != nil {
		return "", err
	}
	if others := len(a.wanted.Rules) - 1; others > 0 {
		return fmt.Sprintf("rule in place; %s of others read back as written", count(others, "rule")), nil
	}
	return "rule in place", nil
}

// explain decides which refusals pass by themselves. S3 checks a rule against
// what its other parts have seen so far, so it may say that versioning is off
// or that the destination is missing after both read fine; and that a role
// which is seconds old may not be passed.
func (a putRule) explain(ctx context.Context, err error) error {
	message := apierror.Message(err)
	switch apierror.Code(err) {
	case "InvalidRequest":
		late := strings.Contains(message, "must have versioning enabled") || strings.Contains(message, "Versioning must be 'Enabled' on the bucket")
		if (late || strings.Contains(message, "Destination bucket must exist")) && a.bothVersioned(ctx) {
			passing := passingError{err, "Versioning reads Enabled on both sides; not everywhere yet."}
			if late && a.settles {
				return slowError{passing, settling}
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
func (a putRule) mayPass(ctx context.Context, err error) error {
	if text := apierror.Message(err); strings.Contains(text, "not authorized to perform: ") && !strings.Contains(text, "iam:PassRole") {
		return err
	}
	name := roleName(aws.ToString(a.wanted.Role))
	out, unread := a.clients.IAM.GetRole(ctx, &iam.GetRoleInput{RoleName: &name})
	if unread != nil || !marked(out.Role, a.pair.ID()) {
		return err
	}
	if age := roleAge(out); age < passPatience {
		return slowError{passingError{err, fmt.Sprintf("The role is %s old; IAM may not have spread it yet.", wording.Duration(age))}, passPatience}
	}
	return err
}

func (a putRule) bothVersioned(ctx context.Context) bool {
	near, _, err := enableVersioning{clients: a.clients, side: a.pair.From(a.direction), owner: a.owner}.look(ctx)
	if err != nil || !near {
		return false
	}
	far, _, err := enableVersioning{clients: a.far, side: a.pair.To(a.direction), owner: a.farOwner}.look(ctx)
	return err == nil && far
}
