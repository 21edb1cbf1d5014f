// Package told has every request of a drill that may change something told
// before it is sent and after it was answered, with AWS's own ID of it.
package told

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/service/fis"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/s3control"
	"github.com/aws/smithy-go/middleware"

	"bothways/aws/account"
	"bothways/aws/drill/record"
	"bothways/aws/pair"
)

// Clients are those of a side, whose changes through IAM, S3 Control and FIS are
// told. What only reads is not.
func Clients(c *account.Clients, side pair.SideName, emit pair.Emit) *account.Clients {
	copied, t := *c, teller{side, emit}
	copied.IAM = iam.New(c.IAM.Options(), func(o *iam.Options) { o.APIOptions = append(o.APIOptions[:len(o.APIOptions):len(o.APIOptions)], t.add) })
	copied.Control = s3control.New(c.Control.Options(), func(o *s3control.Options) {
		o.APIOptions = append(o.APIOptions[:len(o.APIOptions):len(o.APIOptions)], t.add)
	})
	copied.FIS = fis.New(c.FIS.Options(), func(o *fis.Options) { o.APIOptions = append(o.APIOptions[:len(o.APIOptions):len(o.APIOptions)], t.add) })
	return &copied
}

// teller is the middleware in front of every call.
type teller struct {
	side pair.SideName
	emit pair.Emit
}

// ID implements middleware.InitializeMiddleware.
func (teller) ID() string { return "bothways:tellOfChange" }

func (t teller) add(stack *middleware.Stack) error {
	return stack.Initialize.Add(t, middleware.Before) //nolint:misspell // the SDK spells it so
}

// HandleInitialize implements middleware.InitializeMiddleware.
func (t teller) HandleInitialize(ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler) (middleware.InitializeOutput, middleware.Metadata, error) {
	name := middleware.GetOperationName(ctx)
	for _, reads := range []string{"Get", "List", "Simulate"} {
		if strings.HasPrefix(name, reads) {
			return next.HandleInitialize(ctx, in)
		}
	}
	call := record.Call{Service: middleware.GetServiceID(ctx), Operation: name, Side: t.side, Target: target(in.Parameters), Begins: true, At: time.Now()}
	t.emit(call)
	out, metadata, err := next.HandleInitialize(ctx, in)
	call.Begins, call.Outcome, call.At = false, "ok", time.Now()
	call.RequestID, _ = awsmiddleware.GetRequestIDMetadata(metadata)
	if err != nil {
		call.Outcome = err.Error()
		if answered, is := errors.AsType[*awshttp.ResponseError](err); is {
			call.RequestID = answered.ServiceRequestID()
		}
	}
	t.emit(call)
	return out, metadata, err
}

// target is what a request is about.
func target(input any) string {
	switch in := input.(type) {
	case *iam.CreateRoleInput:
		return aws.ToString(in.Path) + aws.ToString(in.RoleName)
	case *iam.UpdateAssumeRolePolicyInput:
		return aws.ToString(in.RoleName)
	case *iam.PutRolePolicyInput:
		return aws.ToString(in.RoleName) + ", policy " + aws.ToString(in.PolicyName)
	case *iam.DeleteRolePolicyInput:
		return aws.ToString(in.RoleName) + ", policy " + aws.ToString(in.PolicyName)
	case *iam.DeleteRoleInput:
		return aws.ToString(in.RoleName)
	case *s3control.TagResourceInput:
		return aws.ToString(in.ResourceArn)
	case *s3control.UntagResourceInput:
		return aws.ToString(in.ResourceArn)
	case *fis.CreateExperimentTemplateInput:
		return aws.ToString(in.Description)
	case *fis.DeleteExperimentTemplateInput:
		return aws.ToString(in.Id)
	case *fis.StartExperimentInput:
		return aws.ToString(in.ExperimentTemplateId)
	case *fis.StopExperimentInput:
		return aws.ToString(in.Id)
	}
	return ""
}
