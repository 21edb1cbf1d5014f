package survey

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/apierror"
)

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
