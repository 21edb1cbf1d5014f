package survey

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
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

// SideReader reads one side; the account that must own the bucket is sent
// along, so that a bucket which changed hands meanwhile is never touched.
type SideReader struct {
	S3     *s3.Client
	Bucket *string
	Owner  *string
	Found  *Side
	// reads run side by side: each writes fields of its own, and Unread under
	// the lock. nil: one reads at a time.
	unread  *sync.Mutex
	clients *account.Clients
	lenient func(error) bool
	regions []string // of both sides
}

func lookAtSide(ctx context.Context, w World, name pair.SideName) (Side, error) {
	clients, side := w.Clients(name), w.Pair.Side(name)
	var found Side
	identity, err := clients.Identify(ctx)
	if err != nil {
		return regionOff(ctx, clients, err)
	}
	found.Identity = identity
	r := SideReader{
		S3: clients.S3, Bucket: &side.Bucket, Owner: &identity.Account, Found: &found,
		unread: &sync.Mutex{}, clients: clients, lenient: func(err error) bool { return w.tolerates(ctx, err) }, regions: []string{w.Pair.A.Region, w.Pair.B.Region},
	}
	if err := r.Existence(ctx, side.Region); err != nil {
		if w.tolerates(ctx, err) {
			found.Silent = cmp.Or(apierror.Code(err), "no answer")
			r.failed(err)
			return found, nil
		}
		return found, err
	}
	if !found.Exists || found.RealRegion != side.Region {
		err := r.regionStates(ctx) // it fills found
		return found, err
	}
	group := pool.New().WithContext(ctx).WithCancelOnError().WithFirstError()
	for _, read := range []func(context.Context) error{
		r.versioning, r.replication, r.Tags, r.encryption, r.objectLock, r.policy, r.lifecycle,
		r.ownership, r.payer, r.regionStates, func(ctx context.Context) error { return r.left(ctx, w.Pair.ObjectPrefix()) },
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

// Existence asks by HEAD, which answers for any bucket name, region and right
// with the bucket's real region (S3 API reference, HeadBucket). It names the
// owner that it expects: a bucket of another account may let these credentials
// list it, and is out of reach all the same.
func (r SideReader) Existence(ctx context.Context, region string) error {
	out, err := r.S3.HeadBucket(ctx, &s3.HeadBucketInput{Bucket: r.Bucket, ExpectedBucketOwner: r.Owner})
	switch status := apierror.StatusCode(err); {
	case err == nil:
		r.Found.Exists, r.Found.RealRegion = true, region
		if real := aws.ToString(out.BucketRegion); real != "" {
			r.Found.RealRegion = real
		}
	case status == http.StatusNotFound:
		return nil
	case status == http.StatusMovedPermanently, status == http.StatusBadRequest && apierror.Header(err, "x-amz-bucket-region") != "":
		r.Found.Exists, r.Found.RealRegion = true, apierror.Header(err, "x-amz-bucket-region")
	case status == http.StatusForbidden && apierror.Denied(err) && apierror.Header(err, "x-amz-bucket-region") != "":
		// The name is taken. Whether by another account or merely out of
		// these credentials' reach cannot be told apart from here.
		r.Found.Foreign, r.Found.RealRegion = true, apierror.Header(err, "x-amz-bucket-region")
		// A HEAD's answer has no words; a listing takes the same right, and says
		// to the bucket's own account what refuses it.
		_, words := r.S3.ListObjectsV2(ctx, &s3.ListObjectsV2Input{Bucket: r.Bucket, MaxKeys: aws.Int32(1), ExpectedBucketOwner: r.Owner})
		r.refused("s3:ListBucket", words)
	default:
		return fmt.Errorf("look for bucket %s: %w", *r.Bucket, err)
	}
	return nil
}

func (r SideReader) versioning(ctx context.Context) error {
	out, err := r.S3.GetBucketVersioning(ctx, &s3.GetBucketVersioningInput{Bucket: r.Bucket, ExpectedBucketOwner: r.Owner})
	if err != nil {
		return r.needed("s3:GetBucketVersioning", fmt.Errorf("read versioning: %w", err))
	}
	r.Found.Versioning, r.Found.MFADelete = out.Status, out.MFADelete == types.MFADeleteStatusEnabled
	return nil
}

func (r SideReader) replication(ctx context.Context) error {
	now, err := ReadConfiguration(ctx, r.S3, *r.Bucket, *r.Owner)
	if err != nil {
		return r.needed("s3:GetReplicationConfiguration", err)
	}
	r.Found.Replication, r.Found.Unknown = now.Whole, now.Unknown
	return nil
}

// Tags reads the mark of bothways, where there is one.
func (r SideReader) Tags(ctx context.Context) error {
	out, err := r.S3.GetBucketTagging(ctx, &s3.GetBucketTaggingInput{Bucket: r.Bucket, ExpectedBucketOwner: r.Owner})
	if err != nil {
		return r.optional("tags", err, "NoSuchTagSet")
	}
	for _, t := range out.TagSet {
		if aws.ToString(t.Key) == pair.TagKey {
			r.Found.OwnMark = aws.ToString(t.Value)
		}
	}
	return nil
}

// left counts what lies where only bothways writes.
func (r SideReader) left(ctx context.Context, prefix string) error {
	if found, err := ReadLeft(ctx, r.S3, r.Bucket, r.Owner, prefix); err == nil { // else nothing is known of it, and nothing depends on it
		r.Found.Left, r.Found.LeftMore, r.Found.LeftRuns = found.Left, found.LeftMore, found.LeftRuns
	}
	return nil
}

// ReadLeft counts the versions under a prefix in which only bothways writes, as
// far as one page shows. It fills in nothing else; owner may be nil.
func ReadLeft(ctx context.Context, client *s3.Client, bucket, owner *string, prefix string) (Side, error) {
	out, err := client.ListObjectVersions(ctx, &s3.ListObjectVersionsInput{Bucket: bucket, Prefix: aws.String(prefix), ExpectedBucketOwner: owner})
	if err != nil {
		return Side{}, err
	}
	found := Side{Left: len(out.Versions), LeftMore: aws.ToBool(out.IsTruncated)}
	for _, v := range out.Versions {
		if run := pair.RunOf(aws.ToString(v.Key)); run != "" && !slices.Contains(found.LeftRuns, run) {
			found.LeftRuns = append(found.LeftRuns, run)
		}
	}
	return found, nil
}

func (r SideReader) encryption(ctx context.Context) error {
	out, err := r.S3.GetBucketEncryption(ctx, &s3.GetBucketEncryptionInput{Bucket: r.Bucket, ExpectedBucketOwner: r.Owner})
	if err != nil {
		return r.optional("default encryption", err, "ServerSideEncryptionConfigurationNotFoundError")
	}
	if out.ServerSideEncryptionConfiguration == nil {
		return nil
	}
	for _, rule := range out.ServerSideEncryptionConfiguration.Rules {
		r.Found.BucketKey = r.Found.BucketKey || aws.ToBool(rule.BucketKeyEnabled)
		if d := rule.ApplyServerSideEncryptionByDefault; d != nil && d.SSEAlgorithm != types.ServerSideEncryptionAes256 {
			r.Found.KMSDefault = true
			r.Found.DefaultKey = aws.ToString(d.KMSMasterKeyID)
		}
	}
	return nil
}

func (r SideReader) objectLock(ctx context.Context) error {
	out, err := r.S3.GetObjectLockConfiguration(ctx, &s3.GetObjectLockConfigurationInput{Bucket: r.Bucket, ExpectedBucketOwner: r.Owner})
	if err != nil {
		return r.optional("object lock", err, "ObjectLockConfigurationNotFoundError")
	}
	if c := out.ObjectLockConfiguration; c != nil {
		r.Found.ObjectLock = c.ObjectLockEnabled == types.ObjectLockEnabledEnabled
		r.Found.Retention = c.Rule != nil && c.Rule.DefaultRetention != nil
	}
	return nil
}

func (r SideReader) policy(ctx context.Context) error {
	out, err := r.S3.GetBucketPolicy(ctx, &s3.GetBucketPolicyInput{Bucket: r.Bucket, ExpectedBucketOwner: r.Owner})
	if err != nil {
		if r.Found.PolicyUnread = apierror.Code(err) != "NoSuchBucketPolicy"; r.Found.PolicyUnread {
			r.unread.Lock()
			r.refused("s3:GetBucketPolicy", err)
			r.unread.Unlock()
		}
		return r.optional("bucket policy", err, "NoSuchBucketPolicy")
	}
	r.Found.Policy = aws.ToString(out.Policy)
	document, err := policy.Parse(r.Found.Policy)
	if err != nil { // S3 took it, so it means something that is not known here
		r.note("bucket policy: " + err.Error())
		return nil
	}
	for _, statement := range document.Statements {
		r.Found.PolicyDeny = r.Found.PolicyDeny || statement.Deny
	}
	return nil
}

func (r SideReader) lifecycle(ctx context.Context) error {
	out, err := r.S3.GetBucketLifecycleConfiguration(ctx, &s3.GetBucketLifecycleConfigurationInput{Bucket: r.Bucket, ExpectedBucketOwner: r.Owner})
	if err != nil {
		return r.optional("lifecycle", err, "NoSuchLifecycleConfiguration")
	}
	r.Found.Lifecycle = out.Rules
	for _, rule := range out.Rules {
		if rule.Status == types.ExpirationStatusEnabled && rule.Expiration != nil && rule.NoncurrentVersionExpiration == nil {
			r.Found.Expires = true
		}
	}
	return nil
}

// optional keeps a refused or unknown read as something unread: it is worth
// knowing, but not worth refusing to go on. none is the code that says that
// there is nothing of the kind.
func (r SideReader) optional(what string, err error, none string) error {
	status := apierror.StatusCode(err)
	switch {
	case apierror.Code(err) == none, status == http.StatusNotFound && apierror.Code(err) != "NoSuchBucket":
		return nil
	case apierror.Denied(err), status == http.StatusNotImplemented, status == http.StatusMethodNotAllowed:
		r.note(what + ": " + apierror.Code(err))
		return nil
	case r.lenient != nil && r.lenient(err):
		r.note(what + ": " + cmp.Or(apierror.Code(err), "no answer"))
		r.failed(err)
		return nil
	}
	return fmt.Errorf("read %s: %w", what, err)
}

// needed keeps the right that a read was refused for, without which no plan
// can be made.
func (r SideReader) needed(right string, err error) error {
	if !apierror.Denied(err) {
		if r.lenient == nil || !r.lenient(err) {
			return err
		}
		right += ": " + cmp.Or(apierror.Code(err), "no answer")
		r.failed(err)
	}
	r.unread.Lock()
	defer r.unread.Unlock()
	r.Found.Refused = append(r.Found.Refused, right)
	r.refused(right, err)
	return nil
}

// failed counts a read that may succeed when it is made again.
func (r SideReader) failed(err error) {
	status := apierror.StatusCode(err)
	if status != 0 && status != http.StatusTooManyRequests && (status < http.StatusInternalServerError || status == http.StatusNotImplemented) {
		return
	}
	r.unread.Lock()
	defer r.unread.Unlock()
	r.Found.Failed++
}

// refused keeps why something could not be read.
func (r SideReader) refused(right string, err error) {
	if refusal, denied := apierror.RefusalOf(err); denied {
		if r.Found.Refusals == nil {
			r.Found.Refusals = map[string]apierror.Refusal{}
		}
		r.Found.Refusals[right] = refusal
	}
}

// Grant says what helps against a refusal: giving the right where it is merely
// missing, and otherwise what stands in its way.
func Grant(right string, r apierror.Refusal) string {
	if r.Missing() {
		return "Grant " + right
	}
	return strings.TrimSuffix(r.Advice(), ".")
}

// note keeps what could not be read.
func (r SideReader) note(what string) {
	if r.unread != nil { // else it reads alone
		r.unread.Lock()
		defer r.unread.Unlock()
	}
	r.Found.Unread = append(r.Found.Unread, what)
}

// ownership reads whether ACLs are off. A bucket made before April 2023 may
// have no such setting, which leaves them on (S3 User Guide, "Controlling
// ownership of objects").
func (r SideReader) ownership(ctx context.Context) error {
	out, err := r.S3.GetBucketOwnershipControls(ctx, &s3.GetBucketOwnershipControlsInput{Bucket: r.Bucket, ExpectedBucketOwner: r.Owner})
	if err != nil {
		if apierror.Code(err) == "OwnershipControlsNotFoundError" {
			r.Found.Ownership = types.ObjectOwnershipObjectWriter
		}
		return r.optional("ownership", err, "OwnershipControlsNotFoundError")
	}
	if c := out.OwnershipControls; c != nil && len(c.Rules) > 0 {
		r.Found.Ownership = c.Rules[0].ObjectOwnership
	}
	return nil
}

// payer reads whether whoever reads or writes pays for it.
func (r SideReader) payer(ctx context.Context) error {
	out, err := r.S3.GetBucketRequestPayment(ctx, &s3.GetBucketRequestPaymentInput{Bucket: r.Bucket, ExpectedBucketOwner: r.Owner})
	if err != nil {
		return r.optional("requester pays", err, "NoSuchRequestPayment")
	}
	r.Found.RequesterPays = out.Payer == types.PayerRequester
	return nil
}

// Missed says whether a setting could not be read, so that nothing follows from
// what is not found of it.
func (s Side) Missed(what string) bool {
	return slices.ContainsFunc(s.Unread, func(unread string) bool { return strings.HasPrefix(unread, what+": ") })
}
