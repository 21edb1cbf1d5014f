package replication

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/url"
	"reflect"

	"bothways/aws/pair"
)

type policyDocument struct {
	Version   string
	Statement []policyStatement
}

type policyStatement struct {
	Sid       string                    `json:",omitempty"`
	Effect    string                    `json:",omitempty"`
	Principal map[string]string         `json:",omitempty"`
	Action    any                       `json:",omitempty"`
	Resource  any                       `json:",omitempty"`
	Condition map[string]map[string]any `json:",omitempty"`
}

// trustPolicy lets S3 take the role. It carries no condition, as AWS's own
// replication examples don't (S3 User Guide, "Setting up permissions for live
// replication"): a condition on a key that S3 does not send would make the
// role useless without any error.
func trustPolicy() string {
	return encodeDocument(policyDocument{
		Version: "2012-10-17",
		Statement: []policyStatement{{
			Effect:    "Allow",
			Principal: map[string]string{"Service": "s3.amazonaws.com"},
			Action:    "sts:AssumeRole",
		}},
	})
}

// rolePolicy is the least that a direction needs (same page). Reading goes by
// GetObjectVersionForReplication, which covers encrypted objects too;
// ListBucket is needed for delete markers; ReplicateObject covers ACLs; the
// settings of Object Lock are read where the bucket has it.
func (s *Survey) rolePolicy(d pair.Direction) string {
	p := s.World.Pair
	read := []string{"s3:GetObjectVersionForReplication", "s3:GetObjectVersionAcl", "s3:GetObjectVersionTagging"}
	if s.locked(d.From()) {
		read = append(read, "s3:GetObjectRetention", "s3:GetObjectLegalHold")
	}
	write := []string{"s3:ReplicateObject", "s3:ReplicateDelete", "s3:ReplicateTags"}
	if s.overridesOwner(d) {
		write = append(write, "s3:ObjectOwnerOverrideToBucketOwner")
	}
	statements := append([]policyStatement{
		{
			Sid: "Source", Effect: "Allow", Resource: p.From(d).BucketARN(),
			Action: []string{"s3:GetReplicationConfiguration", "s3:ListBucket"},
		},
		{Sid: "SourceObjects", Effect: "Allow", Resource: s.keysUnder(d.From()), Action: read},
		{Sid: "Destination", Effect: "Allow", Resource: s.keysUnder(d.To()), Action: write},
	}, s.keyStatements(d)...)
	return encodeDocument(policyDocument{Version: "2012-10-17", Statement: statements})
}

func encodeDocument(document policyDocument) string { return string(encode(document)) }

func encodeStatement(statement policyStatement) json.RawMessage { return encode(statement) }

// encode writes JSON as it is read, without escapes for HTML.
func encode(value any) []byte {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		panic(fmt.Sprintf("encode a policy: %v", err)) // only strings, slices and maps: cannot happen
	}
	return bytes.TrimSpace(out.Bytes())
}

// sameDocument compares two policy documents by meaning of their JSON, not by
// spelling. IAM returns documents URL-encoded.
func sameDocument(fromIAM, wanted string) bool {
	if decoded, err := url.QueryUnescape(fromIAM); err == nil {
		fromIAM = decoded
	}
	var a, b any
	if json.Unmarshal([]byte(fromIAM), &a) != nil || json.Unmarshal([]byte(wanted), &b) != nil {
		return false
	}
	return reflect.DeepEqual(a, b)
}

// proof is a digest of all that a canary of direction d proves. It is kept as
// a tag of our own role, so that a later plan knows what has been proven.
func (s *Survey) proof(d pair.Direction) string {
	link := s.wantedLink(d)
	whole := exactJSON(link.Rule) + link.Trust + link.Policy
	for _, statement := range s.incomingStatements(d.To()) {
		whole += string(encodeStatement(statement))
	}
	sum := sha256.Sum256([]byte(whole))
	return hex.EncodeToString(sum[:8])
}
