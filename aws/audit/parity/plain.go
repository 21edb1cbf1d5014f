package parity

import (
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// withoutIDs takes the names of rules out, which mean nothing to S3.
func withoutIDs(member string) func(any) any {
	var without func(any) any
	without = func(doc any) any {
		switch d := doc.(type) {
		case map[string]any:
			delete(d, member)
			for name, value := range d {
				d[name] = without(value)
			}
		case []any:
			for i, value := range d {
				d[i] = without(value)
			}
		}
		return doc
	}
	return without
}

// plainPolicy takes out what a policy says of itself, and the statements with
// which bothways lets the other side's role in; one text and a list of one are the
// same in it (IAM User Guide, "Grammar of the IAM JSON policy language").
func plainPolicy(doc any) any {
	policy, is := doc.(map[string]any)
	if !is {
		return doc
	}
	delete(policy, "Id")
	var kept []any
	for _, one := range list(policy["Statement"]) {
		statement, is := one.(map[string]any)
		if !is {
			kept = append(kept, one)
			continue
		}
		if ownStatement(statement) {
			continue
		}
		delete(statement, "Sid")
		for name, value := range statement {
			if name != "Effect" {
				statement[name] = listed(value)
			}
		}
		kept = append(kept, statement)
	}
	if len(kept) == 0 {
		return nil
	}
	policy["Statement"] = kept
	return policy
}

func ownStatement(statement map[string]any) bool {
	sid, _ := statement["Sid"].(string)
	return strings.HasPrefix(sid, "Bothways")
}

// listed makes a list of one of each text.
func listed(value any) any {
	switch v := value.(type) {
	case map[string]any:
		for name, inner := range v {
			v[name] = listed(inner)
		}
		return v
	case []any:
		return v
	}
	return []any{fmt.Sprint(value)}
}

func list(value any) []any {
	if items, is := value.([]any); is {
		return items
	}
	if value == nil {
		return nil
	}
	return []any{value}
}

// plainLifecycle takes IDs out; a filter that is empty, one with an empty prefix
// and the prefix of the old form are the same.
func plainLifecycle(doc any) any {
	for _, one := range list(member(doc, "Rules")) {
		rule, is := one.(map[string]any)
		if !is {
			continue
		}
		delete(rule, "ID")
		if prefix, has := rule["Prefix"]; has {
			delete(rule, "Prefix")
			rule["Filter"] = map[string]any{"Prefix": prefix}
		}
		if rule["Filter"] == nil {
			rule["Filter"] = map[string]any{}
		}
	}
	return doc
}

// plainEncryption takes the keys' names out: a KMS key lies in one region, so
// that of the other side can't be the same. Whether there is one stays.
func plainEncryption(doc any) any {
	for _, one := range list(member(doc, "Rules")) {
		rule, is := one.(map[string]any)
		if !is {
			continue
		}
		if by, is := rule["ApplyServerSideEncryptionByDefault"].(map[string]any); is && by["KMSMasterKeyID"] != nil {
			by["KMSMasterKeyID"] = "{a key of the region}"
		}
		if rule["BucketKeyEnabled"] == false {
			delete(rule, "BucketKeyEnabled")
		}
	}
	return doc
}

// plainTags takes out what AWS and bothways write themselves.
func plainTags(doc any) any {
	var kept []any
	for _, one := range list(member(doc, "TagSet")) {
		if key, _ := member(one, "Key").(string); !strings.HasPrefix(key, "aws:") && !strings.HasPrefix(key, "bothways:") {
			kept = append(kept, one)
		}
	}
	if len(kept) == 0 {
		return nil
	}
	return map[string]any{"TagSet": kept}
}

// plainReplication takes out what orders and names the rules.
func plainReplication(doc any) any {
	for _, one := range list(member(doc, "Rules")) {
		if rule, is := one.(map[string]any); is {
			delete(rule, "ID")
			delete(rule, "Priority")
		}
	}
	return doc
}

// withoutOwn is a policy without the statements of bothways.
func withoutOwn(doc any) any {
	policy, is := doc.(map[string]any)
	if !is {
		return doc
	}
	var kept []any
	for _, one := range list(policy["Statement"]) {
		if statement, is := one.(map[string]any); !is || !ownStatement(statement) {
			kept = append(kept, one)
		}
	}
	if len(kept) == 0 {
		return nil
	}
	policy["Statement"] = kept
	return policy
}

// onlyRules is a lifecycle configuration as it is put: the least size for
// transitions is a header.
func onlyRules(doc any) any {
	if rules := member(doc, "Rules"); rules != nil {
		return map[string]any{"Rules": rules}
	}
	return nil
}

// member is one of a document's members, or nil.
func member(doc any, name string) any {
	if members, is := doc.(map[string]any); is {
		return members[name]
	}
	return nil
}

// grants are those of an ACL beside the owner's own.
func grants(acl *s3.GetBucketAclOutput) any {
	var all []any
	for _, g := range acl.Grants {
		if g.Grantee == nil || acl.Owner != nil && aws.ToString(g.Grantee.ID) == aws.ToString(acl.Owner.ID) && aws.ToString(g.Grantee.ID) != "" {
			continue
		}
		who := aws.ToString(g.Grantee.URI)
		for _, name := range []*string{g.Grantee.ID, g.Grantee.EmailAddress} {
			if who == "" {
				who = aws.ToString(name)
			}
		}
		all = append(all, map[string]any{"Grantee": who, "Permission": g.Permission})
	}
	if len(all) == 0 {
		return nil
	}
	return map[string]any{"Grants": all}
}
