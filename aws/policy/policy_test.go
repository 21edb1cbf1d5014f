package policy_test

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"bothways/aws/policy"
)

const role = "arn:aws:iam::123456789012:role/copy"

// request is that of a replication role, which comes from no network.
func request(action, resource string) policy.Request {
	return policy.Request{
		Principal: role, Action: action, Resource: resource,
		Context: map[string][]string{
			"aws:securetransport": {"true"}, "aws:sourcevpce": nil, "aws:sourceip": nil, "aws:principalarn": {role},
		},
	}
}

func parse(t *testing.T, text string) *policy.Document {
	t.Helper()
	document, err := policy.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return document
}

func TestADenyHitsByActionPrincipalResourceAndCondition(t *testing.T) {
	for name, c := range map[string]struct {
		statement string
		want      policy.Answer
	}{
		"everything":                     {`"Principal":"*","Action":"*","Resource":"*"`, policy.Yes},
		"its action in another case":     {`"Principal":{"AWS":"*"},"Action":"S3:replicate*","Resource":"arn:aws:s3:::b/*"`, policy.Yes},
		"another action":                 {`"Principal":"*","Action":["s3:PutObject","s3:GetObject"],"Resource":"*"`, policy.No},
		"all actions but others":         {`"Principal":"*","NotAction":"s3:Get*","Resource":"*"`, policy.Yes},
		"all actions but it":             {`"Principal":"*","NotAction":"s3:Replicate*","Resource":"*"`, policy.No},
		"another key":                    {`"Principal":"*","Action":"*","Resource":"arn:aws:s3:::b/other/*"`, policy.No},
		"all but its resource":           {`"Principal":"*","Action":"*","NotResource":"arn:aws:s3:::b/*"`, policy.No},
		"its role":                       {`"Principal":{"AWS":"` + role + `"},"Action":"*","Resource":"*"`, policy.Yes},
		"its account":                    {`"Principal":{"AWS":"123456789012"},"Action":"*","Resource":"*"`, policy.Yes},
		"its account's root":             {`"Principal":{"AWS":["arn:aws:iam::123456789012:root"]},"Action":"*","Resource":"*"`, policy.Yes},
		"somebody else":                  {`"Principal":{"AWS":"arn:aws:iam::123456789012:role/other"},"Action":"*","Resource":"*"`, policy.No},
		"everybody but it":               {`"NotPrincipal":{"AWS":["` + role + `","arn:aws:iam::123456789012:root"]},"Action":"*","Resource":"*"`, policy.No},
		"all but it, not its account":    {`"NotPrincipal":{"AWS":"` + role + `"},"Action":"*","Resource":"*"`, policy.Perhaps},
		"all but its account":            {`"NotPrincipal":{"AWS":"arn:aws:iam::123456789012:root"},"Action":"*","Resource":"*"`, policy.Yes},
		"everybody but somebody else":    {`"NotPrincipal":{"AWS":"arn:aws:iam::123456789012:role/other"},"Action":"*","Resource":"*"`, policy.Yes},
		"no TLS":                         {`"Principal":"*","Action":"*","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"false"}}`, policy.No},
		"outside of an endpoint":         {`"Principal":"*","Action":"*","Resource":"*","Condition":{"StringNotEquals":{"aws:SourceVpce":"vpce-1"}}`, policy.Yes},
		"through an endpoint":            {`"Principal":"*","Action":"*","Resource":"*","Condition":{"StringEquals":{"aws:SourceVpce":"vpce-1"}}`, policy.No},
		"outside of a network":           {`"Principal":"*","Action":"*","Resource":"*","Condition":{"NotIpAddress":{"aws:SourceIp":["10.0.0.0/8"]}}`, policy.Yes},
		"outside, if there is a network": {`"Principal":"*","Action":"*","Resource":"*","Condition":{"StringNotEqualsIfExists":{"aws:SourceVpce":"vpce-1"}}`, policy.Yes},
		"without an endpoint":            {`"Principal":"*","Action":"*","Resource":"*","Condition":{"Null":{"aws:SourceVpce":"true"}}`, policy.Yes},
		"with an endpoint":               {`"Principal":"*","Action":"*","Resource":"*","Condition":{"Null":{"aws:SourceVpce":"false"}}`, policy.No},
		"its ARN":                        {`"Principal":"*","Action":"*","Resource":"*","Condition":{"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/c*"}}`, policy.Yes},
		"all but its ARN":                {`"Principal":"*","Action":"*","Resource":"*","Condition":{"ArnNotLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/c*"}}`, policy.No},
		"what only S3 knows":             {`"Principal":"*","Action":"*","Resource":"*","Condition":{"StringNotEquals":{"s3:x-amz-server-side-encryption":"aws:kms"}}`, policy.Perhaps},
		"two conditions, one not met":    {`"Principal":"*","Action":"*","Resource":"*","Condition":{"StringEquals":{"aws:PrincipalOrgID":"o-1"},"Bool":{"aws:SecureTransport":false}}`, policy.No},
		"a variable":                     {`"Principal":"*","Action":"*","Resource":"*","Condition":{"StringEquals":{"aws:PrincipalArn":"${aws:x}"}}`, policy.Perhaps},
	} {
		document := parse(t, `{"Version":"2012-10-17","Statement":{"Sid":"No","Effect":"Deny",`+c.statement+`}}`)
		got := policy.No
		for _, m := range document.Denies(request("s3:ReplicateObject", "arn:aws:s3:::b/docs/k")) {
			got = m.Answer
			if m.Statement.Name() != "No" || (m.Answer == policy.Perhaps) != (len(m.Unknown) > 0) {
				t.Errorf("%s: the match is %+v", name, m)
			}
		}
		if got != c.want {
			t.Errorf("denying %s gives %d, want %d", name, got, c.want)
		}
	}
}

func TestARoleWhosePathIsNotKnownIsPerhapsTheOneThatIsNamed(t *testing.T) {
	deep := strings.Replace(role, ":role/", ":role/deep/", 1)
	for statement, want := range map[string]policy.Answer{
		`"Principal":{"AWS":"` + role + `"}`:                                          policy.Perhaps,
		`"Principal":{"AWS":"` + deep + `"}`:                                          policy.Perhaps,
		`"NotPrincipal":{"AWS":"` + deep + `"}`:                                       policy.Perhaps,
		`"Principal":{"AWS":["` + deep + `","123456789012"]}`:                         policy.Yes,
		`"Principal":{"AWS":"` + deep + `x"}`:                                         policy.No,
		`"Principal":{"AWS":"` + strings.Replace(deep, "123456789012", "9", 1) + `"}`: policy.No,
	} {
		r := request("s3:ReplicateObject", "arn:aws:s3:::b/docs/k")
		r.PathUnknown = true
		got := policy.No
		for _, m := range parse(t, `{"Statement":{"Effect":"Deny","Action":"*","Resource":"*",`+statement+`}}`).Denies(r) {
			got = m.Answer
			if (m.Answer == policy.Perhaps) != (len(m.Unknown) > 0) {
				t.Errorf("%s: the match is %+v", statement, m)
			}
		}
		if got != want {
			t.Errorf("%s gives %d, want %d", statement, got, want)
		}
	}
}

func TestOnlyTheServiceThatIsNamedMayTakeARole(t *testing.T) {
	take := policy.Request{Principal: "s3.amazonaws.com", Service: true, Action: "sts:AssumeRole"}
	for text, want := range map[string]policy.Answer{
		`{"Service":"s3.amazonaws.com"}`:                       policy.Yes,
		`{"Service":["ec2.amazonaws.com","s3.amazonaws.com"]}`: policy.Yes,
		`{"Service":"batchoperations.s3.amazonaws.com"}`:       policy.No,
		`{"AWS":"123456789012"}`:                               policy.No,
		`"*"`:                                                  policy.Yes,
		`{"Service":"s3.amazonaws.com"},"Condition":{"StringEquals":{"aws:SourceAccount":"123456789012"}}`: policy.Perhaps,
	} {
		encoded := url.QueryEscape(`{"Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":` + text + `}]}`)
		if got := parse(t, encoded).Allows(take).Answer; got != want {
			t.Errorf("%s gives %d, want %d", text, got, want)
		}
	}
}

func TestStatementsWithoutASidGoByTheirPlace(t *testing.T) {
	document := parse(t, `{"Statement":[{"Effect":"Allow","Action":"a:b"},{"Effect":"Deny","Action":"a:b","Condition":{"Bool":{"aws:ViaAWSService":"true"}}}]}`)
	second := document.Statements[1]
	if second.Name() != "statement 2" || !slices.Equal(second.ConditionKeys(), []string{"aws:viaawsservice"}) {
		t.Errorf("the second is %+v", second)
	}
	if empty := parse(t, ""); len(empty.Statements) != 0 {
		t.Error("no policy has statements")
	}
	for _, wrong := range []string{"{", `{"Statement":1}`, `{"Statement":[{"Action":{}}]}`, `{"Statement":{"Principal":1}}`} {
		if _, err := policy.Parse(wrong); err == nil {
			t.Errorf("%s is read", wrong)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(`{"Statement":[{"Sid":"a","Effect":"Deny","Principal":"*","Action":["s3:*"],"Resource":"*","Condition":{"Bool":{"k":["true",false]}}}]}`, "arn:aws:s3:::b/k")
	f.Add(`%7B%22Statement%22%3A%7B%7D%7D`, "*")
	f.Fuzz(func(t *testing.T, text, resource string) {
		document, err := policy.Parse(text)
		if err != nil {
			return
		}
		r := request("s3:ReplicateObject", resource)
		if allowed := document.Allows(r); allowed.Answer != policy.No && allowed.Statement.Deny {
			t.Error("a denial allows")
		}
		for _, m := range document.Denies(r) {
			if !m.Statement.Deny || m.Answer == policy.No {
				t.Errorf("%+v denies", m)
			}
		}
	})
}

func FuzzLike(f *testing.F) {
	f.Add("a*b?c", "axxbyc")
	f.Fuzz(func(t *testing.T, pattern, text string) {
		if policy.Like(pattern, text) && !policy.Like("*"+pattern+"*", "x"+text+"y") {
			t.Errorf("%q is like %q, and no longer in the midst of something", text, pattern)
		}
		if !policy.Like("*", text) || !policy.Like(text+"*", text) && len(text) > 0 {
			t.Errorf("%q is not like itself", text)
		}
	})
}
