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
