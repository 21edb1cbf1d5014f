// Package listing lists the versions of a bucket page by page: the SDK signs,
// sends and finds the address, and the answers are read by the package below.
package listing

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/smithy-go/middleware"

	"bothways/aws/audit/listing/scan"
)

// Page is one answer of ListObjectVersions.
type Page = scan.Page

// UnreadableError says that an answer is no listing.
type UnreadableError = scan.UnreadableError

// Side is a bucket to list.
type Side struct {
	Client *s3.Client
	Bucket string
	// Owner is the account that must own it; "": any.
	Owner string

	way straight
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
func (s *Side) Read(ctx context.Context, q Query, into *Page) error {
	if done, err := s.straight(ctx, q, into); done {
		return err
	}
	into.Reset()
	in := &s3.ListObjectVersionsInput{
		Bucket: &s.Bucket, Prefix: optional(q.Prefix), KeyMarker: optional(q.After), VersionIdMarker: optional(q.Version),
		ExpectedBucketOwner: optional(s.Owner),
	}
	if q.Most > 0 {
		in.MaxKeys = aws.Int32(q.Most)
	}
	out, err := s.Client.ListObjectVersions(ctx, in, func(o *s3.Options) {
		o.Retryer = aws.NopRetryer{}
		o.APIOptions = append(o.APIOptions[:len(o.APIOptions):len(o.APIOptions)], (&reader{into: into}).add, learner{&s.way}.add)
	})
	if err != nil {
		return fmt.Errorf("list the versions of %s: %w", s.Bucket, err)
	}
	into.Next = aws.ToString(out.NextKeyMarker) // decoded by now
	return nil
}

func optional(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

// reader takes the place of what the SDK reads listings with.
type reader struct {
	into *Page
	sdk  middleware.DeserializeMiddleware
}

const deserializer = "OperationDeserializer" // the SDK's name of it

func (r *reader) add(stack *middleware.Stack) (err error) {
	r.sdk, err = stack.Deserialize.Swap(deserializer, r)
	return err
}

// ID implements middleware.DeserializeMiddleware.
func (r *reader) ID() string { return deserializer }
