package policy_test

import (
	"errors"
	"slices"
	"testing"

	"bothways/aws/sandbox/iam/policy"
)

func TestParseRefusesInTheWordsOfAWS(t *testing.T) {
	const syntax = "Syntax errors in policy."
	const whole = `"Effect":"Allow","Action":"s3:*","Resource":"*"`
	tests := []struct {
		text string
		use  policy.Use
		want string
	}{
		{document(whole), policy.Identity, ""},
		{`{"Version":"2012-10-17","Id":"x","Statement":{` + whole + `}}`, policy.Identity, ""},
		{``, policy.Identity, syntax},
		{`[]`, policy.Identity, syntax},
		{`{"Version":"2012-10-17","Statement":[{` + whole + `}]} x`, policy.Identity, syntax},
		{`{"Version":"2012-10-17","Statement":[{` + whole + `}]}}`, policy.Identity, syntax},
		{`{"Version":"2012-10-17","Version":"2012-10-17","Statement":[{` + whole + `}]}`, policy.Identity, syntax},
		{`{"Version":"2012-10-17"}`, policy.Identity, syntax},
		{`{"Version":"2012-10-17","Statement":[]}`, policy.Identity, syntax},
		{`{"Version":"2020-01-01","Statement":[{` + whole + `}]}`, policy.Identity, "The policy must contain a valid version string."},
		{`{"Version":"2012-10-17","Rules":[{` + whole + `}]}`, policy.Identity, syntax},
		{document(whole + `,"Extra":1`), policy.Identity, syntax},
		{document(`"Effect":"allow","Action":"s3:*","Resource":"*"`), policy.Identity, syntax},
		{document(`"Action":"s3:*","Resource":"*"`), policy.Identity, syntax},
		{document(`"Effect":"Allow","Resource":"*"`), policy.Identity, "Policy statement must contain actions."},
		{document(`"Effect":"Allow","Action":"s3:*"`), policy.Identity, "Policy statement must contain resources."},
		{document(whole + `,"Principal":"*"`), policy.Identity, "Policy document should not specify a principal."},
		{document(whole + `,"NotAction":"s3:*"`), policy.Identity, syntax},
		{document(`"Effect":"Allow","Action":[],"Resource":"*"`), policy.Identity, syntax},
		{document(`"Effect":"Allow","Action":7,"Resource":"*"`), policy.Identity, syntax},
		{
			document(`"Effect":"Allow","Action":"GetObject","Resource":"*"`), policy.Identity,
			"Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.",
		},
		{
			document(`"Effect":"Allow","Action":"s*:Get","Resource":"*"`), policy.Identity,
			"Action vendors must be fully qualified and cannot contain regexes.",
		},
		{
			document(`"Effect":"Allow","Action":"s3:*","Resource":"bucket"`), policy.Identity,
			`Resource bucket must be in ARN format or "*".`,
		},
		{
			document(`"Sid":"a b",` + whole), policy.Identity,
			"Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*",
		},
		{
			document(`"Sid":"a",`+whole, `"Sid":"a",`+whole), policy.Identity,
			"Statement IDs (SID) in a single policy must be unique.",
		},
		{document(whole + `,"Condition":{"StringSame":{"aws:x":"y"}}`), policy.Identity, "Invalid Condition type : StringSame"},
		{document(whole + `,"Condition":{"NullIfExists":{"aws:x":"y"}}`), policy.Identity, "Invalid Condition type : NullIfExists"},
		{
			document(whole + `,"Condition":{"StringEquals":{"x":"y"}}`), policy.Identity,
			"Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.",
		},
		{document(whole + `,"Condition":{"StringEquals":{"aws:x":{}}}`), policy.Identity, syntax},
		{document(whole + `,"Condition":[]`), policy.Identity, syntax},

		{document(`"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"Service":"s3.amazonaws.com"}`), policy.Trust, ""},
		{document(`"Effect":"Allow","Action":"sts:AssumeRole"`), policy.Trust, "Missing required field Principal"},
		{
			document(`"Effect":"Allow","Action":"sts:AssumeRole","Principal":"*","Resource":"*"`), policy.Trust,
			"Has prohibited field Resource",
		},
		{
			document(`"Effect":"Allow","Action":"s3:*","Principal":"*"`), policy.Trust,
			"AssumeRole policy may only specify STS AssumeRole actions.",
		},
		{
			document(`"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"Service":"s3"}`), policy.Trust,
			`Invalid principal in policy: "Service":"s3"`,
		},
		{
			document(`"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"AWS":"alice"}`), policy.Trust,
			`Invalid principal in policy: "AWS":"alice"`,
		},
		{
			document(`"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"AWS":"arn:aws:iam::1:role/*"}`), policy.Trust,
			`Invalid principal in policy: "AWS":"arn:aws:iam::1:role/*"`,
		},
		{
			document(`"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"Aws":"*"}`), policy.Trust,
			`Invalid principal in policy: "Aws"`,
		},
		{`not json`, policy.Trust, "This policy contains invalid Json"},

		{document(`"Sid":"any text","Effect":"Deny","Action":"s3:*","Resource":"arn:aws:s3:::b","Principal":"*"`), policy.Resource, ""},
		{document(`"Effect":"Deny","Action":"s3:*","Principal":"*"`), policy.Resource, "Missing required field Resource"},
		{document(whole), policy.Resource, "Missing required field Principal"},
		{document(`"Effect":"Deny","Resource":"*","Principal":"*"`), policy.Resource, "Missing required field Action"},
		{`x`, policy.Resource, "Policies must be valid JSON and the first byte must be '{'"},
	}
	for _, test := range tests {
		_, err := policy.Parse(test.text, test.use)
		got := ""
		var refusal *policy.SyntaxError
		if errors.As(err, &refusal) {
			got = refusal.Message
		}
		if got != test.want {
			t.Errorf("%s\n\tgot  %q\n\twant %q", test.text, got, test.want)
		}
	}
}

func TestConditionKeysAndPrincipalsAreListed(t *testing.T) {
	d := parse(t, document(
		`"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"AWS":["111122223333","*"],"Service":"s3.amazonaws.com"},`+
			`"Condition":{"StringEquals":{"aws:SourceAccount":"1"},"ArnLike":{"aws:SourceArn":"*"}}`,
		`"Effect":"Deny","Action":"sts:AssumeRole","Principal":"*","Condition":{"StringNotEquals":{"AWS:SourceAccount":"1"}}`,
	), policy.Trust)
	if got, want := d.ConditionKeys(), []string{"aws:sourceaccount", "aws:sourcearn"}; !slices.Equal(got, want) {
		t.Errorf("condition keys %q, want %q", got, want)
	}
	if got, want := d.NamedPrincipals(), []string{"111122223333", "*"}; !slices.Equal(got, want) {
		t.Errorf("principals %q, want %q", got, want)
	}
}

func FuzzParseNeverLetsMoreThanItSays(f *testing.F) {
	f.Add(document(`"Effect":"Allow","Action":"s3:*","Resource":"*"`), "s3:GetObject", "arn:aws:s3:::b/k")
	f.Add(document(`"Effect":"Deny","NotAction":"s3:*","NotResource":"arn:aws:s3:::${aws:username,'x'}"`), "s3:a", "x")
	f.Add(document(`"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{"ForAllValues:StringLike":{"a:b":["c*"]}}`), "s3:b", "y")
	f.Add(`{"Statement":{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"AWS":"111122223333"}}}`, "sts:AssumeRole", "")
	f.Fuzz(func(t *testing.T, text, action, resource string) {
		for _, use := range []policy.Use{policy.Identity, policy.Trust, policy.Resource} {
			d, err := policy.Parse(text, use)
			if err != nil {
				var refusal *policy.SyntaxError
				if !errors.As(err, &refusal) || refusal.Message == "" {
					t.Fatalf("an error without words: %v", err)
				}
				continue
			}
			ctx := policy.Context{}
			ctx.Set("aws:username", "alice")
			request := policy.Request{Principal: alice, Action: action, Resource: resource, Context: ctx}
			outcome := d.Evaluate(request)
			var hasAllow, hasDeny bool
			for _, s := range d.Statements {
				hasAllow = hasAllow || s.Effect == policy.Allow
				hasDeny = hasDeny || s.Effect == policy.Deny
			}
			if outcome.Effect == policy.Allow && !hasAllow || outcome.Effect == policy.Deny && !hasDeny {
				t.Fatalf("%v from a document without such a statement: %s", outcome.Effect, text)
			}
			// A Deny of everything added to any document denies.
			d.Statements = append(d.Statements, parse(t, document(`"Effect":"Deny","Action":"*","Resource":"*"`), policy.Identity).Statements...)
			if got := d.Evaluate(request).Effect; got != policy.Deny {
				t.Fatalf("a Deny of everything does not deny: %v, %s", got, text)
			}
		}
	})
}

func BenchmarkEvaluate(b *testing.B) {
	d, err := policy.Parse(document(
		`"Effect":"Allow","Action":["s3:GetReplicationConfiguration","s3:ListBucket"],"Resource":"arn:aws:s3:::source"`,
		`"Effect":"Allow","Action":["s3:GetObjectVersionForReplication","s3:GetObjectVersionAcl"],"Resource":"arn:aws:s3:::source/*"`,
		`"Effect":"Allow","Action":["s3:ReplicateObject","s3:ReplicateDelete"],"Resource":"arn:aws:s3:::destination/*"`,
	), policy.Identity)
	if err != nil {
		b.Fatal(err)
	}
	request := policy.Request{
		Principal: session, Action: "s3:ReplicateObject", Resource: "arn:aws:s3:::destination/a/long/key/of/an/object",
	}
	b.ReportAllocs()
	for b.Loop() {
		if d.Evaluate(request).Effect != policy.Allow {
			b.Fatal("not allowed")
		}
	}
}
