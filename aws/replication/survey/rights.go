package survey

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/sourcegraph/conc/pool"

	"bothways/aws/account"
	"bothways/aws/apierror"
	"bothways/aws/pair"
)

func lookAtOperator(ctx context.Context, clients *account.Clients, who account.Identity, rights []Right) (Rights, error) {
	brief, cancel := context.WithTimeout(ctx, optionalWithin)
	defer cancel()
	principal, err := policySource(brief, clients, who.ARN)
	if err == nil && principal == "" {
		return Rights{Unread: "IAM does not simulate " + who.Name()}, nil
	}
	found := Rights{Principal: principal}
	if err == nil {
		found.Missing, err = missingRights(brief, clients, principal, rights)
	}
	switch {
	case err == nil:
		return found, nil
	case ctx.Err() != nil:
		return Rights{}, ctx.Err()
	case apierror.Expired(err):
		return Rights{}, err
	}
	// The simulation is a help; without it the plan shows nothing of it.
	return Rights{Unread: cmp.Or(apierror.Code(err), "no answer"), Principal: principal}, nil
}

// missingRights are those that the simulation denies.
func missingRights(ctx context.Context, clients *account.Clients, principal string, rights []Right) ([]MissingRight, error) {
	questions := make([]Question, len(rights))
	for i, r := range rights {
		known := map[string]string{"aws:RequestedRegion": regionOf(r, clients.Region)}
		if r.PassedTo != "" {
			known["iam:PassedToService"] = r.PassedTo
		}
		if r.Boundary != "" {
			known["iam:PermissionsBoundary"] = r.Boundary
		}
		for key, value := range r.Tags {
			known["aws:RequestTag/"+key] = value
		}
		questions[i] = Question{Action: r.Action, Resource: Example(r.Resource), Context: known}
	}
	rulings, err := Simulate(ctx, clients.IAM, principal, questions)
	if err != nil {
		return nil, err
	}
	var missing []MissingRight
	for i, r := range rights {
		if found := rulings[i]; !found.Allowed && found.By != "" { // what was not answered is not known
			missing = append(missing, MissingRight{r, found.By})
		}
	}
	return missing, nil
}

// regionOf is the region that a call needing the right goes to: IAM and the
// account service have one for all.
func regionOf(r Right, own string) string {
	if strings.HasPrefix(r.Action, "iam:") || strings.HasPrefix(r.Action, "account:") {
		return account.HomeRegion(own)
	}
	return own
}

// Example is a resource that a pattern covers.
func Example(resource string) string {
	if resource == "*" {
		return resource
	}
	return strings.ReplaceAll(strings.ReplaceAll(resource, "*", "example"), Dollar, "$")
}

// policySource is the ARN that IAM simulates for an identity: its own for a
// user, the role's for a session. It is "" for the root user and for sessions
// that belong to no role.
func policySource(ctx context.Context, clients *account.Clients, arn string) (string, error) {
	parts := strings.SplitN(arn, ":", 6)
	if len(parts) != 6 {
		return "", nil
	}
	switch kind, name, _ := strings.Cut(parts[5], "/"); kind {
	case "user":
		return arn, nil
	case "assumed-role":
		// The session's ARN leaves the role's path out.
		role, _, _ := strings.Cut(name, "/")
		out, err := clients.IAM.GetRole(ctx, &iam.GetRoleInput{RoleName: &role})
		if err != nil {
			return "", fmt.Errorf("read role %s: %w", role, err)
		}
		return aws.ToString(out.Role.Arn), nil
	}
	return "", nil
}

// LookAtRights asks IAM which of the rights the credentials of each side have,
// both sides side by side.
func (s *Survey) LookAtRights(ctx context.Context, rights []Right) error {
	found := make([]Rights, 2)
	group := pool.New().WithContext(ctx).WithCancelOnError().WithFirstError()
	for i, name := range pair.Sides() {
		group.Go(func(ctx context.Context) (err error) {
			var own []Right
			for _, r := range rights {
				if r.Side == name {
					own = append(own, r)
				}
			}
			found[i], err = lookAtOperator(ctx, s.World.Clients(name), s.Sides[name].Identity, own)
			if err != nil {
				return fmt.Errorf("survey the rights for side %s: %w", name, err)
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	for i, name := range pair.Sides() {
		side := s.Sides[name]
		side.Rights = found[i]
		s.Sides[name] = side
	}
	return nil
}

// Right is one action that the credentials of a side must be allowed.
type Right struct {
	Side     pair.SideName
	Action   string // as policies write it: "s3:PutBucketVersioning"
	Resource string // an ARN; * in it stands for any text
	Why      string
	// For is what the right is needed for; "" is everything, the survey
	// among it.
	For pair.Purpose
	// Optional says that without it something stays unknown, and that is all.
	Optional bool
	// Again says that it is to make what stands already, should that be gone.
	Again bool
	// PassedTo is the service that a role is passed to, for iam:PassRole.
	PassedTo string
	// Boundary is the permissions boundary that a role has or is given, and Tags
	// are the tags that it is made with: organisations ask for them in
	// conditions.
	Boundary string
	Tags     map[string]string
}

// Rights is what IAM says about the rights of one side's credentials.
type Rights struct {
	// Missing are those that are likely missing.
	Missing []MissingRight
	// Unread says why nothing is known, or "".
	Unread string
	// Principal is the ARN that policies know the credentials by: the user's, or
	// that of a session's role, with its path. It is "" where that is not known.
	Principal string
}

// MissingRight is a right that IAM's simulation denies.
type MissingRight struct {
	Right
	By string // what denies it
}

// Dollar is how a policy writes a dollar sign that begins no variable.
const Dollar = "${$}"
