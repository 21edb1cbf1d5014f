package inplace

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/account"
	"bothways/aws/apierror"
	"bothways/aws/pair"
)

// Copier writes versions of one side's bucket again where they stand.
type Copier struct {
	Clients *account.Clients
	Side    pair.Side
	Owner   string
	// ACLs says that the bucket's objects have ACLs of their own.
	ACLs bool
	// PartSize is how much a part of a large copy holds, in bytes; 0 is usual.
	PartSize int64
	// AtOnce is the size from which a copy goes in parts, in bytes; 0 is what S3
	// takes in one call.
	AtOnce int64
}

// Judged is the version as the audit saw it: nothing else is copied.
type Judged struct {
	Key, VersionID, ETag string
	Size                 int64
	Modified             time.Time // in whole seconds
}

// StaleError says that what is there is not what was judged: nothing was copied.
type StaleError struct{ Why string }

func (e *StaleError) Error() string { return e.Why }

// KeptError says that a version can't be copied, and what helps.
type KeptError struct{ Why, Todo string }

func (e *KeptError) Error() string { return e.Why }

// Copied is a copy that was made.
type Copied struct {
	VersionID, ETag string
	// Lost names what the copy does not have, in words, or is "".
	Lost string
}

// What S3 takes in one copy (S3 API reference, CopyObject and UploadPartCopy).
const (
	mostAtOnce = 5 << 30 // bytes
	usualPart  = 1 << 30
	mostParts  = 10_000
)

// Copy writes the judged version again as the newest one, with the metadata,
// tags, class, encryption and retention that it has. The copy has a version ID
// and a time of its own. It looks first: where the side serves something else by
// now, nothing is written.
func (c Copier) Copy(ctx context.Context, j Judged) (Copied, error) {
	head, err := c.Current(ctx, j)
	if err != nil {
		return Copied{}, err
	}
	if err := c.copyable(j, head); err != nil {
		return Copied{}, err
	}
	lost := ""
	if c.ACLs {
		lost = "its ACL: the copy belongs to these credentials' account alone"
	}
	var made Copied
	if aws.ToInt64(head.ContentLength) < cmp.Or(c.AtOnce, mostAtOnce) {
		made, err = c.atOnce(ctx, j, head)
	} else {
		made, err = c.inParts(ctx, j, head)
	}
	if apierror.StatusCode(err) == http.StatusPreconditionFailed {
		return Copied{}, &StaleError{"it was written between the look and the copy, and nothing was copied"}
	}
	if err != nil {
		return Copied{}, fmt.Errorf("copy %s in place: %w", j.Key, err)
	}
	made.Lost = lost
	return made, nil
}

// Current reads what the side serves for a key, and that it is what was judged.
func (c Copier) Current(ctx context.Context, j Judged) (*s3.HeadObjectOutput, error) {
	head, err := c.Clients.S3.HeadObject(ctx, &s3.HeadObjectInput{
		Bucket: &c.Side.Bucket, Key: &j.Key, ExpectedBucketOwner: &c.Owner, ChecksumMode: types.ChecksumModeEnabled,
	})
	switch {
	case apierror.Missing(err):
		return nil, &StaleError{"the side serves nothing for this key any more"}
	case err != nil:
		return nil, fmt.Errorf("look at %s: %w", j.Key, err)
	}
	now, etag := versionOf(head.VersionId), unquoted(head.ETag)
	switch {
	case now != j.VersionID:
		return nil, &StaleError{"the side serves version " + now + " by now"}
	case j.ETag != "" && etag != j.ETag, aws.ToInt64(head.ContentLength) != j.Size:
		return nil, &StaleError{"its content is another than the audit saw"}
	}
	return head, nil
}

// copyable says what keeps a version from being copied in place.
func (c Copier) copyable(j Judged, head *s3.HeadObjectOutput) error {
	switch {
	case head.SSECustomerAlgorithm != nil:
		return &KeptError{"it is encrypted with a key of its writer's own (SSE-C), which is not known here", "write it again with that key"}
	case frozen(head):
		return &KeptError{"it is archived", "restore it, which takes hours, then audit again: " + RestoreLine(c.Clients, c.Side.Bucket, j.Key, j.VersionID, string(head.StorageClass))}
	}
	return nil
}

// RestoreLine is a line for the AWS CLI that begins to bring a version out of its
// archive. Those of Intelligent-Tiering stay out of it, so they take no days (S3
// API reference, RestoreRequest).
func RestoreLine(clients *account.Clients, bucket, key, version, class string) string {
	request := "Days=7"
	if class == string(types.StorageClassIntelligentTiering) {
		request = "{}"
	}
	words := append([]string{"--bucket", bucket}, account.Given("--key", "Key", key)...)
	words = append(words, account.Given("--version-id", "VersionId", version)...)
	return clients.CLI("s3api", "restore-object", append(words, "--restore-request", request)...)
}

func frozen(head *s3.HeadObjectOutput) bool {
	thawed := strings.Contains(aws.ToString(head.Restore), `ongoing-request="false"`)
	cold := head.StorageClass == types.StorageClassGlacier || head.StorageClass == types.StorageClassDeepArchive || head.ArchiveStatus != ""
	return cold && !thawed
}

// retention is what holds a version still: S3 refuses one that has passed.
func retention(head *s3.HeadObjectOutput) (types.ObjectLockMode, *time.Time) {
	if until := head.ObjectLockRetainUntilDate; until != nil && until.After(time.Now()) {
		return head.ObjectLockMode, until
	}
	return "", nil
}

// source names a version as the source of a copy.
func (c Copier) source(j Judged) *string {
	parts := strings.Split(j.Key, "/")
	for i, part := range parts {
		parts[i] = strings.ReplaceAll(url.QueryEscape(part), "+", "%20")
	}
	return aws.String(c.Side.Bucket + "/" + strings.Join(parts, "/") + "?versionId=" + url.QueryEscape(j.VersionID))
}

// atOnce copies with one call. Its metadata is sent again, because S3 refuses to
// copy an object onto itself without a change; the tags travel with the copy.
func (c Copier) atOnce(ctx context.Context, j Judged, head *s3.HeadObjectOutput) (Copied, error) {
	in := &s3.CopyObjectInput{
		Bucket: &c.Side.Bucket, Key: &j.Key, ExpectedBucketOwner: &c.Owner, ExpectedSourceBucketOwner: &c.Owner,
		CopySource: c.source(j), CopySourceIfMatch: head.ETag, IfMatch: head.ETag,
		MetadataDirective: types.MetadataDirectiveReplace, TaggingDirective: types.TaggingDirectiveCopy,
		Metadata: head.Metadata, ContentType: head.ContentType, ContentEncoding: head.ContentEncoding, ContentLanguage: head.ContentLanguage,
		ContentDisposition: head.ContentDisposition, CacheControl: head.CacheControl, WebsiteRedirectLocation: head.WebsiteRedirectLocation,
		StorageClass: head.StorageClass, ServerSideEncryption: head.ServerSideEncryption, SSEKMSKeyId: head.SSEKMSKeyId, BucketKeyEnabled: head.BucketKeyEnabled,
		ObjectLockLegalHoldStatus: head.ObjectLockLegalHoldStatus,
		ChecksumAlgorithm:         algorithmOf(head),
	}
	in.ObjectLockMode, in.ObjectLockRetainUntilDate = retention(head)
	if at, ok := expires(head); ok {
		in.Expires = at
	}
	out, err := c.Clients.S3.CopyObject(ctx, in)
	if err != nil {
		return Copied{}, err
	}
	made := Copied{VersionID: versionOf(out.VersionId)}
	if out.CopyObjectResult != nil {
		made.ETag = unquoted(out.CopyObjectResult.ETag)
	}
	return made, nil
}

// algorithmOf is that of the checksum which the version has, or none.
func algorithmOf(head *s3.HeadObjectOutput) types.ChecksumAlgorithm {
	for algorithm, sum := range map[types.ChecksumAlgorithm]*string{
		types.ChecksumAlgorithmCrc32: head.ChecksumCRC32, types.ChecksumAlgorithmCrc32c: head.ChecksumCRC32C,
		types.ChecksumAlgorithmCrc64nvme: head.ChecksumCRC64NVME, types.ChecksumAlgorithmSha1: head.ChecksumSHA1, types.ChecksumAlgorithmSha256: head.ChecksumSHA256,
	} {
		if sum != nil {
			return algorithm
		}
	}
	return ""
}

func versionOf(id *string) string {
	if aws.ToString(id) == "" {
		return "null"
	}
	return *id
}

func unquoted(etag *string) string { return strings.Trim(aws.ToString(etag), `"`) }

// Stale says whether nothing was copied because something else is there by now.
func Stale(err error) bool {
	_, is := errors.AsType[*StaleError](err)
	return is
}
