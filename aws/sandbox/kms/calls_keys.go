package kms

import (
	"strings"
	"time"

	"bothways/aws/sandbox/wire"
)

func (c *call) createKey() (fields, error) {
	if err := c.mayIn("*"); err != nil {
		return nil, err
	}
	k := Key{
		ARN: ARN(wire.RequestID(), c.region, c.caller.AccountID), State: Enabled, Text: c.Policy, Description: c.Description, Created: time.Now(),
	}
	if k.Text == "" {
		k.Text = defaultPolicy(k.ARN)
	}
	if err := c.checkPolicy(k); err != nil {
		return nil, err
	}
	if err := c.Keys.Put(k); err != nil {
		return nil, err
	}
	return fields{"KeyMetadata": metadata(k)}, nil
}

func (c *call) describeKey() (fields, error) {
	k, err := c.key(true)
	if err != nil {
		return nil, err
	}
	return fields{"KeyMetadata": metadata(k)}, nil
}

// metadata is what DescribeKey tells of a key.
func metadata(k Key) fields {
	manager := "CUSTOMER"
	if k.Managed {
		manager = "AWS"
	}
	told := fields{
		"AWSAccountId": Account(k.ARN), "KeyId": k.id(), "Arn": k.ARN, "CreationDate": seconds(k.Created), "Enabled": k.Usable(),
		"Description": k.Description, "KeyUsage": "ENCRYPT_DECRYPT", "KeyState": string(k.State), "Origin": "AWS_KMS", "KeyManager": manager,
		"CustomerMasterKeySpec": "SYMMETRIC_DEFAULT", "KeySpec": "SYMMETRIC_DEFAULT", "EncryptionAlgorithms": []string{"SYMMETRIC_DEFAULT"},
		"MultiRegion": false,
	}
	if k.State == PendingDeletion && !k.Deletion.IsZero() {
		told["DeletionDate"] = seconds(k.Deletion)
	}
	return told
}

// seconds is how the protocol writes a time.
func seconds(t time.Time) float64 {
	if t.IsZero() {
		return 0
	}
	return float64(t.UnixMilli()) / 1000
}

// id is the last part of a key's ARN.
func (k Key) id() string {
	_, _, id, _ := split(k.ARN)
	return strings.TrimPrefix(id, "key/")
}

func (c *call) listKeys() (fields, error) {
	if err := c.mayIn("*"); err != nil {
		return nil, err
	}
	found := []fields{}
	for _, k := range c.own() {
		found = append(found, fields{"KeyId": k.id(), "KeyArn": k.ARN})
	}
	return fields{"Keys": found, "Truncated": false}, nil
}

// own are the keys of the caller's account in the region.
func (c *call) own() []Key {
	var found []Key
	for _, k := range c.Keys.All() {
		if Region(k.ARN) == c.region && Account(k.ARN) == c.caller.AccountID {
			found = append(found, k)
		}
	}
	return found
}

func (c *call) enableKey() (fields, error)  { return c.turn(Enabled) }
func (c *call) disableKey() (fields, error) { return c.turn(Disabled) }

func (c *call) turn(to State) (fields, error) {
	k, err := c.key(false)
	switch {
	case err != nil:
		return nil, err
	case k.State == PendingDeletion:
		return nil, pendingDeletion(k)
	}
	k.State = to
	return nil, c.Keys.Put(k)
}

func (c *call) scheduleDeletion() (fields, error) {
	k, err := c.key(false)
	switch {
	case err != nil:
		return nil, err
	case k.State == PendingDeletion:
		return nil, pendingDeletion(k)
	}
	days := 30 // KMS API Reference, ScheduleKeyDeletion
	if c.Days != nil {
		if days = *c.Days; days < 7 || days > 30 {
			return nil, validation("PendingWindowInDays must be between 7 and 30")
		}
	}
	k.State, k.Deletion = PendingDeletion, time.Now().AddDate(0, 0, days)
	if err := c.Keys.Put(k); err != nil {
		return nil, err
	}
	return fields{"KeyId": k.ARN, "DeletionDate": seconds(k.Deletion), "KeyState": string(k.State), "PendingWindowInDays": days}, nil
}

// cancelDeletion leaves the key disabled (KMS API Reference, CancelKeyDeletion).
func (c *call) cancelDeletion() (fields, error) {
	k, err := c.key(false)
	switch {
	case err != nil:
		return nil, err
	case k.State != PendingDeletion:
		return nil, refuse("KMSInvalidStateException", k.ARN+" is not pending deletion.")
	}
	k.State, k.Deletion = Disabled, time.Time{}
	return fields{"KeyId": k.ARN}, c.Keys.Put(k)
}
