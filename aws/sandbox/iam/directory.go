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
	policies map[string]*managedPolicy // by ARN
	scp      *policy.Document
	scpText  string
}

// accessKey is a credential and who holds it.
type accessKey struct {
	key       sigv4.Key
	principal Principal
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

// AddUser adds an IAM user with an access key and inline policies, or replaces the user of that name. A user without
// policies may do nothing. The error is a [*policy.SyntaxError].
func (d *Directory) AddUser(name, accessKeyID, secret string, policies ...string) error {
	u := d.newUser(name)
	for i, text := range policies {
		inline, err := newInlinePolicy(text)
		if err != nil {
			return fmt.Errorf("policy %d of user %s: %w", i+1, name, err)
		}
		u.inline[fmt.Sprintf("inline-%d", i+1)] = inline
	}
	d.putUser(u, accessKeyID, secret)
	return nil
}

// AddAdministrator adds an IAM user with an access key and the AWS managed policy AdministratorAccess, or replaces the
// user of that name.
func (d *Directory) AddAdministrator(name, accessKeyID, secret string) {
	u := d.newUser(name)
	u.attached = []string{d.arn("aws", "policy/AdministratorAccess")}
	d.putUser(u, accessKeyID, secret)
}

func (d *Directory) putUser(u *user, accessKeyID, secret string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.users[strings.ToLower(u.name)] = u
	d.keys[accessKeyID] = accessKey{
		key:       sigv4.Key{SecretAccessKey: secret},
		principal: d.userPrincipal(u),
	}
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
