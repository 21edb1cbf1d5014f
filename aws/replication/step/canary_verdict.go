package step

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/replication/wanted"
)

// unlike says in what a replica differs from what the rule wants, or "".
func (a Canary) unlike(ctx context.Context, object written) (string, error) {
	if !a.Replica.Compared || a.Unreadable {
		return "", nil
	}
	side := a.Direction.To()
	out, err := a.World.Clients(side).S3.HeadObject(ctx, &s3.HeadObjectInput{
		Bucket: aws.String(a.World.Pair.Side(side).Bucket), Key: &object.key, VersionId: &object.version,
		ExpectedBucketOwner: aws.String(a.Owners[side]),
	})
	if err != nil {
		return "", unseen(fmt.Errorf("read the canary %s on side %s: %w", object.key, side, err), true)
	}
	class := out.StorageClass
	if class == "" { // S3 API reference, HeadObject: the header is left out for STANDARD
		class = types.StorageClassStandard
	}
	switch key := aws.ToString(out.SSEKMSKeyId); {
	case class != a.Replica.Class:
		return fmt.Sprintf("storage class %s instead of %s", class, a.Replica.Class), nil
	case a.Replica.Key != "" && key == "":
		return "no KMS key instead of " + wanted.ShortKey(a.Replica.Key), nil
	case a.Replica.Key != "" && key != a.Replica.Key:
		return wanted.ShortKey(key) + " instead of " + wanted.ShortKey(a.Replica.Key), nil
	}
	return "", nil
}

// ReplicaLook is how a canary's replica has to look, so that one which S3
// wrote by an older state of the rule proves nothing.
type ReplicaLook struct {
	Compared bool
	Class    types.StorageClass
	Key      string // the ARN of the KMS key, or "" where it is not compared
}
