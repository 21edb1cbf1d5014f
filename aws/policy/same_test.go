package policy_test

import (
	"net/url"
	"testing"

	"bothways/aws/policy"
)

func TestPoliciesAreTheSameByWhatTheySay(t *testing.T) {
	const base = `{"Version":"2012-10-17","Statement":[{"Sid":"a","Action":["s3:Get*","s3:Put*"],"Resource":"r"},{"Sid":"b"}]}`
	for other, want := range map[string]bool{
		base:                          true,
		url.QueryEscape(base):         true,
		"%20" + url.QueryEscape(base): true,
		`{"Statement":[{"Resource":["r"],"Action":["s3:Put*","s3:Get*"],"Sid":"a"},{"Sid":"b"}], "Version":"2012-10-17"}`: true,
		`{"Version":"2012-10-17","Statement":[{"Sid":"b"},{"Sid":"a","Action":["s3:Get*","s3:Put*"],"Resource":"r"}]}`:    false,
		`{"Version":"2012-10-17","Statement":[{"Sid":"a","Action":["s3:Get*"],"Resource":"r"},{"Sid":"b"}]}`:              false,
		`{"Statement":[{"Sid":"a","Action":["s3:Get*","s3:Put*"],"Resource":"r"},{"Sid":"b"}]}`:                           false,
		"": false, "{": false,
	} {
		if policy.Same(base, other) != want || policy.Same(other, base) != want {
			t.Errorf("that it is the same is %v of %s", !want, other)
		}
	}
	if !policy.Same("", "") || !policy.Same(`{"Statement":[{"Sid":"a"}]}`, `{"Statement":{"Sid":["a"]}}`) {
		t.Error("nothing is not the same as nothing, or a list of one not as the one")
	}
}

// IAM's documents are URL-encoded and S3's are not, so a sign of the encoding
// in one of S3's stands for itself.
func TestOnlyWhatIsEncodedIsDecoded(t *testing.T) {
	for text, want := range map[string]string{
		"%7B%22a%22%3A%221%252B%22%7D": `{"a":"1%2B"}`,
		`{"a":"1%2B+"}`:                `{"a":"1%2B+"}`,
		" {%7B":                        " {%7B",
		"%zz":                          "%zz",
		"":                             "",
	} {
		if got := policy.Decode(text); got != want {
			t.Errorf("%q is decoded as %q, want %q", text, got, want)
		}
	}
}

func TestAServiceIsTrustedThatMayTakeTheRoleByItsName(t *testing.T) {
	for statement, want := range map[string]bool{
		`{"Effect":"Allow","Principal":{"Service":"s3.amazonaws.com"},"Action":"sts:AssumeRole"}`:                      true,
		`{"Effect":"Allow","Principal":{"Service":["ec2.amazonaws.com","s3.amazonaws.com"]},"Action":["sts:*"]}`:       true,
		`{"Effect":"Allow","Principal":{"Service":"s3.amazonaws.com"},"Action":"*","Condition":{"Bool":{"x":"true"}}}`: true,
		`{"Effect":"Deny","Principal":{"Service":"s3.amazonaws.com"},"Action":"sts:AssumeRole"}`:                       false,
		`{"Effect":"Allow","Principal":{"Service":"s3.amazonaws.com"},"Action":"sts:TagSession"}`:                      false,
		`{"Effect":"Allow","Principal":{"Service":"batchoperations.s3.amazonaws.com"},"Action":"sts:AssumeRole"}`:      false,
		`{"Effect":"Allow","Principal":"*","Action":"sts:AssumeRole"}`:                                                 false,
		`7`: false,
	} {
		if got := policy.Trusts(url.QueryEscape(`{"Statement":`+statement+`}`), "s3.amazonaws.com"); got != want {
			t.Errorf("that S3 is trusted is %v of %s", got, statement)
		}
	}
}
