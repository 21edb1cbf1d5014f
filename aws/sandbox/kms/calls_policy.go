package kms

import "bothways/aws/sandbox/iam/policy"

// onlyPolicy is the one name that a key policy can have.
const onlyPolicy = "default"

func (c *call) getPolicy() (fields, error) {
	k, err := c.key(false)
	switch {
	case err != nil:
		return nil, err
	case c.PolicyName != "" && c.PolicyName != onlyPolicy:
		return nil, refuse("NotFoundException", "No such policy exists")
	}
	return fields{"Policy": k.Text, "PolicyName": onlyPolicy}, nil
}

func (c *call) listPolicies() (fields, error) {
	if _, err := c.key(false); err != nil {
		return nil, err
	}
	return fields{"PolicyNames": []string{onlyPolicy}, "Truncated": false}, nil
}

func (c *call) putPolicy() (fields, error) {
	k, err := c.key(false)
	switch {
	case err != nil:
		return nil, err
	case c.PolicyName != "" && c.PolicyName != onlyPolicy:
		return nil, validation("1 validation error detected: Value '" + c.PolicyName + "' at 'policyName' is not " + onlyPolicy)
	}
	k.Text = c.Policy
	if err := c.checkPolicy(k); err != nil {
		return nil, err
	}
	return nil, c.Keys.Put(k)
}

// checkPolicy refuses a policy that KMS does not take: what is no policy, and
// unless that check is waived, one by which the caller could not put another
// (KMS API Reference, PutKeyPolicy).
func (c *call) checkPolicy(k Key) error {
	malformed := func(message string) error { return refuse("MalformedPolicyDocumentException", message) }
	parsed, err := policy.Parse(k.Text, policy.Resource)
	if err != nil {
		return malformed(err.Error())
	}
	for _, name := range parsed.NamedPrincipals() {
		if !c.Accounts.MayExist(name) {
			return malformed("Policy contains a statement with one or more invalid principals.")
		}
	}
	decision := c.Accounts.AuthorizeResource(c.caller, "kms:PutKeyPolicy", k.ARN, c.conditionsOn(k), parsed, Account(k.ARN))
	if !c.Bypass && !decision.Allow {
		return malformed("The new key policy will not allow you to update the key policy in the future.")
	}
	return nil
}
