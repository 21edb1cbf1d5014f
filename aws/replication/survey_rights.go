package replication

import (
	"context"
	"fmt"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/sourcegraph/conc/pool"

	"bothways/aws/account"
	"bothways/aws/apierror"
	"bothways/aws/pair"
)

// RightsSurvey is what IAM says about the rights of one side's credentials.
type RightsSurvey struct {
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

// lookAtRights asks IAM about everything that bothways may want to do with the
// pair, for both sides' credentials side by side.
func (s *Survey) lookAtRights(ctx context.Context) error {
	rights := Rights(*s.wanted())
	found := make([]RightsSurvey, 2)
	group := pool.New().WithContext(ctx).WithCancelOnError().WithFirstError()
	for i, name := range pair.Sides() {
		group.Go(func(ctx context.Context) (err error) {
			var own []Right
			for _, r := range rights {
				if r.Side == name {
					own = append(own, r)
				}
			}
			found[i], err = lookAtOperator(ctx, s.World.clients(name), s.Sides[name].Identity, own)
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

// lookAtGivenRoles finds out whether the roles that the options name will do.
func (s *Survey) lookAtGivenRoles(ctx context.Context) error {
	for _, d := range pair.Directions() {
		arn := s.World.Pair.Given.Role(d)
		if arn == "" || s.Sides[d.From()].RegionOff {
			continue
		}
		p := s.wantedCheckup(d)
		given := *p.configuration
		given.Role = &arn
		p.configuration = &given
		if err := p.readRole(ctx); err != nil {
			return err
		}
		if err := p.rights(ctx); err != nil {
			return err
		}
		direction := s.Directions[d]
		for _, t := range p.troubles { // whether it is there and trusts S3 is said by its own survey
			if t.Cause != CauseRole && t.Severity != Note && (t.Cause != CauseTrust || t.Certainty == Conceivable) {
				direction.Lacks = append(direction.Lacks, t)
			}
		}
		s.Directions[d] = direction
	}
	return nil
}

func lookAtOperator(ctx context.Context, clients *account.Clients, who account.Identity, rights []Right) (RightsSurvey, error) {
	brief, cancel := context.WithTimeout(ctx, optionalWithin)
	defer cancel()
	principal, err := policySource(brief, clients, who.ARN)
	if err == nil && principal == "" {
		return RightsSurvey{Unread: "IAM does not simulate " + who.Name()}, nil
	}
	found := RightsSurvey{Principal: principal}
	if err == nil {
		found.Missing, err = missingRights(brief, clients, principal, rights)
	}
	switch {
	case err == nil:
		return found, nil
	case ctx.Err() != nil:
		return RightsSurvey{}, ctx.Err()
	case apierror.Expired(err):
		return RightsSurvey{}, err
	}
	// The simulation is a help; without it the plan shows nothing of it.
	return RightsSurvey{Unread: first(apierror.Code(err), "no answer"), Principal: principal}, nil
}

// missingRights asks once for each resource.
func missingRights(ctx context.Context, clients *account.Clients, principal string, rights []Right) ([]MissingRight, error) {
	type question struct {
		situation
		rights []Right
	}
	var questions []*question
	byPlace := map[string]*question{}
	for _, r := range rights {
		place := r.Resource + " " + r.PassedTo
		q := byPlace[place]
		if q == nil {
			q = &question{situation: situation{resource: example(r.Resource), context: map[string]string{"aws:RequestedRegion": regionOf(r, clients.Region)}}}
			if r.PassedTo != "" {
				q.context["iam:PassedToService"] = r.PassedTo
			}
			byPlace[place], questions = q, append(questions, q)
		}
		q.rights = append(q.rights, r)
	}
	var mu sync.Mutex
	denied := map[string]string{}
	group := pool.New().WithContext(ctx).WithCancelOnError().WithFirstError()
	for _, q := range questions {
		group.Go(func(ctx context.Context) error {
			rulings, err := simulate(ctx, clients.IAM, principal, actionsOf(q.rights), q.situation)
			mu.Lock()
			defer mu.Unlock()
			for _, r := range q.rights {
				if found, said := rulings[strings.ToLower(r.Action)]; said && !found.Allowed {
					denied[r.Action+" "+r.Resource+" "+r.PassedTo] = found.By
				}
			}
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	var missing []MissingRight
	for _, r := range rights {
		if by := denied[r.Action+" "+r.Resource+" "+r.PassedTo]; by != "" {
			missing = append(missing, MissingRight{r, by})
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

// example is a resource that a pattern covers.
func example(resource string) string {
	if resource == "*" {
		return resource
	}
	return strings.ReplaceAll(strings.ReplaceAll(resource, "*", "example"), dollar, "$")
}

func actionsOf(rights []Right) []string {
	var actions []string
	seen := map[string]bool{}
	for _, r := range rights {
		if !seen[r.Action] {
			seen[r.Action] = true
			actions = append(actions, r.Action)
		}
	}
	return actions
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

// first is the first text that is not empty.
func first(texts ...string) string {
	for _, text := range texts {
		if text != "" {
			return text
		}
	}
	return ""
}
