package policy_test

import (
	"testing"

	"bothways/aws/policy"
)

// The answers are those of the IAM User Guide's page on condition operators.
func TestEachOperatorComparesAsItIsDocumented(t *testing.T) {
	known := policy.Request{
		Principal: role, Action: "s3:PutObject", Resource: "arn:aws:s3:::b/k",
		Context: map[string][]string{
			"k:text": {"aws:kms"}, "k:number": {"1.2"}, "k:date": {"2026-06-01T00:00:00Z"}, "k:arn": {"arn:aws:iam::1:role/deep/copy"}, "k:ip": {"10.1.2.3"},
			"k:bytes": {"QUJD"}, "k:truth": {"true"}, "k:many": {"a", "b"}, "k:absent": nil, "k:family/": nil, "k:family/one": {"x"}, "aws:username": {"jo*"},
		},
		Either: map[string][][]string{"k:either": {{"x"}, nil}, "k:alike": {{"x1"}, {"x2"}}},
		Begins: map[string]string{"k:id": "AROA1:"},
	}
	for condition, want := range map[string]policy.Answer{
		`{"StringEquals":{"k:text":"aws:*"}}`: policy.No, `{"StringLike":{"k:text":"aws:*"}}`: policy.Yes, `{"StringLike":{"K:Text":["x","aws:???"]}}`: policy.Yes,
		`{"StringEqualsIgnoreCase":{"k:text":"AWS:KMS"}}`: policy.Yes, `{"StringNotEquals":{"k:text":["aws:kms","x"]}}`: policy.No, `{"StringNotLike":{"k:text":"x*"}}`: policy.Yes,
		`{"NumericLessThan":{"k:number":"1.3"}}`: policy.Yes, `{"NumericLessThanEquals":{"k:number":1.2}}`: policy.Yes, `{"NumericGreaterThan":{"k:number":"1.10"}}`: policy.Yes,
		`{"NumericEquals":{"k:text":"1"}}`: policy.No, `{"NumericNotEquals":{"k:number":"1.20"}}`: policy.No,
		`{"DateGreaterThan":{"k:date":"2026-05-31"}}`: policy.Yes, `{"DateLessThan":{"k:date":"1780272000"}}`: policy.No, `{"DateEquals":{"k:date":"2026-06-01T02:00:00+02:00"}}`: policy.Yes,
		`{"ArnLike":{"k:arn":"arn:aws:iam::*:role/*"}}`: policy.Yes, `{"ArnEquals":{"k:arn":"arn:aws:*"}}`: policy.No, `{"ArnNotLike":{"k:arn":"arn:aws:iam::1:role/deep/c?py"}}`: policy.No,
		`{"IpAddress":{"k:ip":"10.0.0.0/8"}}`: policy.Yes, `{"NotIpAddress":{"k:ip":["10.0.0.0/8","::/0"]}}`: policy.No, `{"IpAddress":{"k:ip":"10.1.2.3"}}`: policy.Yes,
		`{"BinaryEquals":{"k:bytes":"QUJD"}}`: policy.Yes, `{"Bool":{"k:truth":true}}`: policy.Yes, `{"Bool":{"k:truth":"False"}}`: policy.No,
		`{"ForAllValues:StringEquals":{"k:many":["a","b","c"]}}`: policy.Yes, `{"ForAllValues:StringEquals":{"k:many":"a"}}`: policy.No,
		`{"ForAnyValue:StringEquals":{"k:many":"a"}}`: policy.Yes, `{"ForAnyValue:StringNotEquals":{"k:many":["a","b"]}}`: policy.No, `{"ForAnyValue:StringNotEquals":{"k:many":"a"}}`: policy.Yes,
		`{"StringEquals":{"k:absent":"x"}}`: policy.No, `{"StringNotEquals":{"k:absent":"x"}}`: policy.Yes, `{"StringEqualsIfExists":{"k:absent":"x"}}`: policy.Yes,
		`{"ForAllValues:StringEquals":{"k:absent":"x"}}`: policy.Yes, `{"ForAnyValue:StringNotEquals":{"k:absent":"x"}}`: policy.No,
		`{"Null":{"k:absent":"true"}}`: policy.Yes, `{"Null":{"k:text":"TRUE"}}`: policy.No, `{"Null":{"k:text":["true","false"]}}`: policy.Yes, `{"Null":{"k:unknown":"true"}}`: policy.Perhaps,
		`{"StringEquals":{"k:family/one":"x"}}`: policy.Yes, `{"StringEquals":{"k:family/two":"x"}}`: policy.No, `{"StringEquals":{"k:other/one":"x"}}`: policy.Perhaps,
		`{"StringEquals":{"k:either":"x"}}`: policy.Perhaps, `{"StringEqualsIfExists":{"k:either":"x"}}`: policy.Yes, `{"StringLike":{"k:alike":"x*"}}`: policy.Yes, `{"StringNotLike":{"k:alike":"y*"}}`: policy.Yes,
		`{"StringLike":{"k:id":"AROA1:*"}}`: policy.Yes, `{"StringLike":{"k:id":"AROA2:*"}}`: policy.No, `{"StringNotLike":{"k:id":["AROA2:*","AROA1:s3"]}}`: policy.Perhaps, `{"StringEquals":{"k:id":"AROA1:s3"}}`: policy.Perhaps,
		`{"StringEquals":{"k:text":"${k:text}"}}`: policy.Yes, `{"StringLike":{"k:text":"${aws:username}"}}`: policy.No, `{"StringEquals":{"aws:username":"${aws:username}"}}`: policy.Yes, `{"StringLike":{"aws:username":"jo${*}"}}`: policy.Yes,
		`{"StringEquals":{"k:text":"${k:absent}"}}`: policy.No, `{"StringEquals":{"k:text":"${k:absent, 'aws:kms'}"}}`: policy.Yes, `{"StringEquals":{"k:text":["${k:unknown}","aws:kms"]}}`: policy.Yes, `{"StringEquals":{"k:text":"${k:unknown}"}}`: policy.Perhaps,
		`{"StringNotEquals":{"k:text":"${k:unknown}"}}`: policy.Perhaps, `{"Unheard":{"k:text":"x"}}`: policy.Perhaps,
	} {
		document := parse(t, `{"Version":"2012-10-17","Statement":{"Effect":"Deny","Principal":"*","Action":"*","Resource":"*","Condition":`+condition+`}}`)
		got := policy.No
		for _, m := range document.Denies(known) {
			got = m.Answer
			if (got == policy.Perhaps) != (len(m.Unknown) > 0) {
				t.Errorf("%s leaves open %v", condition, m.Unknown)
			}
		}
		if got != want {
			t.Errorf("%s gives %d, want %d", condition, got, want)
		}
	}
}

// In the policies of before 2012 there are no variables, and in resources of
// later ones there are.
func TestVariablesAreFilledInByTheVersion(t *testing.T) {
	r := policy.Request{Principal: role, Action: "s3:PutObject", Resource: "arn:aws:s3:::b/jo/k", Context: map[string][]string{"aws:username": {"jo"}}}
	for version, want := range map[string]policy.Answer{`"Version":"2012-10-17",`: policy.Yes, `"Version":"2008-10-17",`: policy.No, "": policy.No} {
		document := parse(t, `{`+version+`"Statement":{"Effect":"Allow","Principal":"*","Action":"*","Resource":"arn:aws:s3:::b/${aws:username}/*"}}`)
		if got := document.Allows(r).Answer; got != want {
			t.Errorf("%s gives %d, want %d", version, got, want)
		}
	}
	named := parse(t, `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"123456789012"},"Action":"*","Resource":"*"},
		{"Effect":"Allow","Principal":{"AWS":"`+role+`"},"Action":"*","Resource":"*"}]}`)
	if m := named.Allows(r); m.Delegated || m.Statement.Number != 2 {
		t.Errorf("the role is named itself, and %+v", m)
	}
}
