package listing

import (
	"context"
	"errors"
	"io"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"bothways/aws/audit/listing/scan"
)

// HandleDeserialize implements middleware.DeserializeMiddleware. Errors with
// their status are the SDK's to read.
func (r *reader) HandleDeserialize(ctx context.Context, in middleware.DeserializeInput, next middleware.DeserializeHandler) (middleware.DeserializeOutput, middleware.Metadata, error) {
	out, metadata, err := next.HandleDeserialize(ctx, in)
	response, ok := out.RawResponse.(*smithyhttp.Response)
	if err != nil || !ok || response.StatusCode < 200 || response.StatusCode >= 300 {
		return r.sdk.HandleDeserialize(ctx, in, middleware.DeserializeHandlerFunc(
			func(context.Context, middleware.DeserializeInput) (middleware.DeserializeOutput, middleware.Metadata, error) {
				return out, metadata, err
			}))
	}
	err = r.into.Read(response.Body)
	if err == nil {
		// What is left is the line's end at most; the connection is used again.
		_, _ = io.CopyN(io.Discard, response.Body, 512)
	}
	_ = response.Body.Close() // it was read
	if err != nil {
		return out, metadata, readable(err)
	}
	r.into.Dated(response.Header.Get("Date"))
	p := r.into
	out.Result = &s3.ListObjectVersionsOutput{
		Name: named(p.Name), EncodingType: types.EncodingType(p.Encoding),
		IsTruncated: aws.Bool(p.Truncated), NextKeyMarker: aws.String(p.Next), NextVersionIdMarker: aws.String(p.NextVersion),
	}
	return out, metadata, nil
}

// readable is an error with S3's own as the SDK has it.
func readable(err error) error {
	if refused, is := errors.AsType[*scan.RefusedError](err); is {
		return &smithy.GenericAPIError{Code: refused.Code, Message: refused.Message}
	}
	return err
}

// named is a bucket's name, or nil for an answer without one, which is none.
func named(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}
