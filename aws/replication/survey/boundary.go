package survey

import (
	"cmp"
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/sourcegraph/conc/pool"

	"bothways/aws/apierror"
	"bothways/aws/pair"
)

// lookAtBoundaries asks for the policies that were asked for as permissions
// boundaries: CreateRole would be the first to say that one is not there, when
// buckets have been changed already. What can't be read is left unknown; its
// error is one that ends a run.
func (s *Survey) lookAtBoundaries(ctx context.Context) error {
	directions := pair.Directions()
	found := make([]Direction, len(directions))
	group := pool.New().WithContext(ctx).WithCancelOnError().WithFirstError()
	for i, d := range directions {
		found[i] = s.Directions[d]
		arn := s.World.Pair.Boundary(s.Sides[d.From()].Identity.Account)
		if arn == "" || arn == found[i].Boundary { // what a role has is there
			continue
		}
		group.Go(func(ctx context.Context) error {
			brief, cancel := context.WithTimeout(ctx, optionalWithin)
			defer cancel()
			_, err := s.World.Clients(d.From()).IAM.GetPolicy(brief, &iam.GetPolicyInput{PolicyArn: &arn})
			switch code := apierror.Code(err); {
			case err == nil:
			case code == "NoSuchEntity":
				found[i].BoundaryMissing = true
			case passed(ctx, err) != nil:
				return fmt.Errorf("read the permissions boundary %s: %w", arn, err)
			default:
				found[i].BoundaryUnread = cmp.Or(code, "no answer")
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	for i, d := range directions {
		s.Directions[d] = found[i]
	}
	return nil
}
