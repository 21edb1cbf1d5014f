package account

import (
	"context"
	"fmt"
	"net/url"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3control"
	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// ownAddress has S3 Control asked at an address of somebody's own as it stands.
// The SDK puts the account before the host even there, which names no host where
// that is an IP address; the account is in a header anyway (S3 API reference,
// CreateJob: x-amz-account-id).
func ownAddress(o *s3control.Options) {
	if address := aws.ToString(o.BaseEndpoint); address != "" {
		o.APIOptions = append(o.APIOptions, undivided{address}.add)
	}
}

// undivided is the middleware that takes the account off the host again, before
// the request is signed.
type undivided struct{ address string }

func (m undivided) add(stack *middleware.Stack) error {
	return stack.Finalize.Insert(m, "Signing", middleware.Before) //nolint:misspell // the SDK spells it so
}

// ID implements middleware.FinalizeMiddleware.
func (undivided) ID() string { return "bothways:undividedHost" }

// HandleFinalize implements middleware.FinalizeMiddleware.
func (m undivided) HandleFinalize(ctx context.Context, in middleware.FinalizeInput, next middleware.FinalizeHandler) (middleware.FinalizeOutput, middleware.Metadata, error) {
	address, err := url.Parse(m.address)
	if err != nil {
		return middleware.FinalizeOutput{}, middleware.Metadata{}, fmt.Errorf("the address of S3 Control: %w", err)
	}
	if r, ok := in.Request.(*smithyhttp.Request); ok {
		r.URL.Host, r.Host = address.Host, ""
	}
	return next.HandleFinalize(ctx, in)
}
