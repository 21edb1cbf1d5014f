package account

import (
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/fis"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3control"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"bothways/aws/account/wellformed"
	"bothways/aws/apierror"
)

// checked makes an error of an answer that reads as a success and lacks what it
// is about, as an empty one does.
type checked struct{}

// ID implements middleware.DeserializeMiddleware.
func (checked) ID() string { return "bothways:checkAnswer" }

// HandleDeserialize implements middleware.DeserializeMiddleware.
func (checked) HandleDeserialize(ctx context.Context, in middleware.DeserializeInput, next middleware.DeserializeHandler) (middleware.DeserializeOutput, middleware.Metadata, error) {
	out, metadata, err := next.HandleDeserialize(ctx, in)
	if err != nil {
		if why := unread(in.Request, err); why != "" {
			err = &AnswerError{Host: hostOf(in.Request), Operation: middleware.GetOperationName(ctx), Why: why, sdk: err}
		}
	} else {
		if lacks := lacking(out.Result); lacks != "" {
			err = &AnswerError{Host: hostOf(in.Request), Operation: middleware.GetOperationName(ctx), Why: "has no " + lacks + " in it"}
		}
	}
	return out, metadata, err
}

// unread says why an answer with an error can't be one of the service that was
// asked, or "". Of a body without a code the SDK makes UnknownError, or the words
// of the status, which is all that the answer to a HEAD has.
func unread(request any, err error) string {
	if _, known := errors.AsType[*AnswerError](err); known {
		return ""
	}
	if malformed, is := errors.AsType[*wellformed.Error](err); is {
		return malformed.Why
	}
	if _, network := errors.AsType[net.Error](err); network || errors.Is(err, context.Canceled) {
		return ""
	}
	if why := sentOn(request, err); why != "" {
		return why
	}
	status := apierror.StatusCode(err)
	_, garbled := errors.AsType[*xml.SyntaxError](err)
	switch {
	case status >= 300 && (garbled || apierror.Code(err) == "UnknownError" || !isHead(request) && apierror.Message(err) == http.StatusText(status) && apierror.Code(err) == strings.ReplaceAll(http.StatusText(status), " ", "")):
		return fmt.Sprintf("is HTTP %d without an error of that service in it", status)
	case garbled, status > 0 && errors.Is(err, io.ErrUnexpectedEOF):
		return "can't be read: it is cut off, or is no XML"
	}
	return ""
}

func isHead(request any) bool {
	r, ok := request.(*smithyhttp.Request)
	return ok && r.Method == http.MethodHead
}

// lacking names what every answer of its kind has and this one has not, or "".
func lacking(answer any) string {
	switch a := answer.(type) {
	case *s3.GetBucketReplicationOutput:
		if c := a.ReplicationConfiguration; c != nil && len(c.Rules) == 0 { // S3 keeps none without a rule
			return "Rule"
		}
		return without(a.ReplicationConfiguration, "ReplicationConfiguration")
	case *s3.GetBucketEncryptionOutput:
		return without(a.ServerSideEncryptionConfiguration, "ServerSideEncryptionConfiguration")
	case *s3.GetObjectLockConfigurationOutput:
		return without(a.ObjectLockConfiguration, "ObjectLockConfiguration")
	case *s3.GetBucketOwnershipControlsOutput:
		return without(a.OwnershipControls, "OwnershipControls")
	case *s3.GetPublicAccessBlockOutput:
		return without(a.PublicAccessBlockConfiguration, "PublicAccessBlockConfiguration")
	case *s3.GetBucketPolicyOutput:
		return without(a.Policy, "policy")
	case *s3.ListObjectVersionsOutput:
		return without(a.Name, "bucket's name")
	case *s3.ListObjectsV2Output:
		return without(a.Name, "bucket's name")
	case *s3.ListMultipartUploadsOutput:
		return without(a.Bucket, "bucket's name")
	case *s3.CreateMultipartUploadOutput:
		return without(a.UploadId, "UploadId")
	case *s3.UploadPartOutput:
		return without(a.ETag, "ETag")
	case *s3.CompleteMultipartUploadOutput:
		return without(a.ETag, "ETag")
	case *s3control.CreateJobOutput:
		return without(a.JobId, "JobId")
	case *s3control.DescribeJobOutput:
		return without(a.Job, "Job")
	case *fis.CreateExperimentTemplateOutput:
		return without(a.ExperimentTemplate, "experimentTemplate")
	case *fis.StartExperimentOutput:
		return without(a.Experiment, "experiment")
	case *fis.GetExperimentOutput:
		return without(a.Experiment, "experiment")
	case *fis.GetSafetyLeverOutput:
		return without(a.SafetyLever, "safetyLever")
	case *iam.GetRoleOutput:
		return without(a.Role, "Role")
	case *iam.CreateRoleOutput:
		return without(a.Role, "Role")
	case *iam.GetRolePolicyOutput:
		return without(a.PolicyDocument, "PolicyDocument")
	case *iam.GetPolicyOutput:
		return without(a.Policy, "Policy")
	case *iam.GetPolicyVersionOutput:
		return without(a.PolicyVersion, "PolicyVersion")
	case *sts.GetCallerIdentityOutput:
		return without(a.Account, "Account")
	}
	return ""
}

func without[T any](part *T, name string) string {
	if part == nil {
		return name
	}
	return ""
}
