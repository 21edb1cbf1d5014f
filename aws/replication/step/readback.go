package step

import (
	"context"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/account"
	"bothways/aws/apierror"
	"bothways/aws/replication/survey"
	"bothways/aws/replication/wanted"
)

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
	return false, strangeError{fmt.Errorf("the replication configuration of %s reads otherwise than it was written: %s. Somebody writes it at the same time; look at it, then plan again",
		bucket, wanted.Difference(want, now.Whole))}
}
