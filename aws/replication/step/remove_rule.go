package step

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/dustin/go-humanize/english"

	"bothways/aws/account"
	"bothways/aws/apierror"
	"bothways/aws/pair"
	"bothways/aws/replication/survey"
	"bothways/aws/replication/wanted"
)

// RemoveRule takes our rule out of one side's replication configuration: the
// rules of others are written again as they are, and where there are none the
// configuration is deleted.
type RemoveRule struct {
	Clients    *account.Clients
	Pair       pair.Pair
	Direction  pair.Direction
	Owner      string
	Base, Rest *types.ReplicationConfiguration // Rest is nil where nothing is left
}

func (a RemoveRule) bucket() string { return a.Pair.From(a.Direction).Bucket }

func (a RemoveRule) deletion() *s3.DeleteBucketReplicationInput {
	return &s3.DeleteBucketReplicationInput{Bucket: aws.String(a.bucket()), ExpectedBucketOwner: aws.String(a.Owner)}
}

func (a RemoveRule) rewriting() *s3.PutBucketReplicationInput {
	return &s3.PutBucketReplicationInput{
		Bucket: aws.String(a.bucket()), ExpectedBucketOwner: aws.String(a.Owner), ReplicationConfiguration: a.Rest,
	}
}

func (a RemoveRule) shown() shown {
	if a.Rest == nil {
		line := a.Clients.CLI("s3api", "delete-bucket-replication", "--bucket", a.bucket(), "--expected-bucket-owner", a.Owner)
		return shown{"DeleteBucketReplication", line, []any{a.deletion()}}
	}
	return shown{"PutBucketReplication", a.Clients.CLI("s3api", "put-bucket-replication", "--bucket", a.bucket(), "--expected-bucket-owner", a.Owner,
		"--replication-configuration", wanted.Compact(wanted.ExactJSON(a.Rest))), []any{a.rewriting()}}
}

func (a RemoveRule) look(ctx context.Context) (bool, string, error) {
	now, err := survey.ReadConfiguration(ctx, a.Clients.S3, a.bucket(), a.Owner)
	switch {
	case apierror.Missing(err):
		return true, "no bucket is there", nil
	case err != nil:
		return false, "", err
	case !a.standsIn(now.Whole):
		return true, "the rule is not there", nil
	}
	return false, "", changed(now, a.bucket(), a.Base)
}

func (a RemoveRule) standsIn(now *types.ReplicationConfiguration) bool {
	return now != nil && slices.ContainsFunc(now.Rules, func(r types.ReplicationRule) bool {
		return aws.ToString(r.ID) == a.Pair.RuleID(a.Direction)
	})
}

func (a RemoveRule) do(ctx context.Context, report func(string)) (string, error) {
	overwritten, err := replacingRules(a.Clients, a.bucket(), a.Owner, a.Pair.RuleID(a.Direction), a.Base, a.Rest, func(ctx context.Context) (err error) {
		if a.Rest == nil {
			_, err = a.Clients.S3.DeleteBucketReplication(ctx, a.deletion())
		} else {
			_, err = a.Clients.S3.PutBucketReplication(ctx, a.rewriting())
		}
		return err
	}).do(ctx)
	if err != nil {
		return "", fmt.Errorf("take the rule out of %s: %w", a.bucket(), err)
	}
	err = until(ctx, report, "waiting until the rule reads as gone", func() (bool, error) {
		return readsAs(ctx, a.Clients, a.bucket(), a.Owner, a.Base, a.Rest)
	})
	if err := cmp.Or(err, overwritten); err != nil {
		return "", err
	}
	if a.Rest != nil {
		return fmt.Sprintf("rule removed; %s of others read back as written", english.Plural(len(a.Rest.Rules), "rule", "")), nil
	}
	return "rule removed", nil
}
