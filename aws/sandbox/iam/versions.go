package iam

import (
	"net/http"
	"slices"
	"strconv"
	"time"

	"bothways/aws/sandbox/iam/policy"
	"bothways/aws/sandbox/refusal"
)

// policyVersion is one document that a managed policy has or had.
type policyVersion struct {
	Number  int
	Text    string
	Created time.Time
}

// maxVersions is how many versions a managed policy may have (IAM User Guide, "IAM and AWS STS quotas").
const maxVersions = 5

func versionID(number int) string { return "v" + strconv.Itoa(number) }

type versionXML struct {
	Document         string `xml:",omitempty"`
	VersionID        string `xml:"VersionId"`
	IsDefaultVersion bool
	CreateDate       string
}

func (p *managedPolicy) versionXML(v policyVersion) versionXML {
	return versionXML{VersionID: versionID(v.Number), IsDefaultVersion: v.Number == p.standard, CreateDate: timestamp(v.Created)}
}

// version returns where the version stands that VersionId names.
func (q *query) version(p *managedPolicy) (int, error) {
	id, err := q.require("VersionId")
	if err != nil {
		return 0, err
	}
	at := slices.IndexFunc(p.versions, func(v policyVersion) bool { return versionID(v.Number) == id })
	if at < 0 {
		return 0, errNoSuchEntity("Policy " + p.arn + " version " + id + " does not exist or is not attachable.")
	}
	return at, nil
}

// ofPolicy makes a call of what is done with the managed policy that it names.
func ofPolicy(do func(*Directory, *query, *managedPolicy) (any, error)) func(*Directory, *query) (any, error) {
	return func(d *Directory, q *query) (any, error) {
		p, err := q.managed(d)
		if err != nil {
			return nil, err
		}
		return do(d, q, p)
	}
}

// changingPolicy makes a call of a change of a policy that is not AWS's own.
func changingPolicy(do func(*Directory, *query, *managedPolicy) (any, error)) func(*Directory, *query) (any, error) {
	return ofPolicy(func(d *Directory, q *query, p *managedPolicy) (any, error) {
		if d.ofAWS(p) {
			return nil, errDenied("Cannot perform the operation on the protected policy " + p.arn + ".")
		}
		return do(d, q, p)
	})
}

func getPolicyVersion(_ *Directory, q *query, p *managedPolicy) (any, error) {
	at, err := q.version(p)
	if err != nil {
		return nil, err
	}
	x := p.versionXML(p.versions[at])
	x.Document = escape(p.versions[at].Text)
	return struct{ PolicyVersion versionXML }{x}, nil
}

func listPolicyVersions(_ *Directory, _ *query, p *managedPolicy) (any, error) {
	var answer struct {
		Versions members[versionXML]
		paging
	}
	for _, v := range slices.Backward(p.versions) {
		answer.Versions.Member = append(answer.Versions.Member, p.versionXML(v))
	}
	return answer, nil
}

func createPolicyVersion(_ *Directory, q *query, p *managedPolicy) (any, error) {
	text, err := q.require("PolicyDocument")
	if err != nil {
		return nil, err
	}
	parsed, err := policy.Parse(text, policy.Identity)
	switch {
	case err != nil:
		return nil, err
	case size(text) > maxManagedSize:
		return nil, errLimit("PolicySize", maxManagedSize)
	case len(p.versions) >= maxVersions:
		return nil, refusal.New(http.StatusConflict, "LimitExceeded", "A managed policy can have up to "+strconv.Itoa(maxVersions)+
			" versions. Before you create a new version, you must delete an existing version.")
	}
	p.last++ // a number is never given twice (IAM User Guide, "Versioning IAM policies")
	v := policyVersion{p.last, text, time.Now()}
	p.versions = append(p.versions, v)
	if q.get("SetAsDefault") == "true" {
		p.standard, p.parsed = v.Number, parsed
	}
	return struct{ PolicyVersion versionXML }{p.versionXML(v)}, nil
}

func setDefaultPolicyVersion(_ *Directory, q *query, p *managedPolicy) (any, error) {
	at, err := q.version(p)
	if err != nil {
		return nil, err
	}
	parsed, err := policy.Parse(p.versions[at].Text, policy.Identity)
	if err != nil {
		return nil, err
	}
	p.standard, p.parsed = p.versions[at].Number, parsed
	return nil, nil
}

func deletePolicyVersion(_ *Directory, q *query, p *managedPolicy) (any, error) {
	at, err := q.version(p)
	if err != nil {
		return nil, err
	}
	if p.versions[at].Number == p.standard {
		return nil, refusal.New(http.StatusConflict, "DeleteConflict", "Cannot delete the default version of a policy.")
	}
	p.versions = slices.Delete(p.versions, at, at+1)
	return nil, nil
}
