package account

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	optin "github.com/aws/aws-sdk-go-v2/service/account"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3control"
	"github.com/aws/smithy-go/middleware"
)

// pages makes an error of a page whose mark for the next one is its own: asking
// on would never end. It goes around what decodes listings, so that both marks
// are plain.
type pages struct{}

func (m pages) add(stack *middleware.Stack) error {
	return stack.Initialize.Add(m, middleware.Before) //nolint:misspell // the SDK spells it so
}

// ID implements middleware.InitializeMiddleware.
func (pages) ID() string { return "bothways:checkPages" }

// HandleInitialize implements middleware.InitializeMiddleware.
func (pages) HandleInitialize(ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler) (middleware.InitializeOutput, middleware.Metadata, error) {
	out, metadata, err := next.HandleInitialize(ctx, in)
	if err == nil && repeats(in.Parameters, out.Result) {
		err = &AnswerError{Host: "the endpoint", Operation: middleware.GetOperationName(ctx), Why: "repeats its page for ever"}
	}
	return out, metadata, err
}

// repeats says whether a page leads to itself.
func repeats(asked, answered any) bool {
	switch page := answered.(type) {
	case *s3.ListObjectVersionsOutput:
		in, ok := asked.(*s3.ListObjectVersionsInput)
		return ok && aws.ToBool(page.IsTruncated) && same(in.KeyMarker, page.NextKeyMarker) && aws.ToString(in.VersionIdMarker) == aws.ToString(page.NextVersionIdMarker)
	case *s3.ListObjectsV2Output:
		in, ok := asked.(*s3.ListObjectsV2Input)
		return ok && aws.ToBool(page.IsTruncated) && same(in.ContinuationToken, page.NextContinuationToken)
	case *s3.ListMultipartUploadsOutput:
		in, ok := asked.(*s3.ListMultipartUploadsInput)
		return ok && aws.ToBool(page.IsTruncated) && same(in.KeyMarker, page.NextKeyMarker) && aws.ToString(in.UploadIdMarker) == aws.ToString(page.NextUploadIdMarker)
	case *s3.ListBucketsOutput:
		in, ok := asked.(*s3.ListBucketsInput)
		return ok && same(in.ContinuationToken, page.ContinuationToken)
	case *s3control.ListJobsOutput:
		in, ok := asked.(*s3control.ListJobsInput)
		return ok && same(in.NextToken, page.NextToken)
	case *iam.ListRolesOutput:
		in, ok := asked.(*iam.ListRolesInput)
		return ok && same(in.Marker, page.Marker)
	case *iam.ListRolePoliciesOutput:
		in, ok := asked.(*iam.ListRolePoliciesInput)
		return ok && same(in.Marker, page.Marker)
	case *iam.ListAttachedRolePoliciesOutput:
		in, ok := asked.(*iam.ListAttachedRolePoliciesInput)
		return ok && same(in.Marker, page.Marker)
	case *iam.SimulatePrincipalPolicyOutput:
		in, ok := asked.(*iam.SimulatePrincipalPolicyInput)
		return ok && same(in.Marker, page.Marker)
	case *optin.ListRegionsOutput:
		in, ok := asked.(*optin.ListRegionsInput)
		return ok && same(in.NextToken, page.NextToken)
	}
	return false
}

func same(asked, next *string) bool {
	return next != nil && *next != "" && aws.ToString(asked) == *next
}
