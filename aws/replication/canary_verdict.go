package replication

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

// replicaLook is how a canary's replica has to look, so that one which S3
// wrote by an older state of the rule proves nothing.
type replicaLook struct {
	compared bool
	class    types.StorageClass
	key      string // the ARN of the KMS key, or "" where it is not compared
}

// replicaLook is what direction d's rule wants of a canary's replica. A key
// that is named by an alias is not compared: HEAD tells the key's own ARN.
func (s *Survey) replicaLook(direction WantedDirection, stood bool) replicaLook {
	look := replicaLook{class: direction.Rule.Destination.StorageClass, key: keyOf(direction.Rule)}
	if look.class == "" {
		look.class = types.StorageClassStandard // as the canary's own
	}
	if !strings.Contains(look.key, ":key/") {
		look.key = ""
	}
	look.compared = stood || look.key != "" || look.class != types.StorageClassStandard
	return look
}

// unlike says in what a replica differs from what the rule wants, or "".
func (a canary) unlike(ctx context.Context, object written) (string, error) {
	if !a.replica.compared || a.unreadable {
		return "", nil
	}
	side := a.direction.To()
	out, err := a.world.clients(side).S3.HeadObject(ctx, &s3.HeadObjectInput{
		Bucket: aws.String(a.world.Pair.Side(side).Bucket), Key: &object.key, VersionId: &object.version,
		ExpectedBucketOwner: aws.String(a.owners[side]),
	})
	if err != nil {
		return "", unseen(fmt.Errorf("read the canary %s on side %s: %w", object.key, side, err), true)
	}
	class := out.StorageClass
	if class == "" { // S3 API reference, HeadObject: the header is left out for STANDARD
		class = types.StorageClassStandard
	}
	switch key := aws.ToString(out.SSEKMSKeyId); {
	case class != a.replica.class:
		return fmt.Sprintf("storage class %s instead of %s", class, a.replica.class), nil
	case a.replica.key != "" && key == "":
		return "no KMS key instead of " + shortKey(a.replica.key), nil
	case a.replica.key != "" && key != a.replica.key:
		return shortKey(key) + " instead of " + shortKey(a.replica.key), nil
	}
	return "", nil
}

// diagnose says why the canary failed: S3 gives no reason. found says that
// what was read explains it.
func (a canary) diagnose(ctx context.Context) (found bool, reason error) {
	survey, err := Look(ctx, a.world)
	var troubles []Trouble
	if err == nil {
		troubles, err = survey.diagnose(ctx, a.direction)
	}
	if err != nil {
		return false, fmt.Errorf("S3 reported FAILED, which is final for that object and comes without a reason; looking for one failed: %w", err)
	}
	sortTroubles(troubles)
	text := "S3 reported FAILED, which is final for that object and comes without a reason."
	for _, t := range troubles {
		if t.Severity == Blocker {
			text += " " + strings.ToUpper(t.Title[:1]) + t.Title[1:] + ". " + t.Todo
			return t.Certainty != Conceivable, errors.New(text)
		}
	}
	return false, errors.New(text + " " + unexplained)
}
