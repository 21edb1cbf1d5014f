package iam

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"bothways/aws/sandbox/iam/policy"
	"bothways/aws/sandbox/refusal"
)

// managedPolicy is a policy with an ARN of its own. It has one version only, v1.
type managedPolicy struct {
	arn, name, path, id string
	description         string
	text                string
	parsed              *policy.Document
	created             time.Time
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
	return &managedPolicy{
		arn: arn, name: name, path: path, id: uniqueID("ANPA"), text: text, parsed: parsed, created: time.Now(),
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
}

func (p *managedPolicy) xml(attachments int) policyXML {
	return policyXML{
		PolicyName:       p.name,
		PolicyID:         p.id,
		Arn:              p.arn,
		Path:             p.path,
		DefaultVersionID: policyVersion,
		AttachmentCount:  attachments,
		IsAttachable:     true,
		Description:      p.description,
		CreateDate:       timestamp(p.created),
		UpdateDate:       timestamp(p.created),
	}
}

// policyVersion is the only version that a managed policy has here.
const policyVersion = "v1"

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
	d.policies[p.arn] = p
	return struct{ Policy policyXML }{p.xml(0)}, nil
}

func getPolicy(d *Directory, q *query) (any, error) {
	p, err := q.managed(d)
	if err != nil {
		return nil, err
	}
	return struct{ Policy policyXML }{p.xml(d.attachments(p.arn))}, nil
}

func getPolicyVersion(d *Directory, q *query) (any, error) {
	p, err := q.managed(d)
	if err != nil {
		return nil, err
	}
	version := q.get("VersionId")
	if version != policyVersion {
		return nil, errNoSuchEntity("Policy " + p.arn + " version " + version + " does not exist or is not attachable.")
	}
	type versionXML struct {
		Document         string
		VersionID        string `xml:"VersionId"`
		IsDefaultVersion bool
		CreateDate       string
	}
	return struct{ PolicyVersion versionXML }{versionXML{escape(p.text), version, true, timestamp(p.created)}}, nil
}

func deletePolicy(d *Directory, q *query) (any, error) {
	p, err := q.managed(d)
	if err != nil {
		return nil, err
	}
	if strings.HasPrefix(p.arn, d.arn("aws", "")) {
		return nil, errDenied("Cannot delete AWS managed policy " + p.arn)
	}
	if d.attachments(p.arn) > 0 {
		return nil, refusal.New(http.StatusConflict, "DeleteConflict",
			"Cannot delete a policy attached to entities.")
	}
	delete(d.policies, p.arn)
	return nil, nil
}
