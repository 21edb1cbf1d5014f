package survey

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/sourcegraph/conc/pool"

	"bothways/aws/account"
	"bothways/aws/apierror"
	"bothways/aws/pair"
	"bothways/aws/policy"
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
		err = found.ask(brief, clients, who, rights)
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

// ask simulates the rights, each as the request that will be sent.
func (found *Rights) ask(ctx context.Context, clients *account.Clients, who account.Identity, rights []Right) error {
	caller := callerOf(who, found.Principal, time.Now())
	questions := make([]policy.Request, len(rights))
	for i, r := range rights {
		questions[i] = r.request(caller, clients.Region)
		maps.Copy(questions[i].Context, r.Known)
		if r.PassedTo != "" {
			questions[i].Context["iam:passedtoservice"] = []string{r.PassedTo}
		}
		if r.Boundary != "" {
			questions[i].Context["iam:permissionsboundary"] = []string{r.Boundary}
		}
	}
	rulings, err := Simulate(ctx, clients.IAM, found.Principal, questions)
	if err != nil {
		return err
	}
	for i, r := range rights {
		rulings[i].Unknown = slices.DeleteFunc(slices.Clone(rulings[i].Unknown), r.leavesOut)
		found.Bounded = found.Bounded || rulings[i].Bounded
		found.Open = append(found.Open, rulings[i].Unknown...)
		if !rulings[i].Allowed && rulings[i].By != "" { // what was not answered is not known
			found.Missing = append(found.Missing, MissingRight{r, rulings[i]})
		}
	}
	slices.Sort(found.Open)
	found.Open = slices.Compact(found.Open)
	return nil
}

// request is what will be sent that needs the right, or what S3 sends to KMS for it.
func (r Right) request(caller policy.Caller, region string) policy.Request {
	if r.Through != nil {
		return caller.KeyRequest(r.Action, r.Resource, *r.Through)
	}
	return caller.Request(r.Action, Example(r.Resource), regionOf(r, region))
}

// leavesOut says whether a condition key that was not given is known to be in
// no request: of a role that is made all is known.
func (r Right) leavesOut(key string) bool {
	key = strings.ToLower(key)
	return strings.HasPrefix(r.Action, "iam:") && key == "iam:permissionsboundary" || r.Action == "iam:CreateRole" && strings.HasPrefix(key, "aws:requesttag/")
}

// callerOf is who sends the requests of a side, as policies see it.
func callerOf(who account.Identity, principal string, at time.Time) policy.Caller {
	return policy.Caller{
		ARN: who.ARN, UserID: who.UserID, Account: who.Account, Principal: principal,
		Plain: strings.HasPrefix(who.Endpoint, "http://"), Now: at,
	}
}

// Caller is who sends the requests of a side.
func (s *Survey) Caller(name pair.SideName) policy.Caller {
	side := s.Sides[name]
	caller := callerOf(side.Identity, side.Rights.Principal, s.At)
	caller.Bounded = side.Rights.Bounded
	return caller
}

// Denials are the statements of a side's bucket policy that deny a request of
// ours, or perhaps do.
func (s *Survey) Denials(name pair.SideName, action, resource string) []policy.Match {
	document, err := policy.Parse(s.Sides[name].Policy)
	if err != nil {
		return nil // said among what could not be read
	}
	return document.Denies(s.Caller(name).Request(action, resource, s.World.Pair.Side(name).Region))
}

// Lacks says what is missing of the rights that a side's credentials need: not
// what the policy of the bucket or of the key allows, which inside one account
// does as well where nothing denies it (IAM User Guide, "Policy evaluation
// logic"), and in spite of a boundary where it names who asks by the ARN. What it
// may allow hangs on its keys.
func (s *Survey) Lacks(name pair.SideName) []MissingRight {
	var missing []MissingRight
	for _, m := range s.Sides[name].Rights.Missing {
		allowed := s.allowedThere(name, m)
		if allowed.Answer == policy.Yes {
			continue
		}
		m.Unknown = slices.Concat(m.Unknown, allowed.Unknown)
		missing = append(missing, m)
	}
	return missing
}

// allowedThere says what the policy of the bucket or of the key allows of a right
// that IAM does not.
func (s *Survey) allowedThere(name pair.SideName, m MissingRight) policy.Match {
	request := m.request(s.Caller(name), s.World.Pair.Side(name).Region)
	maps.Copy(request.Context, m.Known)
	switch {
	case m.Explicit || m.Reason == Organisation:
	case m.Through != nil && AccountOf(m.Resource) == s.Sides[name].Identity.Account:
		return s.AskKey(m.Resource, request).GrantsItself(m.Ruling)
	case strings.HasPrefix(m.Action, "s3:"):
		if document, err := policy.Parse(s.Sides[name].Policy); err == nil { // else said among what could not be read
			return document.Grants(request, m.Reason == OutOfBounds)
		}
	}
	return policy.Match{}
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
	return policy.Example(resource, "example")
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
	// Known are condition keys of the request beside those of every request.
	Known map[string][]string
	// Through is how S3 uses the right on a key for us; nil for what is no use of a key.
	Through *policy.Through
	// PassedTo is the service that a role is passed to, for iam:PassRole.
	PassedTo string
	// Boundary is the permissions boundary that a role has or is given, which
	// organisations ask for in conditions.
	Boundary string
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
	// Bounded says that a permissions boundary limits the credentials.
	Bounded bool
	// Open names the condition keys that policies of these credentials ask for
	// and that are not known here: on them it hangs what is really allowed.
	Open []string
}

// MissingRight is a right that IAM's simulation denies.
type MissingRight struct {
	Right
	Ruling
}
