package replication_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"bothways/aws/pair"
)

// policies draws policies that ask for what requests of ours, and of S3 in a
// role, are made of.
type policies struct {
	*rand.Rand
	caller string // the ARN of who is judged
	others []string
	keys   []string // with values, separated by spaces
}

const ownAccount = "000000000000"

// operatorKeys are what conditions about requests of ours ask for.
var operatorKeys = []string{
	"s3:x-amz-server-side-encryption AES256 aws:kms aws:* *", "s3:x-amz-server-side-encryption-aws-kms-key-id arn:aws:kms:eu-west-1:000000000000:key/k arn:aws:kms:*",
	"s3:x-amz-acl bucket-owner-full-control private public-read bucket-owner-*", "s3:x-amz-storage-class STANDARD STANDARD_IA GLACIER STANDARD*",
	"s3:RequestObjectTag/Owner platform data-* ${aws:username}", "s3:RequestObjectTagKeys Owner team *", "s3:x-amz-content-sha256 UNSIGNED-PAYLOAD *",
	"s3:signatureversion AWS4-HMAC-SHA256 AWS", "s3:authType REST-HEADER REST-QUERY-STRING", "s3:TlsVersion 1.2 1.3", "aws:SecureTransport true false",
	"aws:RequestedRegion eu-west-1 us-* ap-southeast-1", "aws:PrincipalArn CALLER arn:aws:iam::*:user/* arn:aws:iam::000000000000:role/other arn:*",
	"aws:PrincipalAccount 000000000000 999999999999 ${aws:PrincipalAccount}", "aws:PrincipalOrgID o-1 ${aws:PrincipalOrgID}", "aws:userid AIDA* AROA* *:visit ${aws:userid} 000000000000",
	"aws:PrincipalType User AssumedRole Account", "aws:SourceIp 10.0.0.0/8 0.0.0.0/0 127.0.0.1", "aws:CurrentTime 1999-01-01T00:00:00Z 2031-01-01 2000-06-01T00:00:00Z",
	"aws:EpochTime 100 4000000000", "aws:username hired h* ${aws:username}", "aws:PrincipalTag/team data ${aws:PrincipalTag/team,_'none'}", "s3:if-none-match *",
	"s3:ObjectCreationOperation true false", "s3:ExistingObjectTag/kept yes *", "aws:ResourceAccount 000000000000 ${aws:PrincipalAccount}", "s3:VersionId null *",
	"aws:Referer https://* x", "aws:ViaAWSService true false", "aws:MultiFactorAuthPresent true false", "s3:x-amz-grant-read *", "aws:SourceVpce vpce-1", "s3:prefix bothways/* *",
}

func pick[T any](p *policies, all []T) T { return all[p.IntN(len(all))] }

// likely is true about so many times in a hundred.
func (p *policies) likely(percent int) bool { return p.IntN(100) < percent }

func (p *policies) some(all []string) any {
	if p.likely(60) {
		return pick(p, all)
	}
	return []string{pick(p, all), pick(p, all)}
}

// operator draws one that fits the key mostly, and any sometimes.
func (p *policies) operator(key string) string {
	families := []string{
		"StringEquals", "StringNotEquals", "StringLike", "StringNotLike", "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase",
	}
	switch {
	case p.likely(12):
		return "Null"
	case p.likely(8):
		families = []string{"Bool", "ArnLike", "NumericEquals", "DateGreaterThan", "IpAddress", "StringNotLike"}
	case strings.Contains(key, "Time"):
		families = []string{"DateGreaterThan", "DateLessThan", "DateEquals", "DateNotEquals", "DateGreaterThanEquals", "DateLessThanEquals"}
	case strings.Contains(key, "TlsVersion"):
		families = []string{"NumericLessThan", "NumericGreaterThan", "NumericEquals", "NumericNotEquals", "NumericLessThanEquals", "NumericGreaterThanEquals"}
	case strings.Contains(key, "Arn") || strings.Contains(key, "arn"):
		families = append(families, "ArnEquals", "ArnNotEquals", "ArnLike", "ArnNotLike")
	case strings.Contains(key, "SourceIp"):
		families = []string{"IpAddress", "NotIpAddress"}
	case strings.Contains(key, "Transport"), strings.Contains(key, "Present"), strings.Contains(key, "Creation"), strings.Contains(key, "Via"):
		families = append(families, "Bool", "Bool", "Bool")
	}
	name := pick(p, families)
	if p.likely(20) {
		name += "IfExists"
	}
	if p.likely(15) || strings.Contains(key, "TagKeys") {
		name = pick(p, []string{"ForAllValues:", "ForAnyValue:"}) + name
	}
	return name
}

func (p *policies) conditions() map[string]any {
	block := map[string]any{}
	for range 1 + p.IntN(2) {
		words := strings.Fields(pick(p, p.keys))
		operator := p.operator(words[0])
		values := words[1:]
		if strings.HasSuffix(operator, "Null") {
			operator, values = "Null", []string{"true", "false"}
		}
		for i := range values {
			values[i] = strings.ReplaceAll(strings.ReplaceAll(values[i], "CALLER", p.caller), "_", " ")
		}
		key := words[0]
		if p.likely(20) {
			key = strings.ToLower(key)
		}
		if block[operator] == nil {
			block[operator] = map[string]any{key: p.some(values)}
		}
	}
	return block
}

// statement draws one; of a policy of a bucket, it has principals.
func (p *policies) statement(effect string, bucket *pair.Side, actions []string) map[string]any {
	s := map[string]any{"Effect": effect}
	if s["Action"] = p.some(actions); p.likely(10) {
		delete(s, "Action")
		s["NotAction"] = p.some(append([]string{"s3:Get*", "s3:List*", "iam:*"}, actions...))
	}
	if bucket != nil {
		arn := bucket.BucketARN()
		where := arn + "/*"
		s["Resource"] = pick(p, []string{where, where, arn + "/bothways/*", arn + "/${aws:username}/*", arn + "/other/*", arn + "/bothways/${aws:PrincipalOrgID}*"})
		if p.likely(10) {
			delete(s, "Resource")
			s["NotResource"] = pick(p, []string{arn + "/other/*", arn + "/bothways/*"})
		}
		listed := append([]string{p.caller, "arn:aws:iam::" + ownAccount + ":root", ownAccount}, p.others...)
		switch {
		case effect == "Deny" && p.likely(20):
			s["NotPrincipal"] = map[string]any{"AWS": []string{pick(p, listed), pick(p, listed)}}
		case effect == "Deny" && p.likely(60):
			s["Principal"] = "*"
		default:
			s["Principal"] = map[string]any{"AWS": p.some(listed)}
		}
	} else {
		s["Resource"] = pick(p, []string{"*", "*", "arn:aws:s3:::bothways-test-one/*", "arn:aws:s3:::*/bothways/*", "arn:aws:s3:::*/${aws:PrincipalTag/team}/*"})
	}
	if effect == "Deny" && bucket == nil || p.likely(80) {
		s["Condition"] = p.conditions()
	}
	return s
}

func (p *policies) document(statements ...map[string]any) string {
	version := "2012-10-17"
	if p.likely(10) {
		version = "2008-10-17"
	}
	for i, s := range statements {
		s["Sid"] = fmt.Sprintf("S%d", i+1)
	}
	text, err := json.Marshal(map[string]any{"Version": version, "Statement": statements})
	if err != nil {
		panic(err)
	}
	return string(text)
}

// identity draws a policy of a user or role, a boundary or a service control
// policy: everything is allowed mostly, and some of it denied.
func (p *policies) identity(actions []string) string {
	statements := []map[string]any{{"Effect": "Allow", "Action": "*", "Resource": "*"}}
	if p.likely(30) {
		statements = []map[string]any{{"Effect": "Allow", "NotAction": p.some(actions), "Resource": "*"}, p.statement("Allow", nil, actions)}
	}
	if p.likely(50) {
		statements = append(statements, p.statement("Deny", nil, actions))
	}
	return p.document(statements...)
}

// bucket draws a bucket's policy.
func (p *policies) bucket(side pair.Side, actions []string) string {
	var statements []map[string]any
	for range 1 + p.IntN(3) {
		effect := "Deny"
		if p.likely(20) {
			effect = "Allow"
		}
		statements = append(statements, p.statement(effect, &side, actions))
	}
	return p.document(statements...)
}

// seeds are those of one run of a property: printed where it fails.
func seeds(t *testing.T, n int, property func(t *testing.T, seed uint64)) {
	t.Helper()
	for seed := range uint64(n) {
		property(t, seed)
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
}
