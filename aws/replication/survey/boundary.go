package survey

import (
	"cmp"
	"context"

	"github.com/aws/aws-sdk-go-v2/service/iam"

	"bothways/aws/apierror"
	"bothways/aws/pair"
)

// lookAtBoundaries asks for the policies that were asked for as permissions
// boundaries: CreateRole would be the first to say that one is not there, when
// buckets have been changed already. What can't be read is left unknown.
func (s *Survey) lookAtBoundaries(ctx context.Context) {
	for _, d := range pair.Directions() {
		arn, direction := s.World.Pair.Boundary(s.Sides[d.From()].Identity.Account), s.Directions[d]
		if arn == "" || arn == direction.Boundary { // what a role has is there
			continue
		}
		_, err := s.World.Clients(d.From()).IAM.GetPolicy(ctx, &iam.GetPolicyInput{PolicyArn: &arn})
		switch code := apierror.Code(err); {
		case code == "NoSuchEntity":
			direction.BoundaryMissing = true
		case err != nil:
			direction.BoundaryUnread = cmp.Or(code, "no answer")
		}
		s.Directions[d] = direction
	}
}
