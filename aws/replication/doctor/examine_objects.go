package doctor

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/sourcegraph/conc/iter"

	"bothways/aws/apierror"
	"bothways/aws/replication/survey"
	"bothways/aws/replication/wanted"
)

const (
	// mostListed is how many keys are asked for where nothing else is said. Of the newest of them, as
	// many are looked at as it takes for so many to tell something of the
	// direction, and at most the last number.
	mostListed = 5000
	sampled    = 12
	mostSeen   = 5 * sampled
	// overdue is when AWS expects most objects to be there (S3 User Guide,
	// "Troubleshooting replication").
	overdue = 15 * time.Minute
)

// object is one as the bucket's list and HEAD show it.
type object struct {
	key, owner string
	head       *s3.HeadObjectOutput
	err        error // why HEAD shows nothing
}

// objects are what was seen of a bucket's newest.
type objects struct {
	seen   []object // without replicas, which say nothing of this direction
	unseen []object
}

// lookAtObjects reads the newest objects that the rule covers: what happened to
// them says more than any setting. Whatever can't be read hides nothing of the
// rest, and is told.
func (p *Checkup) lookAtObjects(ctx context.Context, most int) (found objects, err error) {
	if !p.known(p.direction.From()) {
		return found, nil
	}
	prefix := p.prefix()
	client, bucket, owner := p.world.Clients(p.direction.From()).S3, aws.String(p.fromBucket()), aws.String(p.from.Identity.Account)
	var newest []types.Object
	pages := s3.NewListObjectsV2Paginator(client, &s3.ListObjectsV2Input{Bucket: bucket, Prefix: &prefix, FetchOwner: aws.Bool(true), ExpectedBucketOwner: owner})
	for pages.HasMorePages() && len(newest) < most {
		page, err := pages.NextPage(ctx)
		if err != nil {
			if err := ends(ctx, err); err != nil {
				return found, err
			}
			p.add(Trouble{
				Severity: survey.Note, Side: p.direction.From(), Cause: CauseOperator, Missing: "s3:ListBucket",
				Title:   "the objects of " + *bucket + " can't be listed (" + said(err) + ")",
				Meaning: "What became of them is unknown.",
			})
			break
		}
		newest = append(newest, page.Contents...)
	}
	if pages.HasMorePages() && len(newest) >= most {
		p.add(Trouble{
			Severity: survey.Note, Side: p.direction.From(), Cause: CauseObjects, Missing: "more objects",
			Title:   fmt.Sprintf("%s holds more objects than were listed, the first %d by their keys", *bucket, len(newest)),
			Meaning: "What became of the others is unknown. S3 Inventory lists the replication status of all.",
		})
	}
	slices.SortStableFunc(newest, func(x, y types.Object) int { return aws.ToTime(y.LastModified).Compare(aws.ToTime(x.LastModified)) })
	newest = newest[:min(mostSeen, len(newest))]
	for chunk := range slices.Chunk(newest, sampled) {
		looks := iter.Map(chunk, func(o *types.Object) object {
			head, err := client.HeadObject(ctx, &s3.HeadObjectInput{Bucket: bucket, Key: o.Key, ExpectedBucketOwner: owner})
			look := object{key: aws.ToString(o.Key), head: head, err: err}
			if o.Owner != nil {
				look.owner = aws.ToString(o.Owner.ID)
			}
			return look
		})
		for _, o := range looks {
			switch {
			case o.err != nil && ends(ctx, o.err) != nil:
				return found, o.err
			case apierror.Missing(o.err): // deleted meanwhile
			case o.err != nil:
				found.unseen = append(found.unseen, o)
			case o.head.ReplicationStatus != types.ReplicationStatusReplica:
				found.seen = append(found.seen, o)
			}
		}
		if len(found.seen) >= sampled {
			break
		}
	}
	return found, nil
}

// prefix is that of the objects to look at: of all that rules take to the other
// side, and without a rule of what was asked for, as what failed once is told
// even where none is left.
func (p *Checkup) prefix() string {
	if p.Rule == nil {
		return p.world.Pair.Options.Prefix
	}
	prefix := meant(wanted.PrefixOf(*p.Rule))
	for _, r := range p.enabled() {
		for !strings.HasPrefix(wanted.PrefixOf(r), prefix) {
			prefix = prefix[:len(prefix)-1]
		}
	}
	return prefix
}

// meant is the beginning of keys that somebody had in mind who wrote a pattern.
func meant(prefix string) string {
	if _, path, is := strings.Cut(prefix, "s3://"); is {
		_, prefix, _ = strings.Cut(path, "/")
	}
	return strings.TrimLeft(strings.TrimRight(prefix, "*"), "/")
}

// ends keeps only the errors that end an examination.
func ends(ctx context.Context, err error) error {
	if ctx.Err() != nil || apierror.Expired(err) {
		return err
	}
	return nil
}

// said is an error in a word.
func said(err error) string { return cmp.Or(apierror.Code(err), "no answer") }

// status is that of an object; one that is PENDING for a while is to be expected.
func (o object) status() types.ReplicationStatus {
	status := o.head.ReplicationStatus
	if status == types.ReplicationStatusPending && time.Since(aws.ToTime(o.head.LastModified)) < overdue {
		return types.ReplicationStatusCompleted
	}
	return status
}

// of are those of a status.
func (s objects) of(status types.ReplicationStatus) []object {
	var found []object
	for _, o := range s.seen {
		if o.status() == status {
			found = append(found, o)
		}
	}
	return found
}

func (o object) isKMS() bool {
	return o.head.ServerSideEncryption == types.ServerSideEncryptionAwsKms || o.head.ServerSideEncryption == types.ServerSideEncryptionAwsKmsDsse
}

// kind is in what replication tells objects apart: how they are encrypted, and
// their storage class.
type kind struct {
	encryption types.ServerSideEncryption
	key        string // of KMS
	bucketKey  bool
	class      types.StorageClass
}

func (o object) kind() kind {
	return kind{
		encryption: o.head.ServerSideEncryption, key: aws.ToString(o.head.SSEKMSKeyId), bucketKey: aws.ToBool(o.head.BucketKeyEnabled),
		class: cmp.Or(o.head.StorageClass, types.StorageClassStandard),
	}
}

// String is the kind in words.
func (k kind) String() string {
	text := "under S3's own keys"
	switch {
	case k.key != "":
		text = "under the KMS key " + k.key
	case k.encryption == "":
		text = "without encryption"
	}
	if k.bucketKey {
		text += " with a bucket key"
	}
	if k.class != types.StorageClassStandard {
		text += ", in " + string(k.class)
	}
	return text
}
