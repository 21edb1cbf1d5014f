package policy

import (
	"maps"
	"strings"
)

// Through is how S3 makes a request to KMS: via its service in a region, about
// an object or, under an S3 Bucket Key, its bucket; where either may be, both
// are given.
type Through struct {
	Region, Service string
	Contexts        []string
}

// KeyRequest is the request that S3 makes to KMS for the caller. What it looks
// like from where KMS stands is not all documented: through which services it
// came, and from which address, is not known.
func (c Caller) KeyRequest(action, key string, through Through) Request {
	r := c.Request(action, key, through.Region)
	maps.DeleteFunc(r.Context, func(name string, _ []string) bool { return strings.HasPrefix(name, "s3:") })
	maps.DeleteFunc(r.Either, func(name string, _ [][]string) bool { return strings.HasPrefix(name, "s3:") })
	for _, unknown := range []string{"aws:viaawsservice", "aws:calledvia", "aws:calledviafirst", "aws:calledvialast"} {
		delete(r.Context, unknown)
	}
	r.Context["aws:securetransport"] = []string{"true"}
	r.Context["aws:resourceaccount"] = []string{accountOf(key)}
	r.Context["kms:calleraccount"] = []string{c.Account}
	through.Describe(&r)
	return r
}

// Describe adds what KMS sees of how a request comes to it (KMS Developer Guide,
// "AWS KMS condition keys").
func (t Through) Describe(r *Request) {
	r.Context["kms:viaservice"] = []string{t.Service}
	r.Context["kms:encryptioncontextkeys"] = []string{"aws:s3:arn"}
	const context = "kms:encryptioncontext:aws:s3:arn"
	if len(t.Contexts) > 1 {
		r.Either[context] = [][]string{{t.Contexts[0]}, {t.Contexts[1]}}
	} else {
		r.Context[context] = t.Contexts
	}
}

func accountOf(arn string) string {
	if parts := strings.SplitN(arn, ":", 6); len(parts) == 6 {
		return parts[4]
	}
	return ""
}

// Grants returns the statement that allows a request by itself most certainly:
// one that names the account alone leaves it to the account's own policies. With
// byARN it has to name the user, or the session, by the ARN, which outweighs a
// boundary.
func (d *Document) Grants(r Request, byARN bool) (best Match) {
	for _, s := range d.Statements {
		if s.Deny {
			continue
		}
		if s.principals != nil {
			s.principals = principals(s.principals).without(r, byARN)
		} else if byARN {
			continue
		}
		if answer, how, unknown := s.applies(r); how != byAccount && answer > best.Answer {
			best = Match{Statement: s, Answer: answer, Unknown: unknown}
		}
	}
	return best
}

// without leaves out who does not grant: the account of the principal and, with
// byARN, whoever is not the user or the session by the ARN.
func (p principals) without(r Request, byARN bool) principals {
	owner := accountOf(r.Principal)
	left := principals{}
	for kind, names := range p {
		for _, name := range names {
			account := name == owner || strings.HasSuffix(name, ":iam::"+owner+":root")
			itself := r.byARN([]string{name}) || r.Session == "" && sameRole(name, r.Principal)
			if byARN && itself || !byARN && (!account || strings.HasSuffix(r.Principal, ":root")) {
				left[kind] = append(left[kind], name)
			}
		}
	}
	return left
}

// Lasting is the ARN that a policy can name the caller by beyond this session:
// the user's or the role's, or "" where that is not known.
func (c Caller) Lasting() string {
	if strings.Contains(c.ARN, ":user/") || strings.HasSuffix(c.ARN, ":root") {
		return c.ARN
	}
	return c.Principal
}
