package kms

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"bothways/aws/sandbox/wire"
)

// Grant lets a principal do some operations with a key beside what its policy
// says: grants only allow (KMS Developer Guide, "Grants in AWS KMS").
type Grant struct {
	ID         string `json:"GrantId"`
	Name       string `json:",omitempty"`
	Grantee    string `json:"GranteePrincipal"`
	Retiring   string `json:"RetiringPrincipal,omitempty"`
	Issuer     string `json:"IssuingAccount"`
	Operations []string
	// Constraints are what the encryption context of a request must hold.
	Constraints *Constraints `json:",omitempty"`
	Created     time.Time
}

// Constraints bind a grant to encryption contexts: to one that has all of the
// subset, or to exactly one.
type Constraints struct {
	Subset map[string]string `json:"EncryptionContextSubset,omitempty"`
	Equals map[string]string `json:"EncryptionContextEquals,omitempty"`
}

// statement is what the grant means, as a statement of a key policy.
func (g Grant) statement() any {
	allow := fields{
		"Effect": "Allow", "Principal": fields{"AWS": g.Grantee}, "Resource": "*", "Action": []string{},
	}
	for _, operation := range g.Operations {
		allow["Action"] = append(allow["Action"].([]string), "kms:"+operation)
	}
	if g.Constraints == nil {
		return allow
	}
	same, names := map[string]string{}, []string{}
	for name, value := range g.Constraints.Subset {
		same["kms:EncryptionContext:"+name] = value
	}
	for name, value := range g.Constraints.Equals {
		same["kms:EncryptionContext:"+name] = value
		names = append(names, name)
	}
	condition := fields{"StringEquals": same}
	if len(names) > 0 {
		condition["ForAllValues:StringEquals"] = map[string][]string{"kms:EncryptionContextKeys": names}
	}
	allow["Condition"] = condition
	return allow
}

// withGrants is a key policy with what the key's grants allow beside it.
func (k Key) withGrants() (string, error) {
	if len(k.Grants) == 0 {
		return k.Text, nil
	}
	var whole struct {
		Version   string `json:",omitempty"`
		Statement json.RawMessage
	}
	if err := json.Unmarshal([]byte(k.Text), &whole); err != nil {
		return "", err
	}
	var statements []any
	if json.Unmarshal(whole.Statement, &statements) != nil { // one may stand without its brackets
		statements = []any{whole.Statement}
	}
	for _, g := range k.Grants {
		statements = append(statements, g.statement())
	}
	var err error
	if whole.Statement, err = json.Marshal(statements); err != nil {
		return "", err
	}
	text, err := json.Marshal(whole)
	return string(text), err
}

func (c *call) createGrant() (fields, error) {
	k, err := c.key(false)
	switch {
	case err != nil:
		return nil, err
	case k.State == PendingDeletion:
		return nil, pendingDeletion(k)
	case !strings.HasPrefix(c.Grantee, "arn:") || !c.Accounts.MayExist(c.Grantee):
		return nil, refuse("InvalidArnException", "ARN does not refer to a valid principal: "+c.Grantee)
	case len(c.Operations) == 0:
		return nil, validation("1 validation error detected: Value null at 'operations' failed to satisfy constraint: Member must not be null")
	}
	g := Grant{
		ID: strings.ReplaceAll(wire.RequestID(), "-", ""), Name: c.Name, Grantee: c.Grantee, Retiring: c.Retiring, Issuer: "arn:aws:iam::" + c.caller.AccountID + ":root",
		Operations: c.Operations, Constraints: c.Constraints, Created: time.Now(),
	}
	k.Grants = append(slices.Clone(k.Grants), g)
	return fields{"GrantId": g.ID, "GrantToken": g.ID}, c.Keys.Put(k)
}

func (c *call) revokeGrant() (fields, error) {
	k, err := c.key(false)
	if err != nil {
		return nil, err
	}
	left := slices.DeleteFunc(slices.Clone(k.Grants), func(g Grant) bool { return g.ID == c.GrantID })
	if len(left) == len(k.Grants) {
		return nil, refuse("NotFoundException", "Grant "+c.GrantID+" is not found.")
	}
	k.Grants = left
	return nil, c.Keys.Put(k)
}

// grantsPage is how many grants an answer has unless it is told (KMS API
// Reference, ListGrants).
const grantsPage = 50

func (c *call) listGrants() (fields, error) {
	k, err := c.key(false)
	if err != nil {
		return nil, err
	}
	limit, from := grantsPage, 0
	if c.Limit != nil {
		if limit = *c.Limit; limit < 1 || limit > 100 {
			return nil, validation("Limit must be between 1 and 100")
		}
	}
	if c.Marker != "" {
		if from, err = strconv.Atoi(c.Marker); err != nil || from < 0 || from > len(k.Grants) {
			return nil, refuse("InvalidMarkerException", fmt.Sprintf("Could not deserialize marker '%s'", c.Marker))
		}
	}
	found := []fields{}
	for _, g := range k.Grants[from:min(from+limit, len(k.Grants))] {
		told := fields{
			"KeyId": k.ARN, "GrantId": g.ID, "Name": g.Name, "GranteePrincipal": g.Grantee, "IssuingAccount": g.Issuer,
			"Operations": g.Operations, "CreationDate": seconds(g.Created),
		}
		if g.Retiring != "" {
			told["RetiringPrincipal"] = g.Retiring
		}
		if g.Constraints != nil {
			told["Constraints"] = g.Constraints
		}
		found = append(found, told)
	}
	answer := fields{"Grants": found, "Truncated": from+limit < len(k.Grants)}
	if from+limit < len(k.Grants) {
		answer["NextMarker"] = strconv.Itoa(from + limit)
	}
	return answer, nil
}
