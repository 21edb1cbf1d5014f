package iam

import (
	"crypto/rand"
	"fmt"
	"strings"
	"sync"
	"time"

	"bothways/aws/sandbox/iam/policy"
	"bothways/aws/sandbox/sigv4"
)

// Principal is who makes a call.
type Principal = policy.Principal

// Directory is one account: its users, roles, policies and credentials. It is safe for concurrent use.
type Directory struct {
	account     string
	propagation time.Duration
	created     time.Time

	mu       *sync.RWMutex // shared by all directories of one Accounts
	accounts *Accounts     // nil for a directory that stands alone
	keys     map[string]accessKey
	users    map[string]*user // by lower-case name
	roles    map[string]*roleHistory
	policies map[string]*managedPolicy   // by ARN
	profiles map[string]*instanceProfile // by lower-case name
	scp      *policy.Document
	scpText  string
}

// accessKey is a credential and who holds it.
type accessKey struct {
	key       sigv4.Key
	principal Principal
	created   time.Time
	inactive  bool
}

// New makes the directory of an account of twelve digits without any user or role. Propagation delays what a change of a
// role or of its policies means for those who act in the role: the calls that manage roles see it at once, AssumeRole and
// Authorize only after it. AWS calls this eventual consistency (IAM User Guide, "Troubleshoot IAM: Changes that I make
// are not always immediately visible").
func New(accountID string, propagation time.Duration) *Directory {
	d := &Directory{
		account:     accountID,
		propagation: propagation,
		created:     time.Now(),
		mu:          new(sync.RWMutex),
		keys:        make(map[string]accessKey),
		users:       make(map[string]*user),
		roles:       make(map[string]*roleHistory),
		policies:    make(map[string]*managedPolicy),
		profiles:    make(map[string]*instanceProfile),
	}
	for name, document := range awsManaged {
		p, err := newManagedPolicy(d.arn("aws", "policy/"+name), name, "/", document)
		if err != nil {
			panic(fmt.Sprintf("iam: built-in policy %s: %v", name, err))
		}
		d.policies[p.arn] = p
	}
	return d
}

// NewUser is an IAM user to be added, with an access key.
type NewUser struct {
	Name, AccessKeyID string
	// Key may ask for a session token and expire, as temporary credentials do.
	Key sigv4.Key
	// Policies are inline policies. Without any, and if not an administrator,
	// the user may do nothing.
	Policies      []string
	Administrator bool
	Boundary      string // the document of the permissions boundary, "" for none
}

// PutUser adds a user, or replaces the one of that name. The error is a [*policy.SyntaxError].
func (d *Directory) PutUser(n NewUser) error {
	u := &user{d.newEntity("user", "/", n.Name, "AIDA")}
	for i, text := range n.Policies {
		inline, err := newInlinePolicy(text)
		if err != nil {
			return fmt.Errorf("policy %d of user %s: %w", i+1, n.Name, err)
		}
		u.inline[fmt.Sprintf("inline-%d", i+1)] = inline
	}
	if n.Administrator {
		u.attached = []string{d.arn("aws", "policy/AdministratorAccess")}
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if n.Boundary != "" {
		name := "boundary-of-user-" + n.Name
		boundary, err := newManagedPolicy(d.arn(d.account, "policy/"+name), name, "/", n.Boundary)
		if err != nil {
			return fmt.Errorf("permissions_boundary: %w", err)
		}
		d.policies[boundary.arn], u.boundary = boundary, boundary.arn
	}
	d.users[strings.ToLower(n.Name)] = u
	d.keys[n.AccessKeyID] = accessKey{key: n.Key, principal: d.userPrincipal(u), created: u.created}
	return nil
}

// AddUser puts a user who has inline policies alone.
func (d *Directory) AddUser(name, accessKeyID, secret string, policies ...string) error {
	return d.PutUser(NewUser{Name: name, AccessKeyID: accessKeyID, Key: sigv4.Key{SecretAccessKey: secret}, Policies: policies})
}

// SetServiceControlPolicy sets the account's service control policy, which limits every principal of the account; ""
// removes it. The error is a [*policy.SyntaxError].
func (d *Directory) SetServiceControlPolicy(text string) error {
	var document *policy.Document
	if text != "" {
		var err error
		if document, err = policy.Parse(text, policy.Identity); err != nil {
			return err
		}
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.scp, d.scpText = document, text
	return nil
}

// arn builds the ARN of an IAM resource; the account is "aws" for what AWS itself owns.
func (*Directory) arn(account, resource string) string {
	return "arn:aws:iam::" + account + ":" + resource
}

// uniqueID makes an identifier as IAM does: four letters for the kind and 17 random characters (IAM User Guide, "IAM
// identifiers").
func uniqueID(prefix string) string { return prefix + rand.Text()[:17] }
