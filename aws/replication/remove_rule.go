package replication

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/account"
	"bothways/aws/apierror"
	"bothways/aws/pair"
)

// removeRule takes our rule out of one side's replication configuration: the
// rules of others are written again as they are, and where there are none the
// configuration is deleted.
type removeRule struct {
	clients    *account.Clients
	pair       pair.Pair
	direction  pair.Direction
	owner      string
	base, rest *types.ReplicationConfiguration // rest is nil where nothing is left
}

func (a removeRule) bucket() string { return a.pair.From(a.direction).Bucket }

func (a removeRule) deletion() *s3.DeleteBucketReplicationInput {
	return &s3.DeleteBucketReplicationInput{Bucket: aws.String(a.bucket()), ExpectedBucketOwner: aws.String(a.owner)}
}

func (a removeRule) rewriting() *s3.PutBucketReplicationInput {
	return &s3.PutBucketReplicationInput{
		Bucket: aws.String(a.bucket()), ExpectedBucketOwner: aws.String(a.owner), ReplicationConfiguration: a.rest,
	}
}

func (a removeRule) call() string {
	if a.rest == nil {
		return "DeleteBucketReplication"
	}
	return "PutBucketReplication"
}

func (a removeRule) request() string {
	if a.rest == nil {
		return exactJSON(a.deletion())
	}
	return exactJSON(a.rewriting())
}

func (a removeRule) cli() string {
	if a.rest == nil {
		return cli(a.clients, "s3api", "delete-bucket-replication", "--bucket", a.bucket(), "--expected-bucket-owner", a.owner)
	}
	return cli(a.clients, "s3api", "put-bucket-replication", "--bucket", a.bucket(), "--expected-bucket-owner", a.owner,
		"--replication-configuration", compact(exactJSON(a.rest)))
}

func (a removeRule) look(ctx context.Context) (bool, string, error) {
	now, err := readConfiguration(ctx, a.clients.S3, a.bucket(), a.owner)
	switch {
	case apierror.Missing(err):
		return true, "no bucket is there", nil
	case err != nil:
		return false, "", err
	case !a.standsIn(now.whole):
		return true, "the rule is not there", nil
	}
	return false, "", now.changed(a.bucket(), a.base)
}

func (a removeRule) standsIn(now *types.ReplicationConfiguration) bool {
	if now == nil {
		return false
	}
	for _, r := range now.Rules {
		if aws.ToString(r.ID) == a.pair.RuleID(a.direction) {
			return true
		}
	}
	return false
}

func (a removeRule) do(ctx context.Context, report func(string)) (string, error) {
	var err error
	if a.rest == nil {
		_, err = a.clients.S3.DeleteBucketReplication(ctx, a.deletion())
	} else {
		_, err = a.clients.S3.PutBucketReplication(ctx, a.rewriting())
	}
	if err != nil {
		return "", fmt.Errorf("take the rule out of %s: %w", a.bucket(), err)
	}
	err = until(ctx, report, "waiting until the rule reads as gone", func() (bool, error) {
		return readsAs(ctx, a.clients, a.bucket(), a.owner, a.base, a.rest)
	})
	if err != nil {
		return "", err
	}
	if a.rest != nil {
		return fmt.Sprintf("rule removed; %s of others read back as written", count(len(a.rest.Rules), "rule")), nil
	}
	return "rule removed", nil
}
