package kms

import (
	"slices"
	"strings"
)

// createAlias asks for the right on the alias and for that on the key (KMS
// Developer Guide, Controlling access to aliases).
func (c *call) createAlias() (fields, error) {
	arn := ARN(c.AliasName, c.region, c.caller.AccountID)
	if err := c.mayIn(arn); err != nil {
		return nil, err
	}
	c.KeyID = c.TargetKeyID
	k, err := c.key(false)
	switch name, alias := strings.CutPrefix(c.AliasName, "alias/"); {
	case err != nil:
		return nil, err
	case !alias || name == "" || strings.HasPrefix(name, "aws/"):
		return nil, refuse("InvalidAliasNameException", "Alias must start with the prefix \"alias/\". Please see "+
			"https://docs.aws.amazon.com/kms/latest/developerguide/kms-alias.html")
	case k.State == PendingDeletion:
		return nil, pendingDeletion(k)
	}
	if _, taken := c.aliased(); taken {
		return nil, refuse("AlreadyExistsException", "An alias with the name "+arn+" already exists")
	}
	k.Aliases = append(slices.Clone(k.Aliases), c.AliasName)
	return nil, c.Keys.Put(k)
}

func (c *call) deleteAlias() (fields, error) {
	arn := ARN(c.AliasName, c.region, c.caller.AccountID)
	if err := c.mayIn(arn); err != nil {
		return nil, err
	}
	k, found := c.aliased()
	if !found {
		return nil, refuse("NotFoundException", "Alias "+arn+" is not found.")
	}
	if err := c.may(k); err != nil {
		return nil, err
	}
	k.Aliases = slices.DeleteFunc(slices.Clone(k.Aliases), func(name string) bool { return name == c.AliasName })
	return nil, c.Keys.Put(k)
}

// aliased is the key that has the alias of the input.
func (c *call) aliased() (Key, bool) {
	own := c.own()
	i := slices.IndexFunc(own, func(k Key) bool { return slices.Contains(k.Aliases, c.AliasName) })
	if i < 0 {
		return Key{}, false
	}
	return own[i], true
}

func (c *call) listAliases() (fields, error) {
	if err := c.mayIn("*"); err != nil {
		return nil, err
	}
	only := ""
	if c.KeyID != "" {
		only = ARN(c.KeyID, c.region, c.caller.AccountID)
	}
	own, err := c.own(), error(nil)
	if s3, failed := managed(c.region, c.caller.AccountID); failed == nil {
		own = append(own, s3)
	} else {
		err = failed
	}
	found := []fields{}
	for _, k := range own {
		for _, name := range k.Aliases {
			if only == "" || only == k.ARN {
				found = append(found, fields{"AliasName": name, "AliasArn": ARN(name, c.region, c.caller.AccountID), "TargetKeyId": k.id()})
			}
		}
	}
	return fields{"Aliases": found, "Truncated": false}, err
}
