package replication

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/sourcegraph/conc/pool"

	"bothways/aws/account"
	"bothways/aws/apierror"
	"bothways/aws/pair"
	"bothways/aws/policy"
)

// sideReader reads one side; the account that must own the bucket is sent
// along, so that a bucket which changed hands meanwhile is never touched.
type sideReader struct {
	s3     *s3.Client
	bucket *string
	owner  *string
	found  *SideSurvey
	// reads run side by side: each writes fields of its own, and Unread under
	// the lock.
	unread  *sync.Mutex
	clients *account.Clients
	regions []string // of both sides
}

func lookAtSide(ctx context.Context, w World, name pair.SideName) (SideSurvey, error) {
	clients, side := w.clients(name), w.Pair.Side(name)
	var found SideSurvey
	identity, err := clients.Identify(ctx)
	if err != nil {
		return regionOff(ctx, clients, err)
	}
	found.Identity = identity
	r := sideReader{
		s3: clients.S3, bucket: &side.Bucket, owner: &identity.Account, found: &found,
		unread: &sync.Mutex{}, clients: clients, regions: []string{w.Pair.A.Region, w.Pair.B.Region},
	}
	if err := r.existence(ctx, side.Region); err != nil {
		return found, err
	}
	if !found.Exists || found.RealRegion != side.Region {
		err := r.regionStates(ctx) // it fills found
		return found, err
	}
	group := pool.New().WithContext(ctx).WithCancelOnError().WithFirstError()
	for _, read := range []func(context.Context) error{
		r.versioning, r.replication, r.tags, r.encryption, r.objectLock, r.policy, r.lifecycle,
		r.ownership, r.payer, r.regionStates,
	} {
		group.Go(read)
	}
	if err := group.Wait(); err != nil {
		return found, err
	}
	slices.Sort(found.Unread) // their order is chance
	slices.Sort(found.Refused)
	return found, nil
}

// existence asks by HEAD, which answers for any bucket name, region and right
// with the bucket's real region (S3 API reference, HeadBucket). It names the
// owner that it expects: a bucket of another account may let these credentials
// list it, and is out of reach all the same.
func (r sideReader) existence(ctx context.Context, region string) error {
	out, err := r.s3.HeadBucket(ctx, &s3.HeadBucketInput{Bucket: r.bucket, ExpectedBucketOwner: r.owner})
	switch status := apierror.StatusCode(err); {
	case err == nil:
		r.found.Exists, r.found.RealRegion = true, region
		if real := aws.ToString(out.BucketRegion); real != "" {
			r.found.RealRegion = real
		}
	case status == http.StatusNotFound:
		return nil
	case status == http.StatusMovedPermanently, status == http.StatusBadRequest && apierror.Header(err, "x-amz-bucket-region") != "":
		r.found.Exists, r.found.RealRegion = true, apierror.Header(err, "x-amz-bucket-region")
	case status == http.StatusForbidden && !apierror.Expired(err) && apierror.Header(err, "x-amz-bucket-region") != "":
		// The name is taken. Whether by another account or merely out of
		// these credentials' reach cannot be told apart from here.
		r.found.Foreign, r.found.RealRegion = true, apierror.Header(err, "x-amz-bucket-region")
	default:
		return fmt.Errorf("look for bucket %s: %w", *r.bucket, err)
	}
	return nil
}

func (r sideReader) versioning(ctx context.Context) error {
	out, err := r.s3.GetBucketVersioning(ctx, &s3.GetBucketVersioningInput{Bucket: r.bucket, ExpectedBucketOwner: r.owner})
	if err != nil {
		return r.needed("s3:GetBucketVersioning", fmt.Errorf("read versioning: %w", err))
	}
	r.found.Versioning, r.found.MFADelete = out.Status, out.MFADelete == types.MFADeleteStatusEnabled
	return nil
}

func (r sideReader) replication(ctx context.Context) error {
	now, err := readConfiguration(ctx, r.s3, *r.bucket, *r.owner)
	if err != nil {
		return r.needed("s3:GetReplicationConfiguration", err)
	}
	r.found.Replication, r.found.Unknown = now.whole, now.unknown
	return nil
}

func (r sideReader) tags(ctx context.Context) error {
	out, err := r.s3.GetBucketTagging(ctx, &s3.GetBucketTaggingInput{Bucket: r.bucket, ExpectedBucketOwner: r.owner})
	if err != nil {
		return r.optional("tags", err, "NoSuchTagSet")
	}
	for _, t := range out.TagSet {
		if aws.ToString(t.Key) == pair.TagKey {
			r.found.OwnMark = aws.ToString(t.Value)
		}
	}
	return nil
}

func (r sideReader) encryption(ctx context.Context) error {
	out, err := r.s3.GetBucketEncryption(ctx, &s3.GetBucketEncryptionInput{Bucket: r.bucket, ExpectedBucketOwner: r.owner})
	if err != nil {
		return r.optional("default encryption", err, "ServerSideEncryptionConfigurationNotFoundError")
	}
	if out.ServerSideEncryptionConfiguration == nil {
		return nil
	}
	for _, rule := range out.ServerSideEncryptionConfiguration.Rules {
		r.found.BucketKey = r.found.BucketKey || aws.ToBool(rule.BucketKeyEnabled)
		if d := rule.ApplyServerSideEncryptionByDefault; d != nil && d.SSEAlgorithm != types.ServerSideEncryptionAes256 {
			r.found.KMSDefault = true
			r.found.DefaultKey = aws.ToString(d.KMSMasterKeyID)
		}
	}
	return nil
}

func (r sideReader) objectLock(ctx context.Context) error {
	out, err := r.s3.GetObjectLockConfiguration(ctx, &s3.GetObjectLockConfigurationInput{Bucket: r.bucket, ExpectedBucketOwner: r.owner})
	if err != nil {
		return r.optional("object lock", err, "ObjectLockConfigurationNotFoundError")
	}
	if c := out.ObjectLockConfiguration; c != nil {
		r.found.ObjectLock = c.ObjectLockEnabled == types.ObjectLockEnabledEnabled
		r.found.Retention = c.Rule != nil && c.Rule.DefaultRetention != nil
	}
	return nil
}

func (r sideReader) policy(ctx context.Context) error {
	out, err := r.s3.GetBucketPolicy(ctx, &s3.GetBucketPolicyInput{Bucket: r.bucket, ExpectedBucketOwner: r.owner})
	if err != nil {
		r.found.PolicyUnread = apierror.Code(err) != "NoSuchBucketPolicy"
		return r.optional("bucket policy", err, "NoSuchBucketPolicy")
	}
	r.found.Policy = aws.ToString(out.Policy)
	document, err := policy.Parse(r.found.Policy)
	if err != nil { // S3 took it, so it means something that is not known here
		r.note("bucket policy: " + err.Error())
		return nil
	}
	for _, statement := range document.Statements {
		r.found.PolicyDeny = r.found.PolicyDeny || statement.Deny
	}
	return nil
}

func (r sideReader) lifecycle(ctx context.Context) error {
	out, err := r.s3.GetBucketLifecycleConfiguration(ctx, &s3.GetBucketLifecycleConfigurationInput{Bucket: r.bucket, ExpectedBucketOwner: r.owner})
	if err != nil {
		return r.optional("lifecycle", err, "NoSuchLifecycleConfiguration")
	}
	for _, rule := range out.Rules {
		if rule.Status == types.ExpirationStatusEnabled && rule.Expiration != nil && rule.NoncurrentVersionExpiration == nil {
			r.found.Expires = true
		}
	}
	return nil
}

// optional keeps a refused or unknown read as something unread: it is worth
// knowing, but not worth refusing to go on. none is the code that says that
// there is nothing of the kind.
func (r sideReader) optional(what string, err error, none string) error {
	status := apierror.StatusCode(err)
	switch {
	case apierror.Code(err) == none, status == http.StatusNotFound && apierror.Code(err) != "NoSuchBucket":
		return nil
	case apierror.Denied(err), status == http.StatusNotImplemented, status == http.StatusMethodNotAllowed:
		r.note(what + ": " + apierror.Code(err))
		return nil
	}
	return fmt.Errorf("read %s: %w", what, err)
}

// needed keeps the right that a read was refused for, without which no plan
// can be made.
func (r sideReader) needed(right string, err error) error {
	if !apierror.Denied(err) {
		return err
	}
	r.unread.Lock()
	defer r.unread.Unlock()
	r.found.Refused = append(r.found.Refused, right)
	return nil
}

// note keeps what could not be read.
func (r sideReader) note(what string) {
	r.unread.Lock()
	defer r.unread.Unlock()
	r.found.Unread = append(r.found.Unread, what)
}
