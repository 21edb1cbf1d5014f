package athena

import (
	"context"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/athena"
	"github.com/aws/aws-sdk-go-v2/service/athena/types"

	"bothways/aws/apierror"
	"bothways/probe/wording"
)

// CheckWorkgroup looks before anything is asked whether the workgroup takes
// queries such as these, of which each reads at most so many bytes. Its notes
// are what somebody should know. Who may not look (athena:GetWorkGroup) may
// still ask.
func (q *Queries) CheckWorkgroup(ctx context.Context, most int64) (notes []string, err error) {
	out, err := q.Client.GetWorkGroup(ctx, &athena.GetWorkGroupInput{WorkGroup: &q.Workgroup}, patient)
	switch {
	case apierror.Denied(err):
		return []string{"The workgroup can't be looked at with these credentials, so whether it takes the queries is not known."}, nil
	case apierror.Code(err) == "InvalidRequestException":
		return nil, fmt.Errorf("look at the workgroup %s: there is none of that name in %s that these credentials reach (aws athena list-work-groups --region %s names them): %w", q.Workgroup, q.Region, q.Region, err)
	case err != nil:
		return nil, q.refused("look at the workgroup "+q.Workgroup, err)
	case out.WorkGroup == nil:
		return nil, nil
	}
	if out.WorkGroup.State == types.WorkGroupStateDisabled {
		return nil, fmt.Errorf("the workgroup %s is disabled: enable it, or give another one", q.Workgroup)
	}
	c := out.WorkGroup.Configuration
	if c == nil {
		return nil, nil
	}
	if v := c.EngineVersion; v != nil {
		if name := aws.ToString(v.EffectiveEngineVersion); strings.HasPrefix(name, "PySpark") {
			return nil, fmt.Errorf("the workgroup %s is for Spark (%s) and takes no SQL: give another one", q.Workgroup, name)
		} else if name == "Athena engine version 2" {
			return nil, fmt.Errorf("the workgroup %s has %s, and the statements are for version 3: give another one", q.Workgroup, name)
		}
	}
	managed := c.ManagedQueryResultsConfiguration != nil && c.ManagedQueryResultsConfiguration.Enabled
	own := ""
	if c.ResultConfiguration != nil {
		own = aws.ToString(c.ResultConfiguration.OutputLocation)
	}
	switch enforced := aws.ToBool(c.EnforceWorkGroupConfiguration); {
	case q.Output == "" && own == "" && !managed:
		return nil, fmt.Errorf("the workgroup %s has no place for answers: give one with --athena-output s3://BUCKET/PREFIX/", q.Workgroup)
	case managed && q.Output != "":
		return nil, fmt.Errorf("the workgroup %s keeps answers itself: leave out --athena-output", q.Workgroup)
	case enforced && q.Output != "" && own != q.Output:
		notes = append(notes, fmt.Sprintf("The workgroup keeps to its own place for answers, %s.", own))
	}
	if limit := aws.ToInt64(c.BytesScannedCutoffPerQuery); limit > 0 && limit < most {
		notes = append(notes, fmt.Sprintf("The workgroup cancels what reads more than %s, and each query may read up to %s.", wording.Size(limit), wording.Size(most)))
	}
	return notes, nil
}
