package policy_test

import (
	"strings"
	"testing"

	"bothways/aws/sandbox/iam/policy"
)

var (
	alice = policy.Principal{
		Kind: policy.User, ARN: "arn:aws:iam::111122223333:user/alice", AccountID: "111122223333", UserID: "AIDAALICE",
		Name: "alice",
	}
	root = policy.Principal{
		Kind: policy.Root, ARN: "arn:aws:iam::111122223333:root", AccountID: "111122223333", UserID: "111122223333",
	}
	session = policy.Principal{
		Kind: policy.RoleSession, ARN: "arn:aws:sts::111122223333:assumed-role/copy/s3", AccountID: "111122223333",
		UserID: "AROACOPY:s3", Name: "copy", RoleARN: "arn:aws:iam::111122223333:role/p/copy", SessionName: "s3",
	}
	service   = policy.Principal{Kind: policy.Service, ARN: "s3.amazonaws.com"}
	anonymous = policy.Principal{}
)

// document wraps statements, without their braces, in a policy of the current version.
func document(statements ...string) string {
	return `{"Version":"2012-10-17","Statement":[{` + strings.Join(statements, "},{") + `}]}`
}

func parse(t *testing.T, text string, use policy.Use) *policy.Document {
	t.Helper()
	d, err := policy.Parse(text, use)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return d
}

func TestActionsAndResourcesMatchByWildcard(t *testing.T) {
	const allow, on = `"Effect":"Allow",`, `,"Resource":"*"`
	const get = `"Effect":"Allow","Action":"s3:GetObject",`
	tests := []struct {
		statement, action, resource string
		want                        policy.Effect
	}{
		{allow + `"Action":"s3:GetObject"` + on, "s3:GetObject", "arn:aws:s3:::b/k", policy.Allow},
		{allow + `"Action":"s3:GetObject"` + on, "s3:GetObjectVersion", "arn:aws:s3:::b/k", policy.NoMatch},
		{allow + `"Action":"S3:getobject"` + on, "s3:GetObject", "arn:aws:s3:::b/k", policy.Allow},
		{allow + `"Action":"s3:Get*"` + on, "s3:GetObjectVersion", "arn:aws:s3:::b/k", policy.Allow},
		{allow + `"Action":"s3:Get*"` + on, "s3:PutObject", "arn:aws:s3:::b/k", policy.NoMatch},
		{allow + `"Action":"s3:?etObject"` + on, "s3:GetObject", "arn:aws:s3:::b/k", policy.Allow},
		{allow + `"Action":"*"` + on, "iam:PassRole", "arn:aws:iam::1:role/r", policy.Allow},
		{allow + `"Action":["s3:PutObject","s3:GetObject"]` + on, "s3:GetObject", "arn:aws:s3:::b/k", policy.Allow},
		{allow + `"NotAction":"iam:*"` + on, "s3:GetObject", "arn:aws:s3:::b/k", policy.Allow},
		{allow + `"NotAction":"iam:*"` + on, "iam:GetRole", "arn:aws:iam::1:role/r", policy.NoMatch},
		{allow + `"NotAction":["iam:*","s3:*"]` + on, "s3:GetObject", "arn:aws:s3:::b/k", policy.NoMatch},
		{`"Effect":"Deny","Action":"s3:*"` + on, "s3:GetObject", "arn:aws:s3:::b/k", policy.Deny},

		{get + `"Resource":"arn:aws:s3:::b/*"`, "s3:GetObject", "arn:aws:s3:::b/a/b/c", policy.Allow},
		{get + `"Resource":"arn:aws:s3:::b/*"`, "s3:GetObject", "arn:aws:s3:::b", policy.NoMatch},
		{get + `"Resource":"arn:aws:s3:::b"`, "s3:GetObject", "arn:aws:s3:::b/k", policy.NoMatch},
		{get + `"Resource":"arn:aws:s3:::B/*"`, "s3:GetObject", "arn:aws:s3:::b/k", policy.NoMatch},
		{get + `"Resource":"arn:aws:s3:::b?/k"`, "s3:GetObject", "arn:aws:s3:::b1/k", policy.Allow},
		{get + `"Resource":"arn:aws:s3:::b?/k"`, "s3:GetObject", "arn:aws:s3:::b/k", policy.NoMatch},
		{get + `"Resource":"arn:aws:s3:::b/?"`, "s3:GetObject", "arn:aws:s3:::b/é", policy.Allow},
		{get + `"Resource":"arn:aws:s3:::b/*x*y"`, "s3:GetObject", "arn:aws:s3:::b/1x2x3y4y", policy.Allow},
		{get + `"Resource":"arn:aws:s3:::b/*x*y"`, "s3:GetObject", "arn:aws:s3:::b/1x2y3", policy.NoMatch},
		{get + `"NotResource":"arn:aws:s3:::b/*"`, "s3:GetObject", "arn:aws:s3:::c/k", policy.Allow},
		{get + `"NotResource":["arn:aws:s3:::a/*","arn:aws:s3:::b/*"]`, "s3:GetObject", "arn:aws:s3:::b/k", policy.NoMatch},

		{get + `"Resource":"arn:aws:s3:::b/${aws:username}/*"`, "s3:GetObject", "arn:aws:s3:::b/alice/k", policy.Allow},
		{get + `"Resource":"arn:aws:s3:::b/${AWS:UserName}/*"`, "s3:GetObject", "arn:aws:s3:::b/alice/k", policy.Allow},
		{get + `"Resource":"arn:aws:s3:::b/${aws:username}/*"`, "s3:GetObject", "arn:aws:s3:::b/bob/k", policy.NoMatch},
		{get + `"Resource":"arn:aws:s3:::b/${aws:nothing}"`, "s3:GetObject", "arn:aws:s3:::b/", policy.NoMatch},
		{get + `"Resource":"arn:aws:s3:::b/${aws:nothing, 'all'}"`, "s3:GetObject", "arn:aws:s3:::b/all", policy.Allow},
		{get + `"Resource":"arn:aws:s3:::b/${*}"`, "s3:GetObject", "arn:aws:s3:::b/k", policy.NoMatch},
		{get + `"Resource":"arn:aws:s3:::b/${*}"`, "s3:GetObject", "arn:aws:s3:::b/*", policy.Allow},
		{get + `"Resource":"arn:aws:s3:::b/${$}"`, "s3:GetObject", "arn:aws:s3:::b/$", policy.Allow},
		{get + `"Resource":"arn:aws:s3:::b/${aws:wild}"`, "s3:GetObject", "arn:aws:s3:::b/k", policy.NoMatch},
		{get + `"Resource":"arn:aws:s3:::b/${aws:many}"`, "s3:GetObject", "arn:aws:s3:::b/x", policy.NoMatch},
	}
	for _, test := range tests {
		ctx := policy.Context{}
		ctx.Set("aws:username", "alice")
		ctx.Set("aws:wild", "*")
		ctx.Set("aws:many", "x", "y")
		d := parse(t, document(test.statement), policy.Identity)
		got := d.Evaluate(policy.Request{Principal: alice, Action: test.action, Resource: test.resource, Context: ctx})
		if got.Effect != test.want {
			t.Errorf("{%s} on %s %s: %v, want %v", test.statement, test.action, test.resource, got.Effect, test.want)
		}
	}
}

func TestConditionsCompareAsTheirOperatorsSay(t *testing.T) {
	tests := []struct {
		condition string
		holds     bool
	}{
		{`"StringEquals":{"k:text":"hello"}`, true},
		{`"StringEquals":{"K:Text":"hello"}`, true},
		{`"StringEquals":{"k:text":"Hello"}`, false},
		{`"StringEquals":{"k:text":["a","hello"]}`, true},
		{`"StringEquals":{"k:text":"h*"}`, false},
		{`"StringEquals":{"k:absent":"hello"}`, false},
		{`"StringEquals":{"k:text":"${k:same}"}`, true},
		{`"StringEquals":{"k:text":"hello","k:number":"7"}`, true},
		{`"StringEquals":{"k:text":"hello","k:number":"8"}`, false},
		{`"StringEquals":{"k:text":"hello"},"Bool":{"k:true":"false"}`, false},
		{`"StringEquals":{"k:number":7}`, true},
		{`"StringEqualsIfExists":{"k:absent":"hello"}`, true},
		{`"StringEqualsIfExists":{"k:text":"other"}`, false},
		{`"StringNotEquals":{"k:text":"other"}`, true},
		{`"StringNotEquals":{"k:text":["other","hello"]}`, false},
		{`"StringNotEquals":{"k:absent":"hello"}`, true},
		{`"StringEqualsIgnoreCase":{"k:text":"HELLO"}`, true},
		{`"StringNotEqualsIgnoreCase":{"k:text":"HELLO"}`, false},
		{`"StringLike":{"k:text":"h?l*"}`, true},
		{`"StringLike":{"k:text":"H?l*"}`, false},
		{`"StringNotLike":{"k:text":"h*"}`, false},
		{`"StringNotLike":{"k:text":["a*","b*"]}`, true},

		{`"ArnEquals":{"k:arn":"arn:aws:iam::111122223333:role/p/copy"}`, true},
		{`"ArnEquals":{"k:arn":"arn:aws:iam::111122223333:role/*"}`, true},
		{`"ArnLike":{"k:arn":"arn:aws:iam::*:role/*"}`, true},
		{`"ArnLike":{"k:arn":"arn:aws:iam:*"}`, false},
		{`"ArnNotLike":{"k:arn":"arn:aws:iam::999999999999:*"}`, true},
		{`"ArnNotEquals":{"k:arn":"arn:aws:iam::111122223333:role/p/copy"}`, false},
		{`"StringLike":{"k:arn":"arn:aws:iam:*"}`, true},

		{`"Bool":{"k:true":"true"}`, true},
		{`"Bool":{"k:true":true}`, true},
		{`"Bool":{"k:true":"TRUE"}`, true},
		{`"Bool":{"k:absent":"true"}`, false},
		{`"BoolIfExists":{"k:absent":"true"}`, true},
		{`"Null":{"k:absent":"true"}`, true},
		{`"Null":{"k:absent":"false"}`, false},
		{`"Null":{"k:text":"false"}`, true},
		{`"Null":{"k:text":true}`, false},
		{`"BinaryEquals":{"k:binary":"aGVsbG8="}`, true},
		{`"BinaryEquals":{"k:binary":"aGVsbG9v"}`, false},

		{`"IpAddress":{"k:ip":"203.0.113.0/24"}`, true},
		{`"IpAddress":{"k:ip":"203.0.113.7"}`, true},
		{`"IpAddress":{"k:ip":["10.0.0.0/8","203.0.113.0/24"]}`, true},
		{`"IpAddress":{"k:ip":"203.0.114.0/24"}`, false},
		{`"IpAddress":{"k:ip":"nonsense"}`, false},
		{`"NotIpAddress":{"k:ip":"203.0.113.0/24"}`, false},
		{`"NotIpAddress":{"k:ip":"10.0.0.0/8"}`, true},
		{`"IpAddress":{"k:ip6":"2001:db8::/32"}`, true},
		{`"IpAddress":{"k:ip6":"203.0.113.0/24"}`, false},

		{`"NumericEquals":{"k:number":"7.0"}`, true},
		{`"NumericNotEquals":{"k:number":"7"}`, false},
		{`"NumericLessThan":{"k:number":"10"}`, true},
		{`"NumericLessThan":{"k:number":"7"}`, false},
		{`"NumericLessThanEquals":{"k:number":7}`, true},
		{`"NumericGreaterThan":{"k:number":"6.9"}`, true},
		{`"NumericGreaterThanEquals":{"k:number":"7.1"}`, false},
		{`"NumericEquals":{"k:text":"7"}`, false},

		{`"DateGreaterThan":{"k:date":"2026-01-01T00:00:00Z"}`, true},
		{`"DateLessThan":{"k:date":"2026-01-01"}`, false},
		{`"DateEquals":{"k:date":"1782907200"}`, true},
		{`"DateEquals":{"k:date":"2026-07-01T14:00:00+02:00"}`, true},
		{`"DateNotEquals":{"k:date":"2026-07-01T12:00:00Z"}`, false},
		{`"DateLessThanEquals":{"k:date":"2026-07-01T12:00:00Z"}`, true},
		{`"DateGreaterThanEquals":{"k:date":"soon"}`, false},

		{`"ForAnyValue:StringEquals":{"k:many":["b","z"]}`, true},
		{`"ForAnyValue:StringEquals":{"k:many":"z"}`, false},
		{`"ForAnyValue:StringEquals":{"k:absent":"z"}`, false},
		{`"ForAnyValue:StringLike":{"k:many":"A*"}`, false},
		{`"ForAllValues:StringEquals":{"k:many":["a","b","c"]}`, true},
		{`"ForAllValues:StringEquals":{"k:many":["a"]}`, false},
		{`"ForAllValues:StringEquals":{"k:absent":["a"]}`, true},
		{`"ForAllValues:StringNotEquals":{"k:many":["z"]}`, true},
		{`"ForAllValues:StringNotEquals":{"k:many":["a"]}`, false},
		{`"ForAnyValue:StringNotEquals":{"k:many":["a"]}`, true},
		{`"ForAnyValue:StringNotEquals":{"k:many":["a","b"]}`, false},
		{`"ForAllValues:StringLikeIfExists":{"k:many":["?"]}`, true},
	}
	for _, test := range tests {
		ctx := policy.Context{}
		for key, value := range map[string]string{
			"k:text": "hello", "k:same": "hello", "k:number": "7", "k:true": "true", "k:binary": "aGVsbG8=",
			"k:arn": "arn:aws:iam::111122223333:role/p/copy", "k:ip": "203.0.113.7", "k:ip6": "2001:db8::1",
			"k:date": "2026-07-01T12:00:00Z",
		} {
			ctx.Set(key, value)
		}
		ctx.Set("k:many", "a", "b")
		d := parse(t, document(`"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{`+test.condition+`}`), policy.Identity)
		got := d.Evaluate(policy.Request{Principal: alice, Action: "s3:GetObject", Resource: "arn:aws:s3:::b/k", Context: ctx})
		if (got.Effect == policy.Allow) != test.holds {
			t.Errorf("{%s} holds: %t, want %t", test.condition, !test.holds, test.holds)
		}
	}
}

func TestPrincipalsReachIdentitiesAccountsServicesAndEverybody(t *testing.T) {
	tests := []struct {
		principal string
		caller    policy.Principal
		want      policy.Effect
		delegated bool
	}{
		{`"Principal":"*"`, alice, policy.Allow, false},
		{`"Principal":"*"`, anonymous, policy.Allow, false},
		{`"Principal":{"AWS":"*"}`, session, policy.Allow, false},
		{`"Principal":{"AWS":"*"}`, service, policy.NoMatch, false},
		{`"Principal":{"AWS":"111122223333"}`, alice, policy.Allow, true},
		{`"Principal":{"AWS":"arn:aws:iam::111122223333:root"}`, alice, policy.Allow, true},
		{`"Principal":{"AWS":"arn:aws:iam::111122223333:root"}`, session, policy.Allow, true},
		{`"Principal":{"AWS":"arn:aws:iam::111122223333:root"}`, root, policy.Allow, false},
		{`"Principal":{"AWS":"arn:aws:iam::999999999999:root"}`, alice, policy.NoMatch, false},
		{`"Principal":{"AWS":"999999999999"}`, anonymous, policy.NoMatch, false},
		{`"Principal":{"AWS":"arn:aws:iam::111122223333:user/alice"}`, alice, policy.Allow, false},
		{`"Principal":{"AWS":"arn:aws:iam::111122223333:user/Alice"}`, alice, policy.NoMatch, false},
		{`"Principal":{"AWS":["111122223333","arn:aws:iam::111122223333:user/alice"]}`, alice, policy.Allow, false},
		{`"Principal":{"AWS":"arn:aws:iam::111122223333:role/p/copy"}`, session, policy.Allow, false},
		{`"Principal":{"AWS":"arn:aws:sts::111122223333:assumed-role/copy/s3"}`, session, policy.Allow, false},
		{`"Principal":{"AWS":"arn:aws:sts::111122223333:assumed-role/copy/other"}`, session, policy.NoMatch, false},
		{`"Principal":{"Service":"s3.amazonaws.com"}`, service, policy.Allow, false},
		{`"Principal":{"Service":["batchoperations.s3.amazonaws.com","s3.amazonaws.com"]}`, service, policy.Allow, false},
		{`"Principal":{"Service":"ec2.amazonaws.com"}`, service, policy.NoMatch, false},
		{`"Principal":{"Service":"s3.amazonaws.com"}`, alice, policy.NoMatch, false},
		{`"Principal":{"CanonicalUser":"79a59d"}`, alice, policy.NoMatch, false},
		{`"NotPrincipal":{"AWS":"arn:aws:iam::111122223333:user/alice"}`, alice, policy.NoMatch, false},
		{`"NotPrincipal":{"AWS":"arn:aws:iam::111122223333:user/alice"}`, session, policy.Allow, false},
	}
	for _, test := range tests {
		d := parse(t, document(`"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::b/*",`+test.principal), policy.Resource)
		got := d.Evaluate(policy.Request{
			Principal: test.caller, Action: "s3:GetObject", Resource: "arn:aws:s3:::b/k", Context: policy.Context{},
		})
		if got.Effect != test.want || got.Delegated != test.delegated {
			t.Errorf("%s for %q: %v (delegated %t), want %v (%t)",
				test.principal, test.caller.ARN, got.Effect, got.Delegated, test.want, test.delegated)
		}
	}
}

func TestDenyOutweighsEveryAllowAndNamesItsStatement(t *testing.T) {
	d := parse(t, document(
		`"Sid":"All","Effect":"Allow","Action":"s3:*","Resource":"*"`,
		`"Effect":"Deny","Action":"s3:DeleteObject","Resource":"*"`,
	), policy.Identity)
	for action, want := range map[string]policy.Outcome{
		"s3:GetObject":    {Effect: policy.Allow, Statement: "All"},
		"s3:DeleteObject": {Effect: policy.Deny, Statement: "2"},
		"iam:GetRole":     {},
	} {
		request := policy.Request{Principal: alice, Action: action, Resource: "arn:aws:s3:::b/k", Context: policy.Context{}}
		if got := d.Evaluate(request); got != want {
			t.Errorf("%s: %+v, want %+v", action, got, want)
		}
	}
	var none *policy.Document
	if got := none.Evaluate(policy.Request{}); got != (policy.Outcome{}) {
		t.Errorf("no document: %+v, want no match", got)
	}
}

func TestVariablesArePlainTextInTheOldVersion(t *testing.T) {
	statement := `"Statement":{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::b/${aws:username}"}}`
	ctx := policy.Context{}
	ctx.Set("aws:username", "alice")
	for _, test := range []struct{ head, resource string }{
		{`{"Version":"2012-10-17",`, "arn:aws:s3:::b/alice"},
		{`{"Version":"2008-10-17",`, "arn:aws:s3:::b/${aws:username}"},
		{`{`, "arn:aws:s3:::b/${aws:username}"},
	} {
		d := parse(t, test.head+statement, policy.Identity)
		request := policy.Request{Principal: alice, Action: "s3:GetObject", Resource: test.resource, Context: ctx}
		if got := d.Evaluate(request).Effect; got != policy.Allow {
			t.Errorf("%s on %s: %v, want Allow", test.head, test.resource, got)
		}
	}
}

// A Deny with NotPrincipal leaves alone who is listed with the account, and
// nobody with a permissions boundary (IAM User Guide, "AWS JSON policy elements:
// NotPrincipal").
func TestADenyOfEverybodyElseLeavesAloneWhoIsListedWithTheAccount(t *testing.T) {
	bounded := alice
	bounded.Bounded = true
	const me, owner = `"arn:aws:iam::111122223333:user/alice"`, `"arn:aws:iam::111122223333:root"`
	const role, visit = `"arn:aws:iam::111122223333:role/p/copy"`, `"arn:aws:sts::111122223333:assumed-role/copy/s3"`
	for _, test := range []struct {
		listed string
		caller policy.Principal
		want   policy.Effect
	}{
		{me + "," + owner, alice, policy.NoMatch},
		{me + `,"111122223333"`, alice, policy.NoMatch},
		{me + "," + owner, bounded, policy.Deny},
		{me, alice, policy.Deny},
		{owner, alice, policy.Deny},
		{owner, root, policy.NoMatch},
		{me + "," + owner, session, policy.Deny},
		{role + "," + owner, session, policy.NoMatch},
		{role + "," + visit + "," + owner, session, policy.NoMatch},
		{role, session, policy.Deny},
		{visit + "," + owner, session, policy.Deny},
		{me + "," + owner, service, policy.Deny},
	} {
		d := parse(t, document(`"Effect":"Deny","Action":"s3:*","Resource":"*","NotPrincipal":{"AWS":[`+test.listed+`]}`), policy.Resource)
		got := d.Evaluate(policy.Request{Principal: test.caller, Action: "s3:GetObject", Resource: "arn:aws:s3:::b/k", Context: policy.Context{}})
		if got.Effect != test.want {
			t.Errorf("with %s listed, %q gets %v, want %v", test.listed, test.caller.ARN, got.Effect, test.want)
		}
	}
}
