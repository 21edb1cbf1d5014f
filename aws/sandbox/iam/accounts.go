package iam

import (
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"bothways/aws/sandbox/iam/policy"
	"bothways/aws/sandbox/sigv4"
)

// Accounts are the accounts of one AWS, each with a directory of its own. Who may do what is decided by the directory of
// the account that the caller belongs to, together with the policy of the resource. It is safe for concurrent use.
type Accounts struct {
	mu          sync.RWMutex
	directories map[string]*Directory
	propagation time.Duration
	changed     func(Snapshot) // nil: nobody watches
}

// NewAccounts makes an AWS without accounts; each that is opened has the propagation, see [New].
func NewAccounts(propagation time.Duration) *Accounts {
	return &Accounts{directories: make(map[string]*Directory), propagation: propagation}
}

// Open returns the directory of an account of twelve digits and makes it if there is none.
func (a *Accounts) Open(accountID string) *Directory {
	a.mu.Lock()
	defer a.mu.Unlock()
	d := a.directories[accountID]
	if d == nil {
		d = New(accountID, a.propagation)
		d.mu, d.accounts = &a.mu, a
		a.directories[accountID] = d
	}
	return d
}

// Directory returns the directory of an account, nil if nobody opened it.
func (a *Accounts) Directory(accountID string) *Directory {
	a.mu.RLock()
	defer a.mu.RUnlock()
	return a.directories[accountID]
}

// All returns all directories by account id.
func (a *Accounts) All() []*Directory {
	a.mu.RLock()
	defer a.mu.RUnlock()
	return slices.SortedFunc(maps.Values(a.directories), func(x, y *Directory) int { return strings.Compare(x.account, y.account) })
}

// Lookup finds an access key id in all accounts, temporary credentials included. The key of a temporary credential
// carries its expiry; sigv4 refuses it with ExpiredToken after that.
func (a *Accounts) Lookup(accessKeyID string) (sigv4.Key, Principal, bool) {
	a.mu.RLock()
	defer a.mu.RUnlock()
	for _, d := range a.directories {
		if found, ok := d.keys[accessKeyID]; ok && !found.inactive {
			return found.key, found.principal, true
		}
	}
	return sigv4.Key{}, Principal{}, false
}

// Key is Lookup in the shape that sigv4 asks for.
func (a *Accounts) Key(accessKeyID string) (sigv4.Key, bool) {
	key, _, found := a.Lookup(accessKeyID)
	return key, found
}

// Authorize decides by the policies of the principal itself, for calls that are about the principal's own account.
func (a *Accounts) Authorize(p Principal, action, resource string, ctx map[string]string) Decision {
	return a.AuthorizeResource(p, action, resource, ctx, nil, p.AccountID)
}

// AuthorizeResource is [Directory.AuthorizeResource] by the directory of the principal's account.
func (a *Accounts) AuthorizeResource(
	p Principal, action, resource string, ctx map[string]string, resourcePolicy *policy.Document, ownerAccount string,
) Decision {
	d := a.Directory(p.AccountID)
	if d == nil {
		// Services and anonymous callers have no account; nor has a caller whose account is gone. An empty directory grants
		// them nothing, so that the resource's policy alone decides.
		d = &Directory{account: ownerAccount, mu: new(sync.RWMutex)}
	}
	return d.AuthorizeResource(p, action, resource, ctx, resourcePolicy, ownerAccount)
}

// AssumeRole is [Directory.AssumeRole] by the directory of the role's account.
func (a *Accounts) AssumeRole(roleARN, servicePrincipal string, said map[string]string) (Principal, error) {
	if parts := strings.SplitN(roleARN, ":", 6); len(parts) == 6 {
		if d := a.Directory(parts[4]); d != nil {
			return d.AssumeRole(roleARN, servicePrincipal, said)
		}
	}
	return Principal{}, errDenied("User: " + servicePrincipal + " is not authorized to perform: sts:AssumeRole on resource: " +
		roleARN)
}

// MayExist reports whether a principal can be named: nothing is known to be missing of accounts that nobody opened.
func (a *Accounts) MayExist(arn string) bool {
	a.mu.RLock()
	defer a.mu.RUnlock()
	for _, d := range a.directories {
		if !d.mayExist(arn) {
			return false
		}
	}
	return true
}

// at returns the directory of the account that an ARN names, nil if there is none. The lock is held.
func (d *Directory) at(arn string) *Directory {
	parts := strings.SplitN(arn, ":", 6)
	switch {
	case len(parts) != 6:
		return nil
	case parts[4] == d.account:
		return d
	case d.accounts == nil:
		return nil
	}
	return d.accounts.directories[parts[4]]
}
