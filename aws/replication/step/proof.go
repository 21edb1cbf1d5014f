package step

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	iamtypes "github.com/aws/aws-sdk-go-v2/service/iam/types"

	"bothways/aws/account"
	"bothways/aws/pair"
	"bothways/aws/policy"
	"bothways/aws/replication/survey"
)

// ProofKeeper is where the digest of what a canary proved is kept in AWS.
type ProofKeeper interface {
	proven(ctx context.Context) (string, error)
	note(ctx context.Context, proof string) error
}

// RoleTag keeps a proof as a tag of a role that bothways made.
type RoleTag struct {
	World     survey.World
	Direction pair.Direction
	Role      string // its name
}

func (k RoleTag) proven(ctx context.Context) (string, error) {
	found, err := survey.LookAtDirection(ctx, k.World, k.Direction, k.Role)
	return found.Proven, err
}

func (k RoleTag) note(ctx context.Context, proof string) error {
	_, err := k.World.Clients(k.Direction.From()).IAM.TagRole(ctx, &iam.TagRoleInput{
		RoleName: aws.String(k.Role),
		Tags:     []iamtypes.Tag{{Key: aws.String(pair.ProvenTagKey), Value: aws.String(proof)}},
	})
	return err
}

// GuestPolicy keeps a proof in our policy on a role that others made: see
// survey.SourceStatement.
type GuestPolicy struct {
	Clients            *account.Clients
	Role, Name, Policy string // the policy as it is wanted
}

func (k GuestPolicy) proven(ctx context.Context) (string, error) {
	_, proof, err := survey.ReadRolePolicy(ctx, k.Clients, k.Role, k.Name)
	return proof, err
}

// note writes the policy again, which is as it was proven but for the name of a
// statement. One that somebody changed meanwhile is left alone.
func (k GuestPolicy) note(ctx context.Context, proof string) error {
	now, _, err := survey.ReadRolePolicy(ctx, k.Clients, k.Role, k.Name)
	if err != nil {
		return err
	}
	if !policy.Same(now, k.Policy) {
		return fmt.Errorf("the policy %s of role %s has changed since it was proven", k.Name, k.Role)
	}
	_, err = k.Clients.IAM.PutRolePolicy(ctx, &iam.PutRolePolicyInput{
		RoleName: aws.String(k.Role), PolicyName: aws.String(k.Name), PolicyDocument: aws.String(survey.WithProof(k.Policy, proof)),
	})
	return err
}
