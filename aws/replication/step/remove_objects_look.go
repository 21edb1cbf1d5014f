package step

import (
	"context"
	"fmt"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/sourcegraph/conc/pool"

	"bothways/aws/apierror"
	"bothways/aws/pair"
	"bothways/aws/replication/survey"
)

// inspected is what looking at one object version showed.
type inspected struct {
	id     types.ObjectIdentifier
	mine   bool // it lies where the pair's runs write and carries the pair's mark
	mark   string
	status types.ReplicationStatus
	// refused is why it could not be looked at, or "".
	refused string
}

// lookers is how many object versions are looked at side by side.
const lookers = 128

// inspectAll looks at object versions, and answers in their order.
func (a RemoveObjects) inspectAll(ctx context.Context, ids []types.ObjectIdentifier) ([]inspected, error) {
	looks := pool.NewWithResults[inspected]().WithContext(ctx).WithCancelOnError().WithFirstError().WithMaxGoroutines(lookers)
	for _, id := range ids {
		looks.Go(func(ctx context.Context) (inspected, error) {
			object, err := a.inspect(ctx, id.Key, id.VersionId)
			object.id = id
			return object, err
		})
	}
	return looks.Wait()
}

func identified(versions []types.ObjectVersion) []types.ObjectIdentifier {
	ids := make([]types.ObjectIdentifier, len(versions))
	for i, v := range versions {
		ids[i] = types.ObjectIdentifier{Key: v.Key, VersionId: v.VersionId}
	}
	return ids
}

// inspect looks at an object version. A copy carries the mark of what it was copied
// from, so that one that lies beside what runs write is somebody's. What needs a customer's own key to be
// looked at, which HEAD answers with a bare 400, is not ours: bothways writes
// nothing under such keys. A gateway may answer so, too, and what lies under a
// key that a run of the pair makes is not called somebody else's for it.
func (a RemoveObjects) inspect(ctx context.Context, key, version *string) (inspected, error) {
	if !a.has(aws.ToString(key)) {
		return inspected{}, nil
	}
	object, err := a.head(ctx, key, version)
	object.mine = object.mark == a.Pair.ID() && a.among(key)
	return object, err
}

// head asks for the mark of an object, wherever it lies.
func (a RemoveObjects) head(ctx context.Context, key, version *string) (inspected, error) {
	out, err := a.Clients.S3.HeadObject(ctx, &s3.HeadObjectInput{Bucket: &a.Side.Bucket, Key: key, VersionId: version, ExpectedBucketOwner: &a.Owner})
	switch {
	case apierror.Missing(err):
		return inspected{}, nil
	case apierror.StatusCode(err) == http.StatusBadRequest && !apierror.Expired(err):
		if a.wrote(key) {
			return inspected{refused: "400 Bad Request, as for an object under a customer's own key"}, nil
		}
		return inspected{}, nil
	case apierror.Denied(err):
		return inspected{refused: survey.RefusalOf(err)}, nil
	case err != nil:
		return inspected{}, fmt.Errorf("look at %s in %s: %w", aws.ToString(key), a.Side.Bucket, err)
	}
	return inspected{mark: out.Metadata[pair.MetadataKey], status: out.ReplicationStatus}, nil
}
