package iam

import (
	"bothways/aws/sandbox/iam/policy"
	"bothways/aws/sandbox/sigv4"
)

// AddRoot adds an access key of the account's root user, who is limited by a service control policy only.
func (d *Directory) AddRoot(accessKeyID, secret string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.keys[accessKeyID] = accessKey{
		key: sigv4.Key{SecretAccessKey: secret},
		principal: Principal{
			Kind: policy.Root, ARN: d.arn(d.account, "root"), AccountID: d.account, UserID: d.account,
		},
	}
}

// RemoveKey forgets an access key; requests that it signs are refused from then on.
func (d *Directory) RemoveKey(accessKeyID string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.keys, accessKeyID)
}

// Lookup returns what an access key id stands for, temporary credentials included. The key of a temporary credential
// carries its expiry; sigv4 refuses it with ExpiredToken after that.
func (d *Directory) Lookup(accessKeyID string) (sigv4.Key, Principal, bool) {
	d.mu.RLock()
	defer d.mu.RUnlock()
	found, ok := d.keys[accessKeyID]
	return found.key, found.principal, ok
}

// Key is Lookup in the shape that sigv4 asks for.
func (d *Directory) Key(accessKeyID string) (sigv4.Key, bool) {
	key, _, ok := d.Lookup(accessKeyID)
	return key, ok
}

// Authorize decides by the policies of the principal itself.
func (d *Directory) Authorize(p Principal, action, resource string, ctx map[string]string) Decision {
	return d.AuthorizeResource(p, action, resource, ctx, nil, d.account)
}

// IsElsewhere says whether an action is one that AWS has and the sandbox has not.
func IsElsewhere(service, action string) bool { return isElsewhere(service, action) }
