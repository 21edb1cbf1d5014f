package apierror

import (
	"regexp"
	"strings"
	"sync"
)

// PolicyKind is the kind of policy that decided about a call, in the words of
// AWS.
type PolicyKind string

// The kinds (IAM User Guide, "Troubleshoot access denied error messages").
const (
	IdentityPolicy        PolicyKind = "identity-based policy"
	ResourcePolicy        PolicyKind = "resource-based policy"
	PermissionsBoundary   PolicyKind = "permissions boundary"
	SessionPolicy         PolicyKind = "session policy"
	ServiceControlPolicy  PolicyKind = "service control policy"
	ResourceControlPolicy PolicyKind = "resource control policy"
	EndpointPolicy        PolicyKind = "VPC endpoint policy"
	TrustPolicy           PolicyKind = "role trust policy"
	// ObjectLock and PublicAccessBlock are no policies, and refuse all the same.
	ObjectLock        PolicyKind = "object lock"
	PublicAccessBlock PolicyKind = "public access block"
)

// Refusal is why a service refused a call for want of rights, as far as it
// says.
type Refusal struct {
	Principal, Action, Resource string
	// Explicit says that something denies the call; otherwise nothing allows
	// it, or the service does not say.
	Explicit bool
	// Policy is what denies it, or what would have to allow it; "" is not told.
	Policy PolicyKind
	// PolicyARN names that policy, where the service does.
	PolicyARN string
}

// The words of AWS for a refusal: who may not do what, and why (IAM User Guide,
// "Troubleshoot access denied error messages"; S3 User Guide, "Troubleshoot
// access denied (403 Forbidden) errors in Amazon S3").
var (
	refusedCall = wording(`(?i)(?:User|Principal): (\S+) is not authorized to perform: (\S+)(?: on resource: "?([^\s"]+)"?)?`)
	deniedBy    = wording(`(?i)with an explicit deny(?: in (?:an?|the) ([a-z -]*(?:policy|boundary))(?:: (arn:\S+))?)?`)
	unallowed   = wording(`(?i)because no ([a-z -]+?) allows`)
)

func wording(pattern string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(pattern) })
}

var policyKinds = []PolicyKind{
	IdentityPolicy, ResourcePolicy, PermissionsBoundary, SessionPolicy, ServiceControlPolicy, ResourceControlPolicy, EndpointPolicy, TrustPolicy,
}

// RefusalOf reads why a call was refused; false where it was not, for want of
// rights. A HEAD's answer has no words, so it tells nothing but that.
func RefusalOf(err error) (Refusal, bool) {
	if !Denied(err) {
		return Refusal{}, false
	}
	return ParseRefusal(Message(err)), true
}

// ParseRefusal reads the words of a refusal.
func ParseRefusal(words string) Refusal {
	var r Refusal
	if m := refusedCall().FindStringSubmatch(words); m != nil {
		r.Principal, r.Action, r.Resource = m[1], m[2], m[3]
	}
	kind := ""
	if m := deniedBy().FindStringSubmatch(words); m != nil {
		r.Explicit, kind, r.PolicyARN = true, m[1], m[2]
	} else if m := unallowed().FindStringSubmatch(words); m != nil {
		kind = m[1]
	}
	for _, known := range policyKinds {
		if strings.EqualFold(kind, string(known)) {
			r.Policy = known
		}
	}
	switch {
	case strings.Contains(words, "protected by object lock"):
		r.Explicit, r.Policy = true, ObjectLock
	case strings.Contains(strings.ToLower(words), "block public access"):
		r.Explicit, r.Policy = true, PublicAccessBlock
	}
	return r
}

// Organisation says whether the organisation refuses it, so that no policy of
// the account can help.
func (r Refusal) Organisation() bool {
	return r.Policy == ServiceControlPolicy || r.Policy == ResourceControlPolicy
}

// Missing says whether it is merely a right that is missing, as far as is told:
// a policy that gives it would help.
func (r Refusal) Missing() bool {
	return !r.Explicit && (r.Policy == "" || r.Policy == IdentityPolicy || r.Policy == ResourcePolicy)
}

// Words say in a clause why, or are "".
func (r Refusal) Words() string {
	switch {
	case r.Policy == ObjectLock || r.Policy == PublicAccessBlock:
		return string(r.Policy) + " forbids it"
	case r.Explicit && r.Policy == "":
		return "an explicit deny"
	case r.Explicit && r.PolicyARN != "":
		return "an explicit deny in the " + string(r.Policy) + " " + r.PolicyARN
	case r.Explicit:
		return "an explicit deny in a " + string(r.Policy)
	case r.Policy != "":
		return "no " + string(r.Policy) + " allows it"
	}
	return ""
}

// Advice says what helps.
func (r Refusal) Advice() string {
	switch {
	case r.Organisation():
		return "The organisation forbids it (" + r.Words() + "): no policy of the account lifts that. Ask who runs the organisation, or use another account."
	case r.Policy == PermissionsBoundary && !r.Explicit:
		return "The permissions boundary of these credentials does not allow it, and no other policy can: have it widened, or use others."
	case r.Policy == EndpointPolicy:
		return "The VPC endpoint that the call went through does not let it pass (" + r.Words() + "): change its policy, or go another way."
	case r.Policy == SessionPolicy && !r.Explicit:
		return "The policy that this session was begun with does not allow it: begin one with more, or use other credentials."
	case r.Policy == ObjectLock:
		return "Object Lock keeps it until its retention or legal hold ends."
	case r.Policy == PublicAccessBlock:
		return "S3's Block Public Access forbids it."
	case r.Explicit && r.Policy == ResourcePolicy:
		return "It is an explicit deny in the policy of what was asked for, such as the bucket's: it outweighs whatever allows it. Except these credentials from that statement, or meet its conditions."
	case r.Explicit:
		return "It is " + r.Words() + ": it outweighs whatever allows it. Except this from that statement, or use other credentials."
	case r == (Refusal{}):
		return "These credentials lack the right to do that, or something denies it, which the service does not say: bothways export --format policy prints what it needs."
	}
	return "These credentials lack the right to do that: bothways export --format policy prints what it needs."
}
