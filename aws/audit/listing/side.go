package listing

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// Side is a bucket to list.
type Side struct {
	Client *s3.Client
	Bucket string
	// Owner is the account that must own it; "": any.
	Owner string
}

// Query is what a page is asked for.
type Query struct {
	Prefix string
	// After is the key after which it begins; with Version, the version of that
	// key after which it goes on.
	After, Version string
	// Most is how many entries it may have; 0: 1,000.
	Most int32
}

// Read asks for one page, once: whether to ask again is the caller's affair.
func (s Side) Read(ctx context.Context, q Query, into *Page) error {
	into.Reset()
	in := &s3.ListObjectVersionsInput{Bucket: aws.String(s.Bucket), Prefix: optional(q.Prefix), KeyMarker: optional(q.After), VersionIdMarker: optional(q.Version), ExpectedBucketOwner: optional(s.Owner)}
	if q.Most > 0 {
		in.MaxKeys = aws.Int32(q.Most)
	}
	out, err := s.Client.ListObjectVersions(ctx, in, func(o *s3.Options) { o.Retryer = aws.NopRetryer{} })
	if err != nil {
		return fmt.Errorf("list the versions of %s: %w", s.Bucket, err)
	}
	into.Truncated, into.Next, into.NextVersion = aws.ToBool(out.IsTruncated), aws.ToString(out.NextKeyMarker), aws.ToString(out.NextVersionIdMarker)
	for _, v := range out.Versions {
		into.Entries = append(into.Entries, Entry{
			key: into.keep(aws.ToString(v.Key)), id: into.keep(aws.ToString(v.VersionId)), tag: into.keep(strings.Trim(aws.ToString(v.ETag), `"`)),
			set: into.keep(string(v.StorageClass)), Size: aws.ToInt64(v.Size), Modified: aws.ToTime(v.LastModified).UnixMilli(), Latest: aws.ToBool(v.IsLatest),
		})
	}
	for _, v := range out.DeleteMarkers {
		into.Entries = append(into.Entries, Entry{
			key: into.keep(aws.ToString(v.Key)), id: into.keep(aws.ToString(v.VersionId)), Marker: true,
			Modified: aws.ToTime(v.LastModified).UnixMilli(), Latest: aws.ToBool(v.IsLatest),
		})
	}
	slices.SortStableFunc(into.Entries, func(a, b Entry) int { return strings.Compare(string(into.of(a.key)), string(into.of(b.key))) })
	into.Date = time.Now()
	return nil
}

func optional(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}
