package account

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	optin "github.com/aws/aws-sdk-go-v2/service/account"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3control"
	"github.com/aws/smithy-go/middleware"
)

// pages makes an error of a page of another bucket, and of one that leads to itself,
// back, or nowhere: asking on would never end. It goes around what decodes listings,
// so that marks are plain.
type pages struct{}

func (m pages) add(stack *middleware.Stack) error {
	return stack.Initialize.Add(m, middleware.Before) //nolint:misspell // the SDK spells it so
}

// ID implements middleware.InitializeMiddleware.
func (pages) ID() string { return "bothways:checkPages" }

// HandleInitialize implements middleware.InitializeMiddleware.
func (pages) HandleInitialize(ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler) (middleware.InitializeOutput, middleware.Metadata, error) {
	out, metadata, err := next.HandleInitialize(ctx, in)
	if err != nil {
		return out, metadata, err
	}
	if why := astray(in.Parameters, out.Result); why != "" {
		err = &AnswerError{Host: "the endpoint", Operation: middleware.GetOperationName(ctx), Why: why}
	}
	return out, metadata, err
}

// page is what a listing says of where it goes on.
type page struct {
	bucket, of *string // that was asked for, and that it says it is of
	more       bool    // it says that there is more
	at, next   *string
	// detail and nextDetail go on within one key.
	detail, nextDetail *string
	ordered            bool // what it goes on with comes behind what it began with
}

// astray says what is wrong with a page, or "".
func astray(asked, answered any) string {
	p := pageOf(asked, answered)
	at, next := aws.ToString(p.at), aws.ToString(p.next)
	switch {
	case p.of != nil && aws.ToString(p.of) != aws.ToString(p.bucket):
		return fmt.Sprintf("is of another bucket, %.70q", *p.of)
	case !p.more:
	case next == "":
		return "says that there is more, and not from where"
	case at == next && aws.ToString(p.detail) == aws.ToString(p.nextDetail):
		return "repeats its page for ever"
	case p.ordered && next < at:
		return "goes back, and would go on for ever"
	}
	return ""
}

// pageOf is the page of an answer; the zero page of what is no listing.
func pageOf(asked, answered any) page {
	switch in := asked.(type) {
	case *s3.ListObjectVersionsInput:
		if out, ok := answered.(*s3.ListObjectVersionsOutput); ok {
			return page{in.Bucket, out.Name, aws.ToBool(out.IsTruncated), in.KeyMarker, out.NextKeyMarker, in.VersionIdMarker, out.NextVersionIdMarker, true}
		}
	case *s3.ListObjectsV2Input:
		if out, ok := answered.(*s3.ListObjectsV2Output); ok {
			return page{bucket: in.Bucket, of: out.Name, more: aws.ToBool(out.IsTruncated), at: in.ContinuationToken, next: out.NextContinuationToken}
		}
	case *s3.ListMultipartUploadsInput:
		if out, ok := answered.(*s3.ListMultipartUploadsOutput); ok {
			return page{in.Bucket, out.Bucket, aws.ToBool(out.IsTruncated), in.KeyMarker, out.NextKeyMarker, in.UploadIdMarker, out.NextUploadIdMarker, true}
		}
	case *s3.ListBucketInventoryConfigurationsInput:
		if out, ok := answered.(*s3.ListBucketInventoryConfigurationsOutput); ok {
			return page{more: aws.ToBool(out.IsTruncated), at: in.ContinuationToken, next: out.NextContinuationToken}
		}
	case *iam.ListRolesInput:
		if out, ok := answered.(*iam.ListRolesOutput); ok {
			return page{more: out.IsTruncated, at: in.Marker, next: out.Marker}
		}
	case *iam.ListRolePoliciesInput:
		if out, ok := answered.(*iam.ListRolePoliciesOutput); ok {
			return page{more: out.IsTruncated, at: in.Marker, next: out.Marker}
		}
	case *iam.ListAttachedRolePoliciesInput:
		if out, ok := answered.(*iam.ListAttachedRolePoliciesOutput); ok {
			return page{more: out.IsTruncated, at: in.Marker, next: out.Marker}
		}
	case *iam.SimulatePrincipalPolicyInput:
		if out, ok := answered.(*iam.SimulatePrincipalPolicyOutput); ok {
			return page{more: out.IsTruncated, at: in.Marker, next: out.Marker}
		}
	default:
		return tokenPage(asked, answered)
	}
	return page{}
}

// tokenPage is the page of a listing that says that there is more by where that is.
func tokenPage(asked, answered any) page {
	of := func(at, next *string) page { return page{more: aws.ToString(next) != "", at: at, next: next} }
	switch in := asked.(type) {
	case *s3.ListBucketsInput:
		if out, ok := answered.(*s3.ListBucketsOutput); ok {
			return of(in.ContinuationToken, out.ContinuationToken)
		}
	case *s3control.ListJobsInput:
		if out, ok := answered.(*s3control.ListJobsOutput); ok {
			return of(in.NextToken, out.NextToken)
		}
	case *optin.ListRegionsInput:
		if out, ok := answered.(*optin.ListRegionsOutput); ok {
			return of(in.NextToken, out.NextToken)
		}
	}
	return page{}
}
