package configure

import (
	"context"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/account"
	"bothways/aws/replication/step"
	"bothways/aws/replication/wanted"
)

// putConfiguration writes a side's configuration.
type putConfiguration struct {
	found
	clients      *account.Clients
	wanted, base *types.InventoryConfiguration
}

// settles is how long S3 may take to know what it was just told.
const settles = 3 * time.Minute

func (a putConfiguration) deed() step.Deed {
	in := &s3.PutBucketInventoryConfigurationInput{Bucket: &a.of.Bucket, Id: a.wanted.Id, InventoryConfiguration: a.wanted, ExpectedBucketOwner: &a.account}
	return step.Deed{
		Call: "PutBucketInventoryConfiguration", Inputs: []any{in},
		CLI: a.clients.CLI("s3api", "put-bucket-inventory-configuration", "--bucket", a.of.Bucket, "--expected-bucket-owner", a.account, "--id", *a.wanted.Id,
			"--inventory-configuration", wanted.Compact(wanted.ExactJSON(a.wanted))),
		Look: a.look,
		Do: func(ctx context.Context, _ func(string)) (string, error) {
			if _, err := a.client.PutBucketInventoryConfiguration(ctx, in); err != nil {
				return "", fmt.Errorf("write the inventory %s of %s: %w", *a.wanted.Id, a.of.Bucket, err)
			}
			now, err := a.read(ctx, *a.wanted.Id)
			switch {
			case err != nil:
				return "", err
			case !same(now, a.wanted):
				return "", step.Passing(fmt.Errorf("the inventory %s of %s does not read as it was written", *a.wanted.Id, a.of.Bucket), "It was written a moment ago; not everywhere yet.", settles)
			}
			return "the first list comes within 48 hours", nil
		},
	}
}

func (a putConfiguration) look(ctx context.Context) (bool, string, error) {
	now, err := a.read(ctx, *a.wanted.Id)
	switch {
	case err != nil:
		return false, "", err
	case same(now, a.wanted):
		return true, "the inventory stands as wanted", nil
	case !same(now, a.base):
		return false, "", fmt.Errorf("the inventory %s of %s has changed since the plan was made: plan again", *a.wanted.Id, a.of.Bucket)
	}
	return false, "", nil
}
