package iam

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"bothways/aws/sandbox/iam/policy"
	"bothways/aws/sandbox/refusal"
)

// managedPolicy is a policy with an ARN of its own.
type managedPolicy struct {
	arn, name, path, id string
	description         string
	tags                []tag
	created             time.Time
	versions            []policyVersion  // oldest first, never empty
	standard            int              // the number of the default version
	last                int              // the highest number that a version has had
	parsed              *policy.Document // of the default version
}

// awsManaged are the AWS managed policies that people attach while trying replication out (AWS Managed Policy Reference
// Guide).
var awsManaged = map[string]string{
	"AdministratorAccess": `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`,
	"AmazonS3FullAccess": `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:*",` +
		`"s3-object-lambda:*"],"Resource":"*"}]}`,
	"AmazonS3ReadOnlyAccess": `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:Get*","s3:List*",` +
		`"s3:Describe*","s3-object-lambda:Get*","s3-object-lambda:List*"],"Resource":"*"}]}`,
	"IAMFullAccess": `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["iam:*"],"Resource":"*"}]}`,
	"IAMReadOnlyAccess": `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["iam:Get*","iam:List*",` +
		`"iam:SimulateCustomPolicy","iam:SimulatePrincipalPolicy"],"Resource":"*"}]}`,
}

func newManagedPolicy(arn, name, path, text string) (*managedPolicy, error) {
	parsed, err := policy.Parse(text, policy.Identity)
	if err != nil {
		return nil, err
	}
	now := time.Now()
	return &managedPolicy{
		arn: arn, name: name, path: path, id: uniqueID("ANPA"), parsed: parsed, created: now,
		versions: []policyVersion{{1, text, now}}, standard: 1, last: 1,
	}, nil
}

// policyXML is a managed policy as it appears in answers.
type policyXML struct {
	PolicyName       string
	PolicyID         string `xml:"PolicyId"`
	Arn              string
	Path             string
	DefaultVersionID string `xml:"DefaultVersionId"`
	AttachmentCount  int
	IsAttachable     bool
	Description      string `xml:",omitempty"`
	CreateDate       string
	UpdateDate       string
	Tags             *members[tag] `xml:",omitempty"`
}

// xml shows a policy; description and tags are in the whole answer only, not in lists (IAM API Reference, ListPolicies).
func (p *managedPolicy) xml(d *Directory, whole bool) policyXML {
	x := policyXML{
		PolicyName:       p.name,
		PolicyID:         p.id,
		Arn:              p.arn,
		Path:             p.path,
		DefaultVersionID: versionID(p.standard),
		AttachmentCount:  d.attachments(p.arn),
		IsAttachable:     true,
		CreateDate:       timestamp(p.created),
		UpdateDate:       timestamp(p.versions[len(p.versions)-1].Created),
	}
	if whole {
		x.Description = p.description
		if len(p.tags) > 0 {
			x.Tags = &members[tag]{p.tags}
		}
	}
	return x
}

func errNoPolicy(arn string) *refusal.Error {
	return errNoSuchEntity("Policy " + arn + " was not found.")
}

// attachments counts the users and roles that a managed policy is attached to, boundaries included.
func (d *Directory) attachments(arn string) int {
	count := 0
	for _, history := range d.roles {
		r := history.latest()
		if r == nil {
			continue
		}
		if slices.Contains(r.attached, arn) {
			count++
		}
		if r.boundary == arn {
			count++
		}
	}
	for _, u := range d.users {
		if slices.Contains(u.attached, arn) {
			count++
		}
	}
	return count
}

// managed returns the policy that PolicyArn names.
func (q *query) managed(d *Directory) (*managedPolicy, error) {
	arn, err := q.require("PolicyArn")
	if err != nil {
		return nil, err
	}
	if p := d.policies[arn]; p != nil {
		return p, nil
	}
	return nil, errNoPolicy(arn)
}

func createPolicy(d *Directory, q *query) (any, error) {
	name, err := q.name("PolicyName", 128)
	if err != nil {
		return nil, err
	}
	path, err := q.path()
	if err != nil {
		return nil, err
	}
	text, err := q.require("PolicyDocument")
	if err != nil {
		return nil, err
	}
	p, err := newManagedPolicy(d.arn(d.account, "policy"+path+name), name, path, text)
	if err != nil {
		return nil, err
	}
	if size(text) > maxManagedSize {
		return nil, errLimit("PolicySize", maxManagedSize)
	}
	for _, other := range d.policies {
		if strings.EqualFold(other.name, name) && !strings.HasPrefix(other.arn, d.arn("aws", "")) {
			return nil, refusal.New(http.StatusConflict, "EntityAlreadyExists",
				"A policy called "+name+" already exists. Duplicate names are not allowed.")
		}
	}
	p.description = q.get("Description")
	if p.tags, err = mergeTags(nil, q.tags()); err != nil {
		return nil, err
	}
	d.policies[p.arn] = p
	return struct{ Policy policyXML }{p.xml(d, true)}, nil
}

func getPolicy(d *Directory, q *query) (any, error) {
	p, err := q.managed(d)
	if err != nil {
		return nil, err
	}
	return struct{ Policy policyXML }{p.xml(d, true)}, nil
}

func deletePolicy(d *Directory, q *query) (any, error) {
	p, err := q.managed(d)
	if err != nil {
		return nil, err
	}
	if d.ofAWS(p) {
		return nil, errDenied("Cannot delete AWS managed policy " + p.arn)
	}
	if d.attachments(p.arn) > 0 {
		return nil, refusal.New(http.StatusConflict, "DeleteConflict",
			"Cannot delete a policy attached to entities.")
	}
	if len(p.versions) > 1 {
		return nil, refusal.New(http.StatusConflict, "DeleteConflict", "This policy has more than one version. Before you delete a policy, "+
			"you must delete the policy's versions. The default version is deleted with the policy.")
	}
	delete(d.policies, p.arn)
	return nil, nil
}

// ofAWS says whether AWS itself owns a policy.
func (d *Directory) ofAWS(p *managedPolicy) bool { return strings.HasPrefix(p.arn, d.arn("aws", "")) }
